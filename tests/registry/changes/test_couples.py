"""Marriages, divorces and annulments that this office registers: in memory, and on a real database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.registry.certificates.tables import Certificate, CertificateNote
from services.registry.changes.references import related
from services.registry.changes.relations import are_spouses, proposed
from services.registry.changes.rules import broken
from services.registry.changes.state import Entry, HeldCard, State
from services.registry.documents.tables import Document
from services.registry.families.tables import Family, Membership
from services.registry.residents.tables import Resident
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind, MaritalStatus, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.drawing import drawn
from tests.registry.changes.states import (
    FATHER,
    GRANDMOTHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    MUNCAR,
    OLD_HOME,
    TODAY,
    effects,
    family,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_family,
)

SINGLE: dict[str, Any] = {
    "marital_status": MaritalStatus.NEVER_MARRIED,
    "religion": 4,
}
WITNESSES = [{"full_name": "Wayan Sudarma"}, {"full_name": "Ketut Lestari"}]
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "45/Pdt.G/2026/PN Byw",
    "dated": "2026-10-01",
    "final_on": "2026-10-16",
}
EARLIER = {**RULING, "number": "7/Pdt.P/2026/PN Byw", "dated": "2026-09-01", "final_on": None}
WEDDING = key(301)
DIVORCE = key(302)


def ids(husband: object = FATHER, wife: object = MOTHER) -> dict[str, Any]:
    return {"husband": {"resident_id": str(husband)}, "wife": {"resident_id": str(wife)}}


def wedding(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a Hindu wedding of the couple a month ago."""
    return {
        "kind": "register_marriage",
        **ids(),
        "married_on": "2026-10-20",
        "place": "Pura Agung Blambangan",
        "religion": 4,
        "leader_name": "Ida Bagus Oka",
        "witnesses": WITNESSES,
    } | changes


def divorce(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"kind": "register_divorce", **ids(), "ruling": RULING} | changes


def annulment(kind: str = "annul_marriage", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"kind": kind, **ids(), "ruling": RULING} | changes


def couple(both: dict[str, Any], father: Any = None, mother: Any = None) -> State:  # noqa: ANN401
    """Return the small registry in which the couple is so, and believes alike."""
    return state(
        father={"religion": 4} | both | (father or {}),
        mother={"religion": 4} | both | (mother or {}),
    )


def entry(name: str, kind: str, day: date, **data: Any) -> Entry:  # noqa: ANN401
    letters = "KW" if kind == "PERKAWINAN" else "CR"
    number = f"3510-{letters}-{day:%d%m%Y}-0001"
    return Entry(name, kind, number, FATHER, MOTHER, day, cancelled=False, data=data)


def married(status: MaritalStatus = MaritalStatus.MARRIED_REGISTERED) -> State:
    """Return the small registry in which the couple was married here in 2020."""
    known = couple({"marital_status": status}, {"spouse": MOTHER}, {"spouse": FATHER})
    before = {
        "husband": {"marital_status": 1, "spouse": None},
        "wife": {"marital_status": 6, "spouse": None},
    }
    held = entry(WEDDING, "PERKAWINAN", date(2020, 2, 3), before=before, place="Pura")
    return replace(known, entries={WEDDING: held})


def divorced(**changes: Any) -> State:  # noqa: ANN401
    """Return the small registry in which the couple was divorced here in September."""
    known = couple({"marital_status": MaritalStatus.DIVORCED_REGISTERED, **changes})
    kept = {"number": "3510-KW-03022020-0001", "married_on": "2020-02-03", "place": "Pura"}
    ended = entry(DIVORCE, "PERCERAIAN", date(2026, 9, 1), marriage=kept, stays_married=False)
    held = entry(WEDDING, "PERKAWINAN", date(2020, 2, 3))
    return replace(known, entries={DIVORCE: ended, WEDDING: held})


def with_second_wife(known: State) -> State:
    """Return the state in which the husband has a second wife, in a family card of her own."""
    second = replace(known.persons[MOTHER], key=key(70), full_name="DEWI", family=key(170))
    home = replace(known.families[HOME], key=key(170), head=key(70), members=())
    return known.with_family(home).with_member(home, second, Relationship.HEAD)


