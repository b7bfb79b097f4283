"""A letter in place of papers that somebody lost or never had: Permendagri 96/2019.

It is for people whom a disaster, unrest or neglect left without papers, and for remote communities;
it registers nobody. Whoever is recorded gets papers from the register; the others a first biodata.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import check_destination
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import IssueLetter, LetterKind
from shared.contract.plan import Effect

# What only one of the letters says, and has to.
_NEEDED = {LetterKind.CERTIFICATE: "certificate", LetterKind.COMMUNITY: "community"}
_OF = {
    "certificate": LetterKind.CERTIFICATE,
    "community": LetterKind.COMMUNITY,
    "elder_name": LetterKind.COMMUNITY,
    "found_at": LetterKind.DISPLACED,
    "found_on": LetterKind.DISPLACED,
    "marks": LetterKind.DISPLACED,
    "shelter": LetterKind.DISPLACED,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """Which letter about whom."""

    kind: LetterKind
    person: Key | None
    village_code: str
    data: dict[str, Any]


def plan(state: State, fact: IssueLetter, index: int, context: Context) -> Step[Letter]:
    """Judge for whom a letter is, and whether it says what it has to."""
    found = Findings(index)
    check_destination(found, state, fact.at, context, "/at/village_code")
    person = state.person(fact.person, index)
    if fact.person is not None:
        found.check_person(person, "/person")
    else:
        found.warn("SEARCH_BIOMETRICS_FIRST", "/described")
    if fact.found_on is not None and fact.found_on > context.today:
        found.refuse("FOUND_IN_FUTURE", "/found_on")
    _check_words(found, fact)
    if found.refusals:
        return found.step(state)
    said = fact.model_dump(mode="json", exclude={"kind", "person", "letter"})
    village = fact.at.village_code
    decision = Letter(fact.letter, person.key if person else None, village, said)
    return found.step(state, decision, _effect(fact, person, index, said), village_code=village)


async def apply(session: AsyncSession, letter: Letter, made: Made) -> None:
    """Give the letter its number and have it printed; a former one is out of force."""
    written = await moves.write_letter(
        session,
        letter.kind.value,
        resident_id=made.parent(letter.person),
        village_code=letter.village_code,
        data=letter.data,
        source=made.source("issue_letter"),
        today=made.today,
    )
    made.print(IssuedKind(letter.kind.value), written.id)


def _check_words(found: Findings, fact: IssueLetter) -> None:
    needed = _NEEDED.get(fact.letter)
    if needed is not None and getattr(fact, needed) is None:
        found.refuse("LETTER_SAYS_TOO_LITTLE", f"/{needed}", letter=fact.letter)
    for name, kind in _OF.items():
        if getattr(fact, name) is not None and fact.letter is not kind:
            found.refuse("LETTER_SAYS_OTHERWISE", f"/{name}", letter=fact.letter)


def _effect(fact: IssueLetter, person: Person | None, index: int, said: dict[str, Any]) -> Effect:
    label = find("jenis_dokumen", fact.letter.value).name
    if person is not None:
        name = person.full_name
    else:
        assert fact.described is not None  # noqa: S101 - one of the two is stated
        name = fact.described.full_name
    return Effect(
        effect="document.queued",
        subject=person.key if person else f"letter/{index}",
        after={"kind": fact.letter, **said},
        text_id=f"{label.id} ({fact.letter}) untuk {name} diterbitkan; tidak mengubah data penduduk.",
        text_en=f"{label.en} ({fact.letter}) for {name} is issued; no record is changed.",
    )
