"""Renders, seals and stores documents. Run it with `python -m services.registry.sealer`.

A process of its own, for drawing holds the interpreter lock; several may run at once. It writes
rows alone: the worker's relay publishes what it announces.
"""

import asyncio
import hashlib
import logging
import signal
from contextlib import suppress

import uvloop
from prometheus_client import Counter, start_http_server
from pydantic import HttpUrl
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registry.documents import actions, store
from services.registry.documents.rendering import Imprint, Press
from services.registry.documents.rules import pause, verification_url
from services.registry.documents.schemas import CONTENT
from services.registry.documents.sealing import KeyFileSigner, Signer
from services.registry.documents.store import Stored
from services.registry.documents.tables import Document
from services.registry.settings import Settings
from shared import clock, logs, outbox, sealed
from shared.contract.events import IssuedKind
from shared.db import Sessions, make_engine, make_sessions
from shared.files import AlreadyKept, Files

POLL_SECONDS = 1  # for documents whose bell was missed, and those that were postponed
SEAL_SECONDS = 15  # longest wait for the signer; the transaction that holds the claim ends at 30

log = logging.getLogger(__name__)

_tried = Counter("documents_tried_total", "Tries to seal a document", ["kind", "outcome"])


class Sealer:
    """Takes one document at a time from the queue to the store."""

    def __init__(
        self, sessions: Sessions, files: Files, signer: Signer, public_url: HttpUrl
    ) -> None:
        self._sessions = sessions
        self._files = files
        self._signer = signer
        self._public_url = public_url
        self._press = Press()

    async def run(self, engine: AsyncEngine, stop: asyncio.Event) -> None:
        """Seal whatever is queued until told to stop; the document under way is finished."""
        while not stop.is_set():
            try:
                async with outbox.doorbell(engine, store.CHANNEL) as bell:
                    await self._work(bell, stop)
            except (DBAPIError, OSError, TimeoutError):
                log.warning("documents out of reach", exc_info=True)
                await asyncio.sleep(POLL_SECONDS)

    async def _work(self, bell: asyncio.Event, stop: asyncio.Event) -> None:
        while not stop.is_set():
            bell.clear()
            if await self.step():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await bell.wait()

    async def step(self) -> bool:
        """Try the next due document; False when none is due.

        A document that fails is postponed, so that it never keeps others waiting.
        """
        async with self._sessions.begin() as session:
            document = await store.claim(session)
            if document is None:
                return False
            now = clock.now()
            try:
                stored = await self._make(document)
            except Exception as error:
                # Its kind and place only: the message may quote a citizen.
                log.exception("not sealed", extra={"document_id": str(document.id)})
                wait = pause(document.attempts + 1)
                await store.postpone(session, document.id, wait, logs.describe(error))
                _tried.labels(document.kind, "postponed").inc()
                return True
            await actions.issue(session, document, stored, now)
        _tried.labels(document.kind, "sealed").inc()
        return True

    async def _make(self, document: Document) -> Stored:
        kind = IssuedKind(document.kind)
        content = CONTENT[kind].model_validate(document.content)
        imprint = Imprint(
            copy_number=document.copy_number,
            link=verification_url(self._public_url, document.token),
            issued_on=clock.today(),
            signatory=self._signer.signatory,
        )
        pdf = self._press.draw(kind, content, imprint)
        async with asyncio.timeout(SEAL_SECONDS):
            return await self._keep(document, await self._signer.seal(pdf))

    async def _keep(self, document: Document, pdf: bytes) -> Stored:
        digest = hashlib.sha256(pdf).hexdigest()
        # Named by its content as well: what a sealer leaves behind that died before it committed
        # is never taken for the document, and never in the way of the next try.
        path = f"documents/{document.id}/{digest}.pdf"
        with suppress(AlreadyKept):
            await self._files.keep_sealed(path, pdf)
        return Stored(path, digest, len(pdf))


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Run until `stop` is set.

    Raises:
        NoKey: the signer's key or certificate cannot be used.
    """
    engine = make_engine(settings, pool_size=2, ping=False)
    sealer = Sealer(
        make_sessions(engine),
        Files.at(settings.files_url),
        KeyFileSigner(settings),
        settings.public_url,
    )
    await sealer.run(engine, stop)
    await engine.dispose()


async def _until_told(settings: Settings) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    log.info("sealer started")
    await work(settings, stop)
    log.info("sealer stopped")


def main() -> None:
    """Run the sealer with the settings of the registry."""
    settings = Settings.from_env("registry")
    logs.configure()
    sealed.use(sealed.Keyring.from_settings(settings))
    if settings.metrics_port:
        start_http_server(settings.metrics_port)
    uvloop.run(_until_told(settings))


if __name__ == "__main__":
    main()
