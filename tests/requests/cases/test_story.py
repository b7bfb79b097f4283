"""A birth from the midwife's telephone to the hand-over, by HTTP and events alone."""

from typing import Any

import pytest
from sqlalchemy import select

from shared import outbox
from shared.contract.events import EVENTS
from shared.db import Sessions
from shared.envelope import Envelope
from tests.requests.cases.making import (
    FATHER,
    MOTHER,
    VILLAGE,
    Desk,
    Registry,
    Sit,
    case,
    documents,
    plan,
)

pytestmark = pytest.mark.anyio


async def told(sessions: dict[str, Sessions], case_id: str) -> list[Any]:
    async with sessions["requests"]() as session:
        table = outbox.table
        query = select(table.c.envelope).where(table.c.subject == case_id)
        rows = await session.scalars(query.order_by(table.c.position))
        return [Envelope.model_validate(each) for each in rows]


def names(envelopes: list[Envelope]) -> list[str]:
    return [each.type.removeprefix("requests.").removesuffix(".v1") for each in envelopes]


async def test_a_new_case_says_what_it_lacks(midwife: Desk) -> None:
    filed = await midwife.file()
    assert filed.status_code == 201, filed.text
    draft = filed.json()
    assert filed.headers["location"] == f"/v1/cases/{draft['id']}"
    assert filed.headers["etag"] == f'"{draft["version"]}"'
    assert draft["state"] == "DRAFT"
    assert draft["service"]["code"] == "PKT-BIRTH"
    assert draft["allowed_actions"] == ["submit", "cancel"]
    asked = {each["attachment"] for each in draft["missing"]}
    assert asked == {"BIRTH_LETTER|F203", "MARRIAGE_PROOF", "KK_COPY"}
    assert draft["applicant"] is None
    assert draft["clocks"]["due_at"] is None
    await midwife.attach_all(draft["id"])
    assert (await midwife.read(draft["id"])).json()["missing"] == []


async def test_a_submitted_case_is_routed_and_previewed_by_the_registrys_answer(
    sessions: dict[str, Sessions], registry: Registry, midwife: Desk, village: Desk
) -> None:
    submitted = await midwife.submitted()
    case_id = submitted["id"]
    assert submitted["state"] == "SUBMITTED"
    assert submitted["plan_pending"]
    assert names(await told(sessions, case_id)) == ["change.proposed", "case.submitted"]
    assert (await village.read(case_id)).status_code == 404  # not known yet to be theirs
    await registry.plans(case_id)
    seen = (await village.read(case_id)).json()
    assert seen["plan"]["plan"]["effects"][0]["effect"] == "resident.registered"
    assert seen["facts"][0]["child"]["full_name"]
    assert seen["allowed_actions"] == ["intake_check", "return"]
    checked = await village.acts(case_id, "intake_check")
    assert checked["clocks"]["due_at"]


async def test_signed_documents_are_handed_over(
    sessions: dict[str, Sessions], registry: Registry, signed: str, midwife: Desk, head: Desk
) -> None:
    expected = documents()
    await registry.applies(signed, expected)
    for each in expected[:-1]:
        await registry.issues(signed, each)
    assert (await head.read(signed)).json()["state"] == "SIGNED"
    await registry.issues(signed, expected[-1])
    ready = (await midwife.read(signed)).json()
    assert ready["state"] == "READY"
    issued = {each["document_id"] for each in ready["documents"]}
    assert issued == {str(each.document_id) for each in expected}
    closed = await midwife.acts(signed, "hand_over", receiver="AYAH CEMARA")
    assert closed["state"] == "CLOSED"
    whole = (await told(sessions, signed))[-2].event()
    assert {each.document_id for each in whole.documents} == {each.document_id for each in expected}
    steps = await head.client.get(
        f"/v1/cases/{signed}/timeline", headers=head.headers | {"X-Purpose": "laporan"}
    )
    assert [(each["action"], each["role"]) for each in steps.json()["steps"]] == [
        ("file", "FASKES"),
        ("submit", "FASKES"),
        ("intake_check", "OP_DESA"),
        ("verify", "VERIFIKATOR"),
        ("approve", "PPS"),
        ("sign", "KADIS"),
        ("ready", "SISTEM"),
        ("hand_over", "FASKES"),
        ("close", "SISTEM"),
    ]


