"""Makes the changes, families and answers that tests of the registry need.

People are synthetic, and come to be through the registry's own actions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from services.registry.residents.tables import Resident
from services.registry.worker import HANDLERS
from shared import clock, outbox
from shared.contract.events import (
    ChangePlanned,
    ChangeProposed,
    ChangeRequested,
    Event,
)
from shared.contract.facts import Fact, MaritalStatus, PersonRef
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.registry.people import MUNCAR, household, person

FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])
REGISTRAR = "registrar-1"


@dataclass(frozen=True)
class Couple:
    """A husband, head of the family, and his wife."""

    family_id: UUID
    kk_number: str
    father: Resident
    mother: Resident


async def make_couple(
    sessions: Sessions,
    *,
    village_code: str = MUNCAR,
    marital_status: MaritalStatus = MaritalStatus.MARRIED_REGISTERED,
    mother: Mapping[str, object] | None = None,
    father: Mapping[str, object] | None = None,
) -> Couple:
    """Register a couple and open their family."""
    both: dict[str, Any] = {"marital_status": int(marital_status), "village_code": village_code}
    husband = {"sex": "L", "birth_date": date(1988, 5, 6)} | both | dict(father or {})
    wife = both | dict(mother or {})
    async with sessions.begin() as session:
        family, (he, she) = await household(
            session,
            (person(str(husband.pop("full_name", "BUDI SANTOSO")), **husband), 1),
            (person(str(wife.pop("full_name", "SITI AMINAH")), **wife), 3),
            village_code=village_code,
        )
    return Couple(family.id, family.kk_number, he, she)


def make_child(**changes: object) -> dict[str, Any]:
    """Return a newborn of today."""
    child = {
        "full_name": "Bayu Santoso",
        "sex": "L",
        "birth_date": clock.today().isoformat(),
        "birth_place": "Banyuwangi",
    }
    return child | changes


def make_birth(couple: Couple | None = None, **changes: object) -> dict[str, Any]:
    """Return the fact of a birth to a couple, reported in time."""
    birth: dict[str, Any] = {
        "kind": "register_birth",
        "child": make_child(),
        "reporter_name": "Budi Santoso",
        "reporter_relationship": "Ayah",
        "witnesses": [{"full_name": "Slamet Riyadi"}, {"full_name": "Sri Wahyuni"}],
    }
    if couple:
        birth |= {"mother": {"nik": couple.mother.nik}, "father": {"nik": couple.father.nik}}
    return birth | changes


def make_bundle(couple: Couple, **changes: object) -> list[dict[str, Any]]:
    """Return the facts of PKT-BIRTH: certificate, family card and child card in one."""
    family = {"of": {"nik": couple.father.nik}}
    return [
        make_birth(couple, **changes),
        {"kind": "add_member", "person": {"created_by": 0}, "family": family},
        {"kind": "reissue_family_card", "family": family, "reason": "MEMBER_ADDED"},
        {"kind": "issue_card", "person": {"created_by": 0}},
    ]


def facts(*stated: Mapping[str, Any]) -> list[Fact]:
    """Return facts as the contract knows them."""
    return FACTS.validate_python(list(stated))


def make_proposal(
    stated: Sequence[Mapping[str, Any]],
    *,
    case_id: UUID | None = None,
    number: int = 1,
    reported_on: date | None = None,
    applicant: PersonRef | None = None,
) -> ChangeProposed:
    """Return the question of a case what its facts would do."""
    return ChangeProposed(
        case_id=case_id or uuid4(),
        round=number,
        service_code="PKT-BIRTH",
        reported_on=reported_on or clock.today(),
        facts=facts(*stated),
        applicant=applicant,
    )


def make_request(
    stated: Sequence[Mapping[str, Any]],
    digest: str,
    *,
    case_id: UUID | None = None,
    reported_on: date | None = None,
    signed_at: datetime | None = None,
) -> ChangeRequested:
    """Return the request of a signed case."""
    return ChangeRequested(
        case_id=case_id or uuid4(),
        service_code="PKT-BIRTH",
        reported_on=reported_on or clock.today(),
        facts=facts(*stated),
        digest=digest,
        actor=REGISTRAR,
        signed_at=signed_at or datetime(2026, 11, 24, 3, tzinfo=UTC),
    )


async def receive(sessions: Sessions, *events: Event) -> list[Event]:
    """Let the registry handle events in turn; return what it answers, oldest first."""
    inbox = Inbox(sessions, HANDLERS)
    for event in events:
        assert await inbox.receive(Envelope.around(event), redelivered=False) is None
    return await answers(sessions)


async def answers(sessions: Sessions) -> list[Event]:
    """Return what waits in the outbox, and take it out."""
    async with sessions.begin() as session:
        claimed = await outbox.claim(session, 100)
        await outbox.mark_published(session, [each.position for each in claimed])
    return [each.envelope.event() for each in claimed]


async def plan(
    sessions: Sessions, stated: Sequence[Mapping[str, Any]], *, reported_on: date | None = None
) -> ChangePlanned:
    """Have facts planned."""
    [answer] = await receive(sessions, make_proposal(stated, reported_on=reported_on))
    assert isinstance(answer, ChangePlanned)
    return answer


async def apply(
    sessions: Sessions,
    stated: Sequence[Mapping[str, Any]],
    *,
    case_id: UUID | None = None,
    reported_on: date | None = None,
) -> Event:
    """Have facts planned, approved and applied; return the answer."""
    planned = await plan(sessions, stated, reported_on=reported_on)
    request = make_request(stated, planned.digest, case_id=case_id, reported_on=reported_on)
    *_, answer = await receive(sessions, request)  # news of cards come before it
    return answer


async def apply_all(sessions: Sessions, stated: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Have facts planned, approved and applied; return everything that is told then."""
    planned = await plan(sessions, stated)
    return await receive(sessions, make_request(stated, planned.digest))
