"""A place in a list of cases, as its cursor says."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from services.requests.cases.store import Place
from services.requests.cases.tables import Case
from shared.problems import BadRequest


def cursor(case: Case, *, by_due: bool) -> str:
    """Return the cursor of the place after a case."""
    due_at = case.due_at.isoformat() if by_due and case.due_at else None
    return urlsafe_b64encode(json.dumps([due_at, str(case.id)]).encode()).rstrip(b"=").decode()


def place(text: str, *, by_due: bool) -> Place:
    """Return the place that a cursor means.

    Raises:
        BadRequest: it is not a cursor of this list.
    """
    try:
        due_at, case_id = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = datetime.fromisoformat(due_at) if by_due else None, UUID(case_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRequest from error
    if by_due and (found[0] is None or found[0].tzinfo is None):
        raise BadRequest
    return found
