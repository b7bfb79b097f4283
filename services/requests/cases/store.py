"""Cases in the database. All SQL of this slice is here, and all sealing of its rows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.requests.cases import numbering
from services.requests.cases.schemas import Applicant
from services.requests.cases.sla import OFFICE, Calendar
from services.requests.cases.tables import (
    Case,
    CaseAccess,
    CaseDocument,
    CaseStep,
    OfficeDay,
    SignerOutage,
)
from shared.auth import Principal
from shared.contract.events import Download, ExpectedDocument, Reason
from shared.contract.facts import Fact, PersonRef
from shared.contract.plan import Plan
from shared.db import violated_constraint
from shared.sealed import keyring

T = TypeVar("T")


class Said(BaseModel):
    """What was said with a step."""

    reasons: list[Reason] = []
    note: str | None = None
    receiver: str | None = None
    movers: list[PersonRef] = []  # who arrived, of a report about that


_APPLICANT = TypeAdapter(Applicant)
_FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])
_PLAN = TypeAdapter(Plan)
_SAID = TypeAdapter(Said)
_DOWNLOAD = TypeAdapter(Download)


class AlreadyClaimed(Exception):  # noqa: N818 - says what is known
    """Another case about the same subject is in process."""


def _seal(adapter: TypeAdapter[T], value: T, column: str, row: object) -> str:
    return keyring().seal(adapter.dump_json(value), f"cases.{column}/{row}")


def _open(adapter: TypeAdapter[T], text: str, column: str, row: object) -> T:
    return adapter.validate_json(keyring().open(text, f"cases.{column}/{row}"))


def set_applicant(case: Case, applicant: Applicant) -> None:
    """Write down who asks."""
    case.applicant = _seal(_APPLICANT, applicant, "applicant", case.id)


def applicant_of(case: Case) -> Applicant:
    """Return who asks."""
    return _open(_APPLICANT, case.applicant, "applicant", case.id)


def set_facts(case: Case, facts: Sequence[Fact], subject: str | None) -> None:
    """Write down what is asked, and by what the same can be recognised."""
    case.facts = _seal(_FACTS, list(facts), "facts", case.id)
    case.fingerprint = keyring().blind_index(f"case|{subject}") if subject else None


def facts_of(case: Case) -> list[Fact]:
    """Return what is asked."""
    return _open(_FACTS, case.facts, "facts", case.id)


def set_plan(case: Case, plan: Plan) -> None:
    """Write down what the registry says it would do."""
    case.plan = _seal(_PLAN, plan, "plan", case.id)


def plan_of(case: Case) -> Plan | None:
    """Return what the registry says it would do; None before its first answer."""
    return _open(_PLAN, case.plan, "plan", case.id) if case.plan else None


async def add(session: AsyncSession, case: Case, first: CaseStep, day: date) -> None:
    """Insert a case under a number of its own, with the first line of its timeline."""
    while not await _is_free(session, number := numbering.draw(day)):
        continue
    case.number = number
    session.add(case)
    await session.flush()
    session.add(first)
    await session.flush()


async def _is_free(session: AsyncSession, number: str) -> bool:
    """Reserve a number: who draws the same one at the same time waits, and then draws again."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(number, 0))))
    return await session.scalar(select(Case.id).where(Case.number == number)) is None


async def find(session: AsyncSession, case_id: UUID) -> Case | None:
    """Return a case, whoever asks; jurisdiction is the caller's to check."""
    return await session.get(Case, case_id)


