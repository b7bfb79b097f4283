"""Two NIKs of one person become one: PP 40/2019 art 33, Permendagri 74/2015 art 3.

The other number resolves to the kept one for ever, and whatever named its record names the kept one
from now on; the record itself stays, marked as not valid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import NoteKind
from services.registry.certificates.schemas import NoteData
from services.registry.changes import homes, margins, merging, rulings
from services.registry.changes.merging import Pair, Taken
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.documents import store as document_store
from services.registry.duplicates import actions as duplicates
from services.registry.duplicates.schemas import VerdictKind
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared import outbox
from shared.contract.events import IssuedKind, ResidentMerged
from shared.contract.facts import CardKind, ResolveDuplicate
from shared.contract.plan import Effect
from shared.language import Words

MERGED = "MERGED"  # why the cards of the ended number are taken back
_NOTE = Words(
    "Pemilik akta ini tercatat dengan dua NIK; akta mengikuti NIK yang dipertahankan.",
    "The subject of this certificate had two NIKs; it follows the one that is kept.",
)


@dataclass(frozen=True, slots=True)
class Merger:
    """Who is kept and who ends, and everything that follows the kept one."""

    kept: Key
    ended: Key
    taken: Taken
    children: tuple[tuple[Key, str], ...]
    adopted: tuple[Key, ...]  # by the ended record
    spouses: tuple[Key, ...]
    entries: tuple[Key, ...]
    rearrangement: Rearrangement
    printed: tuple[Key, ...]  # families of children, adopted ones too, and spouses
    proof: str


def plan(state: State, fact: ResolveDuplicate, index: int, context: Context) -> Step[Merger]:
    """Judge whether two records are one person, and foresee what follows the kept one."""
    found = Findings(index)
    kept, ended = state.person(fact.keep, index), state.person(fact.end, index)
    found.check_person(kept, "/keep")
    found.check_person(ended, "/end")
    if kept is None or ended is None:
        return found.step(state)
    rulings.check_regency(found, kept, context, "/keep")
    pair = Pair(kept, ended)
    merging.check(found, state, fact, pair)
    moving = Rearranging(state)
    if kept.key != ended.key:
        merging.settle(found, moving, fact, pair, index, context)
    if found.refusals:
        return found.step(state, village_code=kept.village_code)
    merger = _merger(moving, fact, pair)
    effects = [*_effects(state, pair, merger), *moving.effects, *_prints(merger)]
    after = merging.merged(moving.state, pair, merger.taken)
    return found.step(after, merger, *effects, village_code=kept.village_code)


async def apply(session: AsyncSession, merger: Merger, made: Made) -> None:
    """Let everything that names the ended record name the kept one, and its number too."""
    cause = "resolve_duplicate"
    source = made.source(cause)
    await homes.rearrange(session, merger.rearrangement, made, cause)
    ids = [made.person(each) for each in (merger.kept, merger.ended)]
    people = await resident_store.load(session, ids)
    kept, ended = people[ids[0]], people[ids[1]]
    await _repoint_people(session, merger, kept, made, source)
    await _repoint_adopted(session, merger, (ended.id, kept.id), made, source)
    await residents.change(
        session, kept, _taken(merger.taken, ended), source=source, valid_from=made.today
    )
    for each in merger.entries:
        certificate = await margins.entry_of(session, each)
        await certificates.follow(session, certificate, ended.id, kept.id)
        words = NoteData(kind=NoteKind.CORRECTION, words=_NOTE, data={"cause": MERGED})
        await certificates.note(session, certificate, words, source=source, today=made.today)
    await cards.revoke_everything(session, ended, MERGED, source=source, today=made.today)
    alone: dict[str, Any] = {"mother_id": None, "father_id": None, "spouse_id": None}
    await residents.change(session, ended, alone, source=source, valid_from=made.today)
    await residents.replace_number(session, ended, kept, source=source, today=made.today)
    await document_store.follow(session, ended.id, kept.id)
    await duplicates.remember(
        session,
        {kept.id, ended.id},
        VerdictKind.SAME,
        reason=merger.proof,
        by=made.actor,
        source_id=made.source_id,
    )
    for home in merger.printed:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))
    await outbox.add(session, ResidentMerged(winner_id=kept.id, loser_id=ended.id))


async def _repoint_people(
    session: AsyncSession, merger: Merger, kept: Resident, made: Made, source: Source
) -> None:
    links = [*merger.children, *((each, "spouse_id") for each in merger.spouses)]
    people = await resident_store.load(session, [made.person(each) for each, _ in links])
    names = {"mother_id": "mother_name", "father_id": "father_name"}
    for key, column in links:
        news: dict[str, Any] = {column: kept.id}
        if column in names:
            news[names[column]] = kept.full_name
        resident = people[made.person(key)]
        await residents.change(session, resident, news, source=source, valid_from=made.today)


async def _repoint_adopted(
    session: AsyncSession, merger: Merger, follows: tuple[UUID, UUID], made: Made, source: Source
) -> None:
    ended_id, kept_id = follows
    people = await resident_store.load(session, [made.person(each) for each in merger.adopted])
    for resident in people.values():
        links = ("adoptive_mother_id", "adoptive_father_id")
        news = {each: kept_id for each in links if getattr(resident, each) == ended_id}
        await residents.change(session, resident, news, source=source, valid_from=made.today)


def _taken(taken: Taken, ended: Resident) -> dict[str, Any]:
    columns = {
        "mother": ("mother_id", "mother_name"),
        "father": ("father_id", "father_name"),
        "marriage": ("marital_status", "spouse_id", "marriage_number", "marriage_date"),
        "birth_certificate": ("birth_certificate_number",),
        "adoption": ("adoptive_mother_id", "adoptive_father_id"),
    }
    wanted = [name for part, names in columns.items() if getattr(taken, part) for name in names]
    return {name: getattr(ended, name) for name in wanted}


def _merger(moving: Rearranging, fact: ResolveDuplicate, pair: Pair) -> Merger:
    state = moving.state
    children = tuple(merging.children(state, pair))
    adopted = tuple(merging.adopted(state, pair))
    spouses = tuple(merging.spouses(state, pair))
    linked = (*(key for key, _ in children), *adopted, *spouses)
    homes_of = [state.persons[each].family for each in linked]
    open_ = [each for each in homes_of if each and not state.families[each].closed]
    printed = tuple(sorted({each for each in open_ if each not in moving.made.printed}))
    theirs = (
        each for each in state.entries.values() if pair.ended.key in {each.subject, each.partner}
    )
    return Merger(
        kept=pair.kept.key,
        ended=pair.ended.key,
        taken=merging.takes(pair),
        children=children,
        adopted=adopted,
        spouses=spouses,
        entries=tuple(sorted(each.key for each in theirs)),
        rearrangement=moving.made,
        printed=printed,
        proof=f"{fact.proof} {fact.letter or ''}".strip(),
    )


def _effects(state: State, pair: Pair, merger: Merger) -> Iterator[Effect]:
    kept, ended = pair.kept, pair.ended
    yield Effect(
        effect="resident.merged",
        subject=kept.key,
        before={"ended": ended.key},
        after={"proof": merger.proof},
        text_id=f"NIK {_hidden(ended.particulars.nik)} tidak dipakai lagi dan menunjuk ke "
        f"{kept.full_name}, NIK {_hidden(kept.particulars.nik)}.",
        text_en=f"The NIK {_hidden(ended.particulars.nik)} is given up and resolves to "
        f"{kept.full_name}, NIK {_hidden(kept.particulars.nik)}.",
    )
    yield from _taking(kept.full_name, kept.key, merger.taken)
    for key, column in merger.children:
        yield _linked(key, column, state.persons[key].full_name, kept.full_name)
    for key in merger.adopted:
        yield _linked(key, "adoptive_parent", state.persons[key].full_name, kept.full_name)
    for key in merger.spouses:
        yield _linked(key, "spouse_id", state.persons[key].full_name, kept.full_name)
    for key in merger.entries:
        entry = state.entries[key]
        yield Effect(
            effect="certificate.followed",
            subject=entry.key,
            after={"subject": kept.key},
            text_id=f"Akta nomor {entry.number} mengikuti NIK yang dipertahankan.",
            text_en=f"The certificate no. {entry.number} follows the NIK that is kept.",
        )
    for card in ended.cards:
        label = {CardKind.KIA: ("KIA", "child card"), CardKind.KTP_EL: ("KTP-el", "KTP-el")}
        yield Effect(
            effect="card.revoked",
            subject=ended.key,
            before={"kind": card.kind},
            after={"reason": MERGED},
            text_id=f"{label[card.kind][0]} dengan NIK yang dihapus ditarik.",
            text_en=f"The {label[card.kind][1]} with the NIK that ends is taken back.",
        )


def _hidden(nik: str) -> str:
    return f"{nik[:4]}{'*' * 10}{nik[-2:]}" if nik else "-"


def _taking(name: str, key: Key, taken: Taken) -> Iterator[Effect]:
    labels = {
        "mother": ("ibu", "mother"),
        "father": ("ayah", "father"),
        "marriage": ("perkawinan", "marriage"),
        "birth_certificate": ("akta kelahiran", "birth certificate"),
        "adoption": ("pengangkatan anak", "adoption"),
    }
    for part, label in labels.items():
        if getattr(taken, part):
            yield Effect(
                effect="resident.completed",
                subject=key,
                after={"from_ended": part},
                text_id=f"Data {label[0]} {name} diambil dari data yang dihapus.",
                text_en=f"The {label[1]} of {name} is taken from the record that ends.",
            )


def _linked(key: Key, column: str, who: str, name: str) -> Effect:
    label = {
        "mother_id": ("ibu", "mother"),
        "father_id": ("ayah", "father"),
        "adoptive_parent": ("orang tua angkat", "adoptive parent"),
        "spouse_id": ("pasangan", "spouse"),
    }[column]
    return Effect(
        effect="resident.relinked",
        subject=key,
        after={"link": column},
        text_id=f"{label[0].capitalize()} pada data {who} menunjuk ke {name} yang dipertahankan.",
        text_en=f"The {label[1]} on the record of {who} is {name}, whose record is kept.",
    )


def _prints(merger: Merger) -> Iterator[Effect]:
    for home in merger.printed:
        yield Effect(
            effect="document.queued",
            subject=home,
            after={"kind": IssuedKind.FAMILY_CARD},
            text_id="Kartu Keluarga dicetak ulang dengan nomor yang sama.",
            text_en="The family card is printed again under the same number.",
        )
