"""Recording, KTP-el and digital identity: what the law says first, then what the registry holds."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.registry.cards import prints, recordings
from services.registry.cards import store as cards
from services.registry.cards.printing import PrintResult
from services.registry.cards.recording import Status
from services.registry.cards.rules import Variant, may_hold_child_card, valid_until, variant
from services.registry.cards.tables import CardPrint, DigitalId, Recording
from services.registry.cards.talking import print_come_of_age
from services.registry.changes.state import HeldCard, Particulars, Person
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import (
    CardChanged,
    ChangeApplied,
    ChangeRefused,
    RecordingChanged,
    RecordingRepeated,
)
from shared.contract.facts import CardKind, Citizenship, MaritalStatus
from shared.db import Sessions
from tests.registry.changes.states import (
    JEMBER,
    LONER,
    TODAY,
    child,
    effects,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_people,
)
from tests.registry.make import (
    Couple,
    answers,
    apply,
    make_couple,
    make_request,
    plan,
    receive,
)
from tests.registry.people import Databases

SUBJECT = key(50)
KTP = HeldCard(CardKind.KTP_EL, None, None)
FOREIGN = {"citizenship": Citizenship.FOREIGN, "permit": "ITAP"}


def grown(**changes: Any) -> Person:  # noqa: ANN401
    """Return somebody of twenty in the couple's family, whose recording is ready to print."""
    status = changes.pop("recording_status", "PRINT_READY_RECORD")
    made = child(birth_date=date(2006, 11, 24), particulars=Particulars(recording_status=status))
    return replace(made, **changes)


def record(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"kind": "record_biometrics", "person": {"resident_id": SUBJECT}} | changes


def ktp(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    fact = {"kind": "issue_card", "person": {"resident_id": SUBJECT}, "card": "KTP_EL"}
    return fact | changes


def answer(status: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    fact = {"kind": "advance_recording", "person": {"resident_id": SUBJECT}, "status": status}
    return fact | changes


def activate(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    fact = {
        "kind": "activate_digital_id",
        "person": {"resident_id": SUBJECT},
        "device": "ponsel-1",
    }
    return fact | changes


@pytest.mark.parametrize(
    ("changes", "fact", "rule", "pointer"),
    [
        ({"status": "MATI"}, {}, "PERSON_NOT_ALIVE", "/0/person"),
        ({"village_code": JEMBER}, {}, "NOT_IN_JURISDICTION", "/0/person"),
        ({"birth_date": date(2010, 11, 25)}, {}, "RECORDING_TOO_YOUNG", "/0/person"),
        ({"recording_status": "CARD_ISSUED"}, {}, "RECORDED_ALREADY", "/0/person"),
        ({"recording_status": "RECEIVED_AT_CENTRAL"}, {}, "RECORDED_ALREADY", "/0/person"),
        ({"recording_status": "DUPLICATE_RECORD"}, {}, "KTP_DUPLICATE_RECORD", "/0/person"),
        ({**FOREIGN, "permit": "ITAS"}, {}, "KTP_NEEDS_PERMIT", "/0/person"),
        (FOREIGN, {}, "PERMIT_END_NEEDED", "/0/permit_until"),
        ({}, {"permit_until": "2027-01-01"}, "KTP_PERMIT_OF_CITIZEN", "/0/permit_until"),
        ({}, {"captured_on": "2026-11-25"}, "RECORDED_IN_FUTURE", "/0/captured_on"),
    ],
)
def test_a_recording_is_refused(
    changes: dict[str, Any], fact: dict[str, Any], rule: str, pointer: str
) -> None:
    someone = grown(**{"recording_status": "UNREGISTERED", **changes})
    known = with_people(state(), someone)

    assert (rule, pointer) in refusals(planned(known, record(**fact)))


@pytest.mark.parametrize(
    "status",
    [
        "BELUM_WAJIB",
        "UNREGISTERED",
        "ENROLL_FAILURE_AT_CENTRAL",
        "ENROLL_FAILURE_AT_REGIONAL",
        "SEARCH_FAILURE_AT_CENTRAL",
    ],
)
def test_who_was_never_recorded_or_whose_recording_failed_is_recorded(status: str) -> None:
    plan = planned(with_people(state(), grown(recording_status=status)), record())

    assert refusals(plan) == []
    assert effects(plan) == ["recording.taken", "card.promised"]


def test_what_is_known_only_afterwards_is_no_part_of_what_is_approved() -> None:
    known = with_people(state(), grown(recording_status="UNREGISTERED"))
    before = planned(known, record())
    after = planned(known, record(reference="MPP/2026/117", quality=88, captured_on="2026-11-24"))

    assert before.plan.digest == after.plan.digest


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2010, 11, 24), "2027-11-24"),  # 16 today
        (date(2009, 11, 25), "2026-11-25"),  # 17 tomorrow
        (date(2009, 11, 24), None),  # 17 today
        (date(2008, 2, 29), None),
    ],
)
def test_edge_43_the_card_of_who_is_recorded_at_16_waits(born: date, day: str | None) -> None:
    known = with_people(state(), grown(birth_date=born, recording_status="BELUM_WAJIB"))

    promised = planned(known, record()).plan.effects[1]

    assert promised.after == {"kind": "KTP_EL", "from": day}


