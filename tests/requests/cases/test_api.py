"""Who may do what to a case, and what happens when many try at once."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from services.requests.cases.tables import Case, CaseAccess, CaseStep
from shared import clock, outbox
from shared.db import Sessions
from tests.requests.cases.making import (
    CANARY,
    FATHER,
    MOTHER_NIK,
    PURPOSE,
    VILLAGE,
    Desk,
    Registry,
    Sit,
    birth,
    case,
    documents,
    picture,
    plan,
)

pytestmark = pytest.mark.anyio


async def count(
    sessions: dict[str, Sessions], column: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> int:
    async with sessions["requests"]() as session:
        return await session.scalar(select(func.count(column))) or 0


async def events(sessions: dict[str, Sessions], kind: str) -> int:
    async with sessions["requests"]() as session:
        query = select(outbox.table.c.envelope)
        return sum(each["type"] == kind for each in await session.scalars(query))


def slug(answer: httpx2.Response) -> str:
    return str(answer.json()["type"]).removeprefix("/problems/")


def rules_of(answer: httpx2.Response) -> set[str]:
    return {each["rule"] for each in answer.json()["errors"]}


# Filing


async def test_everything_wrong_with_a_new_case_is_told_at_once(desk: Sit) -> None:
    clerk = desk("sub-clerk", "OP_DESA", areas=(VILLAGE,))
    body = case(service_code="XX-NO", channel="FAX", point_id="SP-3510-999")
    answer = await clerk.file(body)
    assert answer.status_code == 422
    assert slug(answer) == "refused"
    assert rules_of(answer) == {"UNKNOWN_SERVICE", "UNKNOWN_CHANNEL", "UNKNOWN_POINT"}


async def test_a_service_that_is_not_open_says_so(midwife: Desk) -> None:
    answer = await midwife.file(case(service_code="INF-VERIFY", facts=[]))
    assert answer.status_code == 409
    assert slug(answer) == "service-not-open"


async def test_a_point_takes_in_only_what_it_can(desk: Sit) -> None:
    clerk = desk("sub-clerk", "OP_DESA", areas=("35.10",))
    wrong = await clerk.file(case(channel="DESA", point_id="SP-3510-001"))
    assert rules_of(wrong) == {"POINT_CANNOT_TAKE_IN"}
    none = await clerk.file(case(channel="DESA"))
    assert rules_of(none) == {"POINT_CANNOT_TAKE_IN"}
    not_a_channel = await clerk.file(case(channel="SEKOLAH"))
    assert rules_of(not_a_channel) == {"CHANNEL_NOT_OF_SERVICE"}


async def test_an_officer_files_where_they_sit(desk: Sit) -> None:
    clerk = desk("sub-clerk", "OP_DESA", areas=("35.10.99.2001",))
    answer = await clerk.file(case(channel="MPP", point_id="SP-3510-001"))
    assert "POINT_NOT_YOURS" in rules_of(answer)
    sitting = desk("sub-mpp", "OP_GERAI", areas=(), point="SP-3510-001")
    filed = await sitting.file(case(channel="MPP", point_id="SP-3510-001"))
    assert filed.status_code == 201, filed.text
    assert filed.json()["intake_area"] == "35.10.16"


async def test_a_citizen_files_online_for_themselves(desk: Sit) -> None:
    me = uuid4()
    citizen = desk("sub-citizen", "WARGA", areas=(), resident_id=str(me))
    body = case(channel="WEB")
    filed = await citizen.file(body)
    assert filed.status_code == 201, filed.text
    read = await citizen.client.get(
        filed.headers["location"], headers=citizen.headers
    )  # needs no purpose
    assert read.json()["applicant"]["resident"]["resident_id"] == str(me)
    body["applicant"]["resident"] = {"resident_id": str(uuid4())}
    assert rules_of(await citizen.file(body)) == {"APPLICANT_NOT_YOU"}
    assert rules_of(await citizen.file(case())) == {"CHANNEL_NOT_YOURS"}


async def test_bad_input_is_explained_and_never_echoed(midwife: Desk) -> None:
    body = case()
    body["applicant"] |= {"phone": "12", "email": "x"}
    body["facts"][0]["child"]["birth_date"] = "2026-13-40"
    body["facts"][0]["mother"] = {"nik": "3510"}
    answer = await midwife.file(body)
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert {
        "/applicant/phone",
        "/applicant/email",
        "/facts/0/child/birth_date",
        "/facts/0/mother/nik",
    } <= pointers
    assert "2026-13-40" not in answer.text


async def test_a_case_lacks_facts_papers_and_an_entitled_applicant(midwife: Desk) -> None:
    body = case(facts=[])
    body["applicant"]["relationship"] = "neighbour"
    filed = await midwife.file(body)
    assert filed.status_code == 201, filed.text
    lacking = {each["rule"] for each in filed.json()["missing"]}
    assert lacking == {"FACT_MISSING", "ATTACHMENT_MISSING", "APPLICANT_NOT_ENTITLED"}
    case_id, version = filed.json()["id"], filed.json()["version"]
    submitted = await midwife.submit(case_id, version)
    assert submitted.status_code == 422
    assert slug(submitted) == "case-incomplete"
    assert rules_of(submitted) == lacking
    assert (await midwife.read(case_id)).json()["state"] == "DRAFT"


async def test_twenty_identical_posts_make_one_case(
    midwife: Desk, sessions: dict[str, Sessions]
) -> None:
    answers = [await midwife.file(key="the-same-key") for _ in range(20)]
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == 1
    assert len({each.headers["etag"] for each in answers}) == 1
    assert await count(sessions, Case.id) == 1
    assert await count(sessions, CaseStep.case_id) == 1


async def test_twenty_simultaneous_posts_make_one_case(
    midwife: Desk, sessions: dict[str, Sessions]
) -> None:
    answers = await asyncio.gather(*(midwife.file(key="the-same-key") for _ in range(20)))
    made = [each for each in answers if each.status_code == 201]
    assert made
    assert {each.status_code for each in answers} <= {201, 409, 503}
    assert len({each.json()["id"] for each in made}) == 1
    assert await count(sessions, Case.id) == 1


async def test_the_same_key_for_something_else_is_refused(midwife: Desk) -> None:
    assert (await midwife.file(key="the-same-key")).status_code == 201
    other = await midwife.file(case(facts=[]), key="the-same-key")
    assert slug(other) == "idempotency-key-reused"


async def test_filing_needs_a_key_and_changing_a_version(midwife: Desk) -> None:
    assert (await midwife.post("/v1/cases", case())).status_code == 422
    filed = (await midwife.file()).json()
    path = f"/v1/cases/{filed['id']}"
    bare = await midwife.client.patch(path, json={"facts": []}, headers=midwife.headers)
    assert bare.status_code == 428
    assert (await midwife.post(f"{path}/submit")).status_code == 428
    assert (await midwife.post(f"{path}/actions", {"action": "cancel"})).status_code == 428
    assert (await midwife.revise(filed["id"], 77, {"facts": []})).status_code == 412
    assert (await midwife.act(filed["id"], "cancel", 77, note="x")).status_code == 412
    await midwife.attach_all(filed["id"])
    assert (await midwife.submit(filed["id"], 77)).status_code == 412


async def test_a_draft_is_revised_and_a_submitted_case_is_not(midwife: Desk) -> None:
    filed = (await midwife.file(case(facts=[]))).json()
    revised = await midwife.revise(filed["id"], filed["version"], {"facts": [birth()]})
    assert revised.status_code == 200, revised.text
    assert "FACT_MISSING" not in {each["rule"] for each in revised.json()["missing"]}
    await midwife.attach_all(filed["id"])
    submitted = await midwife.submit(filed["id"], revised.json()["version"])
    assert submitted.status_code == 200, submitted.text
    late = await midwife.revise(filed["id"], submitted.json()["version"], {"facts": []})
    assert slug(late) == "case-not-editable"
    assert slug(await midwife.attach(filed["id"], "KK_COPY", picture("red"))) == (
        "case-not-editable"
    )


# The same birth twice


async def test_the_same_birth_is_noticed_and_not_submitted_twice(midwife: Desk, desk: Sit) -> None:
    first = await midwife.submitted()
    other = desk("sub-other-midwife", "FASKES", areas=())
    second = (await other.file()).json()
    assert [each["number"] for each in second["similar"]] == [first["number"]]
    await other.attach_all(second["id"])
    refused = await other.submit(second["id"], second["version"])
    assert refused.status_code == 409
    assert slug(refused) == "same-case-open"
    assert refused.json()["other"] == first["number"]
    unexplained = await other.submit(second["id"], second["version"], {"different": True})
    assert unexplained.status_code == 422
    said = {"different": True, "reason": "Kembar dengan nama sama di surat lahir."}
    passed = await other.submit(second["id"], second["version"], said)
    assert passed.status_code == 200, passed.text


async def test_of_simultaneous_submissions_of_one_birth_one_passes(
    desk: Sit, sessions: dict[str, Sessions]
) -> None:
    people = [desk(f"sub-midwife-{each}", "FASKES", areas=()) for each in range(6)]
    drafts = []
    for person in people:
        draft = (await person.file()).json()
        await person.attach_all(draft["id"])
        drafts.append(draft)
    answers = await asyncio.gather(
        *(
            person.submit(draft["id"], draft["version"])
            for person, draft in zip(people, drafts, strict=True)
        )
    )
    assert Counter(each.status_code for each in answers) == {200: 1, 409: 5}
    assert await events(sessions, "requests.change.proposed.v1") == 1
    assert await events(sessions, "requests.case.submitted.v1") == 1


async def test_a_withdrawn_case_no_longer_stands_in_the_way(midwife: Desk) -> None:
    first = await midwife.submitted()
    cancelled = await midwife.acts(first["id"], "cancel", note="Salah rumah sakit.")
    assert cancelled["state"] == "CANCELLED"
    assert (await midwife.submitted())["state"] == "SUBMITTED"


# Who may


async def test_wrong_people_find_nothing_and_absent_looks_the_same(
    midwife: Desk, other_village: Desk, desk: Sit, registry: Registry
) -> None:
    case_id = (await midwife.submitted())["id"]
    await registry.plans(case_id)
    version = await midwife.version(case_id)
    strangers = [
        other_village,
        desk("sub-other-midwife", "FASKES", areas=()),
        desk("sub-citizen", "WARGA", areas=(), resident_id=str(uuid4())),
        desk("sub-outlet", "OP_GERAI", point="SP-3510-001"),
    ]
    for person in strangers:
        hidden, absent = [
            [
                await person.read(each),
                await person.act(each, "intake_check", version),
                await person.submit(each, version),
                await person.revise(each, version, {"facts": []}),
                await person.attach(each, "KK_COPY"),
                await person.client.get(
                    f"/v1/cases/{each}/timeline", headers=person.headers | PURPOSE
                ),
                await person.client.get(f"/v1/cases/{each}/attachments", headers=person.headers),
            ]
            for each in (case_id, str(uuid4()))
        ]
        assert {each.status_code for each in (*hidden, *absent)} == {404}
        for one, other in zip(hidden, absent, strict=True):
            same = [each.json() | {"trace_id": ""} for each in (one, other)]
            assert same[0] == same[1]


async def test_roles_without_any_case_work_are_forbidden(midwife: Desk, desk: Sit) -> None:
    case_id = (await midwife.submitted())["id"]
    for role in ("BUPATI", "KLIEN", "ADM_WILAYAH"):
        person = desk(f"sub-{role}", role)
        assert (await person.read(case_id)).status_code == 403
        assert (await person.file()).status_code == 403
        assert (await person.client.get("/v1/cases", headers=person.headers)).status_code == 403
    nobody = await midwife.client.get(f"/v1/cases/{case_id}")
    assert nobody.status_code == 401


async def test_each_step_is_for_its_role(
    checked: str, midwife: Desk, village: Desk, verifier: Desk, registrar: Desk, head: Desk
) -> None:
    version = await verifier.version(checked)
    for person in (midwife, village, registrar, head):
        assert (await person.act(checked, "verify", version)).status_code == 403
    for person in (midwife, village, verifier, registrar):
        assert (await person.act(checked, "sign", version)).status_code == 403
    illegal = await head.act(checked, "sign", version)
    assert illegal.status_code == 409
    assert slug(illegal) == "illegal-transition"
    assert illegal.json()["state"] == "INTAKE_CHECKED"


async def test_nobody_acts_twice_in_one_case(checked: str, desk: Sit) -> None:
    everything = desk("sub-busy", "VERIFIKATOR", "PPS", "KADIS")
    await everything.acts(checked, "verify")
    seen = (await everything.read(checked)).json()
    assert {"action": "approve", "rule": "SEPARATION_OF_DUTIES"} in seen["obstacles"]
    refused = await everything.act(checked, "approve", seen["version"])
    assert refused.status_code == 403
    assert slug(refused) == "separation-of-duties"


async def test_nobody_decides_about_their_own_family(checked: str, desk: Sit) -> None:
    relative = desk("sub-relative", "VERIFIKATOR", resident_id=str(FATHER))
    refused = await relative.act(checked, "verify", await relative.version(checked))
    assert refused.status_code == 403
    assert slug(refused) == "own-family"


async def test_the_plan_is_for_officers(
    checked: str, midwife: Desk, village: Desk, desk: Sit
) -> None:
    assert (await village.read(checked)).json()["plan"]["plan"]["effects"]
    assert (await midwife.read(checked)).json()["plan"] is None
    assert (await midwife.read(checked)).json()["facts"]
    printer = (await desk("sub-printer", "OP_CETAK").read(checked)).json()
    assert printer["facts"] is None
    assert printer["applicant"] is None


async def test_reading_about_people_needs_a_purpose_and_leaves_a_line(
    checked: str, verifier: Desk, sessions: dict[str, Sessions]
) -> None:
    before = await count(sessions, CaseAccess.position)
    bare = await verifier.client.get(f"/v1/cases/{checked}", headers=verifier.headers)
    assert bare.status_code == 400
    assert slug(bare) == "purpose-required"
    assert await count(sessions, CaseAccess.position) == before
    await verifier.read(checked)
    async with sessions["requests"]() as session:
        last = await session.scalar(select(CaseAccess).order_by(CaseAccess.position.desc()))
    assert last is not None
    assert (last.sub, last.purpose) == ("sub-verifier", PURPOSE["X-Purpose"])
    assert last.fields == ["applicant", "facts", "plan"]


# Races


async def test_eight_deciders_have_one_winner(
    checked: str, desk: Sit, sessions: dict[str, Sessions]
) -> None:
    people = [desk(f"sub-verifier-{each}", "VERIFIKATOR") for each in range(8)]
    version = await people[0].version(checked)
    answers = await asyncio.gather(*(each.act(checked, "verify", version) for each in people))
    assert Counter(each.status_code for each in answers)[200] == 1
    assert {each.status_code for each in answers} <= {200, 412, 409}
    assert await events(sessions, "requests.case.verified.v1") == 1
    async with sessions["requests"]() as session:
        steps = await session.scalar(
            select(func.count()).select_from(CaseStep).where(CaseStep.action == "verify")
        )
    assert steps == 1


async def test_two_signers_sign_once(
    approved: str, desk: Sit, sessions: dict[str, Sessions]
) -> None:
    heads = [desk(f"sub-head-{each}", "KADIS") for each in range(2)]
    version = await heads[0].version(approved)
    answers = await asyncio.gather(*(each.act(approved, "sign", version) for each in heads))
    first, second = sorted(each.status_code for each in answers)
    assert first == 200
    assert second in {409, 412}
    assert await events(sessions, "requests.change.requested.v1") == 1


async def test_a_plan_that_arrives_meanwhile_makes_the_decision_stale(
    checked: str, verifier: Desk, registry: Registry
) -> None:
    version = await verifier.version(checked)
    await registry.plans(checked, answer=plan(note="newer"))
    assert (await verifier.act(checked, "verify", version)).status_code == 412


async def test_another_plan_than_the_verified_one_is_not_approved(
    checked: str, verifier: Desk, registrar: Desk, registry: Registry
) -> None:
    await verifier.acts(checked, "verify")
    await registry.plans(checked, answer=plan(note="newer"))
    seen = (await registrar.read(checked)).json()
    changed = await registrar.act(checked, "approve", seen["version"])
    assert changed.status_code == 409
    assert slug(changed) == "plan-changed"
    back = await registrar.acts(checked, "send_back", reasons=["Pratinjau berubah."])
    assert (back["state"], back["round"]) == ("INTAKE_CHECKED", 2)
    await registry.plans(checked, 2, answer=plan(note="newer"))
    await verifier.acts(checked, "verify")
    assert (await registrar.acts(checked, "approve"))["state"] == "APPROVED"


# Many at once


async def test_many_decisions_stand_each_for_itself(
    midwife: Desk, village: Desk, verifier: Desk, registry: Registry, sessions: dict[str, Sessions]
) -> None:
    ids = []
    for each in range(4):
        filed = await midwife.submitted(case(facts=[birth(child={"full_name": f"BAYI {each}A"})]))
        ids.append(filed["id"])
        await registry.plans(filed["id"], answer=plan(*["MOTHER_UNKNOWN"] * (each == 1)))
        await village.acts(filed["id"], "intake_check")
    refs = [{"id": each, "version": await verifier.version(each)} for each in ids]
    refs[2]["version"] += 5
    refs.append({"id": str(uuid4()), "version": 1})
    body = {"action": "verify", "cases": refs}
    answer = await verifier.post("/v1/decisions", body, Idempotency_Key="bulk-decision")
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each["id"] for each in results] == [each["id"] for each in refs]
    assert [each["ok"] for each in results] == [True, False, False, True, False]
    assert results[0]["state"] == "VERIFIED"
    assert [each["problem"] and each["problem"]["type"] for each in results] == [
        None,
        "/problems/plan-refused",
        "/problems/version-changed",
        None,
        "/problems/not-found",
    ]
    assert (answer.json()["done"], answer.json()["refused"]) == (2, 3)
    assert await events(sessions, "requests.case.verified.v1") == 2
    assert await verifier.version(ids[0]) == results[0]["version"]
    again = await verifier.post("/v1/decisions", body, Idempotency_Key="bulk-decision")
    assert again.json() == answer.json()
    assert await events(sessions, "requests.case.verified.v1") == 2


async def test_two_bulk_decisions_about_the_same_cases_do_not_lock_each_other(
    midwife: Desk, village: Desk, registry: Registry, desk: Sit, sessions: dict[str, Sessions]
) -> None:
    ids = []
    for each in range(5):
        filed = await midwife.submitted(case(facts=[birth(child={"full_name": f"BAYI {each}B"})]))
        ids.append(filed["id"])
        await registry.plans(filed["id"])
        await village.acts(filed["id"], "intake_check")
    people = [desk(f"sub-verifier-{each}", "VERIFIKATOR") for each in range(2)]
    refs = [{"id": each, "version": await people[0].version(each)} for each in ids]
    orders = (refs, refs[::-1])
    answers = await asyncio.gather(
        *(
            person.post(
                "/v1/decisions", {"action": "verify", "cases": order}, Idempotency_Key=uuid4().hex
            )
            for person, order in zip(people, orders, strict=True)
        )
    )
    assert {each.status_code for each in answers} == {200}
    assert sum(each.json()["done"] for each in answers) == 5
    assert await events(sessions, "requests.case.verified.v1") == 5


# Lists


async def test_lists_show_each_reader_their_own_and_no_names(
    midwife: Desk, village: Desk, other_village: Desk, verifier: Desk, desk: Sit, registry: Registry
) -> None:
    ids = []
    for each in range(3):
        filed = await midwife.submitted(case(facts=[birth(child={"full_name": f"BAYI {each}C"})]))
        ids.append(filed["id"])
    await registry.plans(ids[0])
    await registry.plans(ids[1], village_code="35.10.05.2004")
    assert [each["id"] for each in (await midwife.list())["items"]] == ids
    assert [each["id"] for each in (await village.list())["items"]] == ids[:1]
    assert (await other_village.list())["items"] == []
    district = desk("sub-district", "OP_KEC", areas=("35.10.05",))
    assert [each["id"] for each in (await district.list())["items"]] == ids[:2]
    assert [each["id"] for each in (await verifier.list())["items"]] == ids
    narrowed = await verifier.list(area=VILLAGE, state="SUBMITTED", channel="FASKES")
    assert [each["id"] for each in narrowed["items"]] == ids[:1]
    assert (await verifier.list(mine="true"))["items"] == []
    assert (await verifier.list(service_code="CAP-BIRTH"))["items"] == []
    shown = (await verifier.client.get("/v1/cases", headers=verifier.headers)).text
    for secret in ("BAYI", "CEMARA", MOTHER_NIK):
        assert secret not in shown


async def test_pages_follow_one_another_without_gap_or_repeat(midwife: Desk) -> None:
    ids = [(await midwife.file()).json()["id"] for _ in range(5)]
    first = await midwife.list(limit=2)
    second = await midwife.list(limit=2, after=first["next"])
    third = await midwife.list(limit=2, after=second["next"])
    pages = [each["id"] for page in (first, second, third) for each in page["items"]]
    assert pages == ids
    assert third["next"] is None
    bad = await midwife.client.get(
        "/v1/cases", params={"after": "bm90IGEgY3Vyc29y"}, headers=midwife.headers
    )
    assert bad.status_code == 400
    unknown = await midwife.client.get("/v1/cases", params={"nik": "1"}, headers=midwife.headers)
    assert unknown.status_code == 422


async def test_overdue_and_at_risk_are_found_and_paused_ones_are_not(
    midwife: Desk, village: Desk, verifier: Desk, registry: Registry, sessions: dict[str, Sessions]
) -> None:
    ids = []
    for each in range(3):
        filed = await midwife.submitted(case(facts=[birth(child={"full_name": f"BAYI {each}D"})]))
        ids.append(filed["id"])
        await registry.plans(filed["id"])
        await village.acts(filed["id"], "intake_check")
    now = clock.now()
    async with sessions["requests"].begin() as session:
        for case_id, due in zip(ids, (-60, 5, 60 * 24 * 30), strict=True):
            await session.execute(
                update(Case).where(Case.id == case_id).values(due_at=now + timedelta(minutes=due))
            )
    assert [each["id"] for each in (await verifier.list(overdue="true"))["items"]] == ids[:1]
    assert [each["id"] for each in (await verifier.list(at_risk="true"))["items"]] == ids[1:2]
    by_due = await verifier.list(sort="due_at", limit=2)
    assert [each["id"] for each in by_due["items"]] == ids[:2]
    assert by_due["items"][0]["overdue"]
    rest = await verifier.list(sort="due_at", limit=2, after=by_due["next"])
    assert [each["id"] for each in rest["items"]] == ids[2:]
    await verifier.acts(ids[0], "return", reasons=["Kurang jelas."])
    assert (await verifier.list(overdue="true"))["items"] == []


# Papers


async def test_papers_are_kept_once_read_with_a_purpose_and_withdrawn(
    midwife: Desk, village: Desk, registry: Registry
) -> None:
    case_id = (await midwife.file()).json()["id"]
    content = picture("blue")
    first = await midwife.attach(case_id, "KK_COPY", content)
    again = await midwife.attach(case_id, "KK_COPY", content)
    assert first.json()["id"] == again.json()["id"]
    unknown = await midwife.attach(case_id, "NO_SUCH")
    assert rules_of(unknown) == {"UNKNOWN_ATTACHMENT"}
    path = f"/v1/cases/{case_id}/attachments"
    listed = await midwife.client.get(path, headers=midwife.headers)
    assert [each["code"] for each in listed.json()["attachments"]] == ["KK_COPY"]
    file = f"{path}/{first.json()['id']}/file"
    assert (await midwife.client.get(file, headers=midwife.headers)).status_code == 400
    read = await midwife.client.get(file, headers=midwife.headers | PURPOSE)
    assert read.status_code == 200
    assert read.headers["content-type"] == "image/jpeg"
    assert read.content.startswith(b"\xff\xd8")
    assert (await village.client.get(file, headers=village.headers | PURPOSE)).status_code == 404
    gone = await midwife.client.delete(f"{path}/{first.json()['id']}", headers=midwife.headers)
    assert gone.status_code == 204
    assert (await midwife.client.get(file, headers=midwife.headers | PURPOSE)).status_code == 404


async def test_a_large_photo_passes_and_a_larger_one_does_not(midwife: Desk) -> None:
    case_id = (await midwife.file()).json()["id"]
    padded = picture() + b"\0" * (1024 * 1024)
    assert (await midwife.attach(case_id, "KK_COPY", padded)).status_code == 201
    huge = picture() + b"\0" * (11 * 1024 * 1024)
    assert (await midwife.attach(case_id, "KK_COPY", huge)).status_code == 413


# Privacy


async def test_no_table_holds_a_readable_person(
    approved: str, head: Desk, registry: Registry, sessions: dict[str, Sessions], midwife: Desk
) -> None:
    await head.acts(approved, "sign")
    expected = documents()
    await registry.applies(approved, expected)
    for each in expected:
        await registry.issues(approved, each)
    await midwife.acts(approved, "hand_over", receiver="PENERIMA DAHLIA")
    secrets = (CANARY, MOTHER_NIK, "CEMARA", "KENANGA", "812345678", "DAHLIA")
    async with sessions["requests"]() as session:
        tables = list(
            await session.scalars(
                text("select tablename from pg_tables where schemaname = 'public'")
            )
        )
        assert {"cases", "case_steps", "outbox", "inbox", "idempotency_keys"} <= set(tables)
        for table in tables:
            rows = await session.scalars(text(f"select t::text from {table} t"))
            for row in rows:
                assert not [each for each in secrets if each in row], table