async def lock(session: AsyncSession, case_id: UUID) -> Case | None:
    """Return a case that nobody else can change until this transaction ends."""
    statement = select(Case).where(Case.id == case_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


@asynccontextmanager
async def claiming(session: AsyncSession, case: Case) -> AsyncIterator[None]:
    """Take the case's subject for itself, together with whatever is written meanwhile.

    Raises:
        AlreadyClaimed: an open case has it; the transaction can go on without what was written.
    """
    try:
        async with session.begin_nested():
            case.claimed = True
            yield
    except IntegrityError as error:
        if violated_constraint(error) != "uq_cases_claimed":
            raise
        raise AlreadyClaimed from error


async def claimant(session: AsyncSession, fingerprint: bytes) -> str | None:
    """Return the number of the open case that holds a subject."""
    statement = select(Case.number).where(Case.fingerprint == fingerprint, Case.claimed)
    return await session.scalar(statement)


async def same_subject(
    session: AsyncSession, fingerprint: bytes | None, but: UUID
) -> Sequence[Case]:
    """Return the other open cases about a subject, drafts among them, oldest first; at most 10."""
    if fingerprint is None:
        return []
    statement = (
        select(Case)
        .where(Case.fingerprint == fingerprint, Case.closed_at.is_(None), Case.id != but)
        .order_by(Case.id)
        .limit(10)
    )
    return (await session.scalars(statement)).all()


def next_step(
    case: Case,
    action: str,
    from_state: str | None,
    who: tuple[str, str],
    at: datetime,
    said: Said,
) -> CaseStep:
    """Return the next line of a case's timeline; `who` is a `sub` and the role it acted in."""
    case.steps = (case.steps or 0) + 1
    silent = said == Said()
    return CaseStep(
        case_id=case.id,
        seq=case.steps,
        action=action,
        from_state=from_state,
        to_state=case.state,
        round=case.round,
        actor=who[0],
        role=who[1],
        at=at,
        codes=[each.code for each in said.reasons],
        words=None if silent else _seal(_SAID, said, "words", f"{case.id}/{case.steps}"),
    )


async def timeline(session: AsyncSession, case_id: UUID) -> Sequence[CaseStep]:
    """Return a case's steps, oldest first."""
    statement = select(CaseStep).where(CaseStep.case_id == case_id).order_by(CaseStep.seq)
    return (await session.scalars(statement)).all()


def said_with(step: CaseStep) -> Said:
    """Return what was said with a step."""
    place = f"{step.case_id}/{step.seq}"
    return _open(_SAID, step.words, "words", place) if step.words else Said()


async def takers(session: AsyncSession, case_id: UUID) -> list[tuple[str, str]]:
    """Return (action, actor) of every step."""
    statement = select(CaseStep.action, CaseStep.actor).where(CaseStep.case_id == case_id)
    return [(row.action, row.actor) for row in await session.execute(statement)]


async def expect(
    session: AsyncSession, case_id: UUID, documents: Sequence[ExpectedDocument]
) -> None:
    """Note the documents that a case waits for, also those that were faster than this news."""
    for document in documents:
        row = {"case_id": case_id, "document_id": document.document_id, "kind": document.kind}
        await _merge_document(session, row | {"expected": True})


async def receive(
    session: AsyncSession,
    case_id: UUID,
    document: ExpectedDocument,
    issued_at: datetime,
    download: Download | None = None,
) -> None:
    """Note that a document is there, expected already or not yet, and how it is fetched."""
    row = {"case_id": case_id, "document_id": document.document_id, "kind": document.kind}
    news: dict[str, Any] = {"issued_at": issued_at}
    if download is not None:
        news["download"] = _seal(_DOWNLOAD, download, "download", document.document_id)
    await _merge_document(session, row | news)


def take_download(document: CaseDocument) -> Download | None:
    """Return how a document is fetched, and forget it: it is told once."""
    if document.download is None:
        return None
    told = _open(_DOWNLOAD, document.download, "download", document.document_id)
    document.download = None
    return told


async def _merge_document(session: AsyncSession, row: dict[str, Any]) -> None:
    news = {name: row[name] for name in ("expected", "issued_at", "download") if name in row}
    await session.execute(
        insert(CaseDocument)
        .values(row)
        .on_conflict_do_update(index_elements=["case_id", "document_id"], set_=news)
    )


async def documents(session: AsyncSession, case_id: UUID) -> Sequence[CaseDocument]:
    """Return the documents that a case waits for or has."""
    statement = (
        select(CaseDocument)
        .where(CaseDocument.case_id == case_id)
        .order_by(CaseDocument.document_id)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).all()


async def waiting_for(session: AsyncSession, case_id: UUID) -> int:
    """Return how many expected documents are not there yet."""
    statement = select(func.count()).where(
        CaseDocument.case_id == case_id, CaseDocument.expected, CaseDocument.issued_at.is_(None)
    )
    return await session.scalar(statement) or 0


_OUTAGES = func.hashtextextended("cases/outages", 0)


async def hold_outages(session: AsyncSession, *, to_change: bool = False) -> None:
    """Keep outages from beginning and ending until the transaction ends.

    Taken before any case is locked: a case that begins to wait and an outage that begins at the
    same time see one another, and neither waits for the other.
    """
    take = func.pg_advisory_xact_lock if to_change else func.pg_advisory_xact_lock_shared
    await session.execute(select(take(_OUTAGES)))


async def note_outage(
    session: AsyncSession, outage_id: UUID, declared_at: datetime, ended_at: datetime | None = None
) -> None:
    """Note that documents are sealed no more, or again."""
    row = {"id": outage_id, "declared_at": declared_at, "ended_at": ended_at}
    statement = insert(SignerOutage).values(row)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"ended_at": ended_at})
        if ended_at
        else statement.on_conflict_do_nothing()
    )