def test_edge_43_a_card_is_printed_at_17_exactly() -> None:
    tomorrow = grown(birth_date=date(2009, 11, 25))
    plan = planned(with_people(state(), tomorrow), ktp())
    assert refusals(plan) == [("KTP_NOT_YET", "/0/person")]
    assert "2026-11-25" in plan.plan.refusals[0].text_id

    today = grown(birth_date=date(2009, 11, 24))
    assert refusals(planned(with_people(state(), today), ktp())) == []


def test_edge_22_whoever_married_at_16_is_recorded_and_gets_a_card_at_once() -> None:
    wife = grown(
        birth_date=date(2010, 6, 1),
        marital_status=MaritalStatus.MARRIED_REGISTERED,
        recording_status="UNREGISTERED",
    )
    plan = planned(with_people(state(), wife), record())
    assert refusals(plan) == []
    assert plan.plan.effects[1].after == {"kind": "KTP_EL", "from": None}

    ready = replace(wife, particulars=Particulars(recording_status="PRINT_READY_RECORD"))
    assert refusals(planned(with_people(state(), ready), ktp())) == []


def test_edge_23_a_widow_of_16_is_still_ever_married() -> None:
    widow = grown(birth_date=date(2010, 6, 1), marital_status=MaritalStatus.WIDOWED)

    assert refusals(planned(with_people(state(), widow), ktp())) == []


@pytest.mark.parametrize(
    ("changes", "fact", "rule", "pointer"),
    [
        ({"recording_status": "BELUM_WAJIB"}, {}, "KTP_NOT_RECORDED", "/0/person"),
        ({"recording_status": "UNREGISTERED"}, {}, "KTP_NOT_RECORDED", "/0/person"),
        ({"recording_status": "BIO_CAPTURED"}, {}, "KTP_WAITS_FOR_CENTRE", "/0/person"),
        ({"recording_status": "ADJUDICATE_IN_PROCESS"}, {}, "KTP_WAITS_FOR_CENTRE", "/0/person"),
        ({"recording_status": "ENROLL_FAILURE_AT_CENTRAL"}, {}, "KTP_RECORD_AGAIN", "/0/person"),
        ({"cards": (KTP,)}, {}, "KTP_ALREADY_HELD", "/0/reason"),
        ({"cards": (KTP,)}, {"reason": "RENEWED"}, "KTP_IS_FOR_LIFE", "/0/reason"),
        (
            {"cards": (KTP,), "recording_status": "SENT_FOR_CARD_PRINTING"},
            {"reason": "LOST"},
            "KTP_IN_PRINT",
            "/0/reason",
        ),
        ({"family": None}, {}, "PERSON_IN_NO_FAMILY", "/0/person"),
        ({**FOREIGN, "permit": "ITAS"}, {}, "KTP_NEEDS_PERMIT", "/0/person"),
        (FOREIGN, {}, "PERMIT_END_NEEDED", "/0/permit_until"),
        (FOREIGN, {"permit_until": "2026-11-23"}, "PERMIT_ENDED", "/0/permit_until"),
    ],
)
def test_a_ktp_is_refused(
    changes: dict[str, Any], fact: dict[str, Any], rule: str, pointer: str
) -> None:
    known = with_people(state(), grown(**changes))

    assert (rule, pointer) in refusals(planned(known, ktp(**fact)))


