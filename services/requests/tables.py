"""Every table of the requests service, imported so that migrations see them all."""

from services.requests.attachments import tables as _attachments
from services.requests.base import Base
from services.requests.cases import tables as _cases

__all__ = ["Base"]

_ALL = (_attachments, _cases)
