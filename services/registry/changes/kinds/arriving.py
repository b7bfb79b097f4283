"""People come to live here: known from before, or with the record that they have elsewhere.

Whoever has a NIK keeps it for ever (PP 40/2019 art 30(2)), whatever its first digits say. Names that
were recorded elsewhere are not judged anew; nobody's biometrics are taken a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.registry.changes.homes import check_destination
from services.registry.changes.kinds import add_member
from services.registry.changes.naming import recorded
from services.registry.changes.rearranging import Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import (
    Family,
    Key,
    Member,
    Particulars,
    Person,
    State,
    new_arrival,
    new_home,
)
from services.registry.changes.steps import Context, Findings
from services.registry.residents.rules import nik as niks
from services.registry.residents.rules.alike import Known, in_words, reasons
from shared.contract.facts import (
    Arriving,
    Citizenship,
    FamilyRef,
    Home,
    Newcomer,
    PersonRef,
    Relationship,
)
from shared.contract.plan import Effect

RECORDED, NOT_RECORDED = "PRINT_READY_RECORD", "BELUM_WAJIB"  # status_rekam_ktp.csv


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes, as judged."""

    key: Key
    newcomer: Newcomer | None  # None: known here from before
    relationship: Relationship | None
    passport_number: str | None = None


def check_comers(
    found: Findings,
    state: State,
    arrivals: Sequence[Arriving],
    cleared: Sequence[PersonRef],
    index: int,
    *,
    from_abroad: bool = False,
) -> tuple[State, list[Comer]]:
    """Judge who comes; return the state in which they are here, still in no family."""
    comers: list[Comer] = []
    line = 0
    for number, each in enumerate(arrivals):
        place = f"/arrivals/{number}"
        if each.newcomer is not None:
            state, key = newcomer(
                found, state, each.newcomer, cleared, (index, line), f"{place}/newcomer",
                from_abroad=from_abroad,
            )  # fmt: skip
            line += 1
        else:
            state, key = _returning(found, state, each.person, index, f"{place}/person")
        if key is not None and key in {one.key for one in comers}:
            found.refuse("NAMED_TWICE", place)
        elif key is not None:
            comers.append(Comer(key, each.newcomer, each.relationship, each.passport_number))
    return state, comers


def newcomer(
    found: Findings,
    state: State,
    said: Newcomer,
    cleared: Sequence[PersonRef],
    line: tuple[int, int],
    place: str,
    *,
    from_abroad: bool = False,
) -> tuple[State, Key | None]:
    """Judge somebody who is not in this registry; return the state in which they are."""
    if said.nik is None and not from_abroad:
        found.refuse("NIK_OF_ELSEWHERE", f"{place}/nik")
    if said.nik is not None:
        _check_nik(found, state, said, said.nik, f"{place}/nik")
    elif said.citizenship is not Citizenship.FOREIGN:  # theirs is as in the passport
        found.check_name(said.full_name, f"{place}/full_name")
    known_here = said.nik is not None and said.nik in state.niks
    if not known_here:
        _check_lookalikes(found, state, said, cleared, line, place)
    key = new_arrival(*line)
    person = Person(
        key=key,
        full_name=recorded(said.full_name),
        sex=said.sex,
        birth_date=said.birth_date,
        religion=said.religion,
        marital_status=said.marital_status,
        citizenship=said.citizenship,
        has_birth_certificate=said.birth_certificate_number is not None,
        particulars=Particulars(
            nik=said.nik or "",
            recording_status=RECORDED if said.recorded else NOT_RECORDED,
        ),
    )
    after = state.with_person(person)
    if said.nik is not None and not known_here:  # later facts may speak of them by this number
        after = replace(after, niks={**after.niks, said.nik: key})
    return after, key


def _check_nik(found: Findings, state: State, said: Newcomer, nik: str, place: str) -> None:
    if nik in state.niks:
        found.refuse("NIK_KNOWN_HERE", place)
    if not niks.is_well_formed(nik):
        found.refuse("NIK_FORMAT", place)
        return
    known = niks.district(nik) in state.districts
    for odd in niks.anomalies(nik, said.birth_date, said.sex, district_is_known=known):
        found.warn(odd.rule, place)


def _check_lookalikes(
    found: Findings,
    state: State,
    said: Newcomer,
    cleared: Sequence[PersonRef],
    line: tuple[int, int],
    place: str,
) -> None:
    others = {each.key for ref in cleared if (each := state.person(ref, line[0]))}
    for key in state.alike.get(line, ()):
        other = state.persons[key]
        if key in others:
            found.warn("DUPLICATE_CLEARED", place, name=other.full_name)
        else:
            born = other.birth_date.isoformat()
            why_id, why_en = _why_alike(said, other)
            found.refuse(
                "DUPLICATE_SUSPECT",
                place,
                name=other.full_name,
                born=born,
                reasons_id=why_id,
                reasons_en=why_en,
            )


