"""From the first word to a complete file: drafts, changes to them, submission."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.requests.attachments import store as papers
from services.requests.cases import reach, rules, store
from services.requests.cases.moving import Way, move, way_of
from services.requests.cases.placing import intake_area, misplaced, not_yourself
from services.requests.cases.problems import (
    OF_OBSTACLE,
    CaseIncomplete,
    IllegalTransition,
    NotEditable,
    SameCaseOpen,
    ServiceNotOpen,
)
from services.requests.cases.schemas import Applicant, CaseIn, CasePatch, SubmitIn
from services.requests.cases.store import Said
from services.requests.cases.subject import subject_of
from services.requests.cases.tables import Case
from services.requests.catalogue.rules import (
    Catalogue,
    Missing,
    Transition,
    may_file,
    missing,
    workflow_of,
)
from services.requests.points.rules import Points
from services.requests.policy import POLICY
from shared import clock, versions
from shared.auth import Principal
from shared.contract.events import Reason
from shared.contract.facts import PersonRef
from shared.policy import CITIZENS
from shared.problems import NotFound, Refused

FILE = "file"  # the first line of every timeline


async def create(
    session: AsyncSession, catalogue: Catalogue, places: Points, new: CaseIn, caller: Principal
) -> Case:
    """Begin a draft.

    Raises:
        Refused: the service, channel or point is not one for this case; every reason at once.
        ServiceNotOpen: nobody can file it here.
    """
    if wrongs := list(misplaced(catalogue, places, new, caller)):
        raise Refused(wrongs)
    service = catalogue.services[new.service_code]
    if not service.open:
        raise ServiceNotOpen([each.wrong for each in may_file(service, new.channel)])
    point = places.by_id[new.point_id] if new.point_id else None
    case = Case(
        id=uuid7(),
        service_code=service.code,
        workflow=service.workflow,
        state=workflow_of(catalogue, service, new.channel).initial,
        round=0,
        channel=new.channel,
        point_id=new.point_id,
        intake_area=intake_area(point, caller),
        filed_by=caller.sub,
    )
    _set_applicant(case, new.applicant, caller)
    store.set_facts(case, new.facts, subject_of(new.facts))
    who = caller.sub, _filing_role(caller)
    filed = store.next_step(case, FILE, None, who, clock.now(), Said())
    await store.add(session, case, filed, clock.today())
    return case


def _filing_role(caller: Principal) -> str:
    return min(caller.roles & POLICY["cases.file"].keys())


def _set_applicant(case: Case, applicant: Applicant, caller: Principal) -> None:
    """Write down who asks; a citizen asks for themselves, whatever number they state."""
    if applicant.resident is None and caller.roles <= CITIZENS and caller.resident_id:
        person = PersonRef(resident_id=caller.resident_id)
        applicant = applicant.model_copy(update={"resident": person})
    before = case.applicant_resident_id
    case.applicant_resident_id = applicant.resident.resident_id if applicant.resident else None
    if caller.roles <= CITIZENS and caller.resident_id:
        case.applicant_resident_id = caller.resident_id
    if case.applicant_resident_id != before:
        case.applicant_died_on = None
    store.set_applicant(case, applicant)


async def for_filing(session: AsyncSession, case_id: UUID, caller: Principal) -> Case:
    """Return a case that the caller may complete.

    Raises:
        NotFound: there is none, or it is not theirs; both look the same.
    """
    case = await store.find(session, case_id)
    if case is None or not reach.may(caller, "cases.file", case):
        raise NotFound
    return case


async def for_editing(session: AsyncSession, case_id: UUID, caller: Principal) -> Case:
    """Return a case that the caller may complete now.

    Raises:
        NotFound, NotEditable: it is not theirs; it is in process.
    """
    case = await for_filing(session, case_id, caller)
    if case.state not in rules.EDITABLE:
        raise NotEditable(state=case.state)
    return case


async def revise(
    session: AsyncSession, case_id: UUID, expected: int, patch: CasePatch, caller: Principal
) -> Case:
    """Replace the facts or the applicant of a case that is open to its filer.

    Raises:
        NotFound, NotEditable, VersionChanged, Refused: see there.
    """
    case = await for_editing(session, case_id, caller)
    versions.check(expected, case.version)
    if patch.applicant:
        if wrongs := list(not_yourself(patch.applicant, caller)):
            raise Refused(wrongs)
        _set_applicant(case, patch.applicant, caller)
    if patch.facts is not None:
        before = case.fingerprint
        store.set_facts(case, patch.facts, subject_of(patch.facts))
        case.claimed = case.claimed and case.fingerprint == before
    await session.flush()
    return case


async def lacking(session: AsyncSession, way: Way, case: Case) -> list[Missing]:
    """Return everything that a file lacks, as of today, its papers included."""
    given = await papers.codes(session, case.id)
    today = case.reported_on or clock.today()
    applicant = store.applicant_of(case)
    return [
        *_dead_applicant(case),
        *_wrong_applicant(way, applicant),
        *missing(way.catalogue, way.service, store.facts_of(case), given, today),
    ]


def _dead_applicant(case: Case) -> Iterator[Missing]:
    if case.applicant_died_on is not None:
        yield Missing(
            "/applicant",
            "APPLICANT_DIED",
            "Pemohon tercatat telah meninggal dunia: sebutkan anggota keluarga yang meneruskan.",
            "The applicant is recorded as deceased: name the relative who goes on with it.",
        )


def _wrong_applicant(way: Way, applicant: Applicant) -> Iterator[Missing]:
    entitled = way.service.applicants
    if applicant.relationship not in entitled:
        names = [way.catalogue.applicants[each] for each in entitled]
        yield Missing(
            "/applicant/relationship",
            "APPLICANT_NOT_ENTITLED",
            f"Pemohon: {', '.join(each.id for each in names)} ({', '.join(entitled)}).",
            f"Who may apply: {', '.join(each.en for each in names)} ({', '.join(entitled)}).",
        )


async def submit(
    session: AsyncSession,
    catalogue: Catalogue,
    case_id: UUID,
    expected: int,
    said: SubmitIn,
    caller: Principal,
) -> Case:
    """Hand in a complete file, and ask the registry what it would do.

    Raises:
        NotFound, VersionChanged, IllegalTransition: see there.
        CaseIncomplete: with everything that is missing; nothing was changed.
        SameCaseOpen: another case about the same thing is in process.
    """
    case = await for_filing(session, case_id, caller)
    versions.check(expected, case.version)
    way = way_of(catalogue, case)
    step = rules.find(way.workflow, case.state, rules.SUBMIT)
    if step is None:
        raise IllegalTransition(state=case.state)
    actor = reach.actor(caller, case)
    standing = rules.Standing(state=case.state, round=case.round)
    if why := rules.obstacle(step, actor, standing):
        raise OF_OBSTACLE[why]
    if lacks := await lacking(session, way, case):
        raise CaseIncomplete([each.wrong for each in lacks])
    who = caller.sub, min(actor.roles_for(step))
    if said.different or case.claimed or case.fingerprint is None:
        await _hand_in(session, case, way, step, who, said)
    else:
        await _hand_in_first(session, case, way, step, who, said)
    return case


async def _hand_in(
    session: AsyncSession,
    case: Case,
    way: Way,
    step: Transition,
    who: tuple[str, str],
    said: SubmitIn,
) -> None:
    now = clock.now()
    case.reported_on = case.reported_on or clock.today()
    case.submitted_at = case.submitted_at or now
    await move(session, case, way, step, who, now, _why(said))


async def _hand_in_first(
    session: AsyncSession,
    case: Case,
    way: Way,
    step: Transition,
    who: tuple[str, str],
    said: SubmitIn,
) -> None:
    """Of two simultaneous submissions about the same thing, one passes: the database decides."""
    subject = case.fingerprint or b""
    try:
        async with store.claiming(session, case):
            await _hand_in(session, case, way, step, who, said)
    except store.AlreadyClaimed as error:
        raise SameCaseOpen(other=await store.claimant(session, subject)) from error


def _why(said: SubmitIn) -> Said:
    if not (said.different and said.reason):
        return Said()
    return Said(reasons=[Reason(code="DIFFERENT_CASE", text_id=said.reason, text_en=said.reason)])
