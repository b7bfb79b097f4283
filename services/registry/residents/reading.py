"""Somebody reads about people: who, why, and by which permission."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from services.registry.policy import POLICY
from services.registry.residents.tables import Resident
from shared.auth import Caller, Forbidden, Principal
from shared.policy import Decision, Purpose, Thing, decide, reaches

UNMASK = "residents:unmask"  # the scope of an officer who must see numbers in full


@dataclass(frozen=True, slots=True)
class Reading:
    """One request that reads people; `operation` is an action of the policy."""

    caller: Principal
    purpose: str
    operation: str

    def sees_whole(self, resident_id: UUID, village_code: str | None) -> bool:
        """Tell whether the caller may see the whole record, not only what identifies."""
        return self._may("residents.whole", [resident_id], village_code)

    def sees_numbers(self, resident_ids: Iterable[UUID], village_code: str | None) -> bool:
        """Tell whether the caller may see NIK and KK number in full; of their own family, yes."""
        unmasks = UNMASK in self.caller.scopes
        return unmasks or self._may("residents.numbers", resident_ids, village_code)

    def _may(self, action: str, resident_ids: Iterable[UUID], village_code: str | None) -> bool:
        thing = Thing(village_code, resident_ids=frozenset(resident_ids))
        return decide(POLICY, self.caller, action, thing) is Decision.ALLOW

    def _may_read_origins(self, resident: Resident) -> bool:
        return self._may("residents.origins", [resident.id], resident.village_code)

    def of(self, resident: Resident) -> "Shown":
        """Return what this caller is shown of somebody."""
        return Shown(
            whole=self.sees_whole(resident.id, resident.village_code),
            numbers=self.sees_numbers([resident.id], resident.village_code),
            origins=not resident.is_adopted or self._may_read_origins(resident),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a person is shown."""

    whole: bool
    numbers: bool
    origins: bool  # the natural parents; of who was adopted, sealed


def permit(caller: Principal, purpose: str, action: str) -> Reading:
    """Begin a reading.

    Raises:
        Forbidden: no role of the caller may do this to anybody.
        KeyError: the policy has no such action.
    """
    if not reaches(POLICY, caller, action):
        raise Forbidden(action=action)
    return Reading(caller, purpose, action)


def reading(action: str) -> Callable[[Caller, Purpose], Awaitable[Reading]]:
    """Make a dependency that begins a reading.

    Raises:
        KeyError: at import, when the policy has no such action.
    """
    POLICY[action]

    async def begin(caller: Caller, purpose: Purpose) -> Reading:
        return permit(caller, purpose, action)

    return begin
