"""Certificates that are corrected, cancelled and quoted again."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from services.registry.certificates.tables import Certificate, CertificateNote
from services.registry.changes.state import Entry, HeldCard, Particulars, State, Trace
from services.registry.documents.tables import Document
from services.registry.residents import store as resident_store
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind, MaritalStatus, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
    LONER,
    MOTHER,
    OLD_HOME,
    child,
    effects,
    entry,
    family,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_family,
    with_people,
)
from tests.registry.people import SOURCE, household, person

CHILD, AKTA, DEATH = key(50), key(200), key(201)
COURT = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-11-02"}
WORDS = {
    "full_name": "RINA SANTOSO",
    "sex": "P",
    "birth_date": "2024-11-01",
    "mother_name": "SITI AMINAH",
    "father_name": "BUDI SANTOSO",
    "parentage": "MARRIED",
    "child_order": 1,
    "child": {"birth_place": "BANYUWANGI", "birth_order": 1, "full_name": "Rina Santoso"},
}


def correction(basis: str = "OFFICER", number: str = AKTA, **to: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "correct_certificate",
        "certificate": {"certificate_id": number},
        "basis": basis,
        "why": "Salah ketik saat pencatatan",
        "ruling": COURT if basis == "COURT" else None,
        "to": to,
    }


def cancellation(
    number: str = DEATH,
    basis: str = "OFFICER",
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return {
        "kind": "cancel_certificate",
        "certificate": {"certificate_id": number},
        "basis": basis,
        "why": "Dilaporkan untuk orang yang salah",
        "ruling": COURT if basis == "COURT" else None,
    } | changes


def quotation(number: str = AKTA, reason: str = "LOST") -> dict[str, Any]:
    return {
        "kind": "reissue_certificate",
        "certificate": {"certificate_id": number},
        "reason": reason,
    }


def certified(**changes: Any) -> State:  # noqa: ANN401
    """Return the state with a child and its birth certificate."""
    names = Particulars(
        mother_name="SITI AMINAH", father_name="BUDI SANTOSO", birth_place="BANYUWANGI"
    )
    known = with_people(state(), child(particulars=names, **changes))
    return known.with_entry(entry(data=WORDS))


def test_a_typing_error_is_corrected_on_certificate_record_and_cards() -> None:
    card = HeldCard(CardKind.KIA, "A", date(2029, 10, 31))

    plan = planned(certified(cards=(card,)), correction(full_name="Rina Santosa"))

    assert refusals(plan) == []
    assert [(each.effect, each.subject) for each in plan.plan.effects] == [
        ("certificate.corrected", AKTA),
        ("certificate.noted", AKTA),
        ("document.queued", AKTA),
        ("document.queued", AKTA),
        ("resident.corrected", CHILD),
        ("card.revoked", CHILD),
        ("card.issued", CHILD),
        ("document.queued", HOME),
    ]
    assert plan.plan.effects[0].before == {"full_name": "RINA SANTOSO"}


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (correction(), ("NOTHING_TO_CHANGE", "/0/to")),
        (correction(full_name="rina santoso"), ("NOTHING_TO_CHANGE", "/0/to")),
        (correction(full_name="Dewi Lestari"), ("CERTIFICATE_NEEDS_COURT", "/0/to/full_name")),
        (correction(mother_name="Sumini"), ("CERTIFICATE_NEEDS_COURT", "/0/to/mother_name")),
        (
            correction(mother={"resident_id": LONER}),
            ("CERTIFICATE_NEEDS_COURT", "/0/to/mother"),
        ),
        (correction(mother={"resident_id": LONER}), ("MOTHER_NOT_FEMALE", "/0/to/mother")),
        (correction(mother={"resident_id": key(99)}), ("PERSON_NOT_FOUND", "/0/to/mother")),
        (correction(birth_date="2023-10-01"), ("CERTIFICATE_NEEDS_COURT", "/0/to/birth_date")),
        (correction(birth_date="2026-11-25"), ("CORRECTION_IN_FUTURE", "/0/to/birth_date")),
        (correction(full_name="Rina Sant0so"), ("NAME_DIGITS", "/0/to/full_name")),
        (correction(number=key(299), full_name="A"), ("CERTIFICATE_NOT_FOUND", "/0/certificate")),
        (quotation(key(299)), ("CERTIFICATE_NOT_FOUND", "/0/certificate")),
    ],
)
def test_a_certificate_is_not_corrected(fact: dict[str, Any], refusal: tuple[str, str]) -> None:
    plan = planned(certified(), fact)

    assert refusal in refusals(plan)
    assert effects(plan) == []


@pytest.mark.parametrize("fact", [correction(full_name="Rina"), quotation(), cancellation(AKTA)])
def test_a_cancelled_certificate_is_left_alone(fact: dict[str, Any]) -> None:
    known = certified().with_entry(entry(data=WORDS, cancelled=True))

    assert refusals(planned(known, fact)) == [("CERTIFICATE_CANCELLED", "/0/certificate")]


def test_a_death_certificate_tells_nothing_of_order_of_birth() -> None:
    known = state().with_entry(entry(201, LONER, kind="KEMATIAN", data={"full_name": "AGUS"}))

    plan = planned(known, correction(number=DEATH, birth_order=2))

    assert ("ELEMENT_NOT_ON_CERTIFICATE", "/0/to/birth_order") in refusals(plan)


def test_edge_42_the_officer_takes_back_a_slip_and_a_court_the_rest() -> None:
    slip = planned(certified(), correction(birth_date="2024-10-01"))
    more = correction("COURT", birth_date="2023-10-05", full_name="Dewi Lestari")
    ruled = planned(certified(), more)

    assert refusals(slip) == refusals(ruled) == []
    assert [each.rule for each in warnings_of(ruled)] == []
    noted = [each for each in ruled.plan.effects if each.effect == "certificate.noted"]
    assert noted[0].after is not None
    assert noted[0].after["basis"] == "COURT"
    with pytest.raises(ValidationError, match="RULING_OF_COURT"):
        make.facts(correction("COURT", full_name="Rina") | {"ruling": None})


def warnings_of(plan: Any) -> list[Any]:  # noqa: ANN401
    return [each for each in plan.plan.warnings if each.rule != "COURT_RULING_LATE"]


def test_a_sex_written_wrongly_is_weighed() -> None:
    plan = planned(certified(), correction(sex="L"))

    assert ("CERTIFICATE_SEX", "/0/to/sex") in warnings(plan)
    assert refusals(plan) == []


def test_edge_10_the_natural_mother_of_a_foundling_appears() -> None:
    unknown = Particulars(mother_name="TIDAK DIKETAHUI")
    foundling = child(mother=None, father=None, particulars=unknown)
    words = WORDS | {"parentage": "FOUNDLING", "mother_name": None, "father_name": None}
    known = with_people(state(), foundling).with_entry(entry(data=words))

    plan = planned(known, correction("COURT", mother={"resident_id": MOTHER}))

    assert refusals(plan) == []
    assert effects(plan) == [
        "certificate.corrected",
        "certificate.noted",
        "document.queued",
        "document.queued",
        "resident.corrected",
        "document.queued",
        "resident.parent_linked",
    ]
    assert plan.plan.effects[-1].after == {"mother_id": MOTHER}


def test_a_certificate_is_quoted_again_under_its_number() -> None:
    plan = planned(certified(), quotation())

    assert effects(plan) == ["certificate.reissued", "document.queued"]
    assert plan.plan.effects[1].after == {"kind": "AKTA_LAHIR"}


def dead_mother() -> State:
    """Return the state in which the mother is recorded as dead, and her husband as a widower."""
    known = with_family(
        state(father={"marital_status": MaritalStatus.WIDOWED}), family(HOME, FATHER)
    )
    gone = replace(known.persons[MOTHER], status="MATI", death_date=date(2026, 11, 1), family=None)
    known = known.with_person(gone).with_entry(
        entry(201, MOTHER, kind="KEMATIAN", event_date=date(2026, 11, 1))
    )
    before = {"status": "HIDUP", "death_date": None, "spouse_id": FATHER, "family_id": HOME}
    after = {"status": "MATI", "death_date": "2026-11-01", "spouse_id": None}
    widower = {"marital_status": 6, "spouse_id": None}
    traces = (
        Trace(MOTHER, before, after, after, Relationship.WIFE),
        Trace(FATHER, {"marital_status": 2, "spouse_id": MOTHER}, widower, widower),
    )
    return replace(known, traces={DEATH: traces})


def test_edge_30_a_death_of_the_wrong_person_is_taken_back() -> None:
    plan = planned(dead_mother(), cancellation())

    assert refusals(plan) == []
    assert [(each.effect, each.subject) for each in plan.plan.effects] == [
        ("certificate.cancelled", DEATH),
        ("certificate.noted", DEATH),
        ("document.queued", DEATH),
        ("resident.restored", MOTHER),
        ("resident.restored", FATHER),
        ("family.member_added", HOME),
        ("document.queued", HOME),
        ("card.change_due", MOTHER),
    ]
    assert plan.plan.effects[3].after == {
        "status": "HIDUP",
        "death_date": None,
        "spouse_id": FATHER,
    }
    assert plan.plan.effects[5].after is not None
    assert plan.plan.effects[5].after["relationship"] == 3


def test_edge_30_a_family_that_closed_is_not_opened_again() -> None:
    known = dead_mother()
    closed = replace(known.families[HOME], closed=True, members=())
    home = replace(family(key(110), FATHER), address="JALAN BARU")
    known = with_family(known.with_family(closed), home)

    spouse = planned(known, cancellation())
    stated = planned(known, cancellation(family={"family_id": OLD_HOME}, relationship=9))
    alone = replace(known.persons[MOTHER], spouse=None)
    trace = replace(known.traces[DEATH][0], before={"status": "HIDUP", "family_id": HOME})
    single = replace(known.with_person(alone), traces={DEATH: (trace,)})
    own = planned(single, cancellation())

    assert refusals(spouse) == refusals(stated) == refusals(own) == []
    joined = [each for each in spouse.plan.effects if each.effect == "family.member_added"]
    assert [(each.subject, (each.after or {})["relationship"]) for each in joined] == [
        (key(110), 3)
    ]
    assert "family.opened" in effects(own)
    assert OLD_HOME in {each.subject for each in stated.plan.effects}


def test_edge_30_a_child_comes_home_with_a_new_card() -> None:
    held = {"status": "HIDUP", "family_id": HOME, "kia_valid_until": "2029-10-31"}
    known = certified(status="MATI", death_date=date(2026, 11, 1), family=None)
    known = with_family(known, family(HOME, FATHER, (MOTHER, Relationship.WIFE)))
    known = known.with_entry(entry(201, kind="KEMATIAN", event_date=date(2026, 11, 1)))
    trace = Trace(CHILD, held, {"status": "MATI"}, {"status": "MATI"}, Relationship.CHILD)

    plan = planned(replace(known, traces={DEATH: (trace,)}), cancellation())

    assert refusals(plan) == []
    [card] = [each for each in plan.plan.effects if each.effect == "card.issued"]
    assert card.after == {"kind": "KIA", "variant": "A", "valid_until": "2029-10-31"}


def test_what_was_changed_since_stays_or_blocks() -> None:
    known = dead_mother()
    mother, father = known.traces[DEATH]
    remarried = replace(father, now={"marital_status": 2, "spouse_id": LONER})
    renumbered = replace(
        mother,
        after={**mother.after, "father_name": None},
        now={**mother.now, "father_name": "KASAN"},
    )

    married = planned(replace(known, traces={DEATH: (mother, remarried)}), cancellation())
    other = planned(replace(known, traces={DEATH: (renumbered, father)}), cancellation())

    assert refusals(married) == [("CHANGED_SINCE", "/0/certificate")]
    assert (refusals(other), warnings(other)) == ([], [("KEPT_AS_IT_IS_NOW", "/0/certificate")])


def test_an_old_death_without_a_trace_needs_a_home() -> None:
    known = replace(dead_mother(), traces={})

    homeless = planned(known, cancellation())
    stated = planned(known, cancellation(family={"family_id": HOME}, relationship=3))

    assert refusals(homeless) == [("RETURNS_TO_NO_HOME", "/0/family")]
    assert refusals(stated) == []
    assert [each.effect for each in stated.plan.effects].count("resident.restored") == 1


@pytest.mark.parametrize("kind", ["PERKAWINAN", "PERCERAIAN", "PENGAKUAN", "PENGESAHAN"])
def test_edge_42_marriages_and_children_are_for_a_court(kind: str) -> None:
    married: Entry = entry(201, FATHER, kind=kind, partner=MOTHER)
    status = {"marital_status": 1, "spouse_id": None}
    now = {"marital_status": 2, "spouse_id": "x"}
    known = replace(state().with_entry(married), traces={DEATH: (Trace(FATHER, status, now, now),)})

    assert refusals(planned(known, cancellation())) == [("CANCEL_NEEDS_COURT", "/0/basis")]
    ruled = planned(known, cancellation(basis="COURT"))
    assert refusals(ruled) == []
    [back] = [each for each in ruled.plan.effects if each.effect == "resident.restored"]
    assert back.after == status


def test_a_cancelled_birth_certificate_ends_the_child_card() -> None:
    known = certified(cards=(HeldCard(CardKind.KIA, "A", date(2029, 10, 31)),))

    plan = planned(known, cancellation(AKTA))

    assert refusals(plan) == []
    assert [each for each in effects(plan) if each != "document.queued"] == [
        "certificate.cancelled",
        "certificate.noted",
        "resident.restored",
        "card.revoked",
    ]


async def born(registry: Sessions, couple: make.Couple) -> tuple[Any, Any]:
    answer = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(answer, ChangeApplied)
    return answer.outcome.resident_ids[0], answer.outcome.certificate_ids[0]


@pytest.mark.anyio
async def test_a_correction_is_kept_with_what_was_before(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    child_id, akta = await born(registry, await make.make_couple(registry))

    answer = await make.apply(
        registry, [correction(number=str(akta), full_name="Bayu Santosa", birth_order=2)]
    )

    assert isinstance(answer, ChangeApplied)
    kinds = {each.kind for each in answer.documents}
    assert kinds == {"KK", "KIA", "CATATAN_PINGGIR", "AKTA_LAHIR"}
    async with registry() as session:
        person = await session.get_one(Resident, child_id)
        certificate = await session.get_one(Certificate, akta)
        [note] = await session.scalars(select(CertificateNote))
        prints = await session.scalars(
            select(Document).where(Document.about_id == akta).order_by(Document.copy_number)
        )
        old, new = prints
    assert person.full_name == "BAYU SANTOSA"
    assert (certificate.data["full_name"], certificate.data["child_order"]) == ("BAYU SANTOSA", 2)
    assert note.data["before"] == {"full_name": "BAYU SANTOSO", "birth_order": 1}
    assert (old.status, new.copy_number) == ("REPLACED", 2)
    assert new.content["number"] == old.content["number"] == certificate.number
    assert new.content["full_name"] == "BAYU SANTOSA"
    assert [each["serial"] for each in new.content["annotations"]] == [1]


@pytest.mark.anyio
async def test_a_lost_certificate_gets_copy_two(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    _, akta = await born(registry, await make.make_couple(registry))

    answer = await make.apply(registry, [quotation(str(akta))])

    assert isinstance(answer, ChangeApplied)
    assert [each.kind for each in answer.documents] == ["AKTA_LAHIR"]
    async with registry() as session:
        prints = await session.scalars(
            select(Document).where(Document.about_id == akta).order_by(Document.copy_number)
        )
        found = [(each.copy_number, each.status, each.content["number"]) for each in prints]
    assert [each[:2] for each in found] == [(1, "REPLACED"), (2, "QUEUED")]
    assert found[0][2] == found[1][2]


@pytest.mark.anyio
async def test_edge_30_a_cancelled_death_restores_the_couple(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await wed(registry, couple)
    died = await make.apply(
        registry,
        [
            {
                "kind": "register_death",
                "person": {"resident_id": str(couple.father.id)},
                "died_on": clock.today().isoformat(),
                "reporter_name": "Siti Aminah",
                "reporter_relationship": "Istri",
                "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
            }
        ],
    )
    assert isinstance(died, ChangeApplied), died
    [akta] = died.outcome.certificate_ids

    answer = await make.apply(registry, [cancellation(str(akta))])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        father = await session.get_one(Resident, couple.father.id)
        mother = await session.get_one(Resident, couple.mother.id)
        certificate = await session.get_one(Certificate, akta)
        quoted = await session.scalars(select(Document.status).where(Document.about_id == akta))
        statuses = list(quoted)
    assert (father.status, father.death_date, father.marital_status) == ("HIDUP", None, 2)
    assert (mother.marital_status, mother.spouse_id) == (2, father.id)
    assert father.spouse_id == mother.id
    assert father.family_id == mother.family_id != couple.family_id
    assert certificate.status == "CANCELLED"
    assert statuses == ["REVOKED"]


async def wed(registry: Sessions, couple: make.Couple) -> None:
    married = await make.apply(
        registry,
        [
            {
                "kind": "note_marriage_elsewhere",
                "event": "MARRIAGE",
                "husband": {"nik": couple.father.nik},
                "wife": {"nik": couple.mother.nik},
                "happened_on": "2015-05-05",
                "number": "12/05/V/2015",
                "authority": "KUA MUNCAR",
            }
        ],
    )
    assert isinstance(married, ChangeApplied), married


@pytest.mark.anyio
async def test_a_cancelled_birth_certificate_leaves_the_child_without(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    child_id, akta = await born(registry, await make.make_couple(registry))

    answer = await make.apply(registry, [cancellation(str(akta))])
    again = await make.apply(registry, [cancellation(str(akta))])

    assert isinstance(answer, ChangeApplied)
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["CERTIFICATE_CANCELLED"]
    async with registry() as session:
        person = await session.get_one(Resident, child_id)
        [note] = await session.scalars(select(CertificateNote))
    assert (person.birth_certificate_number, person.kia_valid_until) == (None, None)
    assert (person.status, note.kind) == ("HIDUP", "PEMBATALAN")


@pytest.mark.anyio
async def test_a_refused_correction_leaves_the_certificate(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    _, akta = await born(registry, await make.make_couple(registry))

    answer = await make.apply(registry, [correction(number=str(akta), full_name="Dewi")])

    assert isinstance(answer, ChangeRefused)
    async with registry() as session:
        certificate = await session.get_one(Certificate, akta)
        notes = list(await session.scalars(select(CertificateNote)))
    assert (certificate.version, notes) == (1, [])


@pytest.mark.anyio
async def test_edge_42_a_marriage_is_quoted_again_and_cancelled_by_a_court(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    single = {"religion": 4}
    couple = await make.make_couple(
        registry, marital_status=MaritalStatus.NEVER_MARRIED, mother=single, father=single
    )
    wedded = await make.apply(
        registry,
        [
            {
                "kind": "register_marriage",
                "husband": {"resident_id": str(couple.father.id)},
                "wife": {"resident_id": str(couple.mother.id)},
                "married_on": clock.today().isoformat(),
                "place": "Pura Agung Blambangan",
                "religion": 4,
                "leader_name": "Ida Bagus Oka",
                "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
            }
        ],
    )
    assert isinstance(wedded, ChangeApplied), wedded
    [akta] = wedded.outcome.certificate_ids
    ruling = {"ruling": COURT | {"dated": clock.today().isoformat()}}

    copy = await make.apply(registry, [quotation(str(akta))])
    officer = await make.apply(registry, [cancellation(str(akta))])
    court = await make.apply(registry, [cancellation(str(akta), "COURT", **ruling)])

    assert isinstance(copy, ChangeApplied), copy
    assert [each.kind for each in copy.documents] == ["AKTA_KAWIN"]
    assert isinstance(officer, ChangeRefused)
    assert officer.rules == ["CANCEL_NEEDS_COURT"]
    assert isinstance(court, ChangeApplied), court
    async with registry() as session:
        both = [await session.get_one(Resident, each.id) for each in (couple.father, couple.mother)]
        statuses = set(
            await session.scalars(select(Document.status).where(Document.about_id == akta))
        )
    assert [(each.marital_status, each.spouse_id) for each in both] == [(1, None), (1, None)]
    assert [each.marriage_number for each in both] == [None, None]
    assert "SEALED" not in statuses
    assert "QUEUED" not in statuses


def _parted_elsewhere(event: str, wife: object, day: str) -> dict[str, Any]:
    return {
        "kind": "note_marriage_elsewhere",
        "event": event,
        "wife": {"resident_id": str(wife)},
        "happened_on": day,
        "number": "77/2026",
        "authority": "KUA MUNCAR",
    }


@pytest.mark.anyio
async def test_a_divorce_on_which_another_marriage_rests_is_not_cancelled(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    async with registry.begin() as session:
        _, [other] = await household(session, (person("RINI", marital_status=1), 1))
    today, husband = clock.today().isoformat(), {"husband": {"resident_id": str(couple.father.id)}}
    wife = {"wife": {"resident_id": str(couple.mother.id)}}
    ruling = {"ruling": COURT | {"dated": today, "final_on": today}}
    divorce = {"kind": "register_divorce", "marriage_number": "12/2015"} | husband | wife | ruling
    parted = await make.apply(registry, [divorce])
    assert isinstance(parted, ChangeApplied), parted
    for event in ("MARRIAGE", "DIVORCE"):
        fact = _parted_elsewhere(event, other.id, today) | husband
        assert isinstance(await make.apply(registry, [fact]), ChangeApplied)

    [entry_id] = parted.outcome.certificate_ids
    answer = await make.apply(registry, [cancellation(str(entry_id), "COURT", **ruling)])

    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["CHANGED_SINCE"]


@pytest.mark.anyio
async def test_who_was_never_divorced_is_the_widow_of_who_died_since(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    async with registry.begin() as session:
        for one, other in ((couple.father, couple.mother), (couple.mother, couple.father)):
            (await session.get_one(Resident, one.id)).spouse_id = other.id
            await session.flush()
            await resident_store.record(session, [one.id], SOURCE, changed=["spouse_id"])
    today = clock.today().isoformat()
    ruling = {"ruling": COURT | {"dated": today, "final_on": today}}
    two = {
        "husband": {"resident_id": str(couple.father.id)},
        "wife": {"resident_id": str(couple.mother.id)},
    }
    divorce = {"kind": "register_divorce", "marriage_number": "12/2015", **two, **ruling}
    parted = await make.apply(registry, [divorce])
    assert isinstance(parted, ChangeApplied), parted
    death = {
        "kind": "register_death",
        "person": {"resident_id": str(couple.father.id)},
        "died_on": today,
        "place": "MUNCAR",
        "reporter_name": "Slamet",
        "reporter_relationship": "Ketua RT",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    }
    assert isinstance(await make.apply(registry, [death]), ChangeApplied)

    [entry_id] = parted.outcome.certificate_ids
    answer = await make.apply(registry, [cancellation(str(entry_id), "COURT", **ruling)])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        husband = await session.get_one(Resident, couple.father.id)
        wife = await session.get_one(Resident, couple.mother.id)
    assert (husband.status, husband.spouse_id) == ("MATI", None)
    assert (wife.marital_status, wife.spouse_id) == (MaritalStatus.WIDOWED, None)
