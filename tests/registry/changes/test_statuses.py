"""Names, citizenship and other vital events by ruling or decree."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.certificates.tables import CertificateNote
from services.registry.changes.state import HeldCard, Particulars, State
from services.registry.residents.tables import Resident, ResidentVersion
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    HOME,
    LONER,
    MOTHER,
    OLD_HOME,
    child,
    effects,
    entry,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_people,
)

CHILD = key(50)
COURT = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-11-02"}
LONG_AGO = COURT | {"number": "3/Pdt.P/1998/PN Byw", "dated": "1998-05-20"}


def named(person: str = LONER, full_name: str = "Agus Wijaya", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "change_name",
        "person": {"resident_id": person},
        "full_name": full_name,
        "ruling": COURT,
    } | changes


def with_child(**changes: Any) -> State:  # noqa: ANN401
    """Return the state with a child whose record names its mother as hers does."""
    named = Particulars(mother_name="SITI AMINAH", father_name="BUDI SANTOSO")
    return with_people(state(), child(particulars=named, **changes))


@pytest.mark.parametrize(
    ("fact", "rule", "pointer"),
    [
        (named(full_name="agus"), "NOTHING_TO_CHANGE", "/0/full_name"),
        (named(full_name="Agu5 Wijaya"), "NAME_DIGITS", "/0/full_name"),
        (named(full_name="A" * 61), "NAME_TOO_LONG", "/0/full_name"),
        (
            named(ruling=COURT | {"dated": "2026-11-25"}),
            "COURT_RULING_IN_FUTURE",
            "/0/ruling/dated",
        ),
        (
            named(ruling=COURT | {"final_on": "2026-11-25"}),
            "COURT_RULING_NOT_FINAL",
            "/0/ruling/final_on",
        ),
        (
            named(ruling=COURT | {"dated": "1991-08-08"}),
            "COURT_RULING_BEFORE_BIRTH",
            "/0/ruling/dated",
        ),
    ],
)
def test_a_change_of_name_is_refused(fact: dict[str, Any], rule: str, pointer: str) -> None:
    plan = planned(state(), fact)

    assert (rule, pointer) in refusals(plan)
    assert effects(plan) == []


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        ({"status": "MATI"}, "PERSON_NOT_ALIVE"),
        ({"village_code": "35.09.01.2001"}, "NOT_IN_JURISDICTION"),
    ],
)
def test_whose_name_is_not_changed_here(person: dict[str, Any], rule: str) -> None:
    assert refusals(planned(state(loner=person), named())) == [(rule, "/0/person")]


def test_a_new_name_reaches_card_margin_and_every_child() -> None:
    elsewhere = child(51, full_name="DEWI", family=OLD_HOME, sex="P")
    elsewhere = replace(elsewhere, particulars=Particulars(mother_name="SITI AMINAH"))
    other = child(52, full_name="TONO", particulars=Particulars(mother_name="S. AMINAH"))
    known = with_people(with_child(), elsewhere, other).with_entry(entry(subject=MOTHER))
    known = known.with_person(
        replace(known.persons[MOTHER], cards=(HeldCard(CardKind.KTP_EL, None, None),))
    )

    plan = planned(known, named(MOTHER, "Siti Rahayu"))

    assert refusals(plan) == []
    assert warnings(plan) == [("PARENT_NAMED_OTHERWISE", "/0/person")]
    assert [(each.effect, each.subject) for each in plan.plan.effects] == [
        ("resident.corrected", MOTHER),
        ("card.change_due", MOTHER),
        ("document.queued", HOME),
        ("resident.parent_renamed", CHILD),
        ("resident.parent_renamed", key(51)),
        ("document.queued", OLD_HOME),
        ("certificate.noted", key(200)),
        ("document.queued", key(200)),
    ]
    assert plan.plan.effects[3].after == {"mother_name": "SITI RAHAYU"}


def test_a_certificate_of_another_register_is_not_noted_here() -> None:
    plan = planned(with_child(), named(CHILD, "Rina Putri"))

    assert warnings(plan) == [("CERTIFICATE_KEPT_ELSEWHERE", "/0/person")]
    assert "certificate.noted" not in effects(plan)


def test_edge_61_a_ruling_of_1998_holds_since_1998() -> None:
    plan = planned(state(), named(ruling=LONG_AGO))

    assert refusals(plan) == []
    assert warnings(plan) == [("COURT_RULING_LATE", "/0/ruling")]
    assert plan.plan.effects[0].after == {
        "full_name": "AGUS WIJAYA",
        "effective_on": "1998-05-20",
    }


@pytest.mark.anyio
async def test_a_new_name_is_written_everywhere(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id] = born.outcome.resident_ids
    today = clock.today().isoformat()

    mother = await make.apply(
        registry,
        [named(str(couple.mother.id), "Siti Rahayu", ruling=COURT | {"dated": today})],
    )
    answer = await make.apply(
        registry, [named(str(child_id), "Bayu Putra", ruling=COURT | {"dated": today})]
    )

    assert isinstance(mother, ChangeApplied)
    assert [each.kind for each in mother.documents] == ["KK"]
    assert isinstance(answer, ChangeApplied)
    assert {each.kind for each in answer.documents} == {"KK", "KIA", "CATATAN_PINGGIR"}
    async with registry() as session:
        kept = await session.get_one(Resident, child_id)
        [note] = await session.scalars(select(CertificateNote))
    assert (kept.full_name, kept.mother_name) == ("BAYU PUTRA", "SITI RAHAYU")
    assert (note.kind, note.serial, note.data["before"]) == ("GANTI_NAMA", 1, "BAYU SANTOSO")


@pytest.mark.anyio
async def test_edge_61_history_keeps_both_days(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(
        registry, [named(str(couple.father.id), "Budi Wibowo", ruling=LONG_AGO)]
    )

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        versions = await session.scalars(
            select(ResidentVersion)
            .where(ResidentVersion.resident_id == couple.father.id)
            .order_by(ResidentVersion.version)
        )
        last = list(versions)[-1]
    assert (last.cause, last.valid_from) == ("change_name", date(1998, 5, 20))
    assert "full_name" in last.changed
    assert abs(last.recorded_at - clock.now()) < timedelta(hours=1)


@pytest.mark.anyio
async def test_a_refused_name_leaves_nothing(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [named(str(couple.mother.id), "S1ti")])

    assert isinstance(answer, ChangeRefused)
    async with registry() as session:
        mother = await session.get_one(Resident, couple.mother.id)
    assert mother.version == couple.mother.version
