from datetime import date

import pytest

from services.registry.residents.alike import Newcomer, similar
from services.registry.residents.rules.alike import SUSPICIOUS, Known, likeness
from tests.registry.people import Databases, person, register

BORN = date(2026, 11, 20)
ADI = Known("ADI PUTRA", "L", BORN, "DAY", "SITI AMINAH")


@pytest.mark.parametrize(
    ("other", "same_mother", "twins", "suspicious"),
    [
        (ADI, True, False, True),
        (ADI._replace(birth_date=date(2026, 11, 21)), True, False, True),
        (ADI._replace(full_name="ADHI POETRA"), True, False, True),
        (ADI._replace(mother_name="SITTI AMINNAH"), False, False, True),
        (ADI._replace(full_name="BAGAS PRATAMA"), True, False, False),
        (ADI._replace(mother_name="SUMARNI"), False, False, True),  # the same name and day
        (ADI._replace(full_name="ADI PUTRI", sex="P"), True, True, False),
        (ADI._replace(full_name="ADE PUTRA"), True, True, False),
        (ADI, True, True, True),
    ],
)
def test_what_makes_a_newborn_suspicious(
    other: Known, *, same_mother: bool, twins: bool, suspicious: bool
) -> None:
    score = likeness(ADI, other, same_mother=same_mother, twins=twins)

    assert (score >= SUSPICIOUS) is suspicious


def test_a_birth_date_that_dozens_share_says_little() -> None:
    old = Known("SUPARMAN", "L", date(1950, 7, 1), "YEAR", "SARMI")
    namesake = old._replace(mother_name="PONIYEM")
    exact = old._replace(birth_date=date(1950, 7, 3), precision="DAY")

    assert likeness(old, namesake, same_mother=False, twins=False) < SUSPICIOUS
    assert likeness(
        exact, exact._replace(mother_name="PONIYEM"), same_mother=False, twins=False
    ) > likeness(old, namesake, same_mother=False, twins=False)


@pytest.mark.anyio
async def test_a_child_registered_before_is_found_by_mother_or_by_name(
    sessions: Databases,
) -> None:
    async with sessions["registry"].begin() as session:
        mother = await register(session)
        child = person(
            "ADHI POETRA",
            sex="L",
            birth_date=BORN,
            mother_name=mother.full_name,
            mother_id=mother.id,
        )
        adi = await register(session, child)
        await register(session, person("ADI PUTRA", sex="L", birth_date=date(2020, 1, 1)))

        newcomer = Newcomer(
            full_name="ADI PUTRA", sex="L", birth_date=BORN, mother_name="SITI AMINAH"
        )
        by_name = await similar(session, newcomer)
        by_mother = await similar(
            session,
            Newcomer(
                full_name="ADI PUTRA",
                sex="L",
                birth_date=date(2026, 11, 21),
                mother_name="X",
                mother_id=mother.id,
            ),
        )

    assert [each.resident_id for each in by_name] == [adi.id]
    assert [(each.resident_id, each.same_mother, each.same_birth_date) for each in by_mother] == [
        (adi.id, True, False)
    ]
