"""Edge cases of people whose first record is made here."""

from datetime import UTC, date, datetime

import pytest

from services.registry.certificates.tables import Certificate
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.db import Sessions
from tests.registry.make import apply, make_birth, make_child, make_couple, plan
from tests.registry.people import MUNCAR, Databases, household, person

pytestmark = pytest.mark.anyio

FOREST = {
    "kind": "register_resident",
    "full_name": "Sumarto",
    "sex": "L",
    "birth_place": "Banyuwangi",
    "birth_date": "1951-07-01",
    "birth_date_precision": "YEAR",
    "religion": 1,
    "marital_status": 1,
    "mother_name": "Sainem",
    "village_code": MUNCAR,
}


@pytest.fixture
def registry(sessions: Databases) -> Sessions:
    return sessions["registry"]


async def test_edge_09_an_adult_without_papers_gets_a_number_of_here_with_the_old_year(
    registry: Sessions,
) -> None:
    host = await make_couple(registry)
    family = {"of": {"nik": host.father.nik}}
    joins = {"kind": "add_member", "person": {"created_by": 0}, "family": family}

    answer = await apply(registry, [FOREST, joins | {"relationship": 9}])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        known = await session.get_one(Resident, answer.outcome.resident_ids[0])
    assert known.nik.startswith("351005010751")  # Muncar, 1 July 1951


async def test_edge_09_who_may_be_known_already_is_looked_for_first(registry: Sessions) -> None:
    old = person(
        "SUMARTO", sex="L", birth_date=date(1951, 7, 1), mother_name="SAINEM", marital_status=1
    )
    async with registry.begin() as session:
        _, [known] = await household(session, (old, 1))
    host = await make_couple(registry)
    family = {"of": {"nik": host.father.nik}}
    joins = {"kind": "add_member", "person": {"created_by": 0}, "family": family}

    doubted = await apply(registry, [FOREST, joins | {"relationship": 9}])
    assert isinstance(doubted, ChangeRefused)
    assert doubted.rules == ["DUPLICATE_SUSPECT"]

    cleared = FOREST | {"cleared_of": [str(known.id)]}
    assert isinstance(await apply(registry, [cleared, joins | {"relationship": 9}]), ChangeApplied)


async def test_edge_26_the_legal_day_is_the_office_s_wherever_the_server_stands(
    registry: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    couple = await make_couple(registry, mother={"birth_date": date(1995, 4, 5)})
    minutes_to_midnight = datetime(2026, 12, 31, 16, 55, tzinfo=UTC)  # 23:55 WIB
    monkeypatch.setattr(clock, "now", lambda: minutes_to_midnight)
    born = make_child(birth_date="2026-12-31", birth_time="23:50")

    answer = await apply(registry, [*_bundle(couple.mother.nik, couple.father.nik, born)])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        child = await session.get_one(Resident, answer.outcome.resident_ids[0])
        entry = await session.get_one(Certificate, answer.outcome.certificate_ids[0])
    assert (child.birth_date, child.nik[6:12]) == (date(2026, 12, 31), "311226")
    assert (entry.registered_on, entry.days_late) == (date(2026, 12, 31), 0)

    after_midnight = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)  # 1 January, 00:05 WIB
    monkeypatch.setattr(clock, "now", lambda: after_midnight)
    tomorrow = make_child(full_name="Dewi Lestari", sex="P", birth_date="2027-01-02")
    refused = await plan(registry, _bundle(couple.mother.nik, couple.father.nik, tomorrow))
    assert refused.refused


@pytest.mark.parametrize(
    ("where", "code"), [("KM Dharma Kencana", None), ("Denpasar", "51.71"), ("Jember", "35.09")]
)
async def test_edge_26_a_child_born_on_a_ship_or_elsewhere_is_registered_where_it_lives(
    registry: Sessions, where: str, code: str | None
) -> None:
    couple = await make_couple(registry, mother={"birth_date": date(1995, 4, 5)})
    born = make_child(birth_place=where, birth_place_code=code, place_kind=5)

    answer = await apply(registry, _bundle(couple.mother.nik, couple.father.nik, born))

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        child = await session.get_one(Resident, answer.outcome.resident_ids[0])
        entry = await session.get_one(Certificate, answer.outcome.certificate_ids[0])
    assert child.nik.startswith("351005")
    assert child.birth_place == where.upper()
    assert entry.number.startswith("3510-LU-")


def _bundle(mother: str, father: str, child: dict[str, object]) -> list[dict[str, object]]:
    birth = make_birth(child=child, mother={"nik": mother}, father={"nik": father})
    family = {"of": {"nik": father}}
    return [birth, {"kind": "add_member", "person": {"created_by": 0}, "family": family}]
