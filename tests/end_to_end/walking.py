"""Takes a case of any service through its whole workflow over HTTP, by whoever may take each step."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from services.requests.catalogue.model import Service, TransitionEntry, WorkflowEntry
from services.requests.catalogue.store import catalogue
from tests.conftest import Bearer
from tests.requests.cases.making import REGENCY, Desk

# Where a case is taken in, and by whom; the first that the service knows is used.
_DOORS: Mapping[str, tuple[str | None, str]] = {
    "DINAS": ("SP-3510-000", "OP_GERAI"),
    "MPP": ("SP-3510-001", "OP_GERAI"),
    "KECAMATAN": ("SP-351005", "OP_KEC"),
    "DESA": ("SP-3510052003", "OP_DESA"),
    "FASKES": (None, "FASKES"),
    "KUA": (None, "KUA"),
    "WEB": (None, "WARGA"),
}
_SEATED = (
    "OP_KEC",
    "OP_DESA",
    "OP_GERAI",
    "OP_CETAK",
    "VERIFIKATOR",
    "KASI",
    "KABID",
    "PPS",
    "KADIS",
)
_SAYS: dict[str, Any] = {
    "note": {"note": "sudah diperiksa"},
    "receiver": {"receiver": "PEMOHON"},
    "old_card": {"old_card_taken": True},
}
SECONDS = 60.0
_DEAD_ENDS = {
    "REJECTED",
    "CANCELLED",
    "EXPIRED",
    "RETURNED",
    "DUPLICATE",
    "CAPTURE_FAILED",
    "NO_BLANK",
}
# Where a case rests for weeks, until another regency or a birthday comes.
_RESTS: Mapping[str, str] = {
    "MOVE_OUT": "IN_TRANSIT",
    "MOV-ABROAD": "CLOSED",  # nobody abroad tells of an arrival
    "KTP-REC-EARLY": "WAITING_AGE",
}


class Stuck(AssertionError):  # noqa: N818 - says what is so
    """A case goes no further; says where and why."""


@dataclass(frozen=True)
class Filing:
    """What a client sends: who asks, and the facts of the service in order."""

    relationship: str
    facts: list[dict[str, Any]]
    resident: dict[str, str] | None = None


@dataclass
class Walk:
    """One case on its way."""

    service: Service
    id: str = ""
    states: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    waits_for: str = ""

    @property
    def goal(self) -> str:
        """Where the walk should end."""
        rests = _RESTS.get(self.service.workflow)
        return _RESTS.get(self.service.code, rests or self.workflow.states[-1])

    @property
    def workflow(self) -> WorkflowEntry:
        return catalogue().workflows[self.service.workflow]


class Walker:
    """Seats everybody whom a workflow names, each step's taker another person."""

    def __init__(self, client: httpx2.AsyncClient, bearer: Bearer) -> None:
        self._client = client
        self._bearer = bearer

    def _seat(self, role: str, action: str) -> Desk:
        return Desk(self._client, self._bearer(f"{role}-{action}".lower(), role, areas=(REGENCY,)))

    async def walk(self, code: str, filing: Filing) -> Walk:
        """File a case, and take every step until nobody has another one to take.

        Raises:
            Stuck: a step that should be possible is not.
        """
        walk = Walk(catalogue().services[code])
        await self._file(walk, filing)
        try:
            async with asyncio.timeout(SECONDS):
                while await self._step(walk):
                    pass
        except TimeoutError:
            raise Stuck(f"{code}: {walk.states}: {walk.waits_for}") from None
        case = await self._read(walk)
        walk.documents = sorted(each["kind"] for each in case["documents"])
        return walk

    async def _file(self, walk: Walk, filing: Filing) -> None:
        channel = next((each for each in _DOORS if each in walk.service.channels), None)
        if channel is None:
            raise Stuck(f"{walk.service.code}: no door among {walk.service.channels}")
        point, role = _DOORS[channel]
        desk = self._seat(role, "submit")
        applicant = {"relationship": filing.relationship, "full_name": "PEMOHON CONTOH"}
        if filing.resident:
            applicant["resident"] = filing.resident  # type: ignore[assignment]
        body = {
            "service_code": walk.service.code,
            "channel": channel,
            "applicant": applicant,
            "facts": filing.facts,
        }
        filed = await desk.file(body | ({"point_id": point} if point else {}))
        if filed.status_code != 201:
            raise Stuck(f"{walk.service.code}: not filed: {filed.text}")
        walk.id = filed.json()["id"]
        await self._complete(walk, desk, filed.json()["missing"])
        submitted = await desk.submit(walk.id, await desk.version(walk.id))
        if submitted.status_code != 200:
            raise Stuck(f"{walk.service.code}: not submitted: {submitted.text}")
        walk.states.append(submitted.json()["state"])

    async def _complete(self, walk: Walk, desk: Desk, missing: list[Any]) -> None:
        for each in missing:
            if not each["attachment"]:
                raise Stuck(f"{walk.service.code}: {each['rule']} {each['pointer']}")
            answer = await desk.attach(walk.id, each["attachment"].split("|")[0])
            assert answer.status_code == 201, answer.text

    async def _step(self, walk: Walk) -> bool:
        """Take the next step; tell whether there was one."""
        state = walk.states[-1]
        if state == walk.goal:
            return False
        forward = _forward(walk, state)
        if not forward:
            return False
        by_hand = next((each for each in forward if each.roles), None)
        if by_hand is None:
            await self._await_another(walk, state)
        else:
            await self._take(walk, by_hand)
        return True

    async def _take(self, walk: Walk, step: TransitionEntry) -> None:
        roles = walk.service.roles.get(step.action, step.roles)
        role = next((each for each in _SEATED if each in roles), None)
        if role is None:
            raise Stuck(f"{walk.service.code}: nobody here may {step.action}: {roles}")
        desk = self._seat(role, step.action)
        if (version := await self._when_allowed(walk, desk, step)) is None:
            return
        answer = await desk.act(walk.id, step.action, version, **_words(walk, step))
        if answer.status_code == 200:
            walk.states.append(answer.json()["state"])
        elif answer.status_code != 412:  # an answer of the registry came between
            raise Stuck(f"{walk.service.code}: {step.action}: {answer.text}")

    async def _when_allowed(self, walk: Walk, desk: Desk, step: TransitionEntry) -> int | None:
        """Wait until somebody may take a step; None when the case went on without it."""
        while True:
            case = (await desk.read(walk.id)).json()
            if case.get("state", walk.states[-1]) != walk.states[-1]:
                walk.states.append(case["state"])
                return None
            if step.action in case.get("allowed_actions", ()):
                return int(case["version"])
            self._refuse_if_refused(walk, await self._read(walk))
            walk.waits_for = f"{step.action}: {case.get('obstacles', case)}"
            await asyncio.sleep(0.1)

    def _refuse_if_refused(self, walk: Walk, case: Any) -> None:  # noqa: ANN401 - JSON
        plan = case.get("plan")
        if plan and plan["refused"] and not case["plan_pending"]:
            said = [(each["rule"], each["pointer"]) for each in plan["plan"]["refusals"]]
            raise Stuck(f"{walk.service.code}: refused: {said}")

    async def _await_another(self, walk: Walk, state: str) -> None:
        while (case := await self._read(walk))["state"] == state:
            walk.waits_for = f"system: documents {case['documents']}"
            await asyncio.sleep(0.1)
        walk.states.append(case["state"])
        if case["state"] in _DEAD_ENDS:
            raise Stuck(f"{walk.service.code}: went to {walk.states}: {case.get('obstacles')}")

    async def _read(self, walk: Walk) -> Any:  # noqa: ANN401 - JSON
        answer = await self._seat("KADIS", "read").read(walk.id)
        assert answer.status_code == 200, answer.text
        return answer.json()


def _words(walk: Walk, step: TransitionEntry) -> dict[str, Any]:
    """Return what has to be said with a step."""
    says: dict[str, Any] = {}
    for need in step.needs:
        says |= _SAYS.get(need, {})
    if step.action == "capture":
        says["capture"] = {"reference": f"REK-{walk.id[-12:]}", "quality": 88}
    return says


def _forward(walk: Walk, state: str) -> list[TransitionEntry]:
    """Return the steps that lead onward on the main way of the workflow."""
    main = walk.workflow.states
    later = set(main[main.index(state) + 1 :] if state in main else main)
    return [
        each
        for each in walk.workflow.transitions
        if state in each.from_
        and each.to in later
        and each.channels is None
        and (state in main or each.system)
    ]
