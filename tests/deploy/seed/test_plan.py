from datetime import date

import pytest

from deploy.seed import village
from deploy.seed.regency import REGENCY_POPULATION, plan
from services.registry.coverage.rules import Formula, Indicator, Person, standing

TODAY = date(2026, 11, 24)


def test_every_village_of_the_regency_has_people() -> None:
    plans = plan(20_000)

    assert len({each.code for each in plans}) == 217
    assert sum(each.size for each in plans) == 20_000
    assert all(each.size == sum(each.ages.values()) for each in plans)
    assert min(each.size for each in plans) > 5


def test_fewer_people_than_villages_are_refused() -> None:
    with pytest.raises(ValueError, match="217"):
        plan(300)


def test_villages_never_share_a_serial() -> None:
    given: dict[str, list[int]] = {}
    for each in plan(REGENCY_POPULATION):
        for prefix, serials in each.serials.items():
            given.setdefault(prefix, []).extend(serials)
        assert each.prefix in each.serials
        assert len(each.certificate_serials) >= 2
    assert set(given) == {f"3510{district:02}" for district in range(1, 26)}
    for numbers in given.values():
        assert sorted(numbers) == list(range(9001, 10_000))
    foreign = [prefix for each in plan(20_000) for prefix in each.elsewhere]
    assert len(foreign) == len(set(foreign)) > 7000


def test_the_same_village_comes_out_every_time() -> None:
    first, again = (village.make(plan(20_000)[44], TODAY) for _ in range(2))

    assert first == again
    assert first != village.make(plan(20_000)[45], TODAY)


def test_a_village_is_covered_as_planned() -> None:
    for each in plan(20_000)[100:110]:
        rows = village.make(each, TODAY).lines[0].decode().splitlines()
        found = dict.fromkeys(Indicator, 0)
        for row in rows:
            cells = dict(zip(village.RESIDENT_COLUMNS, row.split("\t"), strict=True))
            for indicator, reached in standing(_person(cells), TODAY, Formula()).items():
                found[indicator] += reached
        quota = each.quota
        assert found[Indicator.KTP_RECORDED] == quota.recorded
        assert found[Indicator.KIA_VALID] == quota.kia
        assert found[Indicator.BIRTH_CERTIFICATE] == quota.certified


def test_the_whole_regency_has_numbers_enough() -> None:
    plans = sorted(plan(REGENCY_POPULATION), key=lambda each: each.size)

    for each in (plans[0], plans[108], plans[-1]):
        made = village.make(each, TODAY)
        assert made.people == each.size
        numbers = {row.split("\t")[1] for row in made.lines[0].decode().splitlines()}
        assert len(numbers) == each.size


def _person(cells: dict[str, str]) -> Person:
    known = {name: None if value == village.NULL else value for name, value in cells.items()}
    until, permit = known["kia_valid_until"], known["permit"]
    return Person(
        date.fromisoformat(cells["birth_date"]),
        int(cells["marital_status"]),
        int(cells["citizenship"]),
        permit,
        cells["status"],
        cells["recording_status"],
        known["birth_certificate_number"],
        date.fromisoformat(until) if until else None,
    )