def _why_alike(said: Newcomer, other: Person) -> tuple[str, str]:
    precision, mother = said.birth_date_precision, said.mother_name
    one = Known(said.full_name, said.sex, said.birth_date, precision, mother)
    details = other.particulars
    two = Known(
        other.full_name,
        other.sex,
        other.birth_date,
        details.birth_date_precision,
        details.mother_name,
    )
    return in_words(reasons(one, two, same_mother=False))


def _returning(
    found: Findings, state: State, ref: PersonRef | None, index: int, place: str
) -> tuple[State, Key | None]:
    person = state.person(ref, index)
    if person is None:
        found.refuse("PERSON_NOT_FOUND", place)
        return state, None
    if person.status == "PINDAH_PROSES":
        found.refuse("MOVE_STILL_OPEN", place)
    elif person.status != "PINDAH":
        if person.is_active:
            found.refuse("LIVES_HERE_ALREADY", place)
        found.check_person(person, place)
    return state.with_person(replace(person, status="HIDUP")), person.key


def settle(
    found: Findings,
    state: State,
    comers: Sequence[Comer],
    to: Home | None,
    joins: FamilyRef | None,
    index: int,
    context: Context,
    place: str = "/to",
) -> tuple[Rearranging, Key | None]:
    """Put everybody into a family of their own or into one that is here; return which."""
    moving = Rearranging(state)
    if to is not None:
        check_destination(found, state, to, context, f"{place}/village_code")
        return moving, None if found.refusals else _open(found, moving, comers, to, index, context)
    host = state.family(joins, index) if joins else None
    found.check_family(host, "/joins", context)
    if host is None or found.refusals:
        return moving, None
    return moving, _join(found, moving, comers, host)


def _open(
    found: Findings,
    moving: Rearranging,
    comers: Sequence[Comer],
    to: Home,
    index: int,
    context: Context,
) -> Key | None:
    lines = [
        Member(each.key, each.relationship or _in_new(number)) for number, each in enumerate(comers)
    ]
    heads = [each.person for each in lines if each.relationship is Relationship.HEAD]
    if len(heads) != 1:
        found.refuse("SEVERAL_HEADS", "/arrivals")
    elif not may_be_head(moving.state.persons[heads[0]], context.today):
        found.refuse("HEAD_NOT_FIT", "/arrivals")
    if found.refusals:
        return None
    lines.sort(key=lambda each: each.relationship is not Relationship.HEAD)
    moving.open(home_of(to, new_home(index), heads[0]), lines)
    return new_home(index)


def _in_new(number: int) -> Relationship:
    return Relationship.OTHER_RELATIVE if number else Relationship.HEAD


def home_of(to: Home, key: Key, head: Key) -> Family:
    """Return a family without members at an address."""
    return Family(key, head, members=(), **to.model_dump())


def _join(
    found: Findings, moving: Rearranging, comers: Sequence[Comer], host: Family
) -> Key | None:
    judged = moving.state
    positions: list[Relationship] = []
    for number, each in enumerate(comers):
        person, home = judged.persons[each.key], judged.families[host.key]
        place = f"/arrivals/{number}"
        step = add_member.place(found, judged, person, home, each.relationship, place)
        if step.decision is not None:
            positions.append(step.decision.relationship)
        judged = step.state
    if found.refusals:
        return None
    for each, position in zip(comers, positions, strict=True):
        moving.join(each.key, host.key, position)
    moving.reprint(host.key)
    return host.key


def effect(person: Person, said: Newcomer | None) -> Effect:
    """Tell that somebody lives here now, and under which record."""
    name = person.full_name
    if said is None:
        return Effect(
            effect="resident.came_back",
            subject=person.key,
            before={"status": "PINDAH"},
            after={"status": "HIDUP"},
            text_id=f"{name} kembali menjadi penduduk di sini dengan NIK yang sama.",
            text_en=f"{name} is a resident here again, under the same NIK.",
        )
    number = said.nik is not None
    return Effect(
        effect="resident.registered",
        subject=person.key,
        after=said.model_dump(mode="json", exclude={"nik"})
        | {"full_name": name, "keeps_nik": number},
        text_id=f"{name} dicatat sebagai penduduk di sini "
        + ("dengan NIK yang dimiliki." if number else "dan mendapat NIK."),
        text_en=f"{name} is recorded as a resident here "
        + ("under the NIK they have." if number else "and gets a NIK."),
    )
