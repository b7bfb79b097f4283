"""Acknowledged, legitimised and adopted children: in memory, and on a real database."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.registry.certificates.tables import Certificate, CertificateNote
from services.registry.changes.references import related
from services.registry.changes.state import Entry, State
from services.registry.documents.tables import Document
from services.registry.families.tables import Membership
from services.registry.residents.tables import Resident, ResidentVersion
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import MaritalStatus, Relationship, Sex
from shared.db import Sessions
from tests.conftest import Bearer
from tests.registry import make
from tests.registry.changes.drawing import drawn
from tests.registry.changes.states import (
    FATHER,
    GRANDFATHER,
    GRANDMOTHER,
    HOME,
    LONER,
    MOTHER,
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
from tests.registry.people import Clients

CHILD = key(50)
BIRTH = key(310)
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "77/Pdt.P/2026/PN Byw",
    "dated": "2026-10-28",
    "final_on": "2026-11-12",
}


def of(**people: object) -> dict[str, Any]:
    names = {"child": CHILD, "father": FATHER, "mother": MOTHER} | people
    return {name: {"resident_id": str(each)} for name, each in names.items()}


def acknowledge(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "acknowledge_child",
        **of(),
        "acknowledged_on": "2026-11-10",
        "mother_consents": True,
        "married_on": "2020-01-02",
        "religion": 1,
    } | changes


def legitimise(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "legitimise_child",
        **of(),
        "married_on": "2026-11-01",
        "marriage_number": "0123/045/XI/2026",
        "registered_at": "KUA Kecamatan Muncar",
        "religious_marriage_on": "2020-01-02",
    } | changes


def adopt(*adopters: object, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    chosen = adopters or (GRANDFATHER, GRANDMOTHER)
    return {
        "kind": "adopt_child",
        "child": {"resident_id": CHILD},
        "adopters": [{"resident_id": str(each)} for each in chosen],
        "ruling": RULING,
    } | changes


def known(*, entered: bool = True, **changes: Any) -> State:  # noqa: ANN401
    """Return the small registry with a child of its mother alone, whose birth is entered here."""
    both: dict[str, Any] = {"marital_status": MaritalStatus.MARRIED_REGISTERED}
    base = state(father=both | {"spouse": MOTHER}, mother=both | {"spouse": FATHER})
    small = with_people(base, child(**({"father": None} | changes)))
    if not entered:
        return small
    day = date(2024, 11, 1)
    entry = Entry(
        BIRTH, "LAHIR_UMUM", "3510-LU-05112024-0001", CHILD, None, day, cancelled=False, data={}
    )
    return replace(small, entries={BIRTH: entry})


def unmarried() -> State:
    small = known()
    for name in (FATHER, MOTHER):
        small = small.with_person(
            replace(small.persons[name], marital_status=MaritalStatus.NEVER_MARRIED, spouse=None)
        )
    return small


@pytest.mark.parametrize(
    ("small", "fact", "rule", "pointer"),
    [
        (known(), acknowledge(**of(child=key(99))), "PERSON_NOT_FOUND", "/0/child"),
        (known(entered=False, has_birth_certificate=False), acknowledge(), "BIRTH_NOT_CERTIFIED",
         "/0/child"),
        (known(), acknowledge(**of(mother=GRANDMOTHER)), "NOT_THE_MOTHER", "/0/mother"),
        (known(father=LONER), acknowledge(), "FATHER_IS_RECORDED", "/0/father"),
        (known(father=FATHER), acknowledge(), "FATHER_IS_RECORDED", "/0/father"),
        (known(), acknowledge(**of(father=GRANDMOTHER)), "FATHER_NOT_MALE", "/0/father"),
        (known(), acknowledge(acknowledged_on="2026-11-25"), "LETTER_IN_FUTURE",
         "/0/acknowledged_on"),
        (known(), acknowledge(mother_consents=False), "MOTHER_MUST_CONSENT", "/0/mother_consents"),
        (known(), acknowledge(married_on=None), "RULING_NEEDED_TO_ACKNOWLEDGE", "/0/ruling"),
        (known(), acknowledge(married_on="2025-01-01"), "RULING_NEEDED_TO_ACKNOWLEDGE",
         "/0/ruling"),
        (unmarried(), legitimise(), "NOT_MARRIED_TO_EACH_OTHER", "/0/mother"),
        (known(), legitimise(marriage_number=None), "MARRIAGE_PROOF_NAMED", "/0/marriage_number"),
        (known(), legitimise(religious_marriage_on=None), "RULING_NEEDED_TO_LEGITIMISE",
         "/0/ruling"),
        (known(), adopt(MOTHER), "ADOPTER_IS_PARENT", "/0/adopters/0"),
        (known(), adopt(GRANDMOTHER, GRANDMOTHER), "NAMED_TWICE", "/0/adopters/1"),
        (known(), adopt(GRANDFATHER, LONER), "ADOPTERS_NOT_A_COUPLE", "/0/adopters/1"),
        (known(birth_date=date(1950, 1, 1)), adopt(), "ADOPTER_TOO_YOUNG", "/0/adopters/0"),
        (known(adopters=(LONER,)), adopt(), "ALREADY_ADOPTED", "/0/child"),
        (known(), adopt(ruling=RULING | {"dated": "2026-12-01", "final_on": "2026-12-20"}),
         "COURT_RULING_IN_FUTURE", "/0/ruling/dated"),
    ],
)  # fmt: skip
def test_what_is_refused(small: State, fact: dict[str, Any], rule: str, pointer: str) -> None:
    assert (rule, pointer) in refusals(planned(small, fact))


@pytest.mark.parametrize(
    ("small", "fact", "rule", "pointer"),
    [
        (known(entered=False), acknowledge(), "CERTIFICATE_KEPT_ELSEWHERE", "/0/child"),
        (known(), acknowledge(acknowledged_on="2026-08-01"), "EVENT_REPORTED_LATE",
         "/0/acknowledged_on"),
        (known(religion=4), adopt(), "ADOPTER_OF_OTHER_RELIGION", "/0/adopters/0"),
        (known(birth_date=date(2005, 1, 1)), adopt(), "ADOPTED_ADULT", "/0/child"),
        (known(), adopt(LONER, GRANDMOTHER), "ADOPTERS_APART", "/0/adopters/1"),
    ],
)  # fmt: skip
def test_what_is_weighed(small: State, fact: dict[str, Any], rule: str, pointer: str) -> None:
    plan = planned(small, fact)

    assert not plan.refused
    assert (rule, pointer) in warnings(plan)


def test_an_acknowledgement_gives_the_child_its_father() -> None:
    plan = planned(known(), acknowledge())

    assert effects(plan) == [
        "resident.father_recorded",
        "certificate.registered",
        "document.queued",
        "certificate.noted",
        "document.queued",
        "document.queued",
    ]
    assert plan.steps[0].state.persons[CHILD].father == FATHER


def test_a_court_lets_a_father_acknowledge_without_a_marriage_or_consent() -> None:
    fact = acknowledge(ruling=RULING, married_on=None, mother_consents=False)

    assert not planned(known(), fact).refused


def test_a_legitimation_quotes_the_marriage_that_is_entered_here() -> None:
    small = known()
    wedding = Entry(
        key(311), "PERKAWINAN", "3510-KW-01112026-0001", FATHER, MOTHER, date(2026, 11, 1),
        cancelled=False, data={"place": "Pura", "religion": 4, "leader_name": "Ida Bagus Oka"},
    )  # fmt: skip
    small = replace(small, entries={**small.entries, wedding.key: wedding})

    plan = planned(small, legitimise(marriage_number=None, married_on=None))

    assert not plan.refused
    here: Any = plan.steps[0].decision
    assert here.marriage.number == "3510-KW-01112026-0001"
    elsewhere: Any = planned(known(), legitimise()).steps[0].decision
    assert elsewhere.marriage.registered_at == "KUA Kecamatan Muncar"


def test_an_unregistered_marriage_legitimises_nobody() -> None:
    small = known()
    mother = replace(small.persons[MOTHER], marital_status=MaritalStatus.MARRIED_UNREGISTERED)

    plan = planned(small.with_person(mother), legitimise())

    assert ("MARRIAGE_NOT_REGISTERED", "/0/mother") in refusals(plan)


def test_an_adopted_child_joins_the_family_and_keeps_its_natural_parents() -> None:
    plan = planned(known(father=FATHER), adopt())

    assert effects(plan) == [
        "resident.adopted",
        "resident.origin_sealed",
        "certificate.noted",
        "document.queued",
        "document.queued",
        "family.member_left",
        "document.queued",
        "family.member_added",
        "document.queued",
    ]
    after = plan.steps[0].state
    adopted = after.persons[CHILD]
    assert (adopted.mother, adopted.father) == (MOTHER, FATHER)
    assert adopted.adopters == (GRANDFATHER, GRANDMOTHER)
    assert after.families[OLD_HOME].relationship_of(CHILD) is Relationship.CHILD
    assert after.families[HOME].relationship_of(CHILD) is None
    assert UUID(GRANDMOTHER) in related(after, make.facts(adopt()))


def test_a_child_who_lives_with_the_adopters_becomes_their_child() -> None:
    small = known(family=OLD_HOME)
    small = with_people(state(), child(family=OLD_HOME))
    home = small.families[OLD_HOME]
    as_guest = replace(
        home,
        members=tuple(
            replace(each, relationship=Relationship.OTHER) if each.person == CHILD else each
            for each in home.members
        ),
    )

    plan = planned(small.with_family(as_guest), adopt())

    assert "family.member_left" not in effects(plan)
    assert plan.steps[0].state.families[OLD_HOME].relationship_of(CHILD) is Relationship.CHILD


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


async def born(registry: Sessions, couple: make.Couple, **changes: Any) -> UUID:  # noqa: ANN401
    """Return a child of the couple's mother, registered with a certificate and in her family."""
    answer = await make.apply(registry, make.make_bundle(couple, **changes))
    assert isinstance(answer, ChangeApplied)
    return answer.outcome.resident_ids[0]


