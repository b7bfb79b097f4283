"""Marriages and divorces of other offices: planned in memory, and applied on a real database."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from services.registry.cards.tables import Card
from services.registry.changes.state import HeldCard, State
from services.registry.documents.tables import Document
from services.registry.residents.tables import Resident, ResidentVersion
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind, MaritalStatus
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    GRANDFATHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    OLD_HOME,
    TODAY,
    effects,
    key,
    planned,
    refusals,
    state,
    warnings,
)

SINGLE: dict[str, Any] = {"marital_status": MaritalStatus.NEVER_MARRIED}
SIRI: dict[str, Any] = {"marital_status": MaritalStatus.MARRIED_UNREGISTERED}
WITNESSES = [{"full_name": "Slamet Riyadi"}, {"full_name": "Sri Wahyuni"}]


def note(event: str = "MARRIAGE", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return that an office registered an event of the couple a month ago."""
    proof: dict[str, Any] = {"number": "0123/045/X/2026", "authority": "KUA Kecamatan Muncar"}
    if event == "UNREGISTERED":
        proof = {"witnesses": WITNESSES}
    return {
        "kind": "note_marriage_elsewhere",
        "event": event,
        "husband": {"resident_id": FATHER},
        "wife": {"resident_id": MOTHER},
        "happened_on": "2026-10-20",
        **proof,
    } | changes


def couple(both: dict[str, Any], father: Any = None, mother: Any = None) -> State:  # noqa: ANN401
    """Return the small registry in which the couple is so."""
    return state(father=both | (father or {}), mother=both | (mother or {}))


def linked(status: MaritalStatus = MaritalStatus.MARRIED_REGISTERED) -> State:
    """Return the small registry in which the couple is married to each other in this way."""
    return couple({"marital_status": status}, {"spouse": MOTHER}, {"spouse": FATHER})


@pytest.mark.parametrize(
    ("known", "fact", "rule", "pointer"),
    [
        (couple(SINGLE), note(wife={"resident_id": FATHER}), "SAME_PERSON_TWICE", "/0/wife"),
        (couple(SINGLE), note(wife={"resident_id": LONER}), "WIFE_NOT_FEMALE", "/0/wife"),
        (couple(SINGLE), note(husband={"resident_id": MOTHER}), "HUSBAND_NOT_MALE", "/0/husband"),
        (couple(SINGLE), note(wife={"resident_id": key(99)}), "PERSON_NOT_FOUND", "/0/wife"),
        (couple(SINGLE, mother={"status": "MATI"}), note(), "PERSON_NOT_ALIVE", "/0/wife"),
        (couple(SINGLE | {"village_code": JEMBER}), note(), "COUPLE_NOT_FROM_HERE", "/0/husband"),
        (couple(SINGLE), note(happened_on="2026-11-25"), "MARRIAGE_IN_FUTURE", "/0/happened_on"),
        (couple(SINGLE), note(happened_on="1990-01-01"), "MARRIAGE_BEFORE_BIRTH", "/0/happened_on"),
        (linked(), note(), "ALREADY_MARRIED_TO_EACH_OTHER", "/0/wife"),
        (linked(), note("UNREGISTERED"), "ALREADY_MARRIED_TO_EACH_OTHER", "/0/wife"),
        (
            couple(SINGLE, mother={**SIRI, "spouse": LONER}),
            note(court_permission="12/Pdt.P/2026"),
            "WIFE_ALREADY_MARRIED",
            "/0/wife",
        ),
        (couple(SINGLE), note("DIVORCE"), "NOT_MARRIED_TO_EACH_OTHER", "/0/wife"),
    ],
)
def test_what_cannot_be_noted(known: State, fact: dict[str, Any], rule: str, pointer: str) -> None:
    assert (rule, pointer) in refusals(planned(known, fact))


def test_edge_39_a_marriage_of_the_kua_changes_the_status_and_no_certificate_is_made() -> None:
    plan = planned(couple(SINGLE), note())

    assert not plan.refused
    assert effects(plan) == [
        "resident.marital_status_changed",
        "resident.marital_status_changed",
        "document.queued",
    ]
    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[MOTHER].spouse) == (MOTHER, FATHER)
    assert after[MOTHER].marital_status is MaritalStatus.MARRIED_REGISTERED


def test_edge_18_an_isbat_registers_an_unregistered_marriage() -> None:
    stated = planned(couple(SINGLE), note("UNREGISTERED"))
    confirmed = planned(linked(MaritalStatus.MARRIED_UNREGISTERED), note("CONFIRMATION"))

    assert stated.steps[0].state.persons[MOTHER].marital_status == 3
    assert confirmed.steps[0].state.persons[MOTHER].marital_status == 2
    assert ("NOTHING_TO_CONFIRM", "/0/event") not in warnings(confirmed)
    unknown = planned(couple(SINGLE), note("CONFIRMATION"))
    assert ("NOTHING_TO_CONFIRM", "/0/event") in warnings(unknown)


def test_edge_17_a_further_wife_needs_the_permission_of_a_court() -> None:
    known = couple(SINGLE, {**SIRI, "spouse": key(70)})

    assert refusals(planned(known, note())) == [
        ("FURTHER_WIFE_NEEDS_PERMISSION", "/0/court_permission")
    ]
    plan = planned(known, note(court_permission="12/Pdt.P/2026/PA.Bwi"))
    assert ("FURTHER_WIFE", "/0/court_permission") in warnings(plan)
    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[MOTHER].spouse) == (key(70), FATHER)