def test_edge_47_nothing_of_a_duplicate_record_is_ever_printed() -> None:
    known = with_people(state(), grown(recording_status="DUPLICATE_RECORD", cards=(KTP,)))

    for reason in ("NEW", "LOST", "DAMAGED", "CHANGED", "MOVED"):
        rules = [rule for rule, _ in refusals(planned(known, ktp(reason=reason)))]
        assert "KTP_DUPLICATE_RECORD" in rules
    assert refusals(planned(known, activate())) == [("KTP_DUPLICATE_RECORD", "/0/person")]


@pytest.mark.parametrize("reason", ["LOST", "DAMAGED", "CHANGED", "MOVED"])
def test_a_replacement_ends_the_former_ktp(reason: str) -> None:
    someone = grown(cards=(KTP,), recording_status="CARD_ISSUED")

    plan = planned(with_people(state(), someone), ktp(reason=reason))

    assert (refusals(plan), warnings(plan)) == ([], [])
    assert effects(plan) == ["card.revoked", "card.ordered"]
    assert plan.plan.effects[0].after == {"reason": reason}
    assert plan.plan.effects[1].after == {
        "kind": "KTP_EL",
        "valid_until": None,
        "print_at": None,
    }


def test_a_child_card_ends_with_the_first_ktp() -> None:
    kia = (HeldCard(CardKind.KIA, "B", TODAY - timedelta(days=1)),)
    known = with_people(state(), grown(birth_date=date(2009, 11, 24), cards=kia))

    plan = planned(known, ktp())

    assert refusals(plan) == []
    assert effects(plan) == ["card.revoked", "card.ordered"]
    assert plan.plan.effects[0].before == {"kind": "KIA", "valid_until": "2026-11-23"}


def test_a_card_that_nobody_knows_of_is_weighed() -> None:
    plan = planned(with_people(state(), grown()), ktp(reason="LOST"))

    assert warnings(plan) == [("KTP_NOT_HELD", "/0/reason")]
    assert effects(plan) == ["card.ordered"]


def test_two_cards_in_one_change_are_one_too_many() -> None:
    plan = planned(with_people(state(), grown()), ktp(), ktp(reason="LOST"))

    assert refusals(plan) == [("KTP_IN_PRINT", "/1/reason")]


def test_a_foreigners_card_ends_with_the_permit_and_is_renewed_with_it() -> None:
    known = with_people(state(), grown(**FOREIGN))
    first = planned(known, ktp(permit_until="2027-05-01"))
    assert first.plan.effects[0].after is not None
    assert first.plan.effects[0].after["valid_until"] == "2027-05-01"

    held = (HeldCard(CardKind.KTP_EL, None, date(2027, 5, 1)),)
    known = with_people(state(), grown(**FOREIGN, cards=held, recording_status="CARD_ISSUED"))
    renew = {"kind": "renew_card", "person": {"resident_id": SUBJECT}}
    plan = planned(known, renew | {"permit_until": "2032-05-01"})
    assert effects(plan) == ["card.revoked", "card.ordered"]
    assert plan.plan.effects[0].after == {"reason": "RENEWED"}
    ran_out = (HeldCard(CardKind.KTP_EL, None, date(2026, 11, 23)),)
    late = with_people(state(), grown(**FOREIGN, cards=ran_out, recording_status="CARD_ISSUED"))
    again = planned(late, ktp(permit_until="2031-05-01"))
    assert again.plan.effects[0].after == {"reason": "RAN_OUT"}
    same = planned(known, renew | {"permit_until": "2027-05-01"})
    assert refusals(same) == [("PERMIT_NOT_EXTENDED", "/0/permit_until")]
    citizen = with_people(state(), grown(cards=(KTP,), recording_status="CARD_ISSUED"))
    refused = planned(citizen, renew | {"permit_until": "2032-05-01"})
    assert ("KTP_IS_FOR_LIFE", "/0/person") in refusals(refused)


def test_a_card_is_taken_back_once() -> None:
    revoke = {
        "kind": "revoke_card",
        "person": {"resident_id": SUBJECT},
        "card": "KTP_EL",
        "reason": "MISUSED",
    }
    known = with_people(state(), grown(cards=(KTP,), recording_status="CARD_ISSUED"))

    assert effects(planned(known, revoke)) == ["card.revoked"]
    assert refusals(planned(known, revoke, revoke)) == [("CARD_NOT_IN_FORCE", "/1/card")]


