"""A stand-in for the ministry's centre on this machine: it judges recordings, and misbehaves when told.

A recording is received at once, and found unique some moments later. `POST /misbehaviour` plans
what comes instead: {"kind": "duplicate", "times": 2}. Nothing leaves the machine.
"""

import argparse
import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel, Field

from services.registry.cards.centre import Enrolment, Word
from services.registry.cards.recording import Status

KEPT = 100_000  # recordings remembered


class Kind(StrEnum):
    """What comes instead of the usual answer."""

    BUSY = "busy"  # 503, nothing taken
    LOST = "lost"  # taken, and the answer never comes
    STRANGER = "stranger"  # 401, it does not know whoever sends: nothing is said of the package
    UNREADABLE = "unreadable"  # 422, the package is refused for good
    FAILURE = "failure"  # the enrolment fails at the centre
    SEARCH_FAILURE = "search_failure"  # the comparison fails; the centre tries again by itself
    ADJUDICATE = "adjudicate"  # a person compares, then it is unique
    DUPLICATE = "duplicate"  # the same biometrics are known under another number
    SLOW = "slow"  # stays received until `POST /finish`


class Misbehaviour(BaseModel):
    """What comes instead, and for how many recordings."""

    kind: Kind
    times: int = Field(default=1, ge=1, le=10_000)


_OUTCOMES: dict[Kind | None, tuple[Status, ...]] = {
    None: (Status.PRINT_READY,),
    Kind.LOST: (Status.PRINT_READY,),
    Kind.SLOW: (Status.PRINT_READY,),
    Kind.FAILURE: (Status.FAILED_AT_CENTRE,),
    Kind.SEARCH_FAILURE: (Status.SEARCH_FAILED, Status.PRINT_READY),
    Kind.ADJUDICATE: (Status.ADJUDICATED, Status.PRINT_READY),
    Kind.DUPLICATE: (Status.DUPLICATE,),
}


@dataclass
class Judged:
    """One recording, and how the centre goes on with it."""

    enrolment: Enrolment
    to_come: deque[Status]
    said: Status = Status.RECEIVED
    since: float = field(default_factory=time.monotonic)
    slow: bool = False


class Centre:
    """What the simulator remembers."""

    def __init__(self, seconds: float) -> None:
        self.planned: deque[Kind] = deque()
        self.judged: dict[UUID, Judged] = {}
        self._seconds = seconds

    def take(self, key: UUID, enrolment: Enrolment) -> Response:
        """Take a recording, once however often it comes; or do what was planned instead."""
        if key in self.judged:
            return self.tell(key)
        fault = self.planned.popleft() if self.planned else None
        if fault is Kind.BUSY:
            return Response(status_code=503, headers={"Retry-After": "1"})
        if fault is Kind.UNREADABLE:
            return Response(status_code=422)
        if fault is Kind.STRANGER:
            return Response(status_code=401)
        if len(self.judged) >= KEPT:
            del self.judged[next(iter(self.judged))]
        slow = fault is Kind.SLOW
        self.judged[key] = Judged(enrolment, deque(_OUTCOMES[fault]), slow=slow)
        return Response(status_code=504) if fault is Kind.LOST else self.tell(key)

    def tell(self, key: UUID) -> Response:
        """Say how far a recording is; every word is repeated until the next one follows."""
        known = self.judged.get(key)
        if known is None:
            return Response(status_code=404)
        ripe = time.monotonic() - known.since >= self._seconds
        if known.to_come and ripe and not known.slow:
            known.said, known.since = known.to_come.popleft(), time.monotonic()
        matched = None
        if known.said is Status.DUPLICATE:
            matched = f"351005{known.enrolment.nik[6:12]}9999"
        word = Word(status=known.said, matched_nik=matched)
        return Response(word.model_dump_json(), media_type="application/json")

    def finish(self) -> None:
        """Let every slow recording go on."""
        for each in self.judged.values():
            each.slow = False


router = APIRouter()


def _centre(request: Request) -> Centre:
    centre: Centre = request.app.state.centre
    return centre


TheCentre = Annotated[Centre, Depends(_centre)]


@router.put("/enrolments/{key}")
async def enrol(
    key: UUID,
    enrolment: Enrolment,
    centre: TheCentre,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    """Take a recording."""
    if not authorization.startswith("Bearer "):
        return Response(status_code=401)
    return centre.take(key, enrolment)


@router.get("/enrolments/{key}")
async def ask(
    key: UUID, centre: TheCentre, authorization: Annotated[str, Header()] = ""
) -> Response:
    """Say what became of a recording."""
    if not authorization.startswith("Bearer "):
        return Response(status_code=401)
    return centre.tell(key)


@router.post("/misbehaviour", status_code=204)
async def misbehave(wanted: Misbehaviour, centre: TheCentre) -> None:
    """Plan what comes instead of the usual answer to the next new recordings."""
    centre.planned.extend([wanted.kind] * wanted.times)


@router.post("/finish", status_code=204)
async def finish(centre: TheCentre) -> None:
    """Let every slow recording go on."""
    centre.finish()


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "live"}


def create_app(seconds: float) -> FastAPI:
    """Build the simulator; it takes so many seconds from one word to the next."""
    app = FastAPI(title="Simulator of the ministry's centre")
    app.state.centre = Centre(seconds)
    app.include_router(router)
    return app


def main() -> None:
    """Run it: `python -m deploy.local.centre --port 1 --seconds 2`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=2.0)
    asked = parser.parse_args()
    app = create_app(asked.seconds)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