@pytest.mark.parametrize(
    ("known", "fact", "rule", "pointer"),
    [
        (couple(SINGLE), wedding(**ids(FATHER, key(99))), "PERSON_NOT_FOUND", "/0/wife"),
        (couple(SINGLE), wedding(**ids(FATHER, LONER)), "WIFE_NOT_FEMALE", "/0/wife"),
        (couple(SINGLE, mother={"status": "MATI"}), wedding(), "PERSON_NOT_ALIVE", "/0/wife"),
        (couple(SINGLE | {"village_code": JEMBER}), wedding(), "COUPLE_NOT_FROM_HERE", "/0/husband"),
        (couple(SINGLE), wedding(married_on="2026-11-25"), "MARRIAGE_IN_FUTURE", "/0/married_on"),
        (couple(SINGLE), wedding(religion=1), "MARRIAGE_OF_KUA", "/0/religion"),
        (couple(SINGLE, mother={"father": FATHER}), wedding(), "CLOSE_KIN", "/0/wife"),
        (
            couple(SINGLE, {"mother": GRANDMOTHER}, {"mother": GRANDMOTHER}),
            wedding(),
            "CLOSE_KIN",
            "/0/wife",
        ),
        (
            couple(SINGLE, mother={"birth_date": date(2008, 1, 1)}),
            wedding(),
            "UNDER_MARRIAGEABLE_AGE",
            "/0/wife",
        ),
        (
            couple(SINGLE, mother={"birth_date": date(2008, 1, 1)}),
            wedding(dispensation=EARLIER | {"dated": "2026-10-21"}),
            "DISPENSATION_AFTER_MARRIAGE",
            "/0/dispensation",
        ),
        (couple(SINGLE), wedding(ruling=RULING | {"dated": "2027-01-01", "final_on": None}),
         "COURT_RULING_IN_FUTURE", "/0/ruling/dated"),
        (married(), wedding(), "ALREADY_MARRIED_TO_EACH_OTHER", "/0/wife"),
        (
            couple(
                SINGLE, mother={"marital_status": MaritalStatus.MARRIED_REGISTERED, "spouse": LONER}
            ),
            wedding(),
            "WIFE_ALREADY_MARRIED",
            "/0/wife",
        ),
        (couple(SINGLE), divorce(), "NOT_MARRIED_TO_EACH_OTHER", "/0/wife"),
        (
            married(MaritalStatus.MARRIED_UNREGISTERED),
            divorce(),
            "MARRIAGE_NOT_REGISTERED",
            "/0/wife",
        ),
        (
            married(),
            divorce(ruling=RULING | {"dated": "2019-01-01", "final_on": "2019-02-01"}),
            "RULING_BEFORE_MARRIAGE",
            "/0/ruling/dated",
        ),
        (married(), divorce(ruling=RULING | {"final_on": "2026-12-01"}), "COURT_RULING_NOT_FINAL", "/0/ruling/final_on"),
        (couple(SINGLE), annulment(), "NOT_MARRIED_TO_EACH_OTHER", "/0/wife"),
        (state(), annulment(), "STATUS_BEFORE_NEEDED", "/0/before"),
        (married(), annulment(ruling=RULING | {"dated": "2019-01-01"}), "RULING_BEFORE_MARRIAGE",
         "/0/ruling/dated"),
        (married(), annulment("annul_divorce"), "DIVORCE_NOT_FOUND", "/0/wife"),
        (
            divorced(marital_status=MaritalStatus.MARRIED_REGISTERED),
            annulment("annul_divorce"),
            "MARRIED_AGAIN",
            "/0/husband",
        ),
        (divorced(), annulment("annul_divorce", ruling=RULING | {"dated": "2026-08-01"}),
         "RULING_BEFORE_DIVORCE", "/0/ruling/dated"),
    ],
)  # fmt: skip
def test_what_is_refused(known: State, fact: dict[str, Any], rule: str, pointer: str) -> None:
    assert (rule, pointer) in refusals(planned(known, fact))


