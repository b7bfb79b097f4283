"""What cases about cards add to their facts, and what their cards follow on."""

from services.requests.cases import store
from services.requests.cases.moving import Way, whole_facts
from services.requests.cases.placing import print_site
from services.requests.cases.schemas import CaptureIn
from services.requests.cases.subject import subject_of
from services.requests.cases.tables import Case
from services.requests.points.store import points
from shared import clock
from shared.contract.facts import Fact, IssueCard, RecordBiometrics, RenewCard

_WITHOUT_OLD_CARD = frozenset({"NEW", "LOST"})


def write(case: Case, capture: CaptureIn) -> None:
    """Add what the recording station says to the facts; it is no part of what was approved."""
    facts = [_captured(case, each, capture) for each in store.facts_of(case)]
    store.set_facts(case, facts, subject_of(facts))


def _captured(case: Case, fact: Fact, capture: CaptureIn) -> Fact:
    if not isinstance(fact, RecordBiometrics):
        return fact
    news = {
        "reference": capture.reference,
        "quality": capture.quality,
        "captured_on": capture.captured_on or clock.today(),
        "print_at": fact.print_at or print_site(points(), case.point_id),
    }
    return fact.model_copy(update=news)


def replaces_card(case: Case, way: Way) -> bool:
    """Tell whether there is an old card to take in: not at the first one, nor at a lost one."""
    if case.reported_on is None:
        return False
    return any(
        isinstance(each, RenewCard)
        or (isinstance(each, IssueCard) and each.reason not in _WITHOUT_OLD_CARD)
        for each in whole_facts(case, way)
    )
