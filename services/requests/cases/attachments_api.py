"""The papers of a case over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.attachments import actions as papers
from services.requests.attachments import store as kept
from services.requests.attachments.rules import MAX_BYTES
from services.requests.attachments.tables import Attachment
from services.requests.cases import filing, reach, store
from services.requests.cases.api import Filer, Looker
from services.requests.cases.schemas import AttachmentList, AttachmentOut, PaperCode
from services.requests.cases.tables import Case
from services.requests.catalogue.store import catalogue
from shared.auth import Principal
from shared.db import Session
from shared.files import Files
from shared.policy import Purpose
from shared.problems import NotFound, Refused, Wrong

FORM_BYTES = 64 * 1024  # beside the file: the other field and the parts' headers

router = APIRouter(prefix="/v1/cases/{case_id}/attachments", tags=["attachments"])


def _files(request: Request) -> Files:
    files: Files = request.app.state.files
    return files


TheFiles = Annotated[Files, Depends(_files)]


@router.post("", status_code=201, max_body_size=MAX_BYTES + FORM_BYTES)
async def attach(
    case_id: UUID,
    code: Annotated[PaperCode, Form()],
    file: Annotated[UploadFile, File(description="JPEG, PNG, WEBP or PDF")],
    session: Session,
    files: TheFiles,
    caller: Filer,
    response: Response,
) -> AttachmentOut:
    """Add a paper to a draft or to a case that came back; the same one again changes nothing."""
    case = await filing.for_editing(session, case_id, caller)
    if code not in catalogue().attachments:
        raise Refused([_UNKNOWN_CODE])
    content = await papers.receive(file)
    paper = await papers.keep(
        session, files, case_id=case.id, code=code, content=content, by=caller.sub
    )
    response.headers["Location"] = f"/v1/cases/{case.id}/attachments/{paper.id}"
    return _shown(paper)


@router.get("")
async def list_attachments(case_id: UUID, session: Session, reader: Looker) -> AttachmentList:
    """List the papers of a case; their content is read one by one."""
    case = await _readable(session, case_id, reader)
    return AttachmentList(
        attachments=[_shown(each) for each in await kept.list_of(session, case.id)]
    )


@router.get("/{attachment_id}/file", response_class=Response)
async def read_attachment(
    case_id: UUID,
    attachment_id: UUID,
    session: Session,
    files: TheFiles,
    reader: Looker,
    purpose: Purpose,
) -> Response:
    """Return the content of a paper; who read it, and why, is written down."""
    case = await _readable(session, case_id, reader)
    await store.note_access(session, case.id, reader, purpose, ["attachment"])
    paper, content = await papers.read(session, files, case.id, attachment_id)
    return Response(
        content,
        media_type=paper.media_type,
        headers={"Content-Disposition": f'attachment; filename="{paper.code}"'},
    )


@router.delete("/{attachment_id}", status_code=204)
async def withdraw_attachment(
    case_id: UUID, attachment_id: UUID, session: Session, caller: Filer
) -> None:
    """Take a paper back from a draft or from a case that came back."""
    case = await filing.for_editing(session, case_id, caller)
    await papers.withdraw(session, case.id, attachment_id, caller.sub)


async def _readable(session: AsyncSession, case_id: UUID, reader: Principal) -> Case:
    case = await store.find(session, case_id)
    if case is None or not reach.may(reader, "cases.read", case):
        raise NotFound
    return case


def _shown(paper: Attachment) -> AttachmentOut:
    return AttachmentOut(
        id=paper.id,
        code=paper.code,
        media_type=paper.media_type,
        size=paper.size,
        kept_at=paper.kept_at,
    )


_UNKNOWN_CODE = Wrong(
    "/code",
    "UNKNOWN_ATTACHMENT",
    "Pilih kode lampiran yang disebut layanan ini (GET /v1/services).",
    "Choose a code that the service names (GET /v1/services).",
)
