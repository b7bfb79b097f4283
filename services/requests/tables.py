"""Every table of the requests service, imported so that migrations see them all."""

from services.requests.base import Base

__all__ = ["Base"]
