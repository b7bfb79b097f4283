"""Whether a caller may see or handle one case."""

from dataclasses import replace

from services.requests.cases.rules import Actor
from services.requests.cases.tables import Case
from services.requests.policy import POLICY
from shared.auth import Principal
from shared.policy import Decision, Thing, decide, reaches


def decision(caller: Principal, action: str, case: Case) -> Decision:
    """Decide by the area that took the case in and by the village it is about; the wider counts.

    What a caller filed is their own, and so is what their service point took in. Completing a file
    is not for the village it is about, unless that took it in.
    """
    if reaches(POLICY, caller, action) and case.filed_by == caller.sub:
        return Decision.ALLOW
    at_own_point = caller.point is not None and caller.point == case.point_id
    owner = caller.sub if at_own_point else case.filed_by
    about = frozenset({case.applicant_resident_id} if case.applicant_resident_id else ())
    areas = {case.intake_area} if action == "cases.file" else {case.intake_area, case.village_code}
    answers = {decide(POLICY, caller, action, Thing(area, owner, about)) for area in areas}
    return next(each for each in Decision if each in answers)  # ALLOW, MASK, DENY


def may(caller: Principal, action: str, case: Case) -> bool:
    """Tell whether the caller may do it in full."""
    return decision(caller, action, case) is Decision.ALLOW


def actor(caller: Principal, case: Case) -> Actor:
    """Return the caller with only those of their roles that reach this case."""
    return Actor(
        caller.sub,
        _reaching(caller, "cases.act", case),
        _reaching(caller, "cases.file", case),
        caller.resident_id,
    )


def _reaching(caller: Principal, action: str, case: Case) -> frozenset[str]:
    alone = {role: replace(caller, roles=frozenset({role})) for role in caller.roles}
    return frozenset(role for role, each in alone.items() if may(each, action, case))