def test_the_centres_answers_come_in_their_order() -> None:
    known = with_people(state(), grown(recording_status="SENT_FOR_ENROLLMENT"))
    assert refusals(planned(known, answer("PRINT_READY_RECORD"))) == []
    assert refusals(planned(known, answer("RECEIVED_AT_CENTRAL"), answer("DUPLICATE_RECORD"))) == []

    ready = with_people(state(), grown())
    late = planned(ready, answer("RECEIVED_AT_CENTRAL"))
    assert refusals(late) == [("RECORDING_ORDER", "/0/status")]

    itself = answer("DUPLICATE_RECORD", duplicate_of={"resident_id": SUBJECT})
    assert ("DUPLICATE_OF_ITSELF", "/0/duplicate_of") in refusals(planned(known, itself))


def test_a_duplicate_that_is_none_may_be_printed_again() -> None:
    known = with_people(state(), grown(recording_status="DUPLICATE_RECORD"))

    plan = planned(known, answer("PRINT_READY_RECORD"), ktp())

    assert refusals(plan) == []
    assert effects(plan) == ["recording.advanced", "card.ordered"]


@pytest.mark.parametrize(
    ("changes", "fact", "refused", "warned"),
    [
        ({}, {}, [], []),
        ({"recording_status": "UNREGISTERED"}, {}, [("KTP_NOT_RECORDED", "/0/person")], []),
        ({"recording_status": "RECEIVED_AT_CENTRAL"}, {}, [], [("IKD_BEFORE_CENTRE", "/0/person")]),
        ({"has_digital_id": True}, {}, [("IKD_ALREADY_ACTIVE", "/0/action")], []),
        ({}, {"device": None}, [("IKD_DEVICE_NEEDED", "/0/device")], []),
        ({"has_digital_id": True}, {"action": "RESET"}, [], []),
        ({}, {"action": "RESET"}, [], [("IKD_NOT_ACTIVE", "/0/action")]),
        ({}, {"action": "REVOKE", "device": None}, [("IKD_NOT_ACTIVE", "/0/action")], []),
        ({"has_digital_id": True}, {"action": "REVOKE", "device": None}, [], []),
    ],
)
def test_a_digital_id_begins_moves_and_ends(
    changes: dict[str, Any],
    fact: dict[str, Any],
    refused: list[tuple[str, str]],
    warned: list[tuple[str, str]],
) -> None:
    plan = planned(with_people(state(), grown(**changes)), activate(**fact))

    assert (refusals(plan), warnings(plan)) == (refused, warned)


def test_whoever_lives_here_is_no_visitor() -> None:
    visitor = {
        "nik": "3509010107859001",
        "full_name": "Tamu Contoh",
        "birth_date": "1985-07-01",
        "region_code": "35.09",
    }
    fact = {"kind": "record_biometrics", "visitor": visitor}
    assert effects(planned(state(), fact)) == ["recording.taken"]

    at_home = {**fact, "visitor": visitor | {"region_code": "35.10.05"}}
    assert refusals(planned(state(), at_home)) == [("VISITOR_IS_RESIDENT", "/0/visitor")]
    known = replace(state(), niks={visitor["nik"]: LONER})
    assert refusals(planned(known, fact)) == [("VISITOR_IS_RESIDENT", "/0/visitor")]


@pytest.mark.parametrize(
    ("born", "held_until", "rule"),
    [
        (date(2021, 11, 25), date(2026, 11, 24), "KIA_ALREADY_HELD"),  # the last day of type A
        (date(2021, 11, 24), date(2026, 11, 23), None),  # five today: type B
        (date(2020, 2, 29), date(2025, 2, 28), None),
        (date(2009, 11, 25), date(2026, 11, 24), "KIA_ALREADY_HELD"),  # the last day of type B
        (date(2009, 11, 24), date(2026, 11, 23), "KIA_NOT_A_CHILD"),  # 17 today
    ],
)
def test_edge_44_a_child_card_on_the_fifth_and_the_seventeenth_birthday(
    born: date, held_until: date, rule: str | None
) -> None:
    held = (HeldCard(CardKind.KIA, "A" if born.year > 2010 else "B", held_until),)
    known = with_people(state(), child(birth_date=born, cards=held))
    plan = planned(known, {"kind": "issue_card", "person": {"resident_id": SUBJECT}})

    assert [each for each, _ in refusals(plan)] == ([rule] if rule else [])
    if rule is None:
        assert effects(plan)[:2] == ["card.revoked", "card.issued"]
        issued = plan.plan.effects[1].after
        assert issued is not None
        assert issued["variant"] == "B"


