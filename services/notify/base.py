"""The root of the tables of the notify database."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Collects every table, for migrations."""
