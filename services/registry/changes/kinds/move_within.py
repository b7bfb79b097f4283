"""A move inside the regency: no letter, one request. Perpres 96/2018 art 25, UU 23/2006 art 61."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.heads import check_positions
from services.registry.changes.homes import check_destination, rearrange
from services.registry.changes.kinds import add_member, leaving
from services.registry.changes.kinds.arriving import home_of
from services.registry.changes.kinds.leaving import Leaver, Staying
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import positions
from services.registry.families import actions as families
from services.registry.families import store as family_store
from shared.codes import label
from shared.contract.facts import CardKind, Home, MoveWithin, Relationship
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Moving:
    """Who changes families, and which family moves to another address with whom is left in it."""

    family: Key
    wanted: Rearrangement
    to: Home | None = None


def plan(state: State, fact: MoveWithin, index: int, context: Context) -> Step[Moving]:
    """Judge a move of a whole family, or of some of it into another family or one of their own."""
    found = Findings(index)
    family = state.family(fact.family, index)
    found.check_family(family, "/family", context)
    if fact.to is not None:
        check_destination(found, state, fact.to, context, "/to/village_code")
    host = state.family(fact.joins, index) if fact.joins else None
    if fact.joins is not None:
        found.check_family(host, "/joins", context)
    if host is not None and family is not None and host.key == family.key:
        found.refuse("MOVE_SAME_FAMILY", "/joins")
    places = [f"/movers/{number}/person" for number in range(len(fact.movers))]
    refs = [each.person for each in fact.movers]
    movers = leaving.check_leavers(found, state, family, refs, index, places) if family else []
    if family is None or found.refusals:
        return found.step(state, village_code=family.village_code if family else None)
    leaving.warn_of_minors(
        found, movers, [each.removesuffix("/person") for each in places], context
    )
    plan_ = _Plan(found, fact, family, movers, index, context)
    return plan_.joining(state, host) if host is not None else plan_.elsewhere(state)


async def apply(session: AsyncSession, moving: Moving, made: Made) -> None:
    """Move people from today on, and have the cards printed that show it."""
    await rearrange(session, moving.wanted, made, "move_within")
    if moving.to is not None:
        family_id = made.touch(moving.family)
        family = (await family_store.load(session, [family_id]))[family_id]
        source, home = made.source("move_within"), moving.to.model_dump()
        await families.change(session, family, home, source=source, valid_from=made.today)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One move, judged so far."""

    found: Findings
    fact: MoveWithin
    family: Family
    movers: Sequence[Leaver]
    index: int
    context: Context

    @property
    def _going(self) -> set[Key]:
        return {each.person.key for each in self.movers}

    @property
    def _asked(self) -> dict[Key, Relationship]:
        pairs = zip(self.movers, self.fact.movers, strict=True)
        return {each.person.key: said.relationship for each, said in pairs if said.relationship}

    def joining(self, state: State, host: Family) -> Step[Moving]:
        """Some go into another family; where their head goes, those who stay get another number."""
        moving = Rearranging(state)
        self._leave(moving)
        if not self.found.refusals:
            self._join(moving, host)
        return self._step(state, moving, self._going)

    def elsewhere(self, state: State) -> Step[Moving]:
        """Everybody, or those named, go to another address."""
        everybody = {each.person for each in self.family.members}
        if not self.movers or self._going == everybody:
            return self._whole(state, Rearranging(state), everybody)
        if self.family.head in self._going:
            return self._with_head(state)
        return self._without_head(state)

    def _with_head(self, state: State) -> Step[Moving]:
        """The number goes with its head; those who stay open a family at the old address."""
        rest = tuple(each for each in self.family.members if each.person not in self._going)
        stay = replace(self.family, members=rest)
        head = leaving.head_of_rest(
            self.found, state, self.family, stay, self.fact.stayers_head, self.index, self.context
        )
        moving = Rearranging(state)
        if head is None or self.found.refusals:
            return self._step(state, moving, set())
        asked = check_positions(self.found, state, stay, head, self.fact.positions, self.index)
        lines = list(positions(state, stay, head, asked))
        for each in lines:
            moving.leave(each.person)
        key = leaving.stayers_home(self.index)
        moving.open(replace(stay, key=key, head=head.key), lines)
        return self._whole(state, moving, self._going)

    def _without_head(self, state: State) -> Step[Moving]:
        """Members open a family of their own; the number stays with those who stay."""
        assert self.fact.to is not None  # noqa: S101 - of the two ways it is this one
        head = self._new_head()
        going = tuple(each for each in self.family.members if each.person in self._going)
        lines = list(positions(state, replace(self.family, members=going), head, self._asked))
        moving = Rearranging(state)
        self._leave(moving)
        if not may_be_head(head, self.context.today):
            self.found.refuse("HEAD_NOT_FIT", "/movers/0/person")
        if not self.found.refusals:
            moving.open(home_of(self.fact.to, new_home(self.index), head.key), lines)
        return self._step(state, moving, self._going)

    def _new_head(self) -> Person:
        named = (key for key, at in self._asked.items() if at is Relationship.HEAD)
        key = next(named, self.movers[0].person.key)
        return next(each.person for each in self.movers if each.person.key == key)

    def _leave(self, moving: Rearranging) -> None:
        staying = Staying(self.fact.stayers_head, self.fact.positions)
        going = self._going
        leaving.depart(self.found, moving, self.family, going, staying, self.index, self.context)

    def _join(self, moving: Rearranging, host: Family) -> None:
        judged, places = moving.state, []
        for number, each in enumerate(self.movers):
            person, home = judged.persons[each.person.key], judged.families[host.key]
            asked = self.fact.movers[number].relationship
            step = add_member.place(self.found, judged, person, home, asked, f"/movers/{number}")
            judged = step.state
            if step.decision is not None:
                places.append((person.key, step.decision.relationship))
        if not self.found.refusals:
            for key, position in places:
                moving.join(key, host.key, position)
            moving.reprint(host.key)

    def _whole(self, state: State, moving: Rearranging, going: set[Key]) -> Step[Moving]:
        to = self.fact.to
        assert to is not None  # noqa: S101 - of the two ways it is this one
        now = moving.state.families[self.family.key]
        moved = replace(now, **to.model_dump())
        if moved == now and not moving.made.left:
            self.found.refuse("MOVE_SAME_ADDRESS", "/to")
            return self._step(state, moving, set())
        moving.effects.append(_moved(state, self.fact, now, to))
        moving.state = moving.state.with_family(moved)
        for each in now.members:
            person = moving.state.persons[each.person]
            at_home = replace(person, village_code=to.village_code)
            moving.state = moving.state.with_person(at_home)
        moving.reprint(now.key)
        return self._step(state, moving, going, to)

    def _step(
        self, state: State, moving: Rearranging, going: Iterable[Key], to: Home | None = None
    ) -> Step[Moving]:
        village = self.family.village_code
        if self.found.refusals:
            return self.found.step(state, village_code=village)
        cards = (each for key in sorted(going) for each in _outdated(state.persons[key]))
        decision = Moving(self.family.key, moving.made, to)
        return self.found.step(
            moving.state, decision, *moving.effects, *cards, village_code=village
        )


