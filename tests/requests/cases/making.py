"""People, facts and the registry's answers, for stories about cases."""

import io
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx2
from PIL import Image

from services.requests.worker import HANDLERS
from shared import clock
from shared.contract.events import (
    ChangeApplied,
    ChangePlanned,
    ChangeRefused,
    DocumentIssued,
    Event,
    ExpectedDocument,
    IssuedKind,
)
from shared.contract.plan import Effect, Outcome, Plan, Remark
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox

VILLAGE = "35.10.05.2003"  # in Muncar
ELSEWHERE = "35.10.09.2001"
REGENCY = "35.10"
PURPOSE = {"X-Purpose": "memeriksa berkas"}

MOTHER_NIK = "3510054107959001"
MOTHER = uuid4()
FATHER = uuid4()
CANARY = "KANARIA MELATI"


def birth(child: dict[str, object] | None = None, **changes: object) -> dict[str, Any]:
    born: dict[str, object] = {
        "full_name": CANARY,
        "sex": "P",
        "birth_date": "2026-11-20",
        "birth_place": "BANYUWANGI",
    }
    return {
        "kind": "register_birth",
        "child": born | (child or {}),
        "mother": {"nik": MOTHER_NIK},
        "marriage_evidence": "MARRIAGE_PROOF",
        "reporter_name": "BIDAN KENANGA",
        "reporter_relationship": "midwife",
        "witnesses": [{"full_name": "SAKSI SATU"}, {"full_name": "SAKSI DUA"}],
    } | changes


def case(**changes: object) -> dict[str, Any]:
    return {
        "service_code": "PKT-BIRTH",
        "channel": "FASKES",
        "applicant": {
            "relationship": "parent",
            "full_name": "AYAH CEMARA",
            "phone": "0812-3456-7890",
            "consents_to_whatsapp": True,
        },
        "facts": [birth()],
    } | changes


def plan(*refusals: str, note: str = "AKTA") -> Plan:
    effect = Effect(effect="resident.registered", subject="new", text_id=note, text_en=note)
    return Plan(
        effects=[effect],
        refusals=[
            Remark(rule=each, pointer="/0/child", text_id=each, text_en=each) for each in refusals
        ],
    )


def picture(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


class Registry:
    """Answers by hand, through the real inbox."""

    def __init__(self, sessions: Sessions) -> None:
        self._inbox = Inbox(sessions, HANDLERS)

    async def say(self, event: Event) -> Envelope:
        envelope = Envelope.around(event)
        assert await self._inbox.receive(envelope, redelivered=False) is None
        return envelope

    async def again(self, envelope: Envelope) -> None:
        assert await self._inbox.receive(envelope, redelivered=False) is None

    async def plans(
        self, case_id: str, round_: int = 1, answer: Plan | None = None, **changes: object
    ) -> Envelope:
        answer = answer or plan()
        fields = {
            "case_id": UUID(case_id),
            "round": round_,
            "digest": answer.digest,
            "refused": bool(answer.refusals),
            "plan": answer,
            "village_code": VILLAGE,
            "related_resident_ids": [MOTHER, FATHER],
        }
        return await self.say(ChangePlanned(**(fields | changes)))

    async def applies(self, case_id: str, documents: list[ExpectedDocument]) -> Envelope:
        return await self.say(
            ChangeApplied(
                case_id=UUID(case_id),
                outcome=Outcome(resident_ids=[uuid4()]),
                documents=documents,
                village_code=VILLAGE,
                applied_at=clock.now(),
            )
        )

    async def refuses(self, case_id: str, answer: Plan, *rules: str) -> Envelope:
        return await self.say(
            ChangeRefused(
                case_id=UUID(case_id), rules=list(rules), digest=answer.digest, plan=answer
            )
        )

    async def issues(self, case_id: str, document: ExpectedDocument) -> Envelope:
        return await self.say(
            DocumentIssued(
                case_id=UUID(case_id),
                document_id=document.document_id,
                kind=document.kind,
                copy_number=1,
                issued_at=clock.now(),
            )
        )


def documents() -> list[ExpectedDocument]:
    return [ExpectedDocument(document_id=uuid4(), kind=each) for each in IssuedKind]


class Desk:
    """One person with their token, working on cases."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def post(self, path: str, body: object = None, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json=body, headers=self.headers | named)

    async def file(self, body: object = None, key: str | None = None) -> httpx2.Response:
        return await self.post("/v1/cases", body or case(), Idempotency_Key=key or uuid4().hex)

    async def revise(self, case_id: str, version: int, body: object) -> httpx2.Response:
        headers = self.headers | {"If-Match": f'"{version}"'}
        return await self.client.patch(f"/v1/cases/{case_id}", json=body, headers=headers)

    async def attach(self, case_id: str, code: str, content: bytes = b"") -> httpx2.Response:
        return await self.client.post(
            f"/v1/cases/{case_id}/attachments",
            data={"code": code},
            files={"file": ("photo.png", content or picture(), "image/png")},
            headers=self.headers,
        )

    async def attach_all(self, case_id: str) -> None:
        for code in ("BIRTH_LETTER", "MARRIAGE_PROOF", "KK_COPY"):
            answer = await self.attach(case_id, code)
            assert answer.status_code == 201, answer.text

    async def submit(self, case_id: str, version: int, body: object = None) -> httpx2.Response:
        return await self.post(f"/v1/cases/{case_id}/submit", body, If_Match=f'"{version}"')

    async def act(self, case_id: str, action: str, version: int, **more: object) -> httpx2.Response:
        body = {"action": action} | more
        return await self.post(f"/v1/cases/{case_id}/actions", body, If_Match=f'"{version}"')

    async def read(self, case_id: str) -> httpx2.Response:
        return await self.client.get(f"/v1/cases/{case_id}", headers=self.headers | PURPOSE)

    async def version(self, case_id: str) -> int:
        answer = await self.read(case_id)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["version"])

    async def acts(self, case_id: str, action: str, **more: object) -> Any:  # noqa: ANN401 - JSON
        """Take a step that must succeed, on the newest version."""
        answer = await self.act(case_id, action, await self.version(case_id), **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def submitted(self, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """File, attach, submit."""
        filed = await self.file(body)
        assert filed.status_code == 201, filed.text
        case_id = filed.json()["id"]
        await self.attach_all(case_id)
        answer = await self.submit(case_id, filed.json()["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def list(self, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        answer = await self.client.get("/v1/cases", params=query, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Sit(Protocol):
    """Seats somebody with these roles, in the whole regency unless told; more claims by name."""

    def __call__(
        self, sub: str, *roles: str, areas: tuple[str, ...] = (REGENCY,), **claims: object
    ) -> Desk: ...