async def test_what_is_signed_is_what_was_proposed(
    sessions: dict[str, Sessions], signed: str
) -> None:
    events = await told(sessions, signed)
    assert all(each.type in EVENTS for each in events)
    assert names(events) == [
        "change.proposed",
        "case.submitted",
        "case.verified",
        "change.requested",
    ]
    proposed, _, verified, requested = (each.event() for each in events)
    assert [fact.kind for fact in proposed.facts] == [
        "register_birth",
        "add_member",
        "reissue_family_card",
        "issue_card",
    ]
    assert requested.facts == proposed.facts
    assert requested.digest == plan().digest
    assert requested.actor == "sub-head"
    assert verified.contact.phone == "+6281234567890"
    assert verified.village_code == VILLAGE


async def test_a_case_comes_back_with_every_reason(
    sessions: dict[str, Sessions], checked: str, midwife: Desk, verifier: Desk
) -> None:
    bare = await verifier.act(checked, "return", await verifier.version(checked))
    assert bare.status_code == 422
    assert bare.json()["type"] == "/problems/not-explained"
    assert bare.json()["errors"][0]["rule"] == "REASONS_REQUIRED"
    reasons = [
        {
            "code": "SCAN_ILLEGIBLE",
            "text_id": "Surat lahir tidak terbaca.",
            "text_en": "Illegible.",
        },
        "Nama ibu berbeda dengan KK.",
    ]
    returned = await verifier.acts(checked, "return", reasons=reasons)
    assert returned["state"] == "RETURNED"
    assert returned["clocks"]["paused_since"]
    last = (await told(sessions, checked))[-1].event()
    assert [each.code for each in last.reasons] == ["SCAN_ILLEGIBLE", "OTHER"]
    assert (await midwife.read(checked)).json()["allowed_actions"] == ["submit", "cancel"]


async def test_what_came_back_is_completed_and_planned_anew(
    registry: Registry, checked: str, midwife: Desk, verifier: Desk
) -> None:
    await verifier.acts(checked, "return", reasons=["Lengkapi berat lahir."])
    fixed = case()["facts"]
    fixed[0]["child"]["weight_grams"] = 3200
    revised = await midwife.revise(checked, await midwife.version(checked), {"facts": fixed})
    assert revised.status_code == 200, revised.text
    again = await midwife.submit(checked, revised.json()["version"])
    assert again.status_code == 200, again.text
    assert again.json()["round"] == 2
    assert again.json()["plan_pending"]
    assert again.json()["clocks"]["paused_since"] is None
    await registry.plans(checked, 1, plan(note="overtaken"))
    assert (await midwife.read(checked)).json()["plan_pending"]
    await registry.plans(checked, 2, plan(note="new"))
    seen = (await verifier.read(checked)).json()
    assert seen["plan"]["round"] == 2
    assert seen["plan"]["plan"]["effects"][0]["text_id"] == "new"


async def test_a_rejected_case_can_be_reopened(
    registry: Registry, checked: str, verifier: Desk, head: Desk
) -> None:
    rejected = await verifier.acts(
        checked, "reject", reasons=["Bukan warga."], legal_ground="UU 24/2013 pasal 27"
    )
    assert rejected["state"] == "REJECTED"
    assert (await verifier.list())["items"] == []
    reopened = await head.acts(checked, "reopen", reasons=["Keberatan diterima."])
    assert (reopened["state"], reopened["round"]) == ("INTAKE_CHECKED", 2)
    assert reopened["clocks"]["paused_since"] is None
    assert [each["id"] for each in (await verifier.list())["items"]] == [checked]
    await registry.plans(checked, 2)
    assert (await verifier.acts(checked, "verify"))["state"] == "VERIFIED"