async def open_outage(session: AsyncSession) -> SignerOutage | None:
    """Return the outage that lasts."""
    statement = select(SignerOutage).where(SignerOutage.ended_at.is_(None))
    return (await session.scalars(statement.order_by(SignerOutage.declared_at).limit(1))).first()


async def without_document(session: AsyncSession) -> Sequence[Case]:
    """Return the open cases whose documents are on their way, locked."""
    missing = exists().where(
        CaseDocument.case_id == Case.id, CaseDocument.expected, CaseDocument.issued_at.is_(None)
    )
    statement = select(Case).where(Case.closed_at.is_(None), Case.applied_at.is_not(None), missing)
    return (await session.scalars(statement.order_by(Case.id).with_for_update())).all()


async def paused_for(session: AsyncSession, outage_id: UUID) -> Sequence[Case]:
    """Return the cases whose clock stands still for an outage, locked."""
    statement = select(Case).where(Case.outage_id == outage_id).order_by(Case.id)
    return (await session.scalars(statement.with_for_update())).all()


async def others_about(session: AsyncSession, case: Case) -> int:
    """Return how many other cases in process are about the same people."""
    statement = select(func.count()).where(
        Case.subject_resident_ids.op("&&")(case.subject_resident_ids),
        Case.closed_at.is_(None),
        Case.submitted_at.is_not(None),
        Case.id != case.id,
    )
    return await session.scalar(statement) or 0


async def concerning(session: AsyncSession, resident_id: UUID) -> Sequence[Case]:
    """Return the open cases about somebody, or that they asked for, locked in order of id."""
    theirs = or_(
        Case.subject_resident_ids.op("&&")([resident_id]),
        Case.applicant_resident_id == resident_id,
    )
    statement = select(Case).where(theirs, Case.closed_at.is_(None)).order_by(Case.id)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def calendar(session: AsyncSession) -> Calendar:
    """Return the office's calendar with what was declared here."""
    rows = await session.execute(select(OfficeDay.day, OfficeDay.name))
    return Calendar({row.day: row.name for row in rows})


async def lock_calendar(session: AsyncSession) -> None:
    """Wait for every transaction that reads the calendar, and let no other read it meanwhile."""
    await session.execute(text("lock table office_days in access exclusive mode"))


async def promised_over(session: AsyncSession, day: date) -> Sequence[Case]:
    """Return the cases whose promise runs over a day and is neither kept nor broken, locked."""
    begins = datetime.combine(day, time(), OFFICE)
    statement = select(Case).where(
        Case.closed_at.is_(None),
        Case.stopped_at.is_(None),
        Case.complete_at < begins + timedelta(days=1),
        Case.due_at >= begins,
    )
    return (await session.scalars(statement.order_by(Case.id).with_for_update())).all()