@pytest.mark.parametrize(
    ("known", "fact", "rule", "pointer"),
    [
        (couple(SINGLE), wedding(married_on="2026-08-01"), "EVENT_REPORTED_LATE", "/0/married_on"),
        (couple(SINGLE, mother={"religion": 1}), wedding(), "RITES_DIFFER", "/0/wife"),
        (state(), divorce(), "MARRIAGE_ENTERED_ELSEWHERE", "/0/marriage_number"),
        (state(), divorce(), "DIVORCE_OF_RELIGIOUS_COURT", "/0/husband"),
        (married(), divorce(), "DIVORCED_ON_ONE_CARD", "/0/wife"),
    ],
)
def test_what_is_weighed(known: State, fact: dict[str, Any], rule: str, pointer: str) -> None:
    plan = planned(known, fact)

    assert not plan.refused
    assert (rule, pointer) in warnings(plan)


def test_a_leader_and_a_belief_are_named() -> None:
    for wrong in ({"leader_name": None}, {"religion": 7}, {"belief_organisation": "Sapta Darma"}):
        with pytest.raises(ValueError, match=r"LEADER_NAMED|BELIEF|pemuka|penghayat"):
            planned(couple(SINGLE), wedding(**wrong))


def test_a_ruling_is_final_before_it_counts() -> None:
    with pytest.raises(ValueError, match=r"RULING_NOT_FINAL|berkekuatan"):
        planned(married(), divorce(ruling=RULING | {"final_on": None}))


def test_a_wedding_marries_both_and_is_entered() -> None:
    plan = planned(couple(SINGLE), wedding())

    assert not plan.refused
    assert effects(plan) == [
        "resident.marital_status_changed",
        "resident.marital_status_changed",
        "certificate.registered",
        "document.queued",
        "document.queued",
    ]
    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[MOTHER].spouse) == (MOTHER, FATHER)


def test_edge_39_the_religion_on_the_day_of_the_marriage_decides_the_office() -> None:
    converted = planned(couple(SINGLE, mother={"religion": 1}), wedding())
    muslim = planned(couple(SINGLE), wedding(religion=1))

    assert ("RITES_DIFFER", "/0/wife") in warnings(converted)
    assert not converted.refused
    assert refusals(muslim) == [("MARRIAGE_OF_KUA", "/0/religion")]


def test_edge_40_believers_marry_before_the_leader_of_their_belief() -> None:
    believers = couple(SINGLE | {"religion": 7})
    fact = wedding(religion=7, belief_organisation="Sapta Darma", leader_name="Ki Tuntunan")

    plan = planned(believers, fact)

    assert not plan.refused
    assert warnings(plan) == []
    decision: Any = plan.steps[0].decision
    assert decision.words["belief_organisation"] == "Sapta Darma"


def test_the_age_of_a_bride_before_2019_was_sixteen() -> None:
    known = couple(SINGLE, {"birth_date": date(1970, 1, 1)}, {"birth_date": date(1975, 1, 1)})

    assert not planned(known, wedding(married_on="1992-01-01")).refused
    young = replace(known.persons[MOTHER], birth_date=date(1976, 6, 1))
    assert refusals(planned(known.with_person(young), wedding(married_on="1992-01-01"))) == [
        ("UNDER_MARRIAGEABLE_AGE", "/0/wife")
    ]


def test_edge_22_who_marries_at_16_by_dispensation_owes_a_ktp_at_once() -> None:
    card = HeldCard(CardKind.KIA, "B", date(2027, 5, 1))
    young = {"birth_date": date(2010, 5, 2), "cards": (card,)}

    plan = planned(couple(SINGLE, mother=young), wedding(dispensation=EARLIER))

    assert not plan.refused
    assert ("MARRIED_BY_DISPENSATION", "/0/wife") in warnings(plan)
    assert {"card.revoked", "resident.ktp_required"} <= set(effects(plan))
    assert plan.steps[0].state.persons[MOTHER].cards == ()