def test_a_husband_who_divorces_one_of_two_wives_stays_married() -> None:
    known = linked()
    second = replace(known.persons[MOTHER], key=key(70), full_name="DEWI")
    plan = planned(known.with_person(second), note("DIVORCE"))

    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[FATHER].marital_status) == (key(70), 2)
    assert (after[MOTHER].spouse, after[MOTHER].marital_status) == (None, 4)


@pytest.mark.parametrize("edge", ["22_married_at_16", "23_divorced_at_16"])
def test_edges_of_the_young(edge: str) -> None:
    card = HeldCard(CardKind.KIA, "B", date(2027, 5, 1))
    young = {"birth_date": date(2010, 5, 2), "cards": (card,)}
    plan = planned(couple(SINGLE, mother=young), note())

    assert ("MARRIED_UNDER_AGE", "/0/wife") in warnings(plan)
    assert "card.revoked" in effects(plan)
    assert "resident.ktp_required" in effects(plan)
    wife = plan.steps[0].state.persons[MOTHER]
    assert wife.cards == ()
    if edge.startswith("23"):
        ended = planned(plan.steps[0].state, note("DIVORCE")).steps[0].state.persons[MOTHER]
        assert ended.ever_married
        assert not ended.is_married


def test_an_old_record_that_does_not_say_to_whom_is_weighed() -> None:
    plan = planned(state(), note())

    assert warnings(plan) == [
        ("SPOUSE_NOT_LINKED", "/0/husband"),
        ("SPOUSE_NOT_LINKED", "/0/wife"),
    ]


def test_the_cards_of_both_families_are_printed() -> None:
    known = state(grandfather={**SINGLE}, mother={**SINGLE})
    plan = planned(known, note(husband={"resident_id": GRANDFATHER}))

    printed = [each.subject for each in plan.plan.effects if each.effect == "document.queued"]
    assert printed == [OLD_HOME, HOME]


def test_a_proof_is_named() -> None:
    for fact in (note(number=None), note("UNREGISTERED", witnesses=[])):
        with pytest.raises(ValueError, match=r"PROOF_NAMED|TWO_WITNESSES|nomor|saksi"):
            planned(couple(SINGLE), fact)


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


@pytest.mark.anyio
async def test_a_marriage_and_an_edge_61_divorce_of_1998_keep_their_days(
    registry: Sessions,
) -> None:
    young = {"birth_date": date(1970, 3, 5)}
    pair = await make.make_couple(
        registry, marital_status=MaritalStatus.NEVER_MARRIED, mother=young, father=young
    )
    ids: dict[str, Any] = {"husband": {"nik": pair.father.nik}, "wife": {"nik": pair.mother.nik}}

    married = await make.apply(registry, [note(happened_on="1995-01-02", **ids)])
    divorced = await make.apply(registry, [note("DIVORCE", happened_on="1998-03-04", **ids)])
    again = await make.apply(registry, [note("DIVORCE", happened_on="1998-03-04", **ids)])

    assert isinstance(married, ChangeApplied)
    assert isinstance(divorced, ChangeApplied)
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["NOT_MARRIED_TO_EACH_OTHER"]
    assert [each.kind for each in divorced.documents] == ["KK"]
    async with registry() as session:
        wife = await session.get_one(Resident, pair.mother.id)
        versions = (
            await session.scalars(
                select(ResidentVersion)
                .where(ResidentVersion.resident_id == wife.id)
                .order_by(ResidentVersion.version)
            )
        ).all()
        paper = await session.scalar(select(Document).where(Document.kind == "KK"))
    assert (wife.marital_status, wife.spouse_id) == (4, None)
    assert wife.marriage_date == date(1998, 3, 4)
    first, second = versions[-2:]
    assert (first.valid_from, first.data["marital_status"]) == (date(1995, 1, 2), 2)
    assert first.data["spouse_id"] == str(pair.father.id)
    assert (second.valid_from, second.data["marital_status"]) == (date(1998, 3, 4), 4)
    assert paper


@pytest.mark.anyio
async def test_edge_22_who_marries_at_16_owes_a_recording_and_gives_back_the_card(
    registry: Sessions,
) -> None:
    born = TODAY.replace(year=TODAY.year - 16)
    pair = await make.make_couple(
        registry, marital_status=MaritalStatus.NEVER_MARRIED, mother={"birth_date": born}
    )
    async with registry.begin() as session:
        await session.execute(
            update(Resident)
            .where(Resident.id == pair.mother.id)
            .values(birth_certificate_number="3510-LU-01012010-0001")
        )
    given = await make.apply(registry, [{"kind": "issue_card", "person": {"nik": pair.mother.nik}}])
    assert isinstance(given, ChangeApplied)
    ids: dict[str, Any] = {"husband": {"nik": pair.father.nik}, "wife": {"nik": pair.mother.nik}}

    answer = await make.apply(registry, [note(**ids)])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        wife = await session.get_one(Resident, pair.mother.id)
        husband = await session.get_one(Resident, pair.father.id)
        card = await session.scalar(select(Card).where(Card.resident_id == wife.id))
    assert card
    assert card.revoke_reason == "MARRIED"
    assert (wife.recording_status, wife.kia_valid_until) == ("UNREGISTERED", None)
    assert (wife.spouse_id, husband.spouse_id) == (husband.id, wife.id)
