"""Deaths and children born dead, applied to a real registry."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from services.registry.cards.tables import Card
from services.registry.certificates.tables import Certificate, Stillbirth
from services.registry.documents.tables import Document
from services.registry.families.tables import Family, Membership
from services.registry.residents.tables import Resident, ResidentVersion
from services.registry.worker import HANDLERS
from shared import clock
from shared.contract.events import (
    ChangeApplied,
    ChangeRefused,
    Event,
    ResidentDied,
    ResidentRestored,
)
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.registry import make
from tests.registry.people import MUNCAR, household, person

pytestmark = pytest.mark.anyio


def report(who: UUID | int | None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    about: dict[str, Any] = {}
    if who is not None:
        about = {"created_by": who} if isinstance(who, int) else {"resident_id": str(who)}
    fact: dict[str, Any] = {
        "kind": "register_death",
        "died_on": (clock.today() - timedelta(days=3)).isoformat(),
        "place": "RSUD Blambangan",
        "reporter_name": "Siti Aminah",
        "reporter_relationship": "Istri",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    }
    return fact | ({"person": about} if about else {}) | changes


async def carry_out(sessions: Sessions, stated: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Have facts planned, approved and applied; return everything that is told."""
    planned = await make.plan(sessions, stated)
    return await make.receive(sessions, make.make_request(stated, planned.digest))


def of(kind: type[Event], told: Sequence[Event]) -> list[Any]:
    return [each for each in told if isinstance(each, kind)]