@pytest.mark.anyio
async def test_an_acknowledged_child_is_legitimised_later(registry: Sessions) -> None:
    pair = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_REGISTERED)
    child_id = await born(registry, pair, marriage_evidence="NONE")
    people = of(child=child_id, father=pair.father.id, mother=pair.mother.id)
    today = clock.today().isoformat()

    first = await make.apply(registry, [acknowledge(**people, acknowledged_on=today)])
    again = await make.apply(registry, [acknowledge(**people, acknowledged_on=today)])
    second = await make.apply(registry, [legitimise(**people)])

    assert isinstance(first, ChangeApplied), first
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["FATHER_IS_RECORDED"]
    assert isinstance(second, ChangeApplied), second
    assert [each.kind for each in first.documents] == ["AKTA_AKU", "CATATAN_PINGGIR", "KK"]
    assert [each.kind for each in second.documents] == ["AKTA_SAH", "CATATAN_PINGGIR", "KK"]
    async with registry() as session:
        child_ = await session.get_one(Resident, child_id)
        letters = {each.letters for each in await session.scalars(select(Certificate))}
        notes = [each.kind for each in await session.scalars(select(CertificateNote))]
        sheets = (
            await session.scalars(select(Document).where(Document.kind == "CATATAN_PINGGIR"))
        ).all()
        kinds = await drawn(session)
    assert {"AKTA_AKU", "AKTA_SAH", "CATATAN_PINGGIR"} <= kinds
    assert (child_.father_id, child_.father_name) == (pair.father.id, pair.father.full_name)
    assert letters == {"LU", "PA", "PS"}
    assert sorted(notes) == ["PENGAKUAN", "PENGESAHAN"]
    assert {each.content["annotation"]["serial"] for each in sheets} == {1, 2}