def _moved(state: State, fact: MoveWithin, family: Family, to: Home) -> Effect:
    village, reason = state.villages[to.village_code], label("alasan_pindah", fact.reason)
    people = len(family.members)
    return Effect(
        effect="family.moved",
        subject=family.key,
        before=_address(family.address, family.rt, family.rw, family.village_code),
        after=_address(to.address, to.rt, to.rw, to.village_code)
        | {
            "hamlet": to.hamlet,
            "postal_code": to.postal_code,
            "reason": fact.reason,
            "members": [each.person for each in family.members],
        },
        text_id=f"Keluarga ({people} orang) pindah ke {to.address}, RT {to.rt} RW {to.rw}, "
        f"{village} ({reason}); nomor Kartu Keluarga tetap.",
        text_en=f"The family ({people} people) moves to {to.address}, RT {to.rt} RW {to.rw}, "
        f"{village}; the number of the family card stays.",
    )


def _address(address: str, rt: str, rw: str, village_code: str) -> dict[str, Any]:
    return {"address": address, "rt": rt, "rw": rw, "village_code": village_code}


def _outdated(person: Person) -> Iterator[Effect]:
    """Tell which cards show the old address; they stay valid until they are replaced."""
    services = {CardKind.KTP_EL: ("KTP-el", "KTP-MOVE"), CardKind.KIA: ("KIA", "KIA-MOVE")}
    for card in person.cards:
        name, service = services[card.kind]
        yield Effect(
            effect="card.outdated",
            subject=person.key,
            after={"kind": card.kind, "service": service},
            text_id=f"{name} {person.full_name} masih memuat alamat lama; tetap berlaku dan dapat "
            f"diganti dengan layanan {service}.",
            text_en=f"The {name} of {person.full_name} still shows the old address; it stays valid and "
            f"can be replaced by the service {service}.",
        )