async def test_a_change_that_is_refused_goes_back_to_verification(
    sessions: dict[str, Sessions],
    registry: Registry,
    signed: str,
    verifier: Desk,
    registrar: Desk,
    head: Desk,
) -> None:
    case_id = signed
    now = plan(note="now")
    refusal = await registry.refuses(case_id, now, "PLAN_CHANGED")
    seen = (await verifier.read(case_id)).json()
    assert seen["state"] == "INTAKE_CHECKED"
    assert seen["round"] == 2
    assert seen["plan"]["digest"] == now.digest
    await registry.again(refusal)
    assert (await verifier.read(case_id)).json()["round"] == 2

    await registry.plans(case_id, 2, now)
    await verifier.acts(case_id, "verify")
    await registrar.acts(case_id, "approve")
    await head.acts(case_id, "sign")
    requested = [each for each in await told(sessions, case_id) if "requested" in each.type]
    assert [each.event().digest for each in requested] == [plan().digest, now.digest]


async def test_documents_may_be_faster_than_the_news_of_them(
    registry: Registry,
    signed: str,
    head: Desk,
    sessions: dict[str, Sessions],
) -> None:
    case_id = signed
    expected = documents()
    for each in expected:
        await registry.issues(case_id, each)
        await registry.issues(case_id, each)
    assert (await head.read(case_id)).json()["state"] == "SIGNED"
    await registry.applies(case_id, expected)
    await registry.applies(case_id, expected)
    assert (await head.read(case_id)).json()["state"] == "READY"
    assert names(await told(sessions, case_id)).count("case.ready") == 1


async def test_a_refused_plan_can_only_be_returned_or_rejected(
    registry: Registry, midwife: Desk, village: Desk, verifier: Desk
) -> None:
    case_id = (await midwife.submitted())["id"]
    await registry.plans(case_id, answer=plan("BIRTH_ALREADY_REGISTERED"))
    await village.acts(case_id, "intake_check")
    seen = (await verifier.read(case_id)).json()
    assert seen["plan"]["refused"]
    assert seen["obstacles"] == [{"action": "verify", "rule": "PLAN_REFUSED"}]
    refused = await verifier.act(case_id, "verify", seen["version"])
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/plan-refused"
    assert refused.json()["errors"][0]["rule"] == "BIRTH_ALREADY_REGISTERED"
    assert refused.json()["errors"][0]["pointer"] == "/facts/0/child"
    bare = await verifier.act(case_id, "reject", seen["version"])
    assert {each["rule"] for each in bare.json()["errors"]} == {
        "REASONS_REQUIRED",
        "LEGAL_GROUND_REQUIRED",
    }
    rejected = await verifier.acts(
        case_id,
        "reject",
        reasons=[{"code": "BIRTH_ALREADY_REGISTERED"}],
        legal_ground="UU 24/2013 pasal 27",
    )
    assert rejected["state"] == "REJECTED"
    steps = await midwife.client.get(
        f"/v1/cases/{case_id}/timeline", headers=midwife.headers | {"X-Purpose": "kabar"}
    )
    last = steps.json()["steps"][-1]
    assert [each["code"] for each in last["reasons"]] == [
        "BIRTH_ALREADY_REGISTERED",
        "LEGAL_GROUND",
        "HOW_TO_OBJECT",
    ]
    assert last["actor"] is None


async def test_nobody_verifies_before_the_registry_has_answered(
    registry: Registry, midwife: Desk, verifier: Desk, desk: Sit
) -> None:
    district = desk("sub-district", "OP_KEC", areas=("35.10.05",), point="SP-3510-005")
    case_id = (await midwife.submitted())["id"]
    await registry.plans(case_id)
    await district.acts(case_id, "intake_check")
    await verifier.acts(case_id, "hold", reasons=["Menunggu rumah sakit."])
    held = await verifier.acts(case_id, "resume", note="Sudah dijawab.")
    assert held["round"] == 2
    pending = await verifier.act(case_id, "verify", held["version"])
    assert pending.status_code == 409
    assert pending.json()["type"] == "/problems/plan-pending"
    assert pending.headers["retry-after"] == "2"
    assert str(MOTHER) not in pending.text
    assert str(FATHER) not in pending.text
