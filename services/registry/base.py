"""The root of the tables of the registry database."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Collects every table, for migrations."""