@pytest.mark.parametrize(
    ("born", "a_until", "b_until"),
    [
        (date(2024, 2, 29), date(2029, 2, 28), date(2041, 2, 28)),
        (date(2024, 3, 1), date(2029, 2, 28), date(2041, 2, 28)),
        (date(2023, 3, 1), date(2028, 2, 29), date(2040, 2, 29)),
    ],
)
def test_edge_44_who_is_born_on_29_february_turns_on_1_march(
    born: date, a_until: date, b_until: date
) -> None:
    assert valid_until(born, Variant.A) == a_until
    assert valid_until(born, Variant.B) == b_until
    assert may_hold_child_card(born, b_until, ever_married=False)
    assert not may_hold_child_card(born, b_until + timedelta(days=1), ever_married=False)
    assert variant(born, a_until) is Variant.A
    assert variant(born, a_until + timedelta(days=1)) is Variant.B


# On the real database


def years_ago(years: int, days: int = 0) -> date:
    today = clock.today()
    try:
        day = today.replace(year=today.year - years)
    except ValueError:
        day = date(today.year - years, 3, 1)
    return day + timedelta(days=days)


def about(resident_id: UUID) -> dict[str, str]:
    return {"resident_id": str(resident_id)}


@pytest.fixture
async def registry(sessions: Databases) -> Sessions:
    return sessions["registry"]


@pytest.fixture
async def couple(registry: Sessions) -> Couple:
    return await make_couple(registry)


async def resident(registry: Sessions, resident_id: UUID) -> Resident:
    async with registry() as session:
        found = await session.get(Resident, resident_id)
    assert found is not None
    return found


async def said(registry: Sessions, *statuses: Status, of: UUID) -> None:
    """Let the centre answer, as the worker would hear it."""
    async with registry.begin() as session:
        latest = await cards.latest(session, of)
        assert latest is not None
        attempt = await cards.lock_recording(session, latest.id)
        assert attempt is not None
        for status in statuses:
            assert await recordings.advance(
                session, attempt, status, actor="centre", today=clock.today()
            )


@pytest.mark.anyio
async def test_a_recording_leads_to_a_card_in_the_queue(registry: Sessions, couple: Couple) -> None:
    mother, case_id = couple.mother.id, uuid4()
    fact = {
        "kind": "record_biometrics",
        "person": about(mother),
        "reference": "MPP/117",
        "quality": 91,
        "print_at": "SP-3510-001",
    }
    planned_at = {**fact, "reference": None, "quality": None}
    digest = (await plan(registry, [planned_at])).digest
    told = await receive(registry, make_request([fact], digest, case_id=case_id))
    assert [type(each) for each in told] == [RecordingChanged, ChangeApplied]
    assert (await resident(registry, mother)).recording_status == "BIO_CAPTURED"

    await said(registry, Status.PACKED, Status.SENT, Status.RECEIVED, of=mother)
    assert [each.status for each in await answers(registry)] == [  # type: ignore[attr-defined]
        "PROCESSING",
        "SENT_FOR_ENROLLMENT",
        "RECEIVED_AT_CENTRAL",
    ]
    await said(registry, Status.PRINT_READY, of=mother)
    ready, queued = await answers(registry)
    assert isinstance(ready, RecordingChanged)
    assert isinstance(queued, CardChanged)
    assert (ready.case_id, ready.status, ready.waits_for_age) == (
        case_id,
        "PRINT_READY_RECORD",
        False,
    )
    assert (queued.case_id, queued.state, queued.point_id) == (case_id, "QUEUED", "SP-3510-001")
    assert ready.subject == queued.subject == str(case_id)
    assert (await resident(registry, mother)).recording_status == "SENT_FOR_CARD_PRINTING"
    async with registry() as session:
        [held] = (await cards.held(session, [mother]))[mother]
        assert (held.kind, held.valid_until) == ("KTP_EL", None)
        [attempt] = await cards.recordings_of(session, mother)
        assert (attempt.reference, attempt.quality, attempt.attempt) == ("MPP/117", 91, 1)
        steps = [each.status for each in await cards.steps_of(session, attempt.id)]
    assert steps == [
        "BIO_CAPTURED",
        "PROCESSING",
        "SENT_FOR_ENROLLMENT",
        "RECEIVED_AT_CENTRAL",
        "PRINT_READY_RECORD",
    ]