def test_edge_23_who_is_divorced_at_16_stays_ever_married_and_after_an_annulment_is_not() -> None:
    known = married()
    young = known.with_person(replace(known.persons[MOTHER], birth_date=date(2010, 5, 2)))
    never = replace(
        young.entries[WEDDING],
        data={"before": {"husband": {"marital_status": 1}, "wife": {"marital_status": 1}}},
    )

    ended = planned(young, divorce())
    voided = planned(replace(young, entries={WEDDING: never}), annulment())

    assert ended.steps[0].state.persons[MOTHER].ever_married
    assert "resident.ktp_not_required" not in effects(ended)
    assert not voided.steps[0].state.persons[MOTHER].ever_married
    assert "resident.ktp_not_required" in effects(voided)


def test_a_court_may_find_a_marriage_when_one_has_died() -> None:
    known = couple(SINGLE, father={"status": "MATI", "family": None})
    home = replace(known.families[HOME], head=MOTHER, members=known.families[HOME].members[1:])

    plan = planned(known.with_family(home), wedding(ruling=RULING))

    assert ("SPOUSE_DECEASED", "/0/husband") in warnings(plan)
    decision: Any = plan.steps[0].decision
    [turn] = decision.turns
    assert (turn.person, turn.status, turn.spouse) == (MOTHER, MaritalStatus.WIDOWED, None)


@pytest.mark.parametrize(("later", "refused"), [(0, []), (1, ["MARRIAGE_AFTER_DEATH"])])
def test_no_court_finds_a_marriage_after_the_death_of_one_of_the_two(
    later: int, refused: list[str]
) -> None:
    fact = wedding(ruling=RULING)
    died_on = date.fromisoformat(fact["married_on"]) - timedelta(days=later)
    gone = {"status": "MATI", "family": None, "death_date": died_on}
    known = couple(SINGLE, father=gone)
    home = replace(known.families[HOME], head=MOTHER, members=known.families[HOME].members[1:])

    plan = planned(known.with_family(home), fact)

    assert [rule for rule, _ in refusals(plan)] == refused


def test_edge_17_a_further_wife_needs_a_court_and_leaves_the_first_link() -> None:
    known = couple(SINGLE, {"marital_status": MaritalStatus.MARRIED_REGISTERED, "spouse": key(70)})

    assert refusals(planned(known, wedding())) == [
        ("FURTHER_WIFE_NEEDS_PERMISSION", "/0/court_permission")
    ]
    plan = planned(known, wedding(court_permission=EARLIER))
    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[MOTHER].spouse) == (key(70), FATHER)


def test_edge_17_the_remaining_wife_in_a_card_of_her_own_is_not_missed() -> None:
    known = with_second_wife(married())

    plan = planned(known, divorce())

    assert not plan.refused
    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[FATHER].marital_status) == (key(70), 2)
    assert (after[MOTHER].spouse, after[MOTHER].marital_status) == (None, 4)
    assert UUID(key(70)) in related(known, make.facts(divorce()))


def test_edge_17_two_wives_are_both_wives_on_the_husbands_card() -> None:
    known = with_second_wife(married())
    husband, first, second = (known.persons[each] for each in (FATHER, MOTHER, key(70)))
    assert are_spouses(husband, first)
    assert are_spouses(second, husband)
    assert not are_spouses(known.persons[LONER], second)
    stranger = Relationship.OTHER
    assert proposed(second, stranger, husband, Relationship.HEAD) is Relationship.WIFE


def test_edge_19_a_wife_who_is_head_keeps_her_number_and_her_husband_splits_off() -> None:
    known = with_family(married(), family(HOME, MOTHER, (FATHER, Relationship.HUSBAND)))
    split = {
        "kind": "split_family",
        "family": {"family_id": HOME},
        "head": {"resident_id": FATHER},
    }

    plan = planned(known, divorce(), split)

    assert not plan.refused
    homes = plan.steps[1].state.families
    opened = homes["home/1"]
    assert (homes[HOME].head, opened.head) == (MOTHER, FATHER)
    assert (homes[HOME].address, homes[HOME].rt) == (opened.address, opened.rt)


