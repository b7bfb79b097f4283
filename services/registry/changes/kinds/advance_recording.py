"""What the ministry's centre said of a recording, entered by a person or a feed."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import recordings
from services.registry.cards import store as cards
from services.registry.cards.recording import Status, may_follow
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.auth import covers
from shared.codes import find
from shared.contract.facts import AdvanceRecording
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Answer:
    """What the centre said of whom."""

    person: Key
    status: Status
    matched: Key | None  # who has the same biometrics


def plan(state: State, fact: AdvanceRecording, index: int, context: Context) -> Step[Answer]:
    """Judge whether this answer may follow on what is known."""
    found = Findings(index)
    person, other = state.person(fact.person, index), state.person(fact.duplicate_of, index)
    found.check_person(person, "/person")
    if fact.duplicate_of is not None and other is None:
        found.refuse("PERSON_NOT_FOUND", "/duplicate_of")
    if person is None:
        return found.step(state)
    if person.village_code is None or not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")
    if other is not None and other.key == person.key:
        found.refuse("DUPLICATE_OF_ITSELF", "/duplicate_of")
    before, after = Status(person.particulars.recording_status), Status(fact.status)
    words = find("status_rekam_ktp", after).name
    was = find("status_rekam_ktp", before).name
    if not may_follow(before, after):
        found.refuse("RECORDING_ORDER", "/status", before=was.id, before_en=was.en)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    standing = replace(person.particulars, recording_status=after.value)
    effect = Effect(
        effect="recording.advanced",
        subject=person.key,
        before={"status": before},
        after={"status": after, "duplicate_of": other.key if other else None},
        text_id=f"Status perekaman {person.full_name} menjadi {words.id} (semula {was.id}).",
        text_en=f"The recording of {person.full_name} becomes: {words.en} (before: {was.en}).",
    )
    return found.step(
        state.with_person(replace(person, particulars=standing)),
        Answer(person.key, after, other.key if other else None),
        effect,
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, answer: Answer, made: Made) -> None:
    """Bring the last attempt forward; one that came with an import begins its story here."""
    ids = [made.person(each) for each in (answer.person, answer.matched) if each]
    people = await resident_store.load(session, ids)
    holder = people[ids[0]]
    latest = await cards.latest(session, holder.id)
    attempt = latest and await cards.lock_recording(session, latest.id)
    if attempt is None:
        source = made.source("advance_recording")
        attempt = await recordings.adopt(session, holder, source=source, today=made.today)
    await recordings.advance(
        session,
        attempt,
        answer.status,
        actor=made.actor,
        today=made.today,
        matched_nik=people[ids[1]].nik if answer.matched else None,
    )
