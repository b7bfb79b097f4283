"""Edge cases of how cases come in: offline camps, WhatsApp, other villages, own mothers."""

from uuid import UUID, uuid4

import pytest

from tests.requests.cases.making import ELSEWHERE, MOTHER, VILLAGE, Desk, Registry, Sit, birth, case

pytestmark = pytest.mark.anyio

CAMP = "CAMPING_EMBUN"


def at_camp(**changes: object) -> dict[str, object]:
    """Return the birth as a laptop in a plantation wrote it down, three days before it had a line."""
    fact = birth({"birth_date": "2026-11-19"}, reported_on="2026-11-21")
    return case(channel=CAMP, facts=[fact]) | changes


async def test_edge_51_a_batch_that_is_sent_again_makes_no_second_case(desk: Sit) -> None:
    team, key = desk("petugas-1", "PETUGAS_LAPANGAN"), uuid4().hex

    first = await team.file(at_camp(), key)
    again = await team.file(at_camp(), key)  # the line broke before the answer came

    assert first.status_code == again.status_code == 201, first.text
    assert first.json()["id"] == again.json()["id"]


async def test_edge_51_two_laptops_serve_one_family_and_a_person_decides(
    desk: Sit, registry: Registry
) -> None:
    laptops = [desk("petugas-1", "PETUGAS_LAPANGAN"), desk("petugas-2", "PETUGAS_LAPANGAN")]
    drafts = [(await each.file(at_camp())).json() for each in laptops]
    for laptop, draft in zip(laptops, drafts, strict=True):
        await laptop.attach_all(draft["id"])

    taken = await laptops[0].submit(drafts[0]["id"], drafts[0]["version"])
    doubted = await laptops[1].submit(drafts[1]["id"], drafts[1]["version"])

    assert taken.status_code == 200, taken.text
    assert (doubted.status_code, doubted.json()["type"]) == (409, "/problems/same-case-open")
    said = {"different": True, "reason": "Bayi kembar, surat lahir kedua terlampir"}
    insisted = await laptops[1].submit(drafts[1]["id"], drafts[1]["version"], said)
    assert insisted.status_code == 200, insisted.text


async def test_edge_52_a_photograph_that_comes_five_times_is_kept_once(midwife: Desk) -> None:
    draft = (await midwife.file()).json()

    answers = [await midwife.attach(draft["id"], "BIRTH_LETTER") for _ in range(5)]

    assert {each.status_code for each in answers} <= {200, 201}
    assert len({each.json()["id"] for each in answers}) == 1


async def test_edge_53_another_village_takes_a_case_in_and_the_home_village_sees_it(
    other_village: Desk, village: Desk, verifier: Desk, registry: Registry
) -> None:
    point = f"SP-{ELSEWHERE.replace('.', '')}"
    case_id = str((await other_village.submitted(case(channel="DESA", point_id=point)))["id"])
    assert (await village.read(case_id)).status_code == 404  # nobody knows yet whose it is

    await registry.plans(case_id, village_code=VILLAGE)

    told = (await other_village.read(case_id)).json()
    assert "intake_check" in told["allowed_actions"]  # it handles what it took in ...
    assert told["village_code"] == VILLAGE
    assert (await village.read(case_id)).status_code == 200  # ... and home knows of it
    await other_village.acts(case_id, "intake_check")
    assert "verify" in (await verifier.read(case_id)).json()["allowed_actions"]


async def test_edge_54_an_operator_files_for_her_own_mother_and_decides_nothing(
    desk: Sit, registry: Registry, village: Desk
) -> None:
    daughter = desk("operator-anak", "OP_DESA", areas=(VILLAGE,), resident_id=str(UUID(int=7)))
    point = f"SP-{VILLAGE.replace('.', '')}"
    case_id = str((await daughter.submitted(case(channel="DESA", point_id=point)))["id"])
    await registry.plans(case_id, related_resident_ids=[MOTHER, UUID(int=7)])

    told = (await daughter.read(case_id)).json()
    assert "intake_check" not in told["allowed_actions"]
    assert {"action": "intake_check", "rule": "OWN_FAMILY"} in told["obstacles"]
    refused = await daughter.act(case_id, "intake_check", told["version"])
    assert refused.status_code in {403, 409}

    await village.acts(case_id, "intake_check")  # a colleague does it