def test_a_divorce_ends_the_marriage_of_both_and_withdraws_its_quotation() -> None:
    plan = planned(married(), divorce())

    assert effects(plan) == [
        "resident.marital_status_changed",
        "resident.marital_status_changed",
        "certificate.registered",
        "certificate.noted",
        "document.revoked",
        "document.queued",
        "document.queued",
    ]


def test_whoever_holds_a_ktp_is_told_that_it_is_out_of_date() -> None:
    held = (HeldCard(CardKind.KTP_EL, None, None),)

    told = planned(couple(SINGLE, mother={"cards": held}), wedding()).plan.effects

    assert [each.subject for each in told if each.effect == "card.outdated"] == [MOTHER]


def test_couples_of_two_families_have_both_cards_printed() -> None:
    known = married()
    apart = known.without_member(known.families[HOME], known.persons[MOTHER])
    home = apart.families[OLD_HOME]
    apart = apart.with_member(home, apart.persons[MOTHER], Relationship.CHILD)

    for fact in (divorce(), annulment()):
        plan = planned(apart, fact)
        printed = [each.subject for each in plan.plan.effects if each.effect == "document.queued"]
        assert {HOME, OLD_HOME} <= set(printed)
        assert ("DIVORCED_ON_ONE_CARD", "/0/wife") not in warnings(plan)


def test_an_annulment_makes_both_what_they_were() -> None:
    plan = planned(married(), annulment())

    after = plan.steps[0].state.persons
    assert (after[FATHER].marital_status, after[MOTHER].marital_status) == (1, 6)
    assert "certificate.cancelled" in effects(plan)
    elsewhere = planned(state(), annulment(before={"husband": 4, "wife": 1}))
    after = elsewhere.steps[0].state.persons
    assert (after[FATHER].marital_status, after[MOTHER].marital_status) == (4, 1)
    assert ("MARRIAGE_ENTERED_ELSEWHERE", "/0/before") in warnings(elsewhere)


def test_an_annulled_divorce_gives_both_their_marriage_back() -> None:
    plan = planned(divorced(), annulment("annul_divorce"))

    after = plan.steps[0].state.persons
    assert (after[FATHER].spouse, after[MOTHER].spouse) == (MOTHER, FATHER)
    assert after[MOTHER].marital_status is MaritalStatus.MARRIED_REGISTERED
    told = effects(plan)
    assert told.count("document.queued") == 3
    assert {"certificate.cancelled", "certificate.noted"} <= set(told)


def test_spouses_are_linked_to_each_other_or_nothing_is_applied() -> None:
    before = couple(SINGLE)
    half = replace(
        before.persons[FATHER], marital_status=MaritalStatus.MARRIED_REGISTERED, spouse=MOTHER
    )
    bigamist = replace(
        before.persons[LONER], marital_status=MaritalStatus.MARRIED_REGISTERED, spouse=MOTHER
    )

    assert [each.rule for each in broken(before, before.with_person(half), TODAY)] == [
        "SPOUSES_NOT_LINKED"
    ]
    whole = married()
    found = [each.rule for each in broken(whole, whole.with_person(bigamist), TODAY)]
    assert "SPOUSES_NOT_LINKED" in found
    assert "WIFE_OF_TWO" not in [each.rule for each in broken(before, whole, TODAY)]


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