async def test_a_death_changes_everything_in_one_go(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    await give_card(registry, couple.father)
    died_on = clock.today() - timedelta(days=3)

    told = await carry_out(registry, [report(couple.father.id)])

    assert of(ChangeApplied, told)
    assert of(ResidentDied, told) == [
        ResidentDied(resident_id=couple.father.id, died_on=died_on, village_code=MUNCAR)
    ]
    async with registry() as session:
        father = await session.get_one(Resident, couple.father.id)
        mother = await session.get_one(Resident, couple.mother.id)
        old = await session.get_one(Family, couple.family_id)
        new = await session.get_one(Family, mother.family_id)
        card = await session.scalar(select(Card).where(Card.resident_id == father.id))
    assert (father.status, father.death_date, father.family_id) == ("MATI", died_on, None)
    assert (mother.marital_status, mother.spouse_id) == (6, None)
    assert (old.close_reason, new.head_id) == ("HEAD_CHANGED", mother.id)
    assert card is not None
    assert card.revoke_reason == "DIED"


async def test_the_certificate_and_the_card_of_who_stays_are_printed(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)

    await carry_out(registry, [report(couple.father.id)])

    async with registry() as session:
        certificate = await session.scalar(select(Certificate))
        kinds = select(Document.kind, Document.content).where(Document.ended_on.is_(None))
        papers = {row.kind: row.content for row in await session.execute(kinds)}
    assert certificate is not None
    assert certificate.number.startswith("3510-KM-")
    assert certificate.data["widowed"] == [str(couple.mother.id)]
    assert certificate.data["family_was"] == str(couple.family_id)
    assert papers.keys() == {"AKTA_MATI", "KK"}
    assert papers["AKTA_MATI"]["spouse_name"] == "SITI AMINAH"
    assert papers["AKTA_MATI"]["nik"] == couple.father.nik
    assert "cause" not in papers["AKTA_MATI"]
    assert [each["full_name"] for each in papers["KK"]["members"]] == ["SITI AMINAH"]
    assert papers["KK"]["members"][0]["marital_status"] == 6


async def link(registry: Sessions, couple: make.Couple) -> None:
    """Record whose wife and husband they are."""
    async with registry.begin() as session:
        (await session.get_one(Resident, couple.father.id)).spouse_id = couple.mother.id
        (await session.get_one(Resident, couple.mother.id)).spouse_id = couple.father.id


async def give_card(registry: Sessions, holder: Resident) -> None:
    async with registry.begin() as session:
        session.add(
            Card(
                resident_id=holder.id,
                kind="KTP_EL",
                issued_on=date(2020, 1, 1),
                source_id=uuid4(),
            )
        )


async def test_the_past_stays_readable_from_the_day_of_death_on(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)

    await carry_out(registry, [report(couple.father.id)])

    async with registry() as session:
        versions = await session.scalars(
            select(ResidentVersion)
            .where(ResidentVersion.resident_id == couple.father.id)
            .order_by(ResidentVersion.version)
        )
        last = list(versions)[-1]
    assert last.cause == "register_death"
    assert last.valid_from == clock.today() - timedelta(days=3)
    assert {"status", "death_date"} <= set(last.changed)


async def test_a_refused_death_leaves_nothing(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        _, [head, _] = await household(
            session,
            (person("DUDA", sex="L", birth_date=date(1980, 1, 2), marital_status=6), 1),
            (person("ANAK", birth_date=date(2016, 1, 2), marital_status=1), 4),
        )

    told = await carry_out(registry, [report(head.id)])

    [refused] = of(ChangeRefused, told)
    assert refused.rules == ["ONLY_MINORS_REMAIN"]
    assert not of(ResidentDied, told)
    async with registry() as session:
        assert (await session.get_one(Resident, head.id)).status == "HIDUP"
        assert await session.scalar(select(func.count()).select_from(Certificate)) == 0
        assert await session.scalar(select(func.count()).select_from(Document)) == 0


async def test_edge_28_both_certificates_and_a_nik_in_one_case(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    born = make.make_birth(couple, child=make.make_child(birth_date=yesterday))

    told = await carry_out(registry, [born, report(0, died_on=yesterday)])

    [applied] = of(ChangeApplied, told)
    assert [each.kind for each in applied.documents] == ["AKTA_LAHIR", "AKTA_MATI"]
    async with registry() as session:
        [child] = await session.scalars(select(Resident).where(Resident.status == "MATI"))
        assert (len(child.nik), child.family_id) == (16, None)
        lines = select(func.count()).where(Membership.resident_id == child.id)
        assert await session.scalar(lines) == 0
        numbers = set(await session.scalars(select(Certificate.letters)))
    assert numbers == {"LU", "KM"}


async def test_edge_31_no_nik_on_the_certificate_of_a_death_long_ago(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    fact = report(
        None,
        died_on="1987-03-02",
        place="Muncar",
        proof="STATEMENT",
        unregistered={
            "full_name": "Mbah Karto",
            "sex": "L",
            "birth_place": "Muncar",
            "spouse_name": "Sumini",
            "village_code": MUNCAR,
        },
    )

    told = await carry_out(registry, [fact])

    [applied] = of(ChangeApplied, told)
    assert [each.kind for each in applied.documents] == ["AKTA_MATI"]
    assert not of(ResidentDied, told)
    async with registry() as session:
        paper = await session.scalar(select(Document))
        certificate = await session.scalar(select(Certificate))
    assert paper is not None
    assert certificate is not None
    assert certificate.subject_id is None
    assert paper.content["nik"] is None
    assert (paper.content["full_name"], paper.content["spouse_name"]) == ("MBAH KARTO", "SUMINI")


async def test_edge_15_an_empty_family_is_closed_and_its_number_dead(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        family, [head] = await household(
            session, (person("SENDIRI", birth_date=date(1950, 1, 2), marital_status=1), 1)
        )

    told = await carry_out(registry, [report(head.id)])

    [applied] = of(ChangeApplied, told)
    assert [each.kind for each in applied.documents] == ["AKTA_MATI"]
    async with registry() as session:
        closed = await session.get_one(Family, family.id)
    assert (closed.close_reason, closed.closed_on) == ("EMPTY", clock.today())


async def test_edge_60_of_two_operators_on_one_family_one_wins_and_the_other_reads_what_changed(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    head = {
        "kind": "change_head",
        "family": {"family_id": str(couple.family_id)},
        "head": {"resident_id": str(couple.mother.id)},
    }
    death = [report(couple.father.id)]
    first = await make.plan(registry, [head])
    second = await make.plan(registry, death)

    won = await make.receive(registry, make.make_request([head], first.digest))
    lost = await make.receive(registry, make.make_request(death, second.digest))

    assert of(ChangeApplied, won)
    [refused] = of(ChangeRefused, lost)
    assert refused.rules == ["PLAN_CHANGED"]
    said = [each.effect for each in refused.plan.effects]
    assert "family.opened" not in said  # the mother is head already: he only leaves her card
    async with registry() as session:
        assert (await session.get_one(Resident, couple.father.id)).status == "HIDUP"


async def test_edge_60_two_signatures_at_the_same_moment_are_carried_out_one_after_the_other(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    deaths = [[report(each.id)] for each in (couple.father, couple.mother)]
    signed = [make.make_request(each, (await make.plan(registry, each)).digest) for each in deaths]

    await asyncio.gather(
        *(
            Inbox(registry, HANDLERS).receive(Envelope.around(each), redelivered=False)
            for each in signed
        )
    )

    told = await make.answers(registry)
    [refused] = of(ChangeRefused, told)
    assert len(of(ChangeApplied, told)) == len(of(ResidentDied, told)) == 1
    assert refused.rules == ["PLAN_CHANGED"]  # who is left has nobody to be widowed of


async def test_edge_27_a_letter_and_nobody_in_the_population(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    async with registry() as session:
        before = await session.scalar(select(func.count()).select_from(Resident))
    fact = {
        "kind": "register_stillbirth",
        "mother": {"resident_id": str(couple.mother.id)},
        "father": {"resident_id": str(couple.father.id)},
        "sex": "P",
        "happened_on": clock.today().isoformat(),
        "place": "RSUD Genteng",
        "weeks": 36,
        "reporter_name": "Budi",
        "reporter_relationship": "Ayah",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    }

    told = await carry_out(registry, [fact])

    [applied] = of(ChangeApplied, told)
    assert [each.kind for each in applied.documents] == ["SK_LAHIR_MATI"]
    assert applied.outcome.resident_ids == []
    async with registry() as session:
        assert await session.scalar(select(func.count()).select_from(Resident)) == before
        letter = await session.scalar(select(Stillbirth))
        paper = await session.scalar(select(Document))
    assert letter is not None
    assert paper is not None
    assert letter.number.startswith("SKLM/3510/")
    assert paper.content["number"] == letter.number
    assert paper.content["mother"]["nik"] == couple.mother.nik


async def test_what_another_office_certified_takes_a_member_off(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    fact = {
        "kind": "remove_member",
        "person": {"resident_id": str(couple.mother.id)},
        "reason": "DIED",
        "happened_on": "2026-10-10",
        "paper_number": "3509-KM-10102026-0001",
        "authority": "DISPENDUKCAPIL JEMBER",
    }

    told = await carry_out(registry, [fact])

    [applied] = of(ChangeApplied, told)
    assert [each.kind for each in applied.documents] == ["KK"]
    assert of(ResidentDied, told)
    async with registry() as session:
        mother = await session.get_one(Resident, couple.mother.id)
        father = await session.get_one(Resident, couple.father.id)
        assert (mother.status, mother.death_date) == ("MATI", date(2026, 10, 10))
        assert father.marital_status == 6
        assert await session.scalar(select(func.count()).select_from(Certificate)) == 0


async def test_the_bundle_of_a_death_is_applied_all_or_nothing(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    bundle = [
        report(couple.father.id),
        {
            "kind": "issue_card",
            "person": {"resident_id": str(couple.mother.id)},
            "card": "KTP_EL",
            "reason": "CHANGED",
        },
    ]

    [refused] = of(ChangeRefused, await carry_out(registry, bundle))
    async with registry.begin() as session:
        father = await session.get_one(Resident, couple.father.id)
        mother = await session.get_one(Resident, couple.mother.id)
        mother.recording_status = "CARD_ISSUED"
    told = await carry_out(registry, bundle)

    assert refused.rules  # the widow was never recorded: nobody is dead either
    assert father.status == "HIDUP"
    assert of(ChangeApplied, told)
    async with registry() as session:
        father = await session.get_one(Resident, couple.father.id)
        cards = list(await session.scalars(select(Card).where(Card.revoked_on.is_(None))))
    assert father.status == "MATI"
    assert [(each.resident_id, each.kind) for each in cards] == [(couple.mother.id, "KTP_EL")]


async def test_edge_30_a_cancelled_certificate_tells_that_somebody_lives(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await link(registry, couple)
    [died] = of(ChangeApplied, await carry_out(registry, [report(couple.father.id)]))
    [certificate_id] = died.outcome.certificate_ids
    cancellation = {
        "kind": "cancel_certificate",
        "certificate": {"certificate_id": str(certificate_id)},
        "basis": "OFFICER",
        "why": "Dilaporkan untuk orang yang salah",
    }

    told = await carry_out(registry, [cancellation])

    assert of(ChangeApplied, told)
    [alive] = of(ResidentRestored, told)
    assert alive.resident_id == couple.father.id


def _divorce(couple: make.Couple) -> dict[str, Any]:
    day = clock.today().isoformat()
    ruling = {"authority": "PN Banyuwangi", "number": "1", "dated": day, "final_on": day}
    return {
        "kind": "register_divorce",
        "husband": {"resident_id": str(couple.father.id)},
        "wife": {"resident_id": str(couple.mother.id)},
        "marriage_number": "1/2010",
        "ruling": ruling,
    }


@pytest.mark.parametrize("parted", [lambda couple: report(couple.mother.id), _divorce])
async def test_edge_17_whose_first_wife_is_gone_tells_the_marriage_with_the_second(
    sessions: dict[str, Sessions], parted: Callable[[make.Couple], dict[str, Any]]
) -> None:
    registry = sessions["registry"]
    married = {"marriage_date": date(2010, 1, 2), "marriage_number": "1/2010"}
    couple = await make.make_couple(registry, mother=married, father=married)
    await link(registry, couple)
    further = person(
        "RINI",
        spouse_id=couple.father.id,
        marriage_date=date(2015, 3, 4),
        marriage_number="2/2015",
        marital_status=3,
    )
    async with registry.begin() as session:
        _, [second] = await household(session, (further, 1))

    answer = await make.apply(registry, [parted(couple)])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        husband = await session.get_one(Resident, couple.father.id)
    assert (husband.marital_status, husband.spouse_id) == (3, second.id)
    assert (husband.marriage_date, husband.marriage_number) == (date(2015, 3, 4), "2/2015")
