"""What travels: a CloudEvents 1.0 envelope in structured JSON."""

from typing import Any, Literal, Self
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared import clock, trace
from shared.contract.events import EVENTS, Event
from shared.sealed import bound_to

CONTENT_TYPE = "application/cloudevents+json"


class Envelope(BaseModel):
    """One event on its way. `subject` is what it is about: order is kept per subject."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    traceparent: str | None = None
    sequence: str | None = None  # grows along a subject (CloudEvents extension `sequence`)
    data: dict[str, Any]

    @classmethod
    def around(cls, event: Event) -> Self:
        """Put an event into an envelope, its personal data sealed to this subject."""
        subject = event.subject
        return cls(
            id=uuid4(),
            source=f"/{event.name.partition('.')[0]}",
            type=event.name,
            subject=subject,
            time=clock.now(),
            dataschema=f"/events/{event.name}",
            traceparent=trace.traceparent(),
            data=event.model_dump(mode="json", context=bound_to(f"{event.name}/{subject}")),
        )

    def event(self) -> Event:
        """Take the event out.

        Raises:
            ValueError: the data breaks the schema, or was sealed with a key we do not hold.
        """
        place = bound_to(f"{self.type}/{self.subject}")
        return EVENTS[self.type].model_validate(self.data, context=place)
