"""Edge 29: somebody dies who has a case, asked for one, or is named in one."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.cases.tables import Case
from shared import clock
from shared.contract.events import ResidentDied, ResidentRestored
from shared.db import Sessions
from tests.requests.cases.making import (
    FATHER,
    MOTHER,
    PURPOSE,
    VILLAGE,
    Desk,
    Registry,
    Sit,
    case,
)

pytestmark = pytest.mark.anyio

SOMEBODY = uuid4()


async def dies(registry: Registry, who: UUID) -> None:
    event = ResidentDied(resident_id=who, died_on=clock.today(), village_code=VILLAGE)
    await registry.say(event)


async def story(reader: Desk, case_id: str) -> tuple[str, list[Any]]:
    """Return where a case stands, and the codes of the reasons of its last step."""
    told = (await reader.read(case_id)).json()
    path = f"/v1/cases/{case_id}/timeline"
    answer = await reader.client.get(path, headers=reader.headers | PURPOSE)
    steps = answer.json()["steps"]
    return told["state"], [each["code"] for each in steps[-1]["reasons"]]


@pytest.fixture
async def by_father(registry: Registry, midwife: Desk, village: Desk) -> str:
    """A case of a birth that the father asked for, checked at intake."""
    asks = case()["applicant"] | {"resident": {"resident_id": str(FATHER)}}
    case_id = str((await midwife.submitted(case(applicant=asks)))["id"])
    await registry.plans(case_id)
    await village.acts(case_id, "intake_check")
    return case_id


async def test_edge_29_a_case_about_the_dead_is_cancelled_with_the_reason(
    checked: str, registry: Registry, verifier: Desk
) -> None:
    await registry.plans(checked, subject_resident_ids=[SOMEBODY])

    await dies(registry, SOMEBODY)

    assert await story(verifier, checked) == ("CANCELLED", ["SUBJECT_DIED"])


async def test_edge_29_one_of_several_subjects_sends_the_case_back(
    checked: str, registry: Registry, verifier: Desk
) -> None:
    await registry.plans(checked, subject_resident_ids=[MOTHER, SOMEBODY])

    await dies(registry, SOMEBODY)

    assert await story(verifier, checked) == ("RETURNED", ["SUBJECT_DIED"])


async def test_edge_29_an_approved_case_of_several_is_verified_anew(
    approved: str, registry: Registry, verifier: Desk
) -> None:
    await registry.plans(approved, subject_resident_ids=[MOTHER, SOMEBODY])

    await dies(registry, SOMEBODY)

    state, codes = await story(verifier, approved)
    assert (state, codes) == ("INTAKE_CHECKED", ["SUBJECT_DIED"])
    assert (await verifier.read(approved)).json()["plan_pending"] is True


async def test_edge_29_the_case_that_registers_the_death_goes_on(
    approved: str, registry: Registry, head: Desk, verifier: Desk
) -> None:
    await registry.plans(approved, subject_resident_ids=[SOMEBODY])
    await head.acts(approved, "sign")

    await dies(registry, SOMEBODY)

    assert (await story(verifier, approved))[0] == "SIGNED"


async def test_edge_29_another_of_the_family_goes_on_with_what_the_dead_asked_for(
    by_father: str, registry: Registry, midwife: Desk, verifier: Desk
) -> None:
    await dies(registry, FATHER)

    assert await story(verifier, by_father) == ("RETURNED", ["APPLICANT_DIED"])
    refused = await midwife.submit(by_father, await midwife.version(by_father))
    assert refused.status_code == 422
    assert "APPLICANT_DIED" in {each["rule"] for each in refused.json()["errors"]}

    mother = case()["applicant"] | {
        "full_name": "IBU MELATI",
        "resident": {"resident_id": str(MOTHER)},
    }
    version = await midwife.version(by_father)
    revised = await midwife.revise(by_father, version, {"applicant": mother})
    assert revised.status_code == 200, revised.text
    assert revised.json()["applicant_died_on"] is None
    answer = await midwife.submit(by_father, revised.json()["version"])
    assert answer.status_code == 200, answer.text


async def test_edge_29_a_case_that_is_far_goes_on_and_says_that_its_applicant_died(
    by_father: str, registry: Registry, verifier: Desk
) -> None:
    await verifier.acts(by_father, "verify")

    await dies(registry, FATHER)

    told = (await verifier.read(by_father)).json()
    assert told["state"] == "VERIFIED"
    assert told["applicant_died_on"] == clock.today().isoformat()


async def test_edge_29_a_witness_or_relative_keeps_the_case_as_it_is(
    checked: str, registry: Registry, verifier: Desk
) -> None:
    before = await verifier.version(checked)

    await dies(registry, MOTHER)  # named in the file, and not whom it is about

    assert await verifier.version(checked) == before


async def test_the_news_of_a_death_counts_once(
    checked: str, registry: Registry, verifier: Desk
) -> None:
    await registry.plans(checked, subject_resident_ids=[SOMEBODY])
    event = ResidentDied(resident_id=SOMEBODY, died_on=clock.today(), village_code=VILLAGE)

    envelope = await registry.say(event)
    version = await verifier.version(checked)
    await registry.again(envelope)
    await registry.say(event)

    assert await verifier.version(checked) == version


async def test_edge_30_whoever_was_wrongly_dead_goes_on_with_their_case(
    by_father: str, registry: Registry, midwife: Desk
) -> None:
    await dies(registry, FATHER)

    await registry.say(ResidentRestored(resident_id=FATHER, village_code=VILLAGE))

    answer = await midwife.submit(by_father, await midwife.version(by_father))
    assert answer.status_code == 200, answer.text


async def test_edge_29_an_applicant_who_was_named_by_number_dies(
    registry: Registry, midwife: Desk, village: Desk, verifier: Desk
) -> None:
    asks = case()["applicant"] | {"resident": {"nik": "3510050506889001"}}
    case_id = str((await midwife.submitted(case(applicant=asks)))["id"])
    await registry.plans(case_id, applicant_resident_id=SOMEBODY)
    await village.acts(case_id, "intake_check")

    await dies(registry, SOMEBODY)

    told = (await verifier.read(case_id)).json()
    assert told["applicant_died_on"] == clock.today().isoformat()


async def test_a_citizen_asks_for_themselves_whatever_number_they_state(
    sessions: dict[str, Sessions], registry: Registry, desk: Sit
) -> None:
    asks = case()["applicant"] | {"resident": {"nik": "3510050506889001"}}
    citizen = desk("sub-citizen", "WARGA", areas=(), resident_id=str(FATHER))
    answer = await citizen.file(case(channel="WEB", applicant=asks))
    assert answer.status_code == 201, answer.text
    await registry.plans(answer.json()["id"], round_=0, applicant_resident_id=SOMEBODY)

    async with sessions["requests"]() as session:
        kept = await session.get_one(Case, UUID(answer.json()["id"]))
    assert kept.applicant_resident_id == FATHER