@pytest.mark.anyio
async def test_edge_10_a_foundling_is_adopted_and_its_origin_is_kept(registry: Sessions) -> None:
    host = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_REGISTERED)
    pair = await make.make_couple(registry, father={"full_name": "HASAN"})
    family = {"family_id": str(host.family_id)}
    found = await make.apply(
        registry,
        [
            make.make_birth(family=family),
            {
                "kind": "add_member",
                "person": {"created_by": 0},
                "family": family,
                "relationship": 11,
            },
        ],
    )
    assert isinstance(found, ChangeApplied)
    child_id = found.outcome.resident_ids[0]
    fact = adopt(pair.father.id, pair.mother.id, child={"resident_id": str(child_id)})
    today = clock.today().isoformat()
    fact["ruling"] = RULING | {"dated": today, "final_on": today}

    answer = await make.apply(registry, [fact])
    again = await make.apply(registry, [fact])

    assert isinstance(answer, ChangeApplied), answer
    assert [each.kind for each in answer.documents] == ["CATATAN_PINGGIR", "KK", "KK", "AKTA_LAHIR"]
    assert isinstance(again, ChangeRefused)
    assert again.rules == ["ALREADY_ADOPTED"]
    async with registry() as session:
        child_ = await session.get_one(Resident, child_id)
        line = await session.scalar(
            select(Membership.relationship).where(
                Membership.resident_id == child_id, Membership.family_id == pair.family_id
            )
        )
        paper = (
            await session.scalars(
                select(Document).where(Document.kind == "AKTA_LAHIR").order_by(Document.id.desc())
            )
        ).first()
        versions = (
            await session.scalars(
                select(ResidentVersion)
                .where(ResidentVersion.resident_id == child_id)
                .order_by(ResidentVersion.version)
            )
        ).all()
    assert (child_.adoptive_father_id, child_.adoptive_mother_id) == (
        pair.father.id,
        pair.mother.id,
    )
    assert child_.mother_id is None
    assert child_.family_id == pair.family_id
    assert line == Relationship.CHILD
    assert paper
    assert set(paper.resident_ids) == {child_id, pair.father.id, pair.mother.id}
    assert len(paper.content["annotations"]) == 1
    assert versions[0].data["adoptive_father_id"] is None
    assert Sex(child_.sex) is Sex.MALE


