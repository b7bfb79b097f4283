"""Cases about cards: recorded, waited for, printed, handed over, by HTTP and the registry's news."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.requests.cases.tables import Case
from shared import clock, outbox
from shared.contract.events import (
    CardChanged,
    CaseReady,
    ChangeRequested,
    RecordingChanged,
    RecordingRepeated,
    ResidentDied,
)
from shared.contract.facts import CardKind
from shared.db import Sessions
from shared.envelope import Envelope
from tests.requests.cases.making import VILLAGE, Desk, Registry, Sit, case, plan

pytestmark = pytest.mark.anyio

SUBJECT = {"nik": "3510054107079001"}
RECORDED = {"reference": "KEC-MUNCAR/2026/117", "quality": 91}
MUNCAR = "35.10.05"
CAPTURED = uuid4()


@pytest.fixture
def district(desk: Sit) -> Desk:
    return desk("sub-district", "OP_KEC", areas=(MUNCAR,))


@pytest.fixture
def section(desk: Sit) -> Desk:
    return desk("sub-section", "KASI")


def body(service: str, *facts: dict[str, Any], channel: str = "KECAMATAN") -> dict[str, Any]:
    return {
        "service_code": service,
        "channel": channel,
        "point_id": "SP-351005" if channel == "KECAMATAN" else "SP-3510052003",
        "facts": list(facts),
        "applicant": case()["applicant"] | {"relationship": "self"},
    }


def recording() -> dict[str, Any]:
    return {"kind": "record_biometrics", "person": SUBJECT}


def reprint() -> dict[str, Any]:
    return {"kind": "issue_card", "person": SUBJECT}


async def submitted(desk: Desk, filed: dict[str, Any], *papers: str) -> str:
    answer = await desk.file(filed)
    assert answer.status_code == 201, answer.text
    case_id = str(answer.json()["id"])
    for code in papers:
        assert (await desk.attach(case_id, code)).status_code == 201
    handed_in = await desk.submit(case_id, answer.json()["version"])
    assert handed_in.status_code == 200, handed_in.text
    return case_id


async def told(sessions: dict[str, Sessions], case_id: str, kind: type[Any]) -> list[Any]:
    async with sessions["requests"]() as session:
        query = select(outbox.table.c.envelope).where(outbox.table.c.subject == case_id)
        rows = list(await session.scalars(query.order_by(outbox.table.c.position)))
    events = [Envelope.model_validate(each).event() for each in rows]
    return [each for each in events if isinstance(each, kind)]


class Centre:
    """Says what the registry would say about recording and card of one case."""

    def __init__(self, registry: Registry, case_id: str) -> None:
        self._registry = registry
        self._case_id = UUID(case_id)
        self._print_id = uuid4()

    async def recorded(self, status: str, *, waits: bool = False) -> Envelope:
        return await self._registry.say(
            RecordingChanged(
                case_id=self._case_id,
                recording_id=uuid4(),
                attempt=1,
                status=status,
                waits_for_age=waits,
            )
        )

    async def card(self, state: str, print_id: UUID | None = None) -> Envelope:
        return await self._registry.say(
            CardChanged(
                case_id=self._case_id,
                print_id=print_id or self._print_id,
                kind=CardKind.KTP_EL,
                state=state,
                point_id="SP-351005",
            )
        )


@pytest.fixture
async def captured(registry: Registry, district: Desk) -> str:
    """A case whose recording is with the ministry."""
    case_id = await submitted(district, body("KTP-REC", recording()), "KK_COPY")
    await registry.plans(case_id, subject_resident_ids=[CAPTURED])
    answer = await district.acts(case_id, "capture", capture=RECORDED)
    assert answer["state"] == "WAITING_CENTRAL"
    await registry.applies(case_id, [])
    return case_id


async def state_of(desk: Desk, case_id: str) -> str:
    return str((await desk.read(case_id)).json()["state"])


async def test_a_first_card_from_the_recording_to_the_hand_over(
    sessions: dict[str, Sessions], registry: Registry, district: Desk, captured: str
) -> None:
    [requested] = await told(sessions, captured, ChangeRequested)
    [fact] = requested.facts
    assert (fact.reference, fact.quality, fact.captured_on) == (
        RECORDED["reference"],
        RECORDED["quality"],
        clock.today(),
    )
    assert fact.print_at == "SP-351005"
    assert requested.actor == "sub-district"

    centre = Centre(registry, captured)
    for status in ("BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL"):
        await centre.recorded(status)
        assert await state_of(district, captured) == "WAITING_CENTRAL"
    news = await centre.recorded("PRINT_READY_RECORD")
    await registry.again(news)
    await centre.card("QUEUED")
    assert await state_of(district, captured) == "PRINT_READY"
    await centre.card("PRINTED")
    assert await state_of(district, captured) == "PRINTED"
    [ready] = await told(sessions, captured, CaseReady)
    assert (ready.documents, ready.cards) == ([], [CardKind.KTP_EL])

    closed = await district.acts(captured, "hand_over", receiver="AYAH CEMARA")
    assert closed["state"] == "CLOSED"


async def test_nothing_is_captured_without_what_the_station_says(
    registry: Registry, district: Desk
) -> None:
    case_id = await submitted(district, body("KTP-REC", recording()), "KK_COPY")
    await registry.plans(case_id)
    refused = await district.act(case_id, "capture", await district.version(case_id))
    assert refused.status_code == 422
    assert [each["rule"] for each in refused.json()["errors"]] == ["CAPTURE_REQUIRED"]


async def test_edge_43_who_is_recorded_at_16_waits_for_the_birthday(
    registry: Registry, district: Desk, captured: str
) -> None:
    centre = Centre(registry, captured)
    await centre.recorded("PRINT_READY_RECORD", waits=True)
    waiting = (await district.read(captured)).json()
    assert waiting["state"] == "WAITING_AGE"
    await centre.recorded("PRINT_READY_RECORD")
    assert await state_of(district, captured) == "PRINT_READY"


async def test_edge_46_without_blanks_the_promised_time_stands_still(
    sessions: dict[str, Sessions], registry: Registry, district: Desk, captured: str
) -> None:
    centre = Centre(registry, captured)
    await centre.recorded("PRINT_READY_RECORD")
    await centre.card("QUEUED")
    await centre.card("NO_BLANK")
    async with sessions["requests"]() as session:
        held = await session.get(Case, UUID(captured))
        assert held is not None
        assert (held.state, held.paused_since is not None) == ("NO_BLANK", True)
    await centre.card("QUEUED")
    async with sessions["requests"]() as session:
        again = await session.get(Case, UUID(captured))
        assert again is not None
        assert (again.state, again.paused_since) == ("PRINT_READY", None)


async def test_edge_47_a_duplicate_waits_for_a_person_and_is_never_printed(
    registry: Registry, desk: Sit, district: Desk, captured: str
) -> None:
    centre = Centre(registry, captured)
    await centre.recorded("DUPLICATE_RECORD")
    assert await state_of(district, captured) == "DUPLICATE"
    await centre.card("PRINTED")  # whoever says so: no step leads there
    assert await state_of(district, captured) == "DUPLICATE"
    await centre.recorded("ADJUDICATE_IN_PROCESS")
    assert await state_of(district, captured) == "WAITING_CENTRAL"
    await centre.recorded("DUPLICATE_RECORD")
    division = desk("sub-division", "KABID")
    ended = await division.acts(
        captured, "reject", reasons=["Data ganda"], legal_ground="PP 40/2019 art 33"
    )
    assert ended["state"] == "REJECTED"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SENT_FOR_ENROLLMENT", "WAITING_CENTRAL"),
        ("PRINT_READY_RECORD", "WAITING_AGE"),
        ("DUPLICATE_RECORD", "DUPLICATE"),
    ],
)
async def test_edge_29_who_died_waits_for_no_card(
    registry: Registry, district: Desk, captured: str, status: str, state: str
) -> None:
    await Centre(registry, captured).recorded(status, waits=state == "WAITING_AGE")
    assert await state_of(district, captured) == state

    died = ResidentDied(resident_id=CAPTURED, died_on=clock.today(), village_code=VILLAGE)
    await registry.say(died)

    assert await state_of(district, captured) == "CANCELLED"
    await Centre(registry, captured).recorded("PRINT_READY_RECORD")  # said before it was known
    assert await state_of(district, captured) == "CANCELLED"


async def test_a_failed_recording_is_taken_again_in_the_same_case(
    sessions: dict[str, Sessions], registry: Registry, district: Desk, captured: str
) -> None:
    centre = Centre(registry, captured)
    await centre.recorded("ENROLL_FAILURE_AT_CENTRAL")
    assert await state_of(district, captured) == "CAPTURE_FAILED"
    again = await district.acts(
        captured, "capture", capture={"reference": "KEC-MUNCAR/2026/118", "quality": 95}
    )
    assert again["state"] == "WAITING_CENTRAL"
    assert len(await told(sessions, captured, ChangeRequested)) == 1
    [repeated] = await told(sessions, captured, RecordingRepeated)
    assert (repeated.reference, repeated.quality) == ("KEC-MUNCAR/2026/118", 95)
    await centre.recorded("PRINT_READY_RECORD")
    assert await state_of(district, captured) == "PRINT_READY"


async def test_what_the_registry_refuses_goes_back_to_the_counter(
    registry: Registry, district: Desk
) -> None:
    case_id = await submitted(district, body("KTP-REC", recording()), "KK_COPY")
    await registry.plans(case_id)
    await district.acts(case_id, "capture", capture=RECORDED)
    answer = plan("RECORDED_ALREADY")
    await registry.refuses(case_id, answer, "RECORDED_ALREADY")
    back = (await district.read(case_id)).json()
    assert (back["state"], back["plan"]["plan"]["refusals"][0]["rule"]) == (
        "SUBMITTED",
        "RECORDED_ALREADY",
    )


VISITOR = {
    "nik": "3509010107859001",
    "full_name": "TAMU CONTOH",
    "birth_date": "1985-07-01",
    "region_code": "35.09",
}


@pytest.mark.parametrize(
    ("service", "fact", "papers"),
    [
        ("KTP-REC-EARLY", {"person": SUBJECT}, {"KK_COPY"}),
        ("KTP-OUT", {"visitor": VISITOR}, {"KK_COPY"}),
        (
            "KTP-OA",
            {"person": SUBJECT, "permit_until": "2031-05-01"},
            {"KK_COPY", "PASSPORT", "ITAP"},
        ),
    ],
)
async def test_every_recording_can_be_filed_where_it_is_taken(
    district: Desk, service: str, fact: dict[str, Any], papers: set[str]
) -> None:
    answer = await district.file(body(service, {"kind": "record_biometrics"} | fact))

    assert answer.status_code == 201, answer.text
    lacks = answer.json()["missing"]
    assert {each["attachment"] for each in lacks if each["attachment"]} == papers
    assert not [each for each in lacks if each["pointer"].startswith("/facts")]


async def test_a_real_duplicate_is_merged_by_the_same_service(desk: Sit) -> None:
    merge = {
        "kind": "resolve_duplicate",
        "keep": {"nik": "3510054107079001"},
        "end": {"nik": "3510054107079002"},
        "proof": "BIOMETRICS",
    }
    counter = desk("sub-counter", "OP_GERAI", areas=(), point="SP-3510-000")
    filed = body("KTP-DUP", merge) | {"channel": "DINAS", "point_id": "SP-3510-000"}
    answer = await counter.file(filed)
    assert answer.status_code == 201, answer.text
    lacks = answer.json()["missing"]
    assert not [each for each in lacks if each["pointer"].startswith("/facts")]


async def test_a_recording_is_of_a_resident_or_of_a_visitor(district: Desk) -> None:
    both = {"kind": "record_biometrics", "person": SUBJECT, "visitor": VISITOR}
    for fact in (both, {"kind": "record_biometrics"}):
        refused = await district.file(body("KTP-OUT", fact))
        assert refused.status_code == 422
        assert "RECORDED_PERSON" in refused.text


@pytest.fixture
async def queued(
    registry: Registry, village: Desk, verifier: Desk, section: Desk, request: pytest.FixtureRequest
) -> str:
    """A reprint that waits for its print site."""
    service, paper = getattr(request, "param", ("KTP-DMG", "KTP_DAMAGED"))
    filed = body(service, reprint(), channel="DESA")
    case_id = await submitted(village, filed, "KK_COPY", paper)
    await registry.plans(case_id)
    other = village
    await other.acts(case_id, "intake_check")
    await verifier.acts(case_id, "verify")
    approved = await section.acts(case_id, "approve")
    assert approved["state"] == "PRINT_QUEUED"
    await registry.applies(case_id, [])
    return case_id


async def test_a_reprint_needs_no_sealed_paper_and_takes_the_old_card_in(
    sessions: dict[str, Sessions], registry: Registry, village: Desk, queued: str
) -> None:
    [requested] = await told(sessions, queued, ChangeRequested)
    [fact] = requested.facts
    assert (fact.card, fact.reason) == (CardKind.KTP_EL, "DAMAGED")
    assert fact.print_at == "SP-351005"  # villages print no cards: their district does
    centre = Centre(registry, queued)
    await centre.card("QUEUED")
    await centre.card("PRINTED")
    assert await state_of(village, queued) == "PRINTED"
    version = await village.version(queued)
    refused = await village.act(queued, "hand_over", version, receiver="AYAH CEMARA")
    assert [each["rule"] for each in refused.json()["errors"]] == ["OLD_CARD_REQUIRED"]
    closed = await village.acts(queued, "hand_over", receiver="AYAH CEMARA", old_card_taken=True)
    assert closed["state"] == "CLOSED"


@pytest.mark.parametrize("queued", [("KTP-LOST", "POLICE_LOST")], indirect=True)
async def test_nobody_is_asked_for_a_card_that_was_lost(
    registry: Registry, village: Desk, queued: str
) -> None:
    centre = Centre(registry, queued)
    await centre.card("PRINTED")

    closed = await village.acts(queued, "hand_over", receiver="AYAH CEMARA")

    assert closed["state"] == "CLOSED"


async def test_a_card_that_was_taken_back_ends_its_case(
    registry: Registry, village: Desk, queued: str
) -> None:
    await Centre(registry, queued).card("CANCELLED")

    assert await state_of(village, queued) == "CANCELLED"


async def test_news_of_a_card_behind_which_is_no_case_are_none_of_ours(registry: Registry) -> None:
    """An import may have printed it."""
    await Centre(registry, str(uuid4())).card("PRINTED")


async def test_a_digital_id_is_active_when_the_registry_says_so(
    sessions: dict[str, Sessions], registry: Registry, village: Desk
) -> None:
    fact = {"kind": "activate_digital_id", "person": SUBJECT, "device": "ponsel-1"}
    case_id = await submitted(village, body("IKD-ACT", fact, channel="DESA"), "VERIFY_PHONE")
    await registry.plans(case_id)
    failed = await village.acts(case_id, "face_failed", reasons=["Wajah tidak cocok"])
    assert failed["state"] == "FACE_FAILED"
    await village.acts(case_id, "retry")
    await registry.plans(case_id, 2)
    for action in ("match_face", "scan_qr", "confirm_mail"):
        answer = await village.acts(case_id, action)
    assert answer["state"] == "MAIL_CONFIRMED"
    assert len(await told(sessions, case_id, ChangeRequested)) == 1
    await registry.applies(case_id, [])
    assert await state_of(village, case_id) == "CLOSED"


async def sweet_17(registry: Registry, desk: Sit, district: Desk) -> str:
    """Return a bundle that is signed and waits for its card."""
    facts = (
        recording() | {"reference": "SMA-1/2026/7", "quality": 90},
        {"kind": "activate_digital_id", "person": SUBJECT, "device": "ponsel-1"},
    )
    case_id = await submitted(district, body("PKT-17", *facts), "KK_COPY")
    await registry.plans(case_id)
    checker = desk("sub-checker", "OP_KEC", areas=(MUNCAR,))
    await checker.acts(case_id, "intake_check")
    await desk("sub-verifier", "VERIFIKATOR").acts(case_id, "verify")
    await desk("sub-division", "KABID").acts(case_id, "approve")
    await desk("sub-head", "KADIS").acts(case_id, "sign")
    await Centre(registry, case_id).recorded("BIO_CAPTURED")
    await registry.applies(case_id, [])
    assert await state_of(district, case_id) == "PARTLY_DONE"
    return case_id


async def test_a_sweet_17_is_ready_when_the_card_is_printed(
    registry: Registry, desk: Sit, district: Desk
) -> None:
    case_id = await sweet_17(registry, desk, district)
    centre = Centre(registry, case_id)
    await centre.recorded("PRINT_READY_RECORD")
    await centre.card("QUEUED")
    second = uuid4()
    await centre.card("QUEUED", second)
    await centre.card("NO_BLANK", second)
    assert await state_of(district, case_id) == "PARTLY_DONE"
    await centre.card("PRINTED")
    assert await state_of(district, case_id) == "PARTLY_DONE"  # one of two
    await centre.card("PRINTED", second)
    assert await state_of(district, case_id) == "READY"


@pytest.mark.parametrize("news", ["recording failed", "card taken back"])
async def test_a_sweet_17_waits_no_longer_for_a_card_that_is_not_to_come(
    registry: Registry, desk: Sit, district: Desk, news: str
) -> None:
    case_id = await sweet_17(registry, desk, district)
    centre = Centre(registry, case_id)
    if news == "recording failed":
        await centre.recorded("ENROLL_FAILURE_AT_CENTRAL")
    else:
        await centre.recorded("PRINT_READY_RECORD")
        await centre.card("QUEUED")
        assert await state_of(district, case_id) == "PARTLY_DONE"
        await centre.card("CANCELLED")
    assert await state_of(district, case_id) == "READY"


async def test_the_ministrys_answer_to_a_duplicate_is_entered_as_a_change(
    sessions: dict[str, Sessions], registry: Registry, desk: Sit, verifier: Desk
) -> None:
    answer = {
        "kind": "advance_recording",
        "person": SUBJECT,
        "status": "PRINT_READY_RECORD",
    }
    filed = body("KTP-DUP", answer) | {"channel": "DINAS", "point_id": "SP-3510-000"}
    counter = desk("sub-counter", "OP_GERAI", areas=(), point="SP-3510-000")
    case_id = await submitted(counter, filed, "KK_COPY", "KTP_COPY")
    await registry.plans(case_id)
    await verifier.acts(case_id, "verify")
    division = desk("sub-division", "KABID")
    await division.acts(case_id, "send_to_central")
    resolved = await division.acts(case_id, "resolve", note="Bukan orang yang sama")
    assert resolved["state"] == "RESOLVED"
    assert len(await told(sessions, case_id, ChangeRequested)) == 1
    await registry.applies(case_id, [])
    assert await state_of(verifier, case_id) == "CLOSED"
