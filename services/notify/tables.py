"""Every table of the notify service, imported so that migrations see them all."""

from services.notify.base import Base
from services.notify.contacts import tables as _contacts
from services.notify.messages import tables as _messages

__all__ = ["Base"]

_ALL = (_contacts, _messages)