@pytest.mark.anyio
async def test_edge_10_few_read_the_natural_parents_of_who_was_adopted(
    registry: Sessions, clients: Clients, bearer: Bearer
) -> None:
    natural = await make.make_couple(registry, mother={"full_name": "SUMARTI"})
    pair = await make.make_couple(registry, father={"full_name": "HASAN"})
    child_id = await born(registry, natural)
    today = clock.today().isoformat()
    fact = adopt(pair.father.id, pair.mother.id, child={"resident_id": str(child_id)})
    fact["ruling"] = RULING | {"dated": today, "final_on": today}
    assert isinstance(await make.apply(registry, [fact]), ChangeApplied)
    async with registry() as session:
        entry = await session.scalar(
            select(Certificate.id).where(Certificate.subject_id == child_id)
        )

    async def read(path: str, role: str, **claims: object) -> dict[str, Any]:
        headers = bearer(role.lower(), role, **claims) | {"X-Purpose": "memeriksa asal-usul"}
        answer = await clients["registry"].get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    person, past = f"/v1/residents/{child_id}", f"/v1/residents/{child_id}/history"
    for role, claims, sealed in (
        ("VERIFIKATOR", {}, True),
        ("PPS", {}, False),
        ("KADIS", {}, False),
        ("WARGA", {"resident_id": str(child_id)}, False),
    ):
        now = await read(person, role, **claims)
        then = await read(past, role, **claims)
        told = [each["field"] for one in then["versions"] for each in one["changes"]]
        assert now["biodata"]["origin_is_sealed"] is sealed, role
        assert now["biodata"]["mother_name"] == (None if sealed else "SUMARTI")
        assert then["state"]["biodata"]["mother_id"] == (None if sealed else str(natural.mother.id))
        assert now["biodata"]["adoptive_father_id"] == str(pair.father.id)
        assert "mother_name" not in told
    for role, sealed in (("VERIFIKATOR", True), ("PPS", False)):
        register = await read(f"/v1/certificates/{entry}", role)
        assert (register["entry"] is None) is sealed
        written = await read(f"/v1/certificates/{entry}/history", role)
        assert (written["state"]["words"] is None) is sealed
    stranger = bearer("warga-9", "WARGA", resident_id=str(natural.mother.id))
    refused = await clients["registry"].get(person, headers=stranger | {"X-Purpose": "ingin tahu"})
    assert refused.status_code == 404


