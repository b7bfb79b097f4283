"""The registry service over HTTP. Start reading here."""

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.anomalies import api as anomalies
from services.registry.cards import api as cards
from services.registry.cards.waiting import find_waiting as waiting_of_cards
from services.registry.certificates import api as certificates
from services.registry.changes import api as changes
from services.registry.changes import prints_api as prints
from services.registry.changes.remarks import sayings
from services.registry.coverage import api as coverage
from services.registry.documents import api as documents
from services.registry.documents import links_api as links
from services.registry.documents import signer_api as signer
from services.registry.documents.actions import waiting as waiting_for_a_seal
from services.registry.duplicates import api as duplicates
from services.registry.exports import api as exports
from services.registry.families import api as families
from services.registry.imports import api as imports
from services.registry.moves import api as moves
from services.registry.regions import api as regions
from services.registry.residents import api as residents
from services.registry.settings import Settings
from shared.operations import SHOWN, Waiting
from shared.web import make_app

ROUTERS = (
    coverage.router,
    regions.router,
    residents.router,
    families.router,
    documents.router,
    documents.public,
    links.router,
    links.public,
    signer.router,
    certificates.router,
    cards.router,
    changes.router,
    prints.router,
    duplicates.router,
    imports.router,
    exports.router,
    anomalies.router,
    moves.router,
)


async def _waiting(session: AsyncSession) -> list[Waiting]:
    found = [*await waiting_for_a_seal(session), *await waiting_of_cards(session)]
    return sorted(found, key=lambda each: each.since)[:SHOWN]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app. Run it with `uvicorn --factory services.registry.app:create_app`."""
    sayings()  # a broken rule stops the start, not a case
    return make_app(
        "Balai Registry", settings or Settings.from_env("registry"), *ROUTERS, find_waiting=_waiting
    )
