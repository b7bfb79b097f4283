"""Foreigners, people without papers, and those who stay for a while."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from services.registry.changes.kinds.note_temporary_stay import a_year_after
from services.registry.changes.state import State
from services.registry.coverage import actions as coverage
from services.registry.documents.tables import Document
from services.registry.moves.tables import Letter, Permit, TemporaryStay
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused, IssuedKind
from shared.contract.facts import Citizenship, MaritalStatus, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    HOME,
    JEMBER,
    LONER,
    MUNCAR,
    OLD_HOME,
    child,
    effects,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_people,
)

SLEMAN = "34.04.01"
JOHN = key(60)


def known() -> State:
    foreigner = child(
        60, full_name="JOHN SMITH", family=None, citizenship=Citizenship.FOREIGN, permit="ITAS",
        mother=None, father=None, birth_date=date(1980, 1, 1),
    )  # fmt: skip
    return replace(
        with_people(state(), foreigner),
        villages={MUNCAR: "Tembokrejo"},
        districts={SLEMAN: "Gamping"},
    )


def at(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    here = {"address": "JALAN PANTAI 1", "rt": "001", "rw": "002", "village_code": MUNCAR}
    return here | changes


def permit(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "ITAS",
        "number": "2C21AF0001-W",
        "issued_on": "2026-11-10",
        "valid_until": "2027-11-09",
        "nationality": "Australia",
        "passport_number": "PA1234567",
    } | changes


def passport(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "full_name": "Anne-Marie O'Neill",
        "sex": "P",
        "birth_place": "Perth",
        "birth_date": "1985-04-05",
        "religion": 2,
        "marital_status": 1,
        "citizenship": 2,
        "mother_name": "Ruth O'Neill",
    } | changes


def foreigner(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    made = {"kind": "register_foreigner", "permit": permit()}
    if "person" not in changes:
        made["newcomer"] = passport()
    if "joins" not in changes:
        made["at"] = at()
    return made | changes


def test_edge_24_a_foreigner_with_a_limited_permit_is_in_no_family() -> None:
    plan = planned(known(), foreigner())
    assert refusals(plan) == []
    assert effects(plan) == ["resident.registered", "resident.permitted", "document.queued"]
    after = plan.steps[0].state.persons["new/0/0"]
    assert (after.family, after.village_code, after.permit) == (None, MUNCAR, "ITAS")
    joins = planned(known(), foreigner(joins={"family_id": HOME}))
    assert ("FOREIGNER_IN_NO_FAMILY", "/0/joins") in refusals(joins)


def test_edge_24_a_foreigner_with_a_permanent_permit_joins_the_family_of_a_citizen() -> None:
    couple = with_people(known())
    wife = passport(marital_status=2)
    stated = foreigner(
        newcomer=wife, permit=permit(kind="ITAP"), joins={"family_id": key(103)}, relationship=3
    )
    married = replace(couple.persons[LONER], marital_status=MaritalStatus.MARRIED_REGISTERED)
    plan = planned(couple.with_person(married), stated)
    assert refusals(plan) == []
    home = plan.steps[0].state.families[key(103)]
    assert home.relationship_of("new/0/0") is Relationship.WIFE


def test_a_permanent_permit_opens_a_family() -> None:
    plan = planned(known(), foreigner(permit=permit(kind="ITAP")))
    assert refusals(plan) == []
    assert "family.opened" in effects(plan)


def test_an_extension_takes_the_place_of_the_permit_before() -> None:
    plan = planned(known(), foreigner(person={"resident_id": JOHN}))
    assert refusals(plan) == []
    assert effects(plan) == ["resident.permitted", "document.queued"]


def test_who_may_stay_for_good_gets_a_family() -> None:
    stated = foreigner(person={"resident_id": JOHN}, permit=permit(kind="ITAP"))
    plan = planned(known(), stated)
    assert refusals(plan) == []
    after = plan.steps[0].state
    assert after.family_of(after.persons[JOHN]) is not None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (foreigner(newcomer=passport(citizenship=1)), ("STAY_PERMIT_OF_CITIZEN", "/0/permit")),
        (foreigner(person={"resident_id": LONER}), ("STAY_PERMIT_OF_CITIZEN", "/0/permit")),
        (foreigner(person={"resident_id": key(999)}), ("PERSON_NOT_FOUND", "/0/person")),
        (
            foreigner(permit=permit(valid_until="2026-11-23")),
            ("PERMIT_RUN_OUT", "/0/permit/valid_until"),
        ),
        (
            foreigner(permit=permit(issued_on="2026-11-25")),
            ("PERMIT_IN_FUTURE", "/0/permit/issued_on"),
        ),
        (foreigner(at=None), ("RESIDENCE_MISSING", "/0/at")),
        (foreigner(at=None, permit=permit(kind="ITAP")), ("RESIDENCE_MISSING", "/0/at")),
        (foreigner(at=at(village_code=JEMBER)), ("NOT_IN_JURISDICTION", "/0/at/village_code")),
    ],
)
def test_refuses_a_foreigner(stated: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in refusals(planned(known(), stated))


def test_a_permit_is_reported_within_14_days() -> None:
    late = planned(known(), foreigner(permit=permit(issued_on="2026-11-09")))
    assert warnings(late) == [("PERMIT_REPORTED_LATE", "/0/permit/issued_on")]


def substitute(letter: str = "SKPTI", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    made = {"kind": "issue_letter", "letter": letter, "at": at(), "cause": "banjir bandang"}
    if "person" not in changes:
        made["described"] = {"full_name": "Suparman", "sex": "L"}
    return made | changes


LOST = {"event": "BIRTH", "event_date": "1980-01-01"}


@pytest.mark.parametrize(
    "stated",
    [
        substitute(person={"resident_id": LONER}),
        substitute("SKPS", person={"resident_id": LONER}, certificate=LOST),
        substitute("SKOT", found_at="Terminal Brawijaya", found_on="2026-11-20"),
        substitute("SKTK", community="Suku laut", elder_name="Bapak Tua"),
    ],
)
def test_a_letter_for_somebody_without_papers(stated: dict[str, Any]) -> None:
    plan = planned(known(), stated)
    assert refusals(plan) == []
    assert effects(plan) == ["document.queued"]
    assert plan.steps[0].state == known()  # nobody's record changes


def test_biometrics_are_searched_before_somebody_is_taken_for_unknown() -> None:
    plan = planned(known(), substitute())
    assert warnings(plan) == [("SEARCH_BIOMETRICS_FIRST", "/0/described")]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (substitute("SKPS"), [("LETTER_SAYS_TOO_LITTLE", "/0/certificate")]),
        (substitute("SKTK"), [("LETTER_SAYS_TOO_LITTLE", "/0/community")]),
        (substitute(shelter="Panti"), [("LETTER_SAYS_OTHERWISE", "/0/shelter")]),
        (substitute("SKOT", found_on="2026-11-25"), [("FOUND_IN_FUTURE", "/0/found_on")]),
        (substitute(person={"resident_id": key(999)}), [("PERSON_NOT_FOUND", "/0/person")]),
    ],
)
def test_refuses_a_letter(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refusals(planned(known(), stated)) == expected


def stay(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    home = {"address": "JALAN KALIURANG 5", "rt": "002", "rw": "007"}
    return {
        "kind": "note_temporary_stay",
        "nik": "3404014504909001",
        "full_name": "Dewi Lestari",
        "sex": "P",
        "birth_date": "1990-04-05",
        "home": home | {"village": "Balecatur", "district_code": SLEMAN},
        "at": at(),
        "since": "2026-11-01",
        "until": "2027-11-01",
        "reason": 2,
    } | changes


def test_a_temporary_stay_changes_no_record() -> None:
    plan = planned(known(), stay())
    assert refusals(plan) == []
    assert effects(plan) == ["stay.noted"]
    assert plan.steps[0].state == known()


def test_a_year_ends_on_the_same_day() -> None:
    assert a_year_after(date(2026, 11, 1)) == date(2027, 11, 1)
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (stay(until="2027-11-02"), [("STAY_TOO_LONG", "/0/until")]),
        (stay(until="2026-11-01"), [("STAY_TOO_LONG", "/0/until")]),
        (stay(since="2026-11-25"), [("STAY_IN_FUTURE", "/0/since")]),
        (stay(nik="3404019904909001"), [("NIK_FORMAT", "/0/nik")]),
        (
            stay(home=stay()["home"] | {"district_code": "35.10.05"}),
            [("STAY_AT_HOME", "/0/home/district_code")],
        ),
        (
            stay(home=stay()["home"] | {"district_code": "99.99.99"}),
            [("DISTRICT_UNKNOWN", "/0/home/district_code")],
        ),
        (stay(at=at(village_code=JEMBER)), [("NOT_IN_JURISDICTION", "/0/at/village_code")]),
    ],
)
def test_refuses_a_stay(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refusals(planned(known(), stated)) == expected


def test_who_lives_here_does_not_stay_for_a_while() -> None:
    resident = replace(known(), niks={"3404014504909001": LONER})
    assert refusals(planned(resident, stay())) == [("LIVES_HERE_ALREADY", "/0/nik")]
    noted = replace(known(), stays={"3404014504909001": date(2026, 12, 1)})
    assert refusals(planned(noted, stay())) == [("STAY_NOTED", "/0/nik")]
    assert OLD_HOME in known().families


# On a real database


async def _applied(registry: Sessions, stated: dict[str, Any]) -> ChangeApplied:
    answer = await make.apply(registry, [stated])
    assert isinstance(answer, ChangeApplied), answer
    return answer


@pytest.mark.anyio
async def test_a_residence_letter_ends_with_the_next_permit(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    answer = await _applied(registry, foreigner())
    assert [each.kind for each in answer.documents] == [IssuedKind.RESIDENCE_LETTER]
    [resident_id] = answer.outcome.resident_ids
    async with registry() as session:
        person = await session.get_one(Resident, resident_id)
    assert (person.permit, person.citizenship, person.family_id) == ("ITAS", 2, None)
    assert person.village_code == MUNCAR

    permanent = permit(kind="ITAP", number="ITAP-1", valid_until="2031-11-09")
    stated = foreigner(person={"resident_id": str(resident_id)}, permit=permanent)
    answer = await _applied(registry, stated)
    assert {each.kind for each in answer.documents} == {
        IssuedKind.FAMILY_CARD,
        IssuedKind.BIODATA,
    }
    async with registry() as session:
        permits = (await session.scalars(select(Permit).order_by(Permit.id))).all()
        letters = select(Document.status).where(Document.kind == "SKTT")
        person = await session.get_one(Resident, resident_id)
        assert (await session.scalars(letters)).all() == ["REVOKED"]
    assert [each.ended_on for each in permits] == [clock.today(), None]
    assert (person.permit, person.family_id is None) == ("ITAP", False)


@pytest.mark.anyio
async def test_letters_for_people_without_papers_are_numbered(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    kinds = []
    for stated in (
        substitute(),
        substitute("SKPS", certificate=LOST),
        substitute("SKOT", shelter="Panti"),
        substitute("SKTK", community="Suku laut"),
    ):
        kinds += [each.kind.value for each in (await _applied(registry, stated)).documents]
    assert kinds == ["SKPTI", "SKPS", "SKOT", "SKTK"]
    async with registry() as session:
        numbers = (await session.scalars(select(Letter.number).order_by(Letter.id))).all()
        assert await session.scalar(select(func.count()).select_from(Resident)) == 0
    assert numbers[0] == f"SKPTI/3510/{clock.today():%d%m%Y}/0001"


@pytest.mark.anyio
async def test_a_stay_is_noted_once_and_counts_nobody(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    answer = await _applied(registry, stay())
    assert answer.documents == []
    again = await make.apply(registry, [stay()])
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["STAY_NOTED"]
    async with registry() as session:
        assert len((await session.scalars(select(TemporaryStay))).all()) == 1
        assert await session.scalar(select(func.count()).select_from(Resident)) == 0
    assert await coverage.differences(registry, clock.today()) == 0


@pytest.mark.anyio
async def test_a_foreigner_in_no_family_moves_out_and_comes_back(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    [resident_id] = (await _applied(registry, foreigner())).outcome.resident_ids
    out = {
        "kind": "move_out",
        "movers": [{"resident_id": str(resident_id)}],
        "reason": 1,
        "to": stay()["home"],
    }
    planned_ = await make.plan(registry, [out])
    told = await make.receive(registry, make.make_request([out], planned_.digest))
    [answer] = [each for each in told if isinstance(each, ChangeApplied)]
    assert [each.kind for each in answer.documents] == [IssuedKind.MOVE_LETTER]
    async with registry() as session:
        letter = select(Document.content).where(Document.kind == "SKPWNI")
        content = (await session.scalars(letter)).one()
    assert content["kk_number"] is None
    assert content["origin"]["street"] == "JALAN PANTAI 1"
    assert content["destination"]["regency"] == "Sleman"

    back = {"kind": "cancel_move", "letter": content["number"]}
    planned_ = await make.plan(registry, [back])
    await make.receive(registry, make.make_request([back], planned_.digest))
    async with registry() as session:
        person = await session.get_one(Resident, resident_id)
        [status] = (
            await session.scalars(select(Document.status).where(Document.kind == "SKPWNI"))
        ).all()
    assert (person.status, person.village_code, person.family_id) == ("HIDUP", MUNCAR, None)
    assert status == "REVOKED"
