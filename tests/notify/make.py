"""Makes events about cases. Each takes what matters to the test and invents the rest."""

from datetime import datetime
from uuid import UUID, uuid4

from services.notify.worker import HANDLERS
from shared import clock
from shared.contract.events import CaseEvent, CaseSubmitted, Contact
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox

PHONE = "+6281234567890"
NAME = "SUGENG PRIYONO"
VILLAGE = "35.10.05.2003"


def make_contact(**changes: object) -> Contact:
    values = {"full_name": NAME, "phone": PHONE, "consents_to_whatsapp": True}
    return Contact.model_validate(values | changes)


def make_event(
    kind: type[CaseEvent] = CaseSubmitted,
    case_id: UUID | None = None,
    *,
    at: datetime | None = None,
    contact: Contact | None = None,
    **more: object,
) -> CaseEvent:
    values = {
        "case_id": case_id or uuid4(),
        "number": "BWI-261124-ABCDEF-G",
        "service_code": "PKT-BIRTH",
        "channel": "FASKES",
        "village_code": VILLAGE,
        "at": at or clock.now(),
        "contact": contact or make_contact(),
    }
    return kind.model_validate(values | more)


async def receive(sessions: Sessions, *events: CaseEvent) -> None:
    """Hand events to the service as its worker does."""
    inbox = Inbox(sessions, HANDLERS)
    for event in events:
        assert await inbox.receive(Envelope.around(event), redelivered=False) is None
