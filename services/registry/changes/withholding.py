"""A plan for who may not read everything it tells: what a record says now is left out. Pure.

Else anybody who may look ahead could read a religion, a disability or the natural parents of who
was adopted by proposing another value for them (UU 27/2022 art 4, PP 54/2007 art 6).
"""

from collections.abc import Mapping

from services.registry.changes import correcting
from services.registry.changes.certified import LABELS
from services.registry.changes.state import Key, State
from services.registry.residents.reading import Shown
from services.registry.residents.schemas import ORIGINS, ResidentOut
from shared.contract.plan import Effect, Plan

_IDENTIFYING = frozenset(ResidentOut.model_fields)
_CORRECTIONS = frozenset({"resident.corrected", "resident.parent_renamed"})
_OF_ENTRIES = "certificate.corrected"


def shown_to(plan: Plan, state: State, seen: Mapping[Key, Shown]) -> Plan:
    """Return a plan without what stands in records now that the reader is not shown elsewhere."""
    return plan.model_copy(update={"effects": [_told(each, state, seen) for each in plan.effects]})


def _told(effect: Effect, state: State, seen: Mapping[Key, Shown]) -> Effect:
    if effect.effect == _OF_ENTRIES:
        entry = state.entries.get(effect.subject)
        shown = seen.get(entry.subject) if entry and entry.subject else None
        readable = shown is not None and shown.whole and shown.origins
    elif effect.effect in _CORRECTIONS:
        readable = _reads(seen.get(effect.subject), set(effect.before or ()))
    else:
        return effect
    return effect if readable else _without_before(effect)


def _reads(shown: Shown | None, names: set[str]) -> bool:
    if shown is None:
        return False
    if names & ORIGINS and not shown.origins:
        return False
    return shown.whole or names <= _IDENTIFYING


def _without_before(effect: Effect) -> Effect:
    [name] = effect.before or {}
    label = LABELS[name]
    known = name if name in correcting.ELEMENTS else "birth_place_code"
    after = correcting.shown(known, (effect.after or {})[name])  # type: ignore[arg-type]
    said = {
        "before": None,
        "text_id": f"{label.id} menjadi {after.id}.",
        "text_en": f"{label.en} becomes {after.en}.",
    }
    return effect.model_copy(update=said)