@pytest.mark.anyio
async def test_edge_43_the_card_of_a_16_year_old_is_printed_on_the_birthday(
    registry: Sessions,
) -> None:
    """And a corrected birth date moves that day (edge 5): what is recorded now decides."""
    couple = await make_couple(
        registry, mother={"birth_date": years_ago(16, -10), "marital_status": 1}
    )
    young = couple.mother.id
    await apply(registry, [{"kind": "record_biometrics", "person": about(young)}])
    await said(registry, Status.PACKED, Status.PRINT_READY, of=young)
    *_, ready = await answers(registry)
    assert isinstance(ready, RecordingChanged)
    assert ready.waits_for_age
    assert await print_come_of_age(registry) == 0

    await apply(
        registry,
        [
            {
                "kind": "correct_resident",
                "person": about(young),
                "to": {"birth_date": years_ago(17).isoformat()},
                "proof": {
                    "paper": "COURT_RULING",
                    "number": "12/Pdt.P/2026",
                    "issuer": "PN BANYUWANGI",
                    "issued_on": "2026-10-01",
                },
            }
        ],
    )
    assert await print_come_of_age(registry) == 1
    assert await print_come_of_age(registry) == 0

    ready, queued = await answers(registry)
    assert isinstance(ready, RecordingChanged)
    assert isinstance(queued, CardChanged)
    assert (ready.waits_for_age, queued.state) == (False, "QUEUED")
    assert (await resident(registry, young)).recording_status == "SENT_FOR_CARD_PRINTING"


@pytest.mark.anyio
async def test_edge_05_a_card_that_came_too_early_is_taken_back_and_printed_at_17(
    registry: Sessions,
) -> None:
    couple = await make_couple(registry, mother={"birth_date": years_ago(17), "marital_status": 1})
    young = couple.mother.id
    await apply(registry, [{"kind": "record_biometrics", "person": about(young)}])
    await said(registry, Status.PACKED, Status.PRINT_READY, of=young)
    [order] = await orders(registry, "QUEUED")
    await hand_out(registry, order.id)

    def correction(born: date) -> dict[str, Any]:
        proof = {
            "paper": "COURT_RULING",
            "number": "12/Pdt.P/2026",
            "issuer": "PN BANYUWANGI",
            "issued_on": "2026-10-01",
        }
        to = {"birth_date": born.isoformat()}
        return {"kind": "correct_resident", "person": about(young), "to": to, "proof": proof}

    younger = [correction(years_ago(17, 40))]
    foreseen = (await plan(registry, younger)).plan
    assert {each.effect for each in foreseen.effects} >= {"card.revoked", "card.promised"}
    assert isinstance(await apply(registry, younger), ChangeApplied)
    assert (await resident(registry, young)).recording_status == "PRINT_READY_RECORD"
    assert await print_come_of_age(registry) == 0
    async with registry() as session:
        assert await cards.held(session, [young]) == {}

    await apply(registry, [correction(years_ago(17, -1))])
    assert await print_come_of_age(registry) == 1
    assert len(await orders(registry, "QUEUED")) == 1


@pytest.mark.anyio
async def test_a_failed_recording_is_repeated_in_its_case(
    registry: Sessions, couple: Couple
) -> None:
    mother, case_id = couple.mother.id, uuid4()
    fact = {"kind": "record_biometrics", "person": about(mother)}
    await apply(registry, [fact], case_id=case_id)
    again = RecordingRepeated(
        case_id=case_id,
        reference="MPP/118",
        quality=77,
        captured_on=clock.today(),
        actor="petugas-1",
    )
    assert await receive(registry, again) == []  # the first is still under way

    await said(registry, Status.PACKED, Status.FAILED_AT_CENTRE, of=mother)
    await answers(registry)
    assert (await resident(registry, mother)).recording_status == "ENROLL_FAILURE_AT_CENTRAL"
    [told] = await receive(registry, again)
    assert isinstance(told, RecordingChanged)
    assert (told.attempt, told.status) == (2, "BIO_CAPTURED")
    assert await receive(registry, again) == []

    async with registry() as session:
        first, second = await cards.recordings_of(session, mother)
    assert (first.status, second.reference) == ("ENROLL_FAILURE_AT_CENTRAL", "MPP/118")


