"""Renders, seals and stores documents. Run it with `python -m services.registry.sealer`.

A process of its own, for drawing holds the interpreter lock; several may run at once. It writes
rows alone: the worker's relay publishes what it announces.
"""

import asyncio
import hashlib
import logging
import signal
from contextlib import suppress
from datetime import timedelta

import uvloop
from prometheus_client import Counter, start_http_server
from pydantic import HttpUrl
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registry.documents import actions, links, store
from services.registry.documents.rendering import Imprint, Press
from services.registry.documents.rules import pause, verification_url
from services.registry.documents.schemas import CONTENT
from services.registry.documents.sealing import KeyFileSigner, Signer, SignerOut, SignerRefuses
from services.registry.documents.signing_service import ServiceSigner
from services.registry.documents.store import Stored
from services.registry.documents.tables import Document
from services.registry.settings import Settings
from shared import clock, logs, outbox, sealed
from shared.contract.events import IssuedKind
from shared.db import Sessions, make_engine, make_sessions
from shared.files import AlreadyKept, Files

POLL_SECONDS = 1  # for documents whose bell was missed, and those that were postponed
SEAL_SECONDS = 15  # longest wait for the signer; the transaction that holds the claim ends at 30

LONGEST_REST = timedelta(seconds=60)  # of all documents, while nobody answers
REFUSED_PAUSE = timedelta(minutes=5)

log = logging.getLogger(__name__)

_silent = Counter("signer_silences_total", "Tries at which the signer did not answer")
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
        self._silences = 0  # how often in a row nobody answered
        self._rests_until = 0.0  # on the clock of the event loop

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
        """Try the next due document; False when none is due, or the signer is left alone.

        A document that fails is postponed, so that it never keeps others waiting. A signer that
        does not answer is left alone for a while, or a long queue would hammer at its door.
        """
        if asyncio.get_running_loop().time() < self._rests_until:
            return False
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
                self._heed(error)
                wait = self._wait(document, error)
                await store.postpone(session, document.id, wait, logs.describe(error))
                _tried.labels(document.kind, "postponed").inc()
                return True
            self._silences = 0
            download = await links.for_case(session, document, self._public_url, now)
            await actions.issue(session, document, stored, now, download)
        _tried.labels(document.kind, "sealed").inc()
        return True

    def _heed(self, error: Exception) -> None:
        """Rest longer the longer nobody answers."""
        if isinstance(error, (SignerOut, TimeoutError)):
            self._silences += 1
            rest = min(pause(self._silences), LONGEST_REST).total_seconds()
            self._rests_until = asyncio.get_running_loop().time() + rest
            _silent.inc()

    @staticmethod
    def _wait(document: Document, error: Exception) -> timedelta:
        """What a person has to put right is not tried every other second."""
        if isinstance(error, SignerRefuses):
            return REFUSED_PAUSE
        return pause(document.attempts + 1)

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
        signer_of(settings),
        settings.public_url,
    )
    await sealer.run(engine, stop)
    await engine.dispose()


def signer_of(settings: Settings) -> Signer:
    """Return the port to the signer: a service where one is named, else the key file.

    Raises:
        NoKey: its key or certificate cannot be used.
    """
    return ServiceSigner(settings) if settings.signer_url else KeyFileSigner(settings)


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
