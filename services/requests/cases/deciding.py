"""Steps that officers take: one case at a time, or many with one word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from services.requests.cases import filing, reach, recording, rules, store
from services.requests.cases.moving import SYSTEM, Way, move, way_of
from services.requests.cases.problems import (
    OF_OBSTACLE,
    CaseIncomplete,
    IllegalTransition,
    NotExplained,
)
from services.requests.cases.rules import Obstacle, Standing
from services.requests.cases.schemas import CaseRef, Deciding, ReasonIn, SubmitIn
from services.requests.cases.store import Said
from services.requests.cases.tables import Case
from services.requests.catalogue.rules import Catalogue, Transition
from shared import clock, versions
from shared.auth import Principal
from shared.contract.events import Reason
from shared.policy import Decision
from shared.problems import NotFound, Problem, VersionChanged, Wrong

# Steps that follow by themselves on what a person did: what was recorded leaves, and a case ends
# once its cards or documents are handed over.
FOLLOWING = ("send", "close")

HOW_TO_OBJECT = Reason(
    code="HOW_TO_OBJECT",
    text_id="Anda dapat mengajukan keberatan tertulis kepada Kepala Dispendukcapil dalam 21 hari "
    "kerja (UU 30/2014 pasal 77), atau pengaduan lewat SP4N-LAPOR!.",
    text_en="You may object in writing to the head of the agency within 21 working days "
    "(UU 30/2014 art 77), or complain by SP4N-LAPOR!.",
)


async def standing_of(session: AsyncSession, case: Case) -> Standing:
    """Return what the rules need to know of a case."""
    relatives = {*case.related_resident_ids, case.applicant_resident_id} - {None}
    waiting_for = await store.waiting_for(session, case.id) if case.applied_at else 1
    return Standing(
        state=case.state,
        round=case.round,
        plan_round=case.plan_round,
        plan_refused=case.plan_refused,
        plan_digest=case.plan_digest,
        verified_digest=case.verified_digest,
        relatives=frozenset(each for each in relatives if each),
        takers=rules.takers(await store.takers(session, case.id)),
        waiting_for=waiting_for,
        applied=case.applied_at is not None,
        others_open=await store.others_about(session, case),
    )


async def take(
    session: AsyncSession,
    catalogue: Catalogue,
    ref: CaseRef,
    word: Deciding,
    caller: Principal,
) -> Case:
    """Take a step of a case as its reader saw it.

    Raises:
        NotFound: there is none, or it is not for this caller; both look the same.
        Problem: see cases.problems; whatever is raised, nothing was changed.
    """
    case = await store.find(session, ref.id)
    if case is None or reach.decision(caller, "cases.read", case) is Decision.DENY:
        raise NotFound
    if word.action == rules.SUBMIT:
        return await filing.submit(session, catalogue, ref.id, ref.version, SubmitIn(), caller)
    way = way_of(catalogue, case)
    actor = reach.actor(caller, case)
    step = await _permitted(session, case, way, word.action, actor)
    versions.check(ref.version, case.version)
    said = _said(case, way, step, word)
    if "complete" in step.needs:
        await _check_complete(session, way, case)
    if "capture" in step.needs and word.capture:
        recording.write(case, word.capture)
    who, now = (caller.sub, min(actor.roles_for(step))), clock.now()
    await move(session, case, way, step, who, now, said)
    for action in FOLLOWING:
        following = rules.find(way.workflow, case.state, action)
        if following and not step.applies:  # else the registry is heard first
            by = (caller.sub, SYSTEM[1]) if following.applies else SYSTEM
            await move(session, case, way, following, by, now)
    return case


async def _permitted(
    session: AsyncSession, case: Case, way: Way, action: str, actor: rules.Actor
) -> Transition:
    """Return the step of this name; whoever's role never takes it reads so in every state."""
    same = [each for each in way.workflow.transitions if each.action == action]
    if not any(actor.roles_for(each) for each in same):
        raise OF_OBSTACLE[Obstacle.NOT_YOUR_ROLE]
    step = rules.find(way.workflow, case.state, action)
    if step is None:
        raise IllegalTransition(state=case.state)
    if why := rules.obstacle(step, actor, await standing_of(session, case)):
        raise _problem(case, why)
    return step


def _problem(case: Case, why: Obstacle) -> Problem:
    plan = store.plan_of(case) if why is Obstacle.PLAN_REFUSED else None
    refusals = plan.refusals if plan else []
    wrongs = [
        Wrong(f"/facts{each.pointer}", each.rule, each.text_id, each.text_en) for each in refusals
    ]
    return OF_OBSTACLE[why](wrongs)


