"""Who may do what to which thing: one pure decision over a table that each service writes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header

from shared.auth import Caller, Forbidden, Principal, authenticate
from shared.language import Words
from shared.problems import Problem

CITIZENS = frozenset({"WARGA", "KEPALA_KELUARGA"})
OWN_DATA = "own-data"  # the purpose of a citizen who did not name one


class Reach(StrEnum):
    """How far a role's permission goes."""

    OWN = "own"  # what the caller filed, or what is about the caller
    AREA = "area"  # whatever lies in the caller's areas
    EVERYWHERE = "everywhere"  # the whole regency
    MASKED = "masked"  # everywhere, without names and numbers


class Decision(StrEnum):
    """The answer to one question."""

    ALLOW = "allow"
    MASK = "mask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a decision is about; a thing of no village lies in nobody's area."""

    village_code: str | None = None
    owner: str | None = None  # the `sub` that made it
    resident_ids: frozenset[UUID] = frozenset()  # whom it is about


# action -> role -> reach. A role that is absent may not do it at all.
Policy = Mapping[str, Mapping[str, Reach]]


def reaches(policy: Policy, principal: Principal, action: str) -> frozenset[Reach]:
    """Return every reach that the caller's roles give for an action."""
    granted = policy[action]
    return frozenset(granted[role] for role in principal.roles if role in granted)


def decide(policy: Policy, principal: Principal, action: str, thing: Thing) -> Decision:
    """Decide what the caller may do; the widest permission of their roles counts.

    Raises:
        KeyError: nobody wrote a row for this action.
    """
    granted = reaches(policy, principal, action)
    if any(_holds(reach, principal, thing) for reach in granted):
        return Decision.ALLOW
    return Decision.MASK if Reach.MASKED in granted else Decision.DENY


def _holds(reach: Reach, principal: Principal, thing: Thing) -> bool:
    if reach is Reach.EVERYWHERE:
        return True
    if reach is Reach.AREA:
        return thing.village_code is not None and principal.works_in(thing.village_code)
    if reach is Reach.OWN:
        return thing.owner == principal.sub or principal.resident_id in thing.resident_ids
    return False


def allowed(policy: Policy, action: str) -> Callable[[Principal], Awaitable[Principal]]:
    """Make a dependency that lets only callers pass whose roles can do this to anything at all.

    Raises:
        KeyError: at import, when the table has no row for the action.
    """
    policy[action]

    async def check(caller: Annotated[Principal, Depends(authenticate)]) -> Principal:
        if not reaches(policy, caller, action):
            raise Forbidden(action=action)
        return caller

    return check


class PurposeRequired(Problem):
    """Whoever reads about a resident says why; it is written down, and the resident can see it."""

    status = 400
    slug = "purpose-required"
    title = Words("Sebutkan tujuan dalam header X-Purpose", "Say why in the X-Purpose header")
    advice = Words(
        "Kirim lagi dengan header X-Purpose berisi 3 sampai 60 karakter, misalnya nomor kasus.",
        "Send it again with a header X-Purpose of 3 to 60 characters, such as the case number.",
    )


async def purpose(
    caller: Caller,
    x_purpose: Annotated[
        str | None,
        Header(
            alias="X-Purpose",
            min_length=3,
            max_length=60,
            pattern=r"^[ -~]+$",
            description="Why the data is read; all but citizens must say",
            examples=["case BWI-261124-7KQ2MX-4"],
        ),
    ] = None,
) -> str:
    """Return why the caller reads about a resident.

    Raises:
        PurposeRequired: they did not say, and are not just a citizen.
    """
    if x_purpose is not None and x_purpose.strip():
        return x_purpose.strip()
    if caller.roles and caller.roles <= CITIZENS:
        return OWN_DATA
    raise PurposeRequired


Purpose = Annotated[str, Depends(purpose)]
