"""Imports over HTTP: a workbook is sent, looked through as a dry run, committed, or taken back."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, Request, Response, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.imports import actions, store, workbooks
from services.registry.imports.comparing import HOME
from services.registry.imports.rules import Outcome
from services.registry.imports.schemas import (
    BatchOut,
    Clearance,
    DifferenceOut,
    FaultOut,
    MissingOut,
    Progress,
    Result,
    RollBack,
    RowOut,
    SaidRule,
    State,
)
from services.registry.imports.tables import Batch, Row, RowFault
from services.registry.policy import POLICY
from services.registry.residents.reading import Reading, Shown, reading
from services.registry.residents.rules.nik import mask
from services.registry.residents.schemas import ORIGINS, ResidentOut
from services.registry.spreadsheets.columns import letter
from services.registry.spreadsheets.reading import MAX_BYTES, XLSX
from services.registry.spreadsheets.writing import make_template
from shared import pages, versions
from shared.auth import Principal
from shared.contract.facts import RegionCode, VillageCode
from shared.db import Session
from shared.files import Files
from shared.idempotency import OneTime
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Purpose, Reach, allowed, reaches
from shared.problems import NotFound, Reader
from shared.versions import ExpectedVersion

FORM_BYTES = 64 * 1024  # beside the file: the other fields and the parts' headers
REGENCY = "35.10"
MOST_LINES = 1_048_576  # of a sheet, as Excel numbers them
# What is shown to who may only identify people: of somebody, and of where they live.
IDENTIFYING = frozenset({*ResidentOut.model_fields, *HOME})

router = APIRouter(prefix="/v1/imports", tags=["imports"])

Sender = Annotated[Principal, Depends(allowed(POLICY, "imports.send"))]
Looker = Annotated[Principal, Depends(allowed(POLICY, "imports.read"))]
Clearer = Annotated[Principal, Depends(allowed(POLICY, "imports.clear"))]
Committer = Annotated[Principal, Depends(allowed(POLICY, "imports.commit"))]
ReadingRows = Annotated[Reading, Depends(reading("imports.read"))]

_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
        "description": "A workbook",
    }
}


@cache
def _files(url: str) -> Files:
    return Files.at(url)


def _the_files(request: Request) -> Files:
    return _files(request.app.state.settings.files_url)


@router.post("", status_code=201, operation_id="send_import", max_body_size=MAX_BYTES + FORM_BYTES)
async def send_import(
    request: Request,
    response: Response,
    session: Session,
    caller: Sender,
    purpose: Purpose,
    once: OneTime,
    file: Annotated[UploadFile, File(description="XLSX or CSV, at most 40 MB and 200,000 rows")],
    village_code: Annotated[
        VillageCode | None, Form(description="Where the file names no village, as OpenSID's")
    ] = None,
    whole_of: Annotated[
        RegionCode | None,
        Form(description="The file lists everybody of this area: who is missing is told"),
    ] = None,
    *,
    registers_numberless: Annotated[
        bool, Form(description="Give people without a NIK one at the commit")
    ] = False,
) -> BatchOut:
    """Send a workbook for its dry run, which begins at once; nothing is written by it.

    Headings of SIAK extracts and OpenSID workbooks are understood; `GET /v1/imports/template.xlsx`
    has our own.
    """
    everywhere = Reach.EVERYWHERE in reaches(POLICY, caller, "imports.send")
    batch = await actions.send(
        session,
        _the_files(request),
        await actions.receive(file),
        caller=caller,
        areas=[REGENCY] if everywhere else caller.areas,
        purpose=purpose,
        village_code=village_code,
        whole_of=whole_of,
        registers=registers_numberless,
    )
    response.headers["Location"] = f"/v1/imports/{batch.id}"
    versions.tag(response, batch.version)
    return await once.reply(201, _shown(batch))


@router.get("", operation_id="list_imports")
async def list_imports(
    request: Request,
    response: Response,
    session: Session,
    caller: Looker,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[BatchOut]:
    """List batches, the newest first: the caller's own, and for the agency everybody's."""
    before = pages.keys(after, UUID)[0] if after else None
    sender = None if _sees_all(caller) else caller.sub
    rows = await store.page(session, sender, before, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    return Page(items=[_shown(each) for each in shown], next=following)


@router.get(
    "/template.xlsx", operation_id="download_import_template", response_class=Response,
    responses=_WORKBOOK,
)  # fmt: skip
async def download_import_template(_: Sender) -> Response:
    """Return the workbook to fill in: headings with notes, and lists to choose from."""
    return _workbook(_template(), "balai-impor.xlsx")


@cache
def _template() -> bytes:
    return make_template()


@router.get("/{import_id}", operation_id="read_import")
async def read_import(
    import_id: UUID, response: Response, session: Session, caller: Looker
) -> BatchOut:
    """Say how far a batch is."""
    batch = await _readable(session, import_id, caller)
    versions.tag(response, batch.version)
    return _shown(batch)


@router.get("/{import_id}/faults", operation_id="list_import_faults")
async def list_import_faults(
    import_id: UUID,
    request: Request,
    response: Response,
    session: Session,
    caller: Looker,
    blocks: Annotated[
        bool | None, Query(description="Only those that keep rows out, or only warnings")
    ] = None,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[FaultOut]:
    """List everything that is wrong, with row, column and rule, in the order of the file."""
    batch = await _readable(session, import_id, caller)
    behind = pages.keys(after, int, int) if after else None
    rows = await store.page_of_faults(session, batch.id, blocks, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.number, row.id))
    pages.link_next(request, response, following)
    return Page(items=[_fault(batch, each) for each in shown], next=following)


@router.get(
    "/{import_id}/faults.xlsx", operation_id="download_import_faults", response_class=Response,
    responses=_WORKBOOK,
)  # fmt: skip
async def download_import_faults(
    import_id: UUID, request: Request, session: Session, begun: ReadingRows, language: Reader
) -> Response:
    """Return the workbook as it came, with the cells at fault coloured and commented."""
    batch = await _readable(session, import_id, begun.caller)
    if batch.checked_at is None or batch.state == State.REFUSED:
        raise actions.NotNow
    await store.note_file(session, begun, batch)
    content = await workbooks.faulty(session, _the_files(request), batch, language)
    return _workbook(content, f"impor-{batch.id}.xlsx")


@router.get("/{import_id}/rows", operation_id="list_import_rows")
async def list_import_rows(
    import_id: UUID,
    request: Request,
    response: Response,
    session: Session,
    begun: ReadingRows,
    outcome: Outcome | None = None,
    result: Result | None = None,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[RowOut]:
    """List rows with what the commit would do or did: before and after of everything that changes."""
    batch = await _readable(session, import_id, begun.caller)
    behind = pages.keys(after, int)[0] if after else None
    rows = await store.page_of_rows(session, batch.id, outcome, result, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.number,))
    pages.link_next(request, response, following)
    people = await store.people_of_rows(session, begun, _told_of(shown))
    seen = {each.id: begun.of(each) for each in people.values()}
    return Page(items=[_row(each, seen) for each in shown], next=following)


def _told_of(rows: Iterable[Row]) -> set[UUID]:
    return {each for row in rows for each in (row.resident_id, *row.suspects) if each is not None}


@router.get("/{import_id}/missing", operation_id="list_import_missing")
async def list_import_missing(
    import_id: UUID,
    request: Request,
    response: Response,
    session: Session,
    begun: ReadingRows,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[MissingOut]:
    """List whom the registry has and the file has not; the commit does nothing to them."""
    batch = await _readable(session, import_id, begun.caller)
    behind = pages.keys(after, UUID)[0] if after else None
    rows = await store.missing(session, begun, batch, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.resident.id,))
    pages.link_next(request, response, following)
    return Page(
        items=[
            MissingOut(
                id=each.resident.id,
                nik=mask(each.resident.nik),
                full_name=each.resident.full_name,
                kk_number=mask(each.kk_number),
                village_code=each.resident.village_code,
            )
            for each in shown
        ],
        next=following,
    )


@router.post("/{import_id}/rows/{row}/clearance", operation_id="clear_import_row")
async def clear_import_row(
    import_id: UUID,
    row: Annotated[int, Path(ge=1, le=MOST_LINES)],
    clearance: Clearance,
    session: Session,
    caller: Clearer,
    once: OneTime,
) -> RowOut:
    """Decide that a suspected row is none of those whom it resembles; remembered as a verdict."""
    cleared = await actions.clear(session, import_id, row, caller, clearance.reason)
    return await once.reply(200, _row(cleared, {}))


@router.post("/{import_id}/commit", status_code=202, operation_id="commit_import")
async def commit_import(
    import_id: UUID,
    response: Response,
    session: Session,
    caller: Committer,
    expected: ExpectedVersion,
) -> BatchOut:
    """Have the rows of a dry run written, some families at a time; `progress` tells how far it is."""
    batch = await actions.begin_commit(session, import_id, caller, expected)
    versions.tag(response, batch.version)
    return _shown(batch)


@router.post("/{import_id}/rollback", status_code=202, operation_id="roll_back_import")
async def roll_back_import(
    import_id: UUID,
    why: RollBack,
    response: Response,
    session: Session,
    caller: Committer,
    expected: ExpectedVersion,
) -> BatchOut:
    """Take a batch back where nothing else changed since; history keeps what was and what became."""
    batch = await actions.begin_roll_back(session, import_id, caller, why.reason, expected)
    versions.tag(response, batch.version)
    return _shown(batch)


@router.post("/{import_id}/cancel", operation_id="cancel_import")
async def cancel_import(
    import_id: UUID,
    response: Response,
    session: Session,
    caller: Sender,
    expected: ExpectedVersion,
) -> BatchOut:
    """Put an own batch aside that was not committed."""
    batch = await actions.cancel(session, import_id, caller, expected)
    versions.tag(response, batch.version)
    return _shown(batch)


def _sees_all(caller: Principal) -> bool:
    return Reach.EVERYWHERE in reaches(POLICY, caller, "imports.read")


async def _readable(session: AsyncSession, import_id: UUID, caller: Principal) -> Batch:
    batch = await store.get(session, import_id)
    if batch is None or not (_sees_all(caller) or batch.sent_by == caller.sub):
        raise NotFound
    return batch


def _workbook(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=XLSX)


def _shown(batch: Batch) -> BatchOut:
    return BatchOut(
        id=batch.id,
        state=State(batch.state),
        dialect=batch.dialect,
        village_code=batch.village_code,
        whole_of=batch.whole_of,
        registers_numberless=batch.registers,
        ignored_headings=[each[:250] for each in batch.ignored or ()],
        refused=[_said(each["rule"], each["values"]) for each in batch.refused or ()],
        rows={Outcome(name): count for name, count in (batch.counts or {}).items()},
        faults=batch.faults or 0,
        results={Result(name): count for name, count in (batch.applied or {}).items()},
        progress=Progress(done=batch.done or 0, total=batch.total or 0),
        sent_by=batch.sent_by,
        sent_at=batch.sent_at,
        checked_at=batch.checked_at,
        committed_by=batch.committed_by,
        committed_at=batch.committed_at,
        rolled_back_by=batch.rolled_back_by,
        rolled_back_at=batch.rolled_back_at,
        trouble=batch.trouble,
        version=batch.version,
    )


def _said(rule: str, values: dict[str, str]) -> SaidRule:
    told = workbooks.words_of(rule, values)
    return SaidRule(rule=rule, text_id=told.id, text_en=told.en, law=workbooks.law_of(rule))


def _fault(batch: Batch, fault: RowFault) -> FaultOut:
    place = workbooks.place_of(batch, fault.column)
    told = workbooks.words_of(fault.rule, fault.values)
    return FaultOut(
        row=fault.number,
        column=letter(place[0]) if place else None,
        heading=place[1] if place else None,
        blocks=fault.blocks,
        rule=fault.rule,
        text_id=told.id,
        text_en=told.en,
        law=workbooks.law_of(fault.rule),
    )


def _row(row: Row, seen: Mapping[UUID, Shown]) -> RowOut:
    """Show a row; of the people whom it is about only as much as the caller is shown of them."""
    shown = seen.get(row.resident_id) if row.resident_id else None
    return RowOut(
        row=row.number,
        outcome=Outcome(row.outcome),
        full_name=row.values.get("full_name"),
        nik=mask(row.nik) if row.nik else None,
        held_by_row=row.held_by,
        differences=[_difference(each, shown) for each in row.differences],
        resident_id=row.resident_id,
        suspects=[each for each in row.suspects if each in seen][:50],
        result=Result(row.result) if row.result else None,
    )


def _difference(told: Mapping[str, Any], shown: Shown | None) -> DifferenceOut:
    difference = DifferenceOut.model_validate(told)
    field = difference.field
    readable = shown is not None and (shown.whole or field in IDENTIFYING)
    if field in ORIGINS:
        readable = shown is not None and shown.whole and shown.origins
    return difference.model_copy(update={} if readable else {"before": None, "hidden": True})