@pytest.mark.anyio
async def test_a_couple_marries_is_divorced_and_the_divorce_is_annulled(registry: Sessions) -> None:
    pair = await make.make_couple(
        registry,
        marital_status=MaritalStatus.NEVER_MARRIED,
        father={"religion": 4},
        mother={"religion": 4},
    )
    both = ids(pair.father.id, pair.mother.id)

    wed = await make.apply(registry, [wedding(**both, married_on="2020-05-05")])
    ended = await make.apply(registry, [divorce(**both)])
    again = await make.apply(registry, [divorce(**both)])
    resumed = await make.apply(
        registry, [annulment("annul_divorce", **both, ruling=RULING | {"dated": "2026-10-20", "final_on": "2026-11-05"})]
    )  # fmt: skip

    for answer, kinds in (
        (wed, ["AKTA_KAWIN", "KK"]),
        (ended, ["AKTA_CERAI", "KK"]),
        (resumed, ["SK_BATAL_CERAI", "AKTA_KAWIN", "KK"]),
    ):
        assert isinstance(answer, ChangeApplied)
        assert [each.kind for each in answer.documents] == kinds
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["NOT_MARRIED_TO_EACH_OTHER"]
    async with registry() as session:
        held = {each.letters: each for each in await session.scalars(select(Certificate))}
        wife = await session.get_one(Resident, pair.mother.id)
        husband = await session.get_one(Resident, pair.father.id)
        notes = (await session.scalars(select(CertificateNote))).all()
        papers = (
            await session.scalars(
                select(Document).where(Document.kind == "AKTA_KAWIN").order_by(Document.id)
            )
        ).all()
        assert await drawn(session) == {"AKTA_KAWIN", "AKTA_CERAI", "SK_BATAL_CERAI", "KK"}
    assert set(held) == {"KW", "CR", "BC"}
    assert (held["KW"].subject_id, held["KW"].partner_id) == (husband.id, wife.id)
    assert (held["CR"].status, held["KW"].status) == ("CANCELLED", "VALID")
    assert (wife.marital_status, wife.spouse_id) == (2, husband.id)
    assert (wife.marriage_number, wife.marriage_date) == (held["KW"].number, date(2020, 5, 5))
    of_wedding = [each.kind for each in notes if each.certificate_id == held["KW"].id]
    assert of_wedding == ["PERCERAIAN", "BATAL_CERAI"]
    first, second = papers
    assert set(first.resident_ids) == {husband.id, wife.id}
    assert first.ended_on is not None
    assert [each["serial"] for each in second.content["annotations"]] == [1, 2]


@pytest.mark.anyio
async def test_an_annulled_marriage_leaves_both_as_they_were(registry: Sessions) -> None:
    pair = await make.make_couple(
        registry,
        marital_status=MaritalStatus.NEVER_MARRIED,
        father={"religion": 7},
        mother={"religion": 7},
    )
    both = ids(pair.father.id, pair.mother.id)
    belief = {"religion": 7, "belief_organisation": "Sapta Darma", "leader_name": "Ki Tuntunan"}
    assert isinstance(await make.apply(registry, [wedding(**both, **belief)]), ChangeApplied)

    voided = await make.apply(
        registry, [annulment(**both, ruling=RULING | {"dated": "2026-10-30", "final_on": "2026-11-15"})]
    )  # fmt: skip

    assert isinstance(voided, ChangeApplied)
    assert [each.kind for each in voided.documents] == ["SK_BATAL_KAWIN", "KK"]
    async with registry() as session:
        wife = await session.get_one(Resident, pair.mother.id)
        marriage = await session.scalar(select(Certificate).where(Certificate.letters == "KW"))
        letter = await session.scalar(select(Document).where(Document.kind == "SK_BATAL_KAWIN"))
        assert await drawn(session) == {"AKTA_KAWIN", "SK_BATAL_KAWIN", "KK"}
    assert (wife.marital_status, wife.spouse_id, wife.marriage_number) == (1, None, None)
    assert marriage
    assert marriage.status == "CANCELLED"
    assert letter
    assert letter.content["certificate_number"] == marriage.number


