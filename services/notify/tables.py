"""Every table of the notify service, imported so that migrations see them all."""

from services.notify.base import Base

__all__ = ["Base"]