@pytest.mark.anyio
async def test_edge_45_lost_twice_in_a_week_and_found_again(
    registry: Sessions, couple: Couple
) -> None:
    father = couple.father.id
    async with registry.begin() as session:
        holder = await session.get(Resident, father)
        assert holder is not None
        holder.recording_status = "PRINT_READY_RECORD"
    fact = {"kind": "issue_card", "card": "KTP_EL", "person": about(father)}
    for reason in ("NEW", "LOST", "LOST"):
        answer = await apply(registry, [{**fact, "reason": reason}])
        assert isinstance(answer, ChangeApplied), answer
        [order] = await orders(registry, "QUEUED")
        await hand_out(registry, order.id)
    refused = await apply(registry, [fact])  # the first one turns up: it is no reason for another
    assert isinstance(refused, ChangeRefused)

    async with registry() as session:
        held = await cards.of_resident(session, father)
    assert [each.revoke_reason for each in held] == ["LOST", "LOST", None]
    assert sum(each.revoked_on is None for each in held) == 1
    assert (await resident(registry, father)).recording_status == "CARD_ISSUED"


async def orders(registry: Sessions, state: str) -> list[CardPrint]:
    async with registry() as session:
        found = await session.scalars(select(CardPrint).where(CardPrint.state == state))
        return list(found)


async def hand_out(registry: Sessions, print_id: UUID) -> None:
    for result in (PrintResult.PRINTED, PrintResult.HANDED_OVER):
        async with registry.begin() as session:
            await prints.report(session, print_id, result, actor="cetak-1")
    await answers(registry)


@pytest.mark.anyio
async def test_edge_29_nobody_who_died_meanwhile_is_recorded_again_or_given_a_card(
    registry: Sessions, couple: Couple
) -> None:
    mother, case_id = couple.mother.id, uuid4()
    fact = {"kind": "record_biometrics", "person": about(mother)}
    await apply(registry, [fact], case_id=case_id)
    died = await apply(
        registry,
        [
            {
                "kind": "register_death",
                "person": about(mother),
                "died_on": clock.today().isoformat(),
                "reporter_name": "Budi Santoso",
                "reporter_relationship": "Suami",
                "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
            }
        ],
    )
    assert isinstance(died, ChangeApplied), died
    await said(registry, Status.PACKED, Status.SEARCH_FAILED, of=mother)
    await answers(registry)
    again = RecordingRepeated(
        case_id=case_id, reference="MPP/118", captured_on=clock.today(), actor="petugas-1"
    )
    assert await receive(registry, again) == []

    await said(registry, Status.PRINT_READY, of=mother)
    assert await print_come_of_age(registry) == 0
    assert await orders(registry, "QUEUED") == []
    async with registry() as session:
        assert await cards.held(session, [mother]) == {}


@pytest.mark.anyio
async def test_a_card_that_is_taken_back_is_not_printed(registry: Sessions, couple: Couple) -> None:
    mother = couple.mother.id
    await apply(registry, [{"kind": "record_biometrics", "person": about(mother)}])
    await said(registry, Status.PACKED, Status.PRINT_READY, of=mother)
    await answers(registry)

    revoke = {
        "kind": "revoke_card",
        "person": about(mother),
        "card": "KTP_EL",
        "reason": "INVALID",
    }
    digest = (await plan(registry, [revoke])).digest
    told = await receive(registry, make_request([revoke], digest))
    assert [getattr(each, "state", None) for each in told] == ["CANCELLED", None]
    assert await orders(registry, "QUEUED") == []