@pytest.mark.anyio
async def test_edge_17_a_divorce_finds_the_wife_who_lives_elsewhere(registry: Sessions) -> None:
    pair = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_REGISTERED)
    other = await make.make_couple(registry, mother={"full_name": "DEWI", "marital_status": 1})
    async with registry.begin() as session:
        for one, spouse in (
            (pair.father.id, pair.mother.id),
            (pair.mother.id, pair.father.id),
        ):
            (await session.get_one(Resident, one)).spouse_id = spouse
    second = {
        "kind": "note_marriage_elsewhere",
        "event": "MARRIAGE",
        **ids(pair.father.id, other.mother.id),
        "happened_on": "2026-10-20",
        "number": "0123/045/X/2026",
        "authority": "KUA Kecamatan Muncar",
        "court_permission": "12/Pdt.P/2026/PA.Bwi",
    }
    assert isinstance(await make.apply(registry, [second]), ChangeApplied)

    answer = await make.apply(registry, [divorce(**ids(pair.father.id, pair.mother.id))])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        husband = await session.get_one(Resident, pair.father.id)
    assert (husband.marital_status, husband.spouse_id) == (2, other.mother.id)


@pytest.mark.anyio
async def test_a_divorce_and_the_split_are_applied_all_or_nothing(registry: Sessions) -> None:
    pair = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_REGISTERED)
    both = ids(pair.father.id, pair.mother.id)
    split = {
        "kind": "split_family",
        "family": {"family_id": str(pair.family_id)},
        "head": {"resident_id": str(pair.mother.id)},
    }

    refused = await make.apply(
        registry, [divorce(**both), split | {"head": {"resident_id": str(pair.father.id)}}]
    )
    async with registry() as session:
        assert (await session.get_one(Resident, pair.mother.id)).marital_status == 2
        assert (await session.scalars(select(Certificate))).all() == []
    answer = await make.apply(registry, [divorce(**both), split])

    assert isinstance(refused, ChangeRefused)
    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        homes = (await session.scalars(select(Family).where(Family.closed_on.is_(None)))).all()
        lines = (await session.scalars(select(Membership))).all()
    assert len(homes) == 2
    assert {each.address for each in homes} == {"DUSUN KRAJAN"}
    assert len({each.village_code for each in homes} & {MUNCAR}) == 1
    assert lines


@pytest.mark.anyio
async def test_edge_18_an_isbat_registers_a_marriage_and_notes_it_on_the_child_s_birth(
    registry: Sessions,
) -> None:
    pair = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_UNREGISTERED)
    async with registry.begin() as session:
        for one, spouse in ((pair.father.id, pair.mother.id), (pair.mother.id, pair.father.id)):
            (await session.get_one(Resident, one)).spouse_id = spouse
    child = await make.apply(registry, make.make_bundle(pair, marriage_evidence="F204"))
    assert isinstance(child, ChangeApplied)
    isbat = {
        "kind": "note_marriage_elsewhere",
        "event": "CONFIRMATION",
        **ids(pair.father.id, pair.mother.id),
        "happened_on": "2026-10-20",
        "number": "88/Pdt.P/2026/PA.Bwi",
        "authority": "Pengadilan Agama Banyuwangi",
    }

    answer = await make.apply(registry, [isbat])

    assert isinstance(answer, ChangeApplied), answer
    assert [each.kind for each in answer.documents] == ["CATATAN_PINGGIR", "KK"]
    async with registry() as session:
        wife = await session.get_one(Resident, pair.mother.id)
        birth = await session.scalar(select(Certificate).where(Certificate.letters == "LU"))
        note = await session.scalar(select(CertificateNote))
    assert wife.marital_status == MaritalStatus.MARRIED_REGISTERED
    assert birth
    assert birth.data["parentage"] == "UNREGISTERED_MARRIAGE"
    assert note
    assert note.certificate_id == birth.id
    assert "isbat" in note.text_id


HOUSE = {"address": "DUSUN PALUREJO", "rt": "003", "rw": "001", "village_code": MUNCAR}