@pytest.mark.anyio
async def test_a_former_paper_of_who_was_adopted_is_shown_to_few(
    registry: Sessions, clients: Clients, bearer: Bearer
) -> None:
    natural = await make.make_couple(registry, mother={"full_name": "SUMARTI"})
    pair = await make.make_couple(registry, father={"full_name": "HASAN"})
    child_id = await born(registry, natural)
    today = clock.today().isoformat()
    fact = adopt(pair.father.id, pair.mother.id, child={"resident_id": str(child_id)})
    fact["ruling"] = RULING | {"dated": today, "final_on": today}

    async def former(role: str) -> int:
        headers = bearer(role.lower(), role) | {"X-Purpose": "memeriksa berkas"}
        answer = await clients["registry"].get(f"/v1/documents/{paper}/file", headers=headers)
        return answer.status_code

    async with registry() as session:
        papers = select(Document.id).where(Document.kind == "AKTA_LAHIR")
        paper = await session.scalar(papers)
    before = await former("VERIFIKATOR")
    assert isinstance(await make.apply(registry, [fact]), ChangeApplied)

    # 409: it was never sealed, and would be shown if it had been.
    assert (before, await former("VERIFIKATOR"), await former("PPS")) == (409, 410, 409)


@pytest.mark.anyio
async def test_edge_10_a_natural_mother_who_appears_later_is_recorded_and_sealed(
    registry: Sessions,
) -> None:
    """The record tells her from then on; the adoption and the version before stay as they are."""
    host = await make.make_couple(registry, mother={"full_name": "SUMARTI"})
    pair = await make.make_couple(registry, father={"full_name": "HASAN"})
    family = {"family_id": str(host.family_id)}
    found = await make.apply(
        registry,
        [
            make.make_birth(family=family),
            {"kind": "add_member", "person": {"created_by": 0}, "family": family,
             "relationship": 11},
        ],
    )  # fmt: skip
    assert isinstance(found, ChangeApplied)
    child_id = found.outcome.resident_ids[0]
    today = clock.today().isoformat()
    fact = adopt(pair.father.id, pair.mother.id, child={"resident_id": str(child_id)})
    fact["ruling"] = RULING | {"dated": today, "final_on": today}
    assert isinstance(await make.apply(registry, [fact]), ChangeApplied)
    mother = {
        "kind": "correct_resident",
        "person": {"resident_id": str(child_id)},
        "to": {"mother_name": "SUMARTI"},
        "proof": {
            "paper": "COURT_RULING",
            "number": "99/Pdt.P/2026",
            "issuer": "Pengadilan Negeri Banyuwangi",
            "issued_on": today,
        },
    }

    answer = await make.apply(registry, [mother])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        child_ = await session.get_one(Resident, child_id)
        first = await session.scalar(
            select(ResidentVersion).where(
                ResidentVersion.resident_id == child_id, ResidentVersion.version == 1
            )
        )
    assert child_.mother_name == "SUMARTI"
    assert child_.adoptive_mother_id == pair.mother.id
    assert first
    assert first.data["mother_name"] != "SUMARTI"
