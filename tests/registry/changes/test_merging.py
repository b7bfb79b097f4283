"""Two records of one person become one, and records that are to be sent anew."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.registry.certificates.tables import Certificate
from services.registry.changes.state import HeldCard, Particulars, Person, State
from services.registry.documents.tables import Document
from services.registry.duplicates import actions as duplicates
from services.registry.duplicates.schemas import VerdictKind
from services.registry.duplicates.tables import DuplicateVerdict
from services.registry.residents import actions as residents
from services.registry.residents import store
from services.registry.residents.tables import Alias, Resident
from shared.contract.events import (
    ChangeApplied,
    ChangeRefused,
    ResidentConfirmed,
    ResidentMerged,
)
from shared.contract.facts import CardKind, MaritalStatus, Relationship, Sex
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    HOME,
    LONER,
    MOTHER,
    MUNCAR,
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

SECOND, SECOND_HOME = key(60), key(160)


def merge(
    keep: str = LONER,
    end: str = SECOND,
    proof: str = "BIOMETRICS",
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return {
        "kind": "resolve_duplicate",
        "keep": {"resident_id": keep},
        "end": {"resident_id": end},
        "proof": proof,
        "letter": "400.8.1/123/2026",
    } | changes


def doubled(**changes: Any) -> State:  # noqa: ANN401
    """Return the state in which the loner has a second record with a family of its own."""
    made = Person(
        SECOND,
        "AGUS",
        Sex.MALE,
        date(1991, 8, 9),
        1,
        marital_status=MaritalStatus.MARRIED_REGISTERED,
        village_code=MUNCAR,
        family=SECOND_HOME,
    )
    known = state().with_person(replace(made, **changes))
    return with_family(known, family(SECOND_HOME, SECOND))


def test_edge_07_one_number_is_kept_and_everything_follows_it() -> None:
    known = doubled(
        spouse=MOTHER, cards=(HeldCard(CardKind.KIA, "A", None),), has_birth_certificate=True
    )
    known = with_people(known, child(father=SECOND)).with_entry(entry(subject=SECOND))
    known = known.with_person(replace(known.persons[MOTHER], spouse=SECOND))

    plan = planned(known, merge())

    assert refusals(plan) == []
    assert [(each.effect, each.subject) for each in plan.plan.effects] == [
        ("resident.merged", LONER),
        ("resident.completed", LONER),
        ("resident.completed", LONER),
        ("resident.relinked", key(50)),
        ("resident.relinked", MOTHER),
        ("certificate.followed", key(200)),
        ("card.revoked", SECOND),
        ("family.member_left", SECOND_HOME),
        ("family.closed", SECOND_HOME),
        ("document.queued", HOME),
    ]


def test_no_number_is_told_whole() -> None:
    number = "3510050908919001"
    known = doubled(particulars=Particulars(nik=number))

    plan = planned(known, merge())

    assert number not in plan.plan.model_dump_json()
    assert "3510**********01" in plan.plan.effects[0].text_id


@pytest.mark.parametrize(
    ("second", "fact", "refusal"),
    [
        ({}, merge(end=LONER), ("MERGE_SAME_RECORD", "/0/end")),
        ({}, merge(end=key(99)), ("PERSON_NOT_FOUND", "/0/end")),
        ({"status": "MATI"}, merge(), ("PERSON_NOT_ALIVE", "/0/end")),
        ({"status": "TIDAK_VALID"}, merge(), ("PERSON_NOT_ACTIVE", "/0/end")),
        ({"father": LONER}, merge(), ("MERGE_OF_KIN", "/0/end")),
        (
            {"particulars": Particulars(recording_status="CARD_ISSUED")},
            merge(),
            ("BIOMETRICS_KEEP", "/0/keep"),
        ),
        (
            {"full_name": "DEWI", "birth_date": date(1980, 1, 1)},
            merge(proof="PAPERS"),
            ("NOT_ONE_PERSON", "/0/end"),
        ),
        ({"sex": Sex.FEMALE}, merge(proof="PAPERS"), ("NOT_ONE_PERSON", "/0/end")),
        ({}, merge(family={"family_id": HOME}), ("MERGE_FAMILY_OF_NEITHER", "/0/family")),
    ],
)
def test_records_are_not_merged(
    second: dict[str, Any], fact: dict[str, Any], refusal: tuple[str, str]
) -> None:
    plan = planned(doubled(**second), fact)

    assert refusal in refusals(plan)
    assert effects(plan) == []


def test_edge_08_a_number_typed_for_two_people_is_never_merged() -> None:
    other = {"full_name": "SRI LESTARI", "birth_date": date(1970, 1, 1), "sex": Sex.FEMALE}

    papers = planned(doubled(**other), merge(proof="PAPERS"))
    biometrics = planned(doubled(**other), merge())

    assert refusals(papers) == [("NOT_ONE_PERSON", "/0/end")]
    assert warnings(biometrics) == [("RECORDS_DIFFER", "/0/end")]


def test_edge_06_twins_are_two_people() -> None:
    first, second = (
        child(number, birth_order=order, birth_date=date(2024, 11, 1))
        for number, order in ((50, 1), (51, 2))
    )
    known = with_people(state(), first, second)
    known = known.with_entry(entry()).with_entry(entry(201, key(51)))

    plan = planned(known, merge(key(50), key(51)))

    assert ("MERGE_OF_TWINS", "/0/end") in refusals(plan)


def test_two_spouses_and_two_certificates() -> None:
    known = doubled(spouse=MOTHER, has_birth_certificate=True)
    bigamous = known.with_person(replace(known.persons[LONER], spouse=key(4)))
    certified = known.with_entry(entry(subject=SECOND)).with_entry(entry(201, LONER))

    assert ("SPOUSES_DIFFER", "/0/end") in refusals(planned(bigamous, merge()))
    assert ("TWO_BIRTH_CERTIFICATES", "/0/end") in warnings(planned(certified, merge()))


def test_the_family_of_the_ended_record_goes_on() -> None:
    known = doubled()
    home = family(SECOND_HOME, SECOND, (MOTHER, Relationship.WIFE))
    known = with_family(with_family(known, family(HOME, FATHER)), home)

    left = planned(known, merge())
    stays = planned(known, merge(family={"family_id": SECOND_HOME}))

    assert refusals(left) == [("MERGED_HEAD_OF_OTHERS", "/0/end")]
    assert refusals(stays) == []
    [opened] = [each for each in stays.plan.effects if each.effect == "family.opened"]
    told: Any = opened.after
    assert told["head"] == LONER
    assert [each["person"] for each in told["members"]] == [LONER, MOTHER]
    assert {each.subject for each in stays.plan.effects if each.effect == "family.closed"} == {
        ALONE,
        SECOND_HOME,
    }


def test_whoever_was_judged_two_people_is_merged_by_biometrics_alone() -> None:
    pair = frozenset((LONER, SECOND))
    known = replace(doubled(), two_people=frozenset((pair,)))

    papers = planned(known, merge(proof="PAPERS"))
    biometrics = planned(known, merge())

    assert ("JUDGED_TWO_PEOPLE", "/0/end") in refusals(papers)
    assert refusals(biometrics) == []
    assert ("JUDGED_TWO_PEOPLE", "/0/end") in warnings(biometrics)


def test_an_adopted_child_is_no_adoptive_parent() -> None:
    known = doubled(adopters=(LONER,))

    assert ("MERGE_OF_KIN", "/0/end") in refusals(planned(known, merge()))


def test_a_member_takes_the_line_of_the_other_record() -> None:
    known = doubled()
    home = family(HOME, FATHER, (SECOND, Relationship.OTHER_RELATIVE))
    known = with_family(known, home)

    plan = planned(known, merge(family={"family_id": HOME}))

    assert refusals(plan) == []
    [joined] = [each for each in plan.plan.effects if each.effect == "family.member_added"]
    assert joined.after is not None
    assert (joined.after["person"], joined.after["relationship"]) == (LONER, 9)


def confirmed(who: str = LONER) -> dict[str, Any]:
    return {"kind": "confirm_data", "person": {"resident_id": who}, "agency": "BPJS Kesehatan"}


def test_a_record_is_sent_without_a_change() -> None:
    numbered = state(loner={"particulars": Particulars(nik="3510051008919001")})

    plan = planned(numbered, confirmed())

    assert (refusals(plan), effects(plan)) == ([], ["resident.confirmed"])
    assert warnings(plan) == [("NIK_DOB_MISMATCH", "/0/person")]
    assert refusals(planned(state(loner={"status": "MATI"}), confirmed())) == [
        ("PERSON_NOT_ALIVE", "/0/person")
    ]


@pytest.mark.anyio
async def test_a_confirmed_record_is_announced(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    who = confirmed(str(couple.mother.id))
    planned_ = await make.plan(registry, [who])

    answered = await make.receive(registry, make.make_request([who], planned_.digest))

    [news] = [each for each in answered if isinstance(each, ResidentConfirmed)]
    assert (news.resident_id, news.version) == (couple.mother.id, couple.mother.version)
    assert [type(each) for each in answered if each is not news] == [ChangeApplied]


@pytest.mark.anyio
async def test_edge_07_two_numbers_become_one_person(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id], [akta] = born.outcome.resident_ids, born.outcome.certificate_ids
    async with registry.begin() as session:
        _, [second] = await household(
            session, (person("SITI AMINAH", birth_date=couple.mother.birth_date), 1)
        )
    fact = merge(str(second.id), str(couple.mother.id), family={"family_id": str(couple.family_id)})
    answer = await make.plan(registry, [fact])
    answered = await make.receive(registry, make.make_request([fact], answer.digest))
    again = await make.apply(registry, [fact])

    assert {type(each) for each in answered} == {ChangeApplied, ResidentMerged}
    [news] = [each for each in answered if isinstance(each, ResidentMerged)]
    assert (news.winner_id, news.loser_id) == (second.id, couple.mother.id)
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["MERGE_SAME_RECORD"]
    async with registry() as session:
        kept = await session.get_one(Resident, second.id)
        ended = await session.get_one(Resident, couple.mother.id)
        baby = await session.get_one(Resident, child_id)
        found = await store.find_by_nik(session, couple.mother.nik)
        alias = await session.get_one(Alias, couple.mother.nik)
        readers = await session.scalars(
            select(Document.resident_ids).where(Document.about_id == akta)
        )
        verdict = (await session.scalars(select(DuplicateVerdict))).one()
    assert (ended.status, ended.family_id, ended.nik) == (
        "TIDAK_VALID",
        None,
        couple.mother.nik,
    )
    assert (kept.family_id, baby.mother_id) == (couple.family_id, second.id)
    assert found is not None
    assert (found.id, alias.resident_id) == (second.id, second.id)
    assert all(second.id in each for each in readers)
    assert verdict.verdict == "SAME"


async def adopt(registry: Sessions, child_id: UUID, **parents: UUID) -> None:
    async with registry.begin() as session:
        child_ = await session.get_one(Resident, child_id)
        await residents.change(
            session, child_, parents, source=SOURCE, valid_from=child_.valid_from
        )


@pytest.mark.anyio
async def test_an_adopted_child_follows_the_kept_record_of_the_parent(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        _, [kept] = await household(session, (person("WAGINI"), 1))
        _, [ended] = await household(session, (person("WAGINI"), 1))
        _, [adopted] = await household(session, (person("SUMIATI"), 1))
    await adopt(registry, adopted.id, adoptive_mother_id=ended.id)

    await make.apply_all(registry, [merge(str(kept.id), str(ended.id))])

    async with registry() as session:
        child_ = await session.get_one(Resident, adopted.id)
    assert child_.adoptive_mother_id == kept.id


@pytest.mark.anyio
async def test_an_adoption_stays_sealed_on_the_kept_record(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        _, [parent] = await household(session, (person("WAGINI"), 1))
        _, [kept] = await household(session, (person("SUMIATI"), 1))
        _, [ended] = await household(session, (person("SUMIATI"), 1))
    await adopt(registry, ended.id, adoptive_mother_id=parent.id)

    await make.apply_all(registry, [merge(str(kept.id), str(ended.id))])

    async with registry() as session:
        both = [await session.get_one(Resident, each.id) for each in (kept, ended)]
    assert [each.adoptive_mother_id for each in both] == [parent.id, parent.id]


@pytest.mark.anyio
async def test_a_judgement_that_they_are_two_is_remembered(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        _, [one] = await household(session, (person("SUMIATI"), 1))
        _, [two] = await household(session, (person("SUMIATI"), 1))
        await duplicates.remember(
            session,
            {one.id, two.id},
            VerdictKind.NOT_SAME,
            reason="dua orang",
            by="officer",
            source_id=None,
        )

    answer = await make.apply(registry, [merge(str(one.id), str(two.id), proof="PAPERS")])

    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["JUDGED_TWO_PEOPLE"]


@pytest.mark.anyio
async def test_edge_07_certificates_and_facts_follow_the_kept_record(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id], [akta] = born.outcome.resident_ids, born.outcome.certificate_ids
    async with registry.begin() as session:
        original = await session.get_one(Resident, child_id)
        _, [second] = await household(
            session,
            (person("BAYU SANTOSO", sex="L", birth_date=original.birth_date, marital_status=2), 1),
        )
    home: dict[str, Any] = {"family": {"family_id": str(couple.family_id)}}

    merged = await make.apply_all(registry, [merge(str(second.id), str(child_id), **home)])
    old = {
        "kind": "correct_resident",
        "person": {"resident_id": str(child_id)},
        "to": {"education": 2},
        "proof": {"paper": "STATEMENT"},
    }
    later = await make.apply(registry, [old])

    assert ChangeApplied in {type(each) for each in merged}
    assert isinstance(later, ChangeApplied)
    async with registry() as session:
        certificate = await session.get_one(Certificate, akta)
        kept = await session.get_one(Resident, second.id)
    assert certificate.subject_id == second.id
    assert kept.birth_certificate_number == certificate.number
    assert (kept.education, kept.mother_id) == (2, couple.mother.id)
