"""Every table of the registry, imported so that migrations see them all."""

from services.registry.anomalies import tables as _anomalies
from services.registry.base import Base
from services.registry.cards import tables as _cards
from services.registry.certificates import tables as _certificates
from services.registry.changes import tables as _changes
from services.registry.coverage import tables as _coverage
from services.registry.documents import tables as _documents
from services.registry.duplicates import tables as _duplicates
from services.registry.exports import tables as _exports
from services.registry.families import tables as _families
from services.registry.imports import tables as _imports
from services.registry.moves import tables as _moves
from services.registry.regions import tables as _regions
from services.registry.residents import tables as _residents

__all__ = ["Base"]

_ALL = (
    _moves,
    _regions,
    _residents,
    _duplicates,
    _families,
    _documents,
    _certificates,
    _cards,
    _changes,
    _imports,
    _anomalies,
    _exports,
    _coverage,
)