async def note_access(
    session: AsyncSession, case_id: UUID, reader: Principal, purpose: str, fields: list[str]
) -> None:
    """Write down who reads about the people of a case; without this row there is no reading."""
    session.add(
        CaseAccess(
            case_id=case_id,
            sub=reader.sub,
            roles=sorted(reader.roles),
            purpose=purpose,
            fields=fields,
        )
    )
    await session.flush()


Place = tuple[datetime | None, UUID]  # in a list: due_at when it is sorted by that, and id


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose cases a caller may list: all, or those of areas, a point, a filer, an applicant."""

    everything: bool
    areas: frozenset[str]
    caller: Principal


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to."""

    states: tuple[str, ...] = ()
    service_code: str | None = None
    channel: str | None = None
    area: str | None = None
    mine: bool = False
    closed: bool = False
    due_before: datetime | None = None
    due_after: datetime | None = None
    by_due: bool = False


async def page(
    session: AsyncSession, sight: Sight, wanted: Wanted, after: Place | None, limit: int
) -> Sequence[Case]:
    """Return up to `limit` cases after a place: oldest first, or by what is due first."""
    return (await session.scalars(listing(sight, wanted, after, limit))).all()


def listing(sight: Sight, wanted: Wanted, after: Place | None, limit: int) -> Select[Case]:
    """Return the query of a page; each kind of list has an index of its own."""
    statement = select(Case).where(_in_sight(sight), *_narrowed(wanted, sight.caller)).limit(limit)
    if not wanted.by_due:
        statement = statement.order_by(Case.id)
        return statement.where(Case.id > after[1]) if after else statement
    statement = statement.where(Case.due_at.is_not(None)).order_by(Case.due_at, Case.id)
    return statement.where(tuple_(Case.due_at, Case.id) > tuple_(*after)) if after else statement


def _in_sight(sight: Sight) -> ColumnElement[bool]:
    if sight.everything:
        return Case.id.is_not(None)
    caller = sight.caller
    own: list[ColumnElement[bool]] = [Case.filed_by == caller.sub]
    if caller.resident_id:
        own.append(Case.applicant_resident_id == caller.resident_id)
    if caller.point:
        own.append(Case.point_id == caller.point)
    inside = [_within(column, area) for area in sorted(sight.areas) for column in _PLACES]
    return or_(*own, *inside)


_PLACES = (Case.intake_area, Case.village_code)


def _within(column: InstrumentedAttribute[str | None], area: str) -> ColumnElement[bool]:
    """Codes nest at the dots, and `/` follows the dot: a range that any plan can use an index for."""
    return and_(column >= area, column < f"{area}/")


def _narrowed(wanted: Wanted, caller: Principal) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not wanted.closed:
        found.append(Case.closed_at.is_(None))
    if wanted.states:
        found.append(Case.state.in_(wanted.states))
    if wanted.service_code:
        found.append(Case.service_code == wanted.service_code)
    if wanted.channel:
        found.append(Case.channel == wanted.channel)
    if wanted.area:
        found.append(or_(*(_within(column, wanted.area) for column in _PLACES)))
    if wanted.mine:
        found.append(Case.filed_by == caller.sub)
    return found + _due(wanted)


def _due(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.due_before or wanted.due_after:
        found.extend((Case.paused_since.is_(None), Case.stopped_at.is_(None)))
    if wanted.due_before:
        found.append(Case.due_at < wanted.due_before)
    if wanted.due_after:
        found.append(Case.due_at >= wanted.due_after)
    return found


async def follow(session: AsyncSession, loser_id: UUID, winner_id: UUID) -> None:
    """Let every case of or about a record that was merged be the one's that is kept."""
    await session.execute(
        update(Case)
        .where(Case.applicant_resident_id == loser_id)
        .values(applicant_resident_id=winner_id, version=Case.version + 1)
    )
    for people in (Case.related_resident_ids, Case.subject_resident_ids):
        await session.execute(
            update(Case)
            .where(literal(loser_id) == any_(people), Case.closed_at.is_(None))
            .values({people: func.array_replace(people, loser_id, winner_id)})
            .values(version=Case.version + 1)
        )