@pytest.mark.anyio
@pytest.mark.parametrize("registered_by", ["office", "kua"])
async def test_a_marriage_and_the_new_family_are_applied_all_or_nothing(
    registry: Sessions, registered_by: str
) -> None:
    """PKT-MARRY: both leave their parents' cards, which are printed again."""
    one = await make.make_couple(registry, mother={"marital_status": 1, "religion": 4})
    other = await make.make_couple(
        registry, father={"marital_status": 1, "religion": 4, "full_name": "KADEK"}
    )
    both = ids(other.father.id, one.mother.id)
    marriage = wedding(**both)
    if registered_by == "kua":
        marriage = {
            "kind": "note_marriage_elsewhere",
            "event": "MARRIAGE",
            **both,
            "happened_on": "2026-10-20",
            "number": "0123/045/X/2026",
            "authority": "KUA Kecamatan Muncar",
        }
    home = {
        "kind": "open_family",
        "head": both["husband"],
        "members": [{"person": both["wife"]}],
        "home": HOUSE,
    }
    head = {"kind": "change_head", "family": {"family_id": str(other.family_id)}}
    head |= {"head": {"resident_id": str(other.mother.id)}}

    refused = await make.apply(registry, [marriage, home])
    async with registry() as session:
        assert (await session.get_one(Resident, one.mother.id)).marital_status == 1
    applied = await make.apply(registry, [head, marriage, home])

    assert isinstance(refused, ChangeRefused)
    assert refused.rules == ["HEAD_LEAVES_OTHERS"]
    assert isinstance(applied, ChangeApplied), applied
    async with registry() as session:
        wife = await session.get_one(Resident, one.mother.id)
        husband = await session.get_one(Resident, other.father.id)
        line = await session.scalar(
            select(Membership.relationship).where(
                Membership.resident_id == wife.id, Membership.family_id == wife.family_id
            )
        )
    assert wife.family_id == husband.family_id
    assert (wife.spouse_id, husband.spouse_id) == (husband.id, wife.id)
    assert line == Relationship.WIFE


@pytest.mark.anyio
async def test_edge_38_a_bride_of_another_regency_arrives_marries_and_is_on_the_card(
    registry: Sessions,
) -> None:
    """PKT-MARRY in one file: the arrival of one, the marriage, then the family card."""
    groom = await make.make_couple(
        registry, father={"marital_status": 1, "religion": 4, "full_name": "KADEK"}
    )
    bride = {"nik": "3404074504909001"}
    arrives = {
        "kind": "arrive",
        "letter": {
            "number": "SKPWNI/3404/01112026/0007",
            "issued_on": "2026-11-01",
            "valid_until": "2027-02-09",
            "origin": {
                "address": "JALAN KALIURANG 5",
                "rt": "002",
                "rw": "007",
                "village": "Balecatur",
                "district_code": "34.04.01",
            },
            "people": 1,
        },
        "arrivals": [
            {
                "newcomer": bride
                | {
                    "full_name": "Dewi Lestari",
                    "sex": "P",
                    "birth_place": "Sleman",
                    "birth_date": "1990-04-05",
                    "religion": 4,
                    "marital_status": 1,
                    "mother_name": "Suminah",
                    "recorded": True,
                },
                "relationship": 9,
            }
        ],
        "joins": {"family_id": str(groom.family_id)},
    }
    both = {"husband": {"resident_id": str(groom.father.id)}, "wife": bride}
    positions = {
        "kind": "correct_positions",
        "family": {"family_id": str(groom.family_id)},
        "positions": [{"person": bride, "relationship": 3}],
    }

    alone = await make.apply(registry, [wedding() | both])
    answer = await make.apply(registry, [arrives, wedding() | both, positions])

    assert isinstance(alone, ChangeRefused)
    assert alone.rules == ["PERSON_NOT_FOUND"]
    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        wife = await session.scalar(select(Resident).where(Resident.nik == bride["nik"]))
        husband = await session.get_one(Resident, groom.father.id)
        entry = await session.scalar(select(Certificate).where(Certificate.letters == "KW"))
        lines = (
            await session.scalars(
                select(Membership.relationship).where(
                    Membership.resident_id == (wife.id if wife else None),
                    Membership.family_id == groom.family_id,
                )
            )
        ).all()
    assert wife
    assert entry
    assert (husband.spouse_id, wife.spouse_id) == (wife.id, husband.id)
    assert (entry.subject_id, entry.partner_id) == (husband.id, wife.id)
    assert wife.family_id == groom.family_id
    assert lines[-1] == Relationship.WIFE
