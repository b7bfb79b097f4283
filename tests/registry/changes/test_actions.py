"""Changes on a real database: all of it, or nothing but the answer."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text, update
from uuid_utils.compat import uuid7

from services.registry.cards.tables import Card
from services.registry.certificates.tables import Certificate
from services.registry.changes.tables import Change
from services.registry.documents.tables import Document
from services.registry.families.rules import kk_prefix
from services.registry.families.tables import FamilyVersion, KkCounter, Membership
from services.registry.residents.tables import NikCounter, Resident, ResidentVersion
from services.registry.worker import HANDLERS
from shared import clock
from shared.contract.events import (
    ChangeApplied,
    ChangePlanned,
    ChangeRefused,
    Event,
    IssuedKind,
)
from shared.contract.facts import MaritalStatus, PersonRef
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.registry import make
from tests.registry.make import Couple
from tests.registry.people import person, register

pytestmark = pytest.mark.anyio

TABLES = (
    Resident, ResidentVersion, Certificate, Card, Document, Membership, FamilyVersion, Change,
)  # fmt: skip


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


async def count(registry: Sessions) -> list[int]:
    async with registry() as session:
        return [
            await session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES
        ]


async def grown(registry: Sessions, before: list[int]) -> list[int]:
    after = await count(registry)
    return [now - then for now, then in zip(after, before, strict=True)]


async def refusal(registry: Sessions, stated: list[dict[str, Any]], digest: str) -> ChangeRefused:
    [answer] = await make.receive(registry, make.make_request(stated, digest))
    assert isinstance(answer, ChangeRefused)
    return answer


async def test_the_birth_bundle_registers_the_child_everywhere_at_once(registry: Sessions) -> None:
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, make.make_bundle(couple))

    assert isinstance(answer, ChangeApplied)
    [child_id] = answer.outcome.resident_ids
    async with registry() as session:
        child = await session.get_one(Resident, child_id)
        [certificate] = await session.scalars(select(Certificate))
        [card] = await session.scalars(select(Card))
        [membership] = await session.scalars(
            select(Membership).where(Membership.resident_id == child_id)
        )
    today = clock.today()
    assert child.full_name == "BAYU SANTOSO"
    assert child.nik.startswith(f"351005{today:%d%m%y}9")
    assert (child.mother_id, child.father_id) == (couple.mother.id, couple.father.id)
    assert (child.mother_name, child.father_name) == ("SITI AMINAH", "BUDI SANTOSO")
    assert (child.family_id, child.village_code) == (couple.family_id, answer.village_code)
    assert certificate.number == f"3510-LU-{today:%d%m%Y}-0001"
    assert child.birth_certificate_number == certificate.number
    assert (card.variant, card.valid_until) == ("A", child.kia_valid_until)
    assert (membership.relationship, membership.position) == (4, 3)
    assert answer.outcome.family_ids == [couple.family_id]
    assert answer.outcome.certificate_ids == [certificate.id]
    assert answer.outcome.card_ids == [card.id]


async def test_every_document_waits_for_its_seal_with_all_that_it_prints(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, make.make_bundle(couple))

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        papers = {each.kind: each for each in await session.scalars(select(Document))}
    assert {each.document_id for each in answer.documents} == {each.id for each in papers.values()}
    wanted = [IssuedKind.BIRTH_CERTIFICATE, IssuedKind.FAMILY_CARD, IssuedKind.CHILD_CARD]
    assert [each.kind for each in answer.documents] == wanted
    assert {each.status for each in papers.values()} == {"QUEUED"}
    certificate, family, card = (papers[each].content for each in wanted)
    assert certificate["parentage"] == "MARRIED"
    assert certificate["mother_name"] == "SITI AMINAH"
    assert [each["full_name"] for each in family["members"]] == [
        "BUDI SANTOSO",
        "SITI AMINAH",
        "BAYU SANTOSO",
    ]
    assert family["address"]["village"] == "Tembokrejo"
    assert family["address"]["regency"] == "Banyuwangi"
    assert family["kk_number"] == card["kk_number"] == couple.kk_number
    assert card["nik"] == certificate["nik"] == family["members"][2]["nik"]


async def test_the_family_card_shows_the_end_whatever_the_order_of_the_facts(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry)
    birth, joins, prints, card = make.make_bundle(couple)

    await make.apply(registry, [prints, birth, {**joins, "person": {"created_by": 1}}])

    async with registry() as session:
        paper = await session.scalar(select(Document).where(Document.kind == "KK"))
    assert paper is not None
    assert len(paper.content["members"]) == 3
    assert card["kind"] == "issue_card"


async def test_what_is_planned_is_announced_with_everybody_too_close_to_decide(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry)

    planned = await make.plan(registry, make.make_bundle(couple))

    assert not planned.refused
    assert planned.digest == planned.plan.digest
    assert planned.village_code == "35.10.05.2003"
    assert set(planned.related_resident_ids) == {couple.father.id, couple.mother.id}
    assert (await count(registry))[0] == 2


async def test_planning_twice_gives_one_digest(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)

    first, second = await make.plan(registry, bundle), await make.plan(registry, bundle)

    assert first.digest == second.digest


async def test_a_refused_change_leaves_nothing_but_the_answer(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle = [*make.make_bundle(couple), {"kind": "issue_card", "person": {"created_by": 0}}]
    planned = await make.plan(registry, bundle)
    before = await count(registry)

    answer = await refusal(registry, bundle, planned.digest)

    assert answer.rules == ["KIA_ALREADY_HELD"]
    assert answer.plan.refusals[0].pointer == "/4/reason"
    assert await grown(registry, before) == [0, 0, 0, 0, 0, 0, 0, 1]
    async with registry() as session:
        change = await session.scalar(select(Change))
    assert change is not None
    assert (change.status, change.outcome, change.actor) == ("REFUSED", None, make.REGISTRAR)


async def test_a_change_that_fails_halfway_leaves_nothing(registry: Sessions) -> None:
    """The boy gets his NIK, his sister none: then neither is registered."""
    couple = await make.make_couple(registry)
    boy = make.make_child(birth_kind=2)
    girl = make.make_child(full_name="Rina Wati", sex="P", birth_kind=2, birth_order=2)
    stated = [
        *make.make_bundle(couple, child=boy),
        make.make_birth(couple, child=girl),
        {
            "kind": "add_member",
            "person": {"created_by": 4},
            "family": {"kk_number": couple.kk_number},
        },
    ]
    planned = await make.plan(registry, stated)
    today = clock.today()
    async with registry.begin() as session:
        prefix = f"351005{today.day + 40}{today:%m%y}"
        await session.execute(insert(NikCounter).values(prefix=prefix, last=9999))
    before = await count(registry)

    answer = await refusal(registry, stated, planned.digest)

    assert answer.rules == ["NIK_EXHAUSTED"]
    assert await grown(registry, before) == [0, 0, 0, 0, 0, 0, 0, 1]


async def test_a_day_without_family_card_numbers_is_a_refusal(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    head = {"nik": couple.mother.nik}
    stated = [{"kind": "change_head", "family": {"kk_number": couple.kk_number}, "head": head}]
    planned = await make.plan(registry, stated)
    async with registry.begin() as session:
        prefix = kk_prefix(couple.father.village_code or "", clock.today())
        await session.merge(KkCounter(prefix=prefix, last=9999))
    before = await count(registry)

    answer = await refusal(registry, stated, planned.digest)

    assert answer.rules == ["KK_EXHAUSTED"]
    assert await grown(registry, before) == [0, 0, 0, 0, 0, 0, 0, 1]


async def test_other_effects_than_those_signed_are_refused(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)
    async with registry.begin() as session:
        renamed = update(Resident).where(Resident.id == couple.mother.id)
        await session.execute(renamed.values(full_name="SITI AMINAH RAHAYU"))
    before = await count(registry)

    answer = await refusal(registry, bundle, planned.digest)

    assert answer.rules == ["PLAN_CHANGED"]
    assert answer.digest == answer.plan.digest != planned.digest
    assert await grown(registry, before) == [0, 0, 0, 0, 0, 0, 0, 1]


async def test_a_case_comes_back_signed_anew_after_a_refusal(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle, case_id = make.make_bundle(couple), uuid4()
    stale = make.make_request(bundle, "0" * 64, case_id=case_id)
    [refused] = await make.receive(registry, stale)
    assert isinstance(refused, ChangeRefused)
    signed_at = stale.signed_at + timedelta(hours=1)

    again = make.make_request(bundle, refused.digest, case_id=case_id, signed_at=signed_at)
    [applied] = await make.receive(registry, again)

    assert isinstance(applied, ChangeApplied)


async def test_a_refused_request_that_arrives_again_stays_refused(registry: Sessions) -> None:
    """The case is back at verification by then: nothing may be applied behind its back."""
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)
    request = make.make_request(bundle, planned.digest)
    await _rename(registry, couple.mother.id, "SITI")
    first = await make.receive(registry, request)
    await _rename(registry, couple.mother.id, couple.mother.full_name)

    second = await make.receive(registry, request)

    assert first == second
    assert isinstance(second[0], ChangeRefused)


async def _rename(registry: Sessions, resident_id: UUID, full_name: str) -> None:
    async with registry.begin() as session:
        renamed = update(Resident).where(Resident.id == resident_id)
        await session.execute(renamed.values(full_name=full_name))


async def test_the_same_request_twice_has_one_effect_and_one_answer(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)
    request = make.make_request(bundle, planned.digest)

    first = await make.receive(registry, request)
    after = await count(registry)
    second = await make.receive(registry, request)

    assert isinstance(first[0], ChangeApplied)
    assert first == second
    assert await count(registry) == after


async def test_the_same_case_at_the_same_time_has_one_effect(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)
    request = make.make_request(bundle, planned.digest)

    first, second = await _at_once(registry, request, request)

    assert isinstance(first, ChangeApplied)
    assert first == second
    assert (await count(registry))[0] == 3


async def _at_once(registry: Sessions, *events: Event) -> list[Event]:
    inbox = Inbox(registry, HANDLERS)
    tries = (inbox.receive(Envelope.around(each), redelivered=False) for each in events)
    assert await asyncio.gather(*tries) == [None] * len(events)
    return await make.answers(registry)


@pytest.mark.parametrize("attempt", range(3))
async def test_one_birth_told_by_two_cases_at_once_is_registered_once(
    registry: Sessions, attempt: int
) -> None:
    couple = await make.make_couple(registry)
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)
    requests = [make.make_request(bundle, planned.digest) for _ in range(2)]

    answers = await _at_once(registry, *requests)

    assert sorted(type(each).__name__ for each in answers) == ["ChangeApplied", "ChangeRefused"]
    refused = next(each for each in answers if isinstance(each, ChangeRefused))
    assert refused.rules == ["BIRTH_ALREADY_REGISTERED"]
    assert (await count(registry))[:3] == [3, 4 + 4, 1]


async def test_two_first_biodata_of_one_person_at_once_are_registered_once(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry)
    stated = [_biodata(), _joins(couple)]
    planned = await make.plan(registry, stated)

    answers = await _at_once(
        registry, *(make.make_request(stated, planned.digest) for _ in range(2))
    )

    assert sorted(type(each).__name__ for each in answers) == ["ChangeApplied", "ChangeRefused"]
    assert (await count(registry))[0] == 3


def _biodata(**changes: object) -> dict[str, Any]:
    return {
        "kind": "register_resident",
        "full_name": "Dewi Lestari",
        "sex": "P",
        "birth_place": "Jember",
        "birth_date": "1980-03-04",
        "religion": 1,
        "marital_status": 1,
        "mother_name": "Sumarni",
        "village_code": "35.10.05.2003",
    } | changes


def _joins(couple: Couple, index: int = 0) -> dict[str, Any]:
    family = {"kk_number": couple.kk_number}
    return {"kind": "add_member", "person": {"created_by": index}, "family": family}


async def test_a_first_biodata_gets_a_nik_and_a_family(registry: Sessions) -> None:
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [_biodata(), _joins(couple)])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        resident = await session.get_one(Resident, answer.outcome.resident_ids[0])
        causes = await session.scalars(
            select(ResidentVersion.cause)
            .where(ResidentVersion.resident_id == resident.id)
            .order_by(ResidentVersion.version)
        )
    assert resident.nik.startswith("3510054403809")
    assert resident.family_id == couple.family_id
    assert list(causes) == ["register_resident", "add_member"]


async def test_somebody_who_looks_like_a_resident_is_suspected(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    async with registry.begin() as session:
        same = person("DEWI LESTARI", birth_date=date(1980, 3, 4), marital_status=1)
        known = await register(session, same)
    stated = [_biodata(), _joins(couple)]

    suspected = await make.plan(registry, stated)
    cleared = await make.plan(registry, [_biodata(cleared_of=[str(known.id)]), _joins(couple)])

    assert [each.rule for each in suspected.plan.refusals] == ["DUPLICATE_SUSPECT"]
    assert not cleared.refused
    assert [each.rule for each in cleared.plan.warnings] == ["DUPLICATE_CLEARED"]


async def test_twins_of_two_cases_are_both_registered(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    first, second = (
        make.make_bundle(
            couple,
            child=make.make_child(full_name=name, birth_kind=2, birth_order=order),
        )
        for name, order in (("Bayu Santoso", 1), ("Bayu Saputro", 2))
    )

    answers = [await make.apply(registry, first), await make.apply(registry, second)]

    assert [type(each) for each in answers] == [ChangeApplied, ChangeApplied]
    async with registry() as session:
        niks = (await session.scalars(select(Resident.nik).order_by(Resident.nik))).all()
        numbers = (await session.scalars(select(Certificate.number))).all()
        prints = select(Document.copy_number, Document.status).where(Document.kind == "KK")
        copies = (await session.execute(prints.order_by(Document.copy_number))).all()
    twins = [nik for nik in niks if nik not in {couple.father.nik, couple.mother.nik}]
    assert twins[0][:12] == twins[1][:12]
    assert sorted(number[-4:] for number in numbers) == ["0001", "0002"]
    assert [tuple(each) for each in copies] == [(1, "REPLACED"), (2, "QUEUED")]


async def test_a_late_birth_has_its_own_letters_and_counts_the_days(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    born = clock.today() - timedelta(days=61)
    bundle = make.make_bundle(couple, child=make.make_child(birth_date=born.isoformat()))

    planned = await make.plan(registry, bundle)
    answer = await make.apply(registry, bundle)

    assert [each.rule for each in planned.plan.warnings] == ["REPORTED_LATE"]
    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        certificate = await session.scalar(select(Certificate))
    assert certificate is not None
    assert certificate.number == f"3510-LT-{clock.today():%d%m%Y}-0001"
    assert (certificate.kind, certificate.days_late) == ("LAHIR_TERLAMBAT", 1)


async def test_a_foundling_joins_who_takes_it_in(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    family = {"kk_number": couple.kk_number}
    stated = [
        make.make_birth(family=family),
        {"kind": "add_member", "person": {"created_by": 0}, "family": family},
    ]

    answer = await make.apply(registry, stated)

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        child = await session.get_one(Resident, answer.outcome.resident_ids[0])
        paper = await session.scalar(select(Document))
    assert (child.mother_id, child.father_id, child.father_name) == (None, None, None)
    assert child.mother_name == "TIDAK DIKETAHUI"
    assert paper is not None
    assert (paper.content["parentage"], paper.content["mother_name"]) == ("FOUNDLING", None)


async def test_the_phrase_of_an_unregistered_marriage_reaches_the_paper(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry, marital_status=MaritalStatus.MARRIED_UNREGISTERED)

    await make.apply(registry, make.make_bundle(couple, marriage_evidence="F204"))

    async with registry() as session:
        paper = await session.scalar(select(Document).where(Document.kind == "AKTA_LAHIR"))
        certificate = await session.scalar(select(Certificate))
    assert paper is not None
    assert certificate is not None
    assert paper.content["parentage"] == "UNREGISTERED_MARRIAGE"
    assert "belum tercatat" in certificate.data["wording_id"]


async def test_a_renewed_child_card_ends_the_former_and_its_print(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    first = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(first, ChangeApplied)
    [child_id], [old_card] = first.outcome.resident_ids, first.outcome.card_ids
    child = {"resident_id": str(child_id)}

    again = await make.plan(registry, [{"kind": "issue_card", "person": child}])
    renewed = await make.apply(
        registry, [{"kind": "issue_card", "person": child, "reason": "LOST"}]
    )

    assert [each.rule for each in again.plan.refusals] == ["KIA_ALREADY_HELD"]
    assert isinstance(renewed, ChangeApplied)
    async with registry() as session:
        old = await session.get_one(Card, old_card)
        papers = await session.scalars(select(Document.status).where(Document.about_id == old_card))
    assert (old.revoked_on, old.revoke_reason) == (clock.today(), "LOST")
    assert list(papers) == ["REVOKED"]


async def test_who_comes_second_waits_plans_anew_and_is_refused(registry: Sessions) -> None:
    envelope, child_id = await _signed_card(registry)
    inbox = Inbox(registry, HANDLERS)
    async with registry.begin() as rival:
        await rival.execute(insert(Card).values(_rival_card(child_id)))
        ours = asyncio.create_task(inbox.receive(envelope, redelivered=False))
        await _until_blocked(registry)

    assert await ours is None
    [answer] = await make.answers(registry)
    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["KIA_ALREADY_HELD"]


async def test_a_transaction_that_fails_is_tried_again_and_sees_who_won(registry: Sessions) -> None:
    """The rival holds on for longer than we wait for a lock: our message comes again."""
    envelope, child_id = await _signed_card(registry)
    inbox = Inbox(registry, HANDLERS)
    async with registry.begin() as rival:
        await rival.execute(insert(Card).values(_rival_card(child_id)))
        pause = await inbox.receive(envelope, redelivered=False)
    before = await count(registry)

    assert pause is not None
    assert await inbox.receive(envelope, redelivered=False) is None
    [answer] = await make.answers(registry)
    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["KIA_ALREADY_HELD"]
    assert await grown(registry, before) == [0, 0, 0, 0, 0, 0, 0, 1]


async def _signed_card(registry: Sessions) -> tuple[Envelope, UUID]:
    """Register a child without a card, and sign a request for one."""
    couple = await make.make_couple(registry)
    registered = await make.apply(registry, make.make_bundle(couple)[:2])
    assert isinstance(registered, ChangeApplied)
    [child_id] = registered.outcome.resident_ids
    stated = [{"kind": "issue_card", "person": {"resident_id": str(child_id)}}]
    planned = await make.plan(registry, stated)
    return Envelope.around(make.make_request(stated, planned.digest)), child_id


def _rival_card(child_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "resident_id": child_id,
        "kind": "KIA",
        "variant": "A",
        "issued_on": clock.today(),
        "valid_until": clock.today(),
        "source_id": uuid4(),
    }


async def _until_blocked(registry: Sessions) -> None:
    waiting = text("select count(*) from pg_locks where not granted")
    async with asyncio.timeout(10), registry() as session:
        while not await session.scalar(waiting):
            await session.rollback()


async def test_a_child_of_an_old_record_without_a_linked_mother_is_found(
    registry: Sessions,
) -> None:
    couple = await make.make_couple(registry)
    born = clock.today()
    async with registry.begin() as session:
        old = person(
            "BAYU SANTOSA", sex="L", birth_date=born, mother_name="SITI AMINAH", marital_status=1
        )
        known = await register(session, old)
    bundle = make.make_bundle(couple)

    found = await make.plan(registry, bundle)
    bundle[0]["cleared_of"] = [str(known.id)]
    cleared = await make.plan(registry, bundle)

    assert [each.rule for each in found.plan.refusals] == ["BIRTH_ALREADY_REGISTERED"]
    assert not cleared.refused


async def test_a_proposal_of_nobody_is_answered_with_refusals(registry: Sessions) -> None:
    stated = make.make_bundle(
        Couple(uuid4(), "3510051203109001", *(Resident(nik=f"351005010785900{n}") for n in (1, 2)))
    )

    planned = await make.plan(registry, stated)

    assert isinstance(planned, ChangePlanned)
    assert planned.refused
    assert planned.village_code is None
    assert planned.related_resident_ids == []


async def test_nothing_about_people_travels_in_clear(registry: Sessions) -> None:
    couple = await make.make_couple(registry)
    planned = await make.plan(registry, make.make_bundle(couple))

    travelling = Envelope.around(planned).model_dump_json()

    assert "BAYU" not in travelling
    assert couple.mother.nik not in travelling
    assert planned.plan.effects[0].text_id.startswith("BAYU SANTOSO")


@pytest.mark.parametrize("name", ["nik", "resident_id"])
async def test_the_family_of_who_asks_is_kept_away_from_deciding(
    registry: Sessions, name: str
) -> None:
    about, asking = await make.make_couple(registry), await make.make_couple(registry)
    asker = asking.father
    named = {"nik": asker.nik} if name == "nik" else {"resident_id": asker.id}
    who = PersonRef.model_validate(named)

    [planned] = await make.receive(
        registry, make.make_proposal(make.make_bundle(about), applicant=who)
    )

    assert isinstance(planned, ChangePlanned)
    assert planned.applicant_resident_id == asker.id
    assert {asker.id, asking.mother.id, about.mother.id} <= set(planned.related_resident_ids)


async def test_an_applicant_from_elsewhere_is_nobody_here(registry: Sessions) -> None:
    about = await make.make_couple(registry)
    stranger = PersonRef(nik="3509050506889009")

    [planned] = await make.receive(
        registry, make.make_proposal(make.make_bundle(about), applicant=stranger)
    )

    assert isinstance(planned, ChangePlanned)
    assert planned.applicant_resident_id is None