@pytest.mark.anyio
async def test_edge_30_whoever_was_wrongly_dead_gets_another_card_and_no_old_one_back(
    registry: Sessions, couple: Couple
) -> None:
    mother = couple.mother.id
    await apply(registry, [{"kind": "record_biometrics", "person": about(mother)}])
    await said(registry, Status.PACKED, Status.PRINT_READY, of=mother)
    [order] = await orders(registry, "QUEUED")
    await hand_out(registry, order.id)
    device = {"kind": "activate_digital_id", "person": about(mother), "device": "ponsel-1"}
    await apply(registry, [device])
    died = await apply(
        registry,
        [
            {
                "kind": "register_death",
                "person": about(mother),
                "died_on": clock.today().isoformat(),
                "reporter_name": "Budi Santoso",
                "reporter_relationship": "Suami",
                "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
            }
        ],
    )
    assert isinstance(died, ChangeApplied), died
    async with registry() as session:
        assert await cards.held(session, [mother]) == {}
        assert await cards.digital_holders(session, [mother]) == set()

    [akta] = died.outcome.certificate_ids
    back = {
        "kind": "cancel_certificate",
        "certificate": {"certificate_id": str(akta)},
        "basis": "OFFICER",
        "why": "Salah orang",
    }
    foreseen = (await plan(registry, [back])).plan
    assert foreseen.refusals == []
    assert "card.ordered" in {each.effect for each in foreseen.effects}
    restored = await apply(registry, [back])
    assert isinstance(restored, ChangeApplied), restored

    async with registry() as session:
        first, second = await cards.of_resident(session, mother)
    assert (first.revoke_reason, second.revoked_on) == ("DIED", None)
    assert len(await orders(registry, "QUEUED")) == 1
    assert (await resident(registry, mother)).recording_status == "SENT_FOR_CARD_PRINTING"


@pytest.mark.anyio
async def test_a_digital_id_lives_on_one_device(registry: Sessions, couple: Couple) -> None:
    father = couple.father.id
    async with registry.begin() as session:
        holder = await session.get(Resident, father)
        assert holder is not None
        holder.recording_status = "CARD_ISSUED"
    fact = {"kind": "activate_digital_id", "person": about(father), "device": "ponsel-1"}
    assert isinstance(await apply(registry, [fact]), ChangeApplied)
    assert isinstance(await apply(registry, [fact]), ChangeRefused)
    reset = {**fact, "action": "RESET", "device": "ponsel-2"}
    assert isinstance(await apply(registry, [reset]), ChangeApplied)

    async with registry() as session:
        found = list(await session.scalars(select(DigitalId).order_by(DigitalId.id)))
    assert [(each.device, each.end_reason) for each in found] == [
        ("ponsel-1", "RESET"),
        ("ponsel-2", None),
    ]


@pytest.mark.anyio
async def test_a_visitor_is_recorded_without_becoming_a_resident(registry: Sessions) -> None:
    visitor = {
        "nik": "3509010107859001",
        "full_name": "Tamu Contoh",
        "birth_date": "1985-07-01",
        "region_code": "35.09",
    }
    fact = {"kind": "record_biometrics", "visitor": visitor}
    digest = (await plan(registry, [fact])).digest
    await receive(registry, make_request([fact], digest))
    async with registry.begin() as session:
        [attempt] = await session.scalars(select(Recording))
        assert attempt.resident_id is None
        locked = await cards.lock_recording(session, attempt.id)
        assert locked is not None
        for status in (Status.PACKED, Status.PRINT_READY):
            await recordings.advance(session, locked, status, actor="centre", today=clock.today())
    [order] = await orders(registry, "QUEUED")
    assert (order.holder_name, order.card_id, order.resident_id) == ("Tamu Contoh", None, None)
    async with registry() as session:
        assert list(await session.scalars(select(Resident))) == []


@pytest.mark.anyio
async def test_a_whole_sweet_17_is_applied_all_or_nothing(registry: Sessions) -> None:
    couple = await make_couple(registry, mother={"birth_date": years_ago(17), "marital_status": 1})
    young = about(couple.mother.id)
    recorded = {"kind": "record_biometrics", "person": young}
    nameless = {"kind": "activate_digital_id", "person": young}
    refused = await apply(registry, [recorded, nameless])
    assert isinstance(refused, ChangeRefused)
    async with registry() as session:
        assert await cards.recordings_of(session, couple.mother.id) == []

    both = [recorded, {**nameless, "device": "ponsel-1"}]
    digest = (await plan(registry, both)).digest
    told = await receive(registry, make_request(both, digest))
    assert [type(each) for each in told] == [RecordingChanged, ChangeApplied]
    async with registry() as session:
        assert len(await cards.recordings_of(session, couple.mother.id)) == 1
        assert await cards.digital_holders(session, [couple.mother.id]) == {couple.mother.id}