async def _check_complete(session: AsyncSession, way: Way, case: Case) -> None:
    if lacks := await filing.lacking(session, way, case):
        raise CaseIncomplete([each.wrong for each in lacks])


def _said(case: Case, way: Way, step: Transition, word: Deciding) -> Said:
    """Put the reasons into words for the citizen.

    Raises:
        NotExplained: the step needs more than was said.
    """
    if wrongs := list(_unexplained(case, way, step, word)):
        raise NotExplained(wrongs)
    reasons = [_reason(case, each) for each in word.reasons]
    if word.legal_ground:
        ground = Reason(code="LEGAL_GROUND", text_id=word.legal_ground, text_en=word.legal_ground)
        reasons += [ground, HOW_TO_OBJECT]
    return Said(
        reasons=[each for each in reasons if each],
        note=word.note,
        receiver=word.receiver,
        movers=word.movers,
    )


def _unexplained(case: Case, way: Way, step: Transition, word: Deciding) -> Iterator[Wrong]:
    said = {
        "reasons": word.reasons,
        "legal_basis": word.legal_ground,
        "note": word.note,
        "receiver": word.receiver,
        "old_card": word.old_card_taken or not recording.replaces_card(case, way),
        "capture": word.capture,
    }
    for need, wrong in _NEEDED.items():
        if need in step.needs and not said[need]:
            yield wrong
    for position, each in enumerate(word.reasons):
        if _reason(case, each) is None:
            yield _NO_WORDS._replace(pointer=f"/reasons/{position}/text_id")


def _reason(case: Case, said: ReasonIn | str) -> Reason | None:
    """Return a reason with its words: its own, or those of the plan's remark of this rule."""
    if isinstance(said, str):
        return Reason(code="OTHER", text_id=said, text_en=said)
    if said.text_id:
        return Reason(code=said.code, text_id=said.text_id, text_en=said.text_en or said.text_id)
    plan = store.plan_of(case)
    remarks = [*plan.refusals, *plan.warnings] if plan else []
    found = (each for each in remarks if each.rule == said.code)
    return next(
        (Reason(code=each.rule, text_id=each.text_id, text_en=each.text_en) for each in found),
        None,
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of many."""

    ref: CaseRef
    state: str | None = None
    version: int | None = None
    problem: Problem | None = None


async def take_many(
    session: AsyncSession,
    catalogue: Catalogue,
    refs: Sequence[CaseRef],
    word: Deciding,
    caller: Principal,
) -> list[Result]:
    """Take the same step of many cases; what one of them prevents does not stop the others.

    They are taken in order of id: two bulk decisions about the same cases never lock each other.
    """
    results = {
        ref.id: await _try(session, catalogue, ref, word, caller)
        for ref in sorted(refs, key=lambda each: each.id)
    }
    return [results[ref.id] for ref in refs]


async def _try(
    session: AsyncSession,
    catalogue: Catalogue,
    ref: CaseRef,
    word: Deciding,
    caller: Principal,
) -> Result:
    try:
        async with session.begin_nested():
            case = await take(session, catalogue, ref, word, caller)
            return Result(ref, case.state, case.version)
    except Problem as problem:
        return Result(ref, problem=problem)
    except StaleDataError:
        return Result(ref, problem=VersionChanged())


_NEEDED: dict[str, Wrong] = {
    "reasons": Wrong(
        "/reasons",
        "REASONS_REQUIRED",
        "Sebutkan semua alasan sekaligus.",
        "Give every reason at once.",
    ),
    "legal_basis": Wrong(
        "/legal_ground",
        "LEGAL_GROUND_REQUIRED",
        "Sebutkan dasar hukum penolakan.",
        "Name the legal ground of the rejection.",
    ),
    "note": Wrong("/note", "NOTE_REQUIRED", "Tulis catatan.", "Write a note."),
    "receiver": Wrong(
        "/receiver",
        "RECEIVER_REQUIRED",
        "Sebutkan siapa yang menerima.",
        "Name who receives it.",
    ),
    "capture": Wrong(
        "/capture",
        "CAPTURE_REQUIRED",
        "Sebutkan nomor berkas dan mutu perekaman.",
        "Name the file and the quality of the recording.",
    ),
    "old_card": Wrong(
        "/old_card_taken",
        "OLD_CARD_REQUIRED",
        "Tarik kartu lama sebelum menyerahkan yang baru.",
        "Take the old card in before handing over the new one.",
    ),
}
_NO_WORDS = Wrong(
    "/reasons",
    "REASON_WITHOUT_WORDS",
    "Jelaskan alasan ini kepada pemohon.",
    "Put this reason into words for the applicant.",
)
