"""Every event that crosses a service boundary. With the facts, this is the whole contract.

An event is a fact in the past tense. Add optional fields freely; to change or remove one, add a
new version beside the old and publish both until no consumer reads the old. Personal data is
allowed in `Sealed` fields only.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.facts import CardKind, Fact, Line, PersonRef, VillageCode
from shared.contract.plan import Outcome, Plan, Rule
from shared.sealed import Sealed


class Event(BaseModel):
    """Base of all events. `name` is the routing key: service.subject.happened.version.

    `about` names the field that identifies the aggregate: order is kept per subject.
    """

    model_config = ConfigDict(frozen=True)

    name: ClassVar[str]
    heard: ClassVar[bool] = True  # False: published for whoever binds a queue; none is ours
    about: ClassVar[str] = "case_id"

    @property
    def subject(self) -> str:
        """Return the id of the aggregate that this is about."""
        return str(getattr(self, self.about))


class Language(StrEnum):
    """What the citizen reads."""

    INDONESIAN = "id"
    ENGLISH = "en"


class Contact(BaseModel):
    """Whom to tell about a case, and what they agreed to (UU 27/2022 art 20: consent for extras)."""

    model_config = ConfigDict(frozen=True)

    full_name: Line
    phone: (
        Annotated[str, Field(pattern=r"^\+[1-9][0-9]{7,14}$", examples=["+6281234567890"])] | None
    )
    email: Annotated[str, Field(max_length=254)] | None = None
    resident_id: UUID | None = None
    language: Language = Language.INDONESIAN
    consents_to_whatsapp: bool = False
    consents_to_email: bool = False


class ChangeProposed(Event):
    """A case wants to know what its facts would do; asked anew whenever it is verified again."""

    name = "requests.change.proposed.v1"

    case_id: UUID
    round: int = Field(ge=1)  # the answer names it, so that an overtaken plan is recognised
    service_code: str
    reported_on: date
    facts: Sealed[list[Fact]]
    applicant: Sealed[PersonRef] | None = None  # who asks, where it is known which resident


class ChangeRequested(Event):
    """A case was signed; the registry is to apply exactly the effects that were approved."""

    name = "requests.change.requested.v1"

    case_id: UUID
    service_code: str
    reported_on: date
    facts: Sealed[list[Fact]]
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    actor: str = Field(max_length=200)  # who signed
    signed_at: AwareDatetime


class ChangePlanned(Event):
    """What the registry would do now. Refusals and effects name people, so they are sealed."""

    name = "registry.change.planned.v1"

    case_id: UUID
    round: int
    digest: str
    refused: bool
    plan: Sealed[Plan]
    village_code: VillageCode | None  # of the subject: routes the case
    related_resident_ids: list[UUID]  # everyone in the families touched: they may not decide
    subject_resident_ids: list[UUID] = []  # whose own matter it is; pointless without them
    applicant_resident_id: UUID | None = None  # who was named as asking, if the registry has them


class IssuedKind(StrEnum):
    """Papers that the registry seals; codes of jenis_dokumen.csv.

    Two of that list are no papers: the identity card with its chip, and the digital identity.
    """

    BIODATA = "BIODATA"
    FAMILY_CARD = "KK"
    CHILD_CARD = "KIA"
    MOVE_LETTER = "SKPWNI"
    ARRIVAL_LETTER = "SKDWNI"
    EMIGRATION_LETTER = "SKPLN"
    IMMIGRATION_LETTER = "SKDLN"
    RESIDENCE_LETTER = "SKTT"
    INTERIM_LETTER = "SUKET"
    SUBSTITUTE_IDENTITY = "SKPTI"
    SUBSTITUTE_CERTIFICATE = "SKPS"
    DISPLACED_PERSON = "SKOT"
    COMMUNITY_MEMBER = "SKTK"
    BIRTH_CERTIFICATE = "AKTA_LAHIR"
    DEATH_CERTIFICATE = "AKTA_MATI"
    MARRIAGE_CERTIFICATE = "AKTA_KAWIN"
    DIVORCE_CERTIFICATE = "AKTA_CERAI"
    ACKNOWLEDGEMENT = "AKTA_AKU"
    LEGITIMATION = "AKTA_SAH"
    STILLBIRTH_LETTER = "SK_LAHIR_MATI"
    MARRIAGE_ANNULMENT = "SK_BATAL_KAWIN"
    DIVORCE_ANNULMENT = "SK_BATAL_CERAI"
    MARGINAL_NOTE = "CATATAN_PINGGIR"


class ExpectedDocument(BaseModel):
    """A document that is on its way through the sealer."""

    model_config = ConfigDict(frozen=True)

    document_id: UUID
    kind: IssuedKind


class ChangeApplied(Event):
    """The registry holds the change, and says which documents will follow."""

    name = "registry.change.applied.v1"

    case_id: UUID
    outcome: Outcome
    documents: list[ExpectedDocument]
    village_code: VillageCode | None
    applied_at: AwareDatetime


class ChangeRefused(Event):
    """The registry did not apply the change; the case goes back to verification."""

    name = "registry.change.refused.v1"

    case_id: UUID
    rules: list[Rule]  # PLAN_CHANGED when the approved effects are no longer what would happen
    digest: str
    plan: Sealed[Plan]


class Download(BaseModel):
    """How somebody fetches a paper without logging in. It travels sealed, and goes two ways."""

    model_config = ConfigDict(frozen=True)

    document_id: UUID
    kind: IssuedKind
    url: str = Field(max_length=300)
    pin: str = Field(pattern=r"^[0-9]{6}$")
    expires_at: AwareDatetime


class DocumentIssued(Event):
    """A document is sealed and stored."""

    name = "registry.document.issued.v1"

    case_id: UUID
    document_id: UUID
    kind: IssuedKind
    copy_number: int
    issued_at: AwareDatetime
    download: Sealed[Download] | None = None


class _CardEvent(Event):
    """News of a recording or a card; those of a case keep their order with its other answers."""

    case_id: UUID | None = None
    resident_id: UUID | None = None  # None of a visitor from another regency

    @property
    def subject(self) -> str:
        """Return the id of the case, or of what the news is about where no case is behind it."""
        return str(self.case_id or getattr(self, self.about))


class RecordingChanged(_CardEvent):
    """How far the recording of somebody for the KTP-el is; statuses of status_rekam_ktp.csv."""

    name = "registry.recording.changed.v1"
    about = "recording_id"

    recording_id: UUID
    attempt: int = Field(ge=1)
    status: str = Field(pattern=r"^[A-Z_]{3,28}$", examples=["PRINT_READY_RECORD"])
    waits_for_age: bool = False  # ready, and the card waits for the 17th birthday


class CardChanged(_CardEvent):
    """Where a card is between its order and the hand-over; NO_BLANK while a site has no blanks."""

    name = "registry.card.changed.v1"
    about = "print_id"

    print_id: UUID
    card_id: UUID | None = None
    kind: CardKind
    state: str = Field(pattern=r"^[A-Z_]{3,11}$", examples=["QUEUED", "NO_BLANK", "PRINTED"])
    point_id: str = Field(max_length=20)


class RecordingRepeated(Event):
    """Somebody whose recording failed was recorded again in the same case."""

    name = "requests.recording.repeated.v1"

    case_id: UUID
    reference: Line
    quality: int | None = Field(default=None, ge=0, le=100)
    captured_on: date
    actor: str = Field(max_length=200)  # who recorded


class SignerOutageDeclared(Event):
    """Nobody can seal documents until further notice; cases that wait for one may pause."""

    name = "registry.signer.outage_declared.v1"
    about = "outage_id"

    outage_id: UUID
    declared_at: AwareDatetime


class SignerOutageEnded(Event):
    """Documents are sealed again, those that have waited first."""

    name = "registry.signer.outage_ended.v1"
    about = "outage_id"

    outage_id: UUID
    declared_at: AwareDatetime
    ended_at: AwareDatetime


class MoveOpened(Event):
    """People are on the way with a letter of ours, or went abroad with it."""

    name = "registry.move.opened.v1"
    heard = False
    about = "move_id"

    move_id: UUID
    case_id: UUID  # that opened it
    direction: str = Field(max_length=11, examples=["OUT"])
    village_code: VillageCode  # that they left
    people: int = Field(ge=1)
    valid_until: date | None  # the last valid day of the letter


class MoveClosed(Event):
    """The people of a letter have arrived or come back, or its time has run out."""

    name = "registry.move.closed.v1"
    about = "move_id"

    move_id: UUID
    case_id: UUID  # that opened it
    outcome: str = Field(max_length=10, examples=["ARRIVED", "CANCELLED", "EXPIRED"])
    village_code: VillageCode
    closed_on: date


class ArrivalReported(Event):
    """The destination told the office that the people of a case have arrived there."""

    name = "requests.arrival.reported.v1"

    case_id: UUID  # that opened the move
    report_id: UUID  # of this very message
    arrived_on: date
    actor: str = Field(max_length=200)  # who took the message
    reported_at: AwareDatetime
    movers: Sealed[list[PersonRef]] | None = None  # who arrived; None: everybody


class ResidentDied(Event):
    """Somebody is recorded as dead: nobody writes to them, and what they asked for is settled."""

    name = "registry.resident.died.v1"
    about = "resident_id"

    resident_id: UUID
    died_on: date
    village_code: VillageCode | None


class OfficeDayChanged(Event):
    """A day off was declared, or taken back: promises that run over it move."""

    name = "requests.office_day.changed.v1"
    about = "day"

    day: date


class ResidentMerged(Event):
    """One person had two records: whatever speaks of the loser is about the winner from now on."""

    name = "registry.resident.merged.v1"
    about = "winner_id"

    winner_id: UUID
    loser_id: UUID


class ResidentConfirmed(Event):
    """A record is to be sent to the centre anew, for an agency that does not find it there."""

    name = "registry.resident.confirmed.v1"
    heard = False
    about = "resident_id"

    resident_id: UUID
    version: int = Field(ge=1)  # of the record that counts


class ResidentRestored(Event):
    """The certificate of somebody's death is cancelled: they are alive, and may be written to."""

    name = "registry.resident.restored.v1"
    about = "resident_id"

    resident_id: UUID
    village_code: VillageCode | None


class CaseEvent(Event):
    """What every event in the life of a case tells."""

    case_id: UUID
    number: str = Field(description="BWI-YYMMDD-XXXXXX-C, safe to show", max_length=30)
    service_code: str
    service_name_id: str = Field(default="", max_length=200)  # as the catalogue names it
    service_name_en: str = Field(default="", max_length=200)
    channel: str
    village_code: VillageCode | None
    at: AwareDatetime
    contact: Sealed[Contact] | None = None


class Reason(BaseModel):
    """Why a case came back or was turned down, in words for the citizen."""

    model_config = ConfigDict(frozen=True)

    code: Rule
    text_id: str
    text_en: str


class CaseSubmitted(CaseEvent):
    """A complete file was taken in."""

    name = "requests.case.submitted.v1"
    due_at: datetime | None = None


class CaseReturned(CaseEvent):
    """Something is missing or wrong; every reason at once."""

    name = "requests.case.returned.v1"
    reasons: Sealed[list[Reason]]


class CaseVerified(CaseEvent):
    """The agency checked the file against the registry."""

    name = "requests.case.verified.v1"


class CaseReady(CaseEvent):
    """Every document is sealed, every card printed, and can be fetched."""

    name = "requests.case.ready.v1"
    documents: list[ExpectedDocument]
    cards: list[CardKind] = []
    downloads: Sealed[list[Download]] | None = None


class CaseHandedOver(CaseEvent):
    """The citizen has the documents."""

    name = "requests.case.handed_over.v1"


class CaseRejected(CaseEvent):
    """Turned down on a legal ground, with the way to object."""

    name = "requests.case.rejected.v1"
    reasons: Sealed[list[Reason]]


class CaseCancelled(CaseEvent):
    """Withdrawn by the applicant, or overtaken by events."""

    name = "requests.case.cancelled.v1"


def _leaves(base: type[Event]) -> list[type[Event]]:
    found = [each for child in base.__subclasses__() for each in _leaves(child)]
    return found + ([base] if "name" in vars(base) else [])


EVENTS: dict[str, type[Event]] = {
    event.name: event for event in sorted(_leaves(Event), key=lambda e: e.name)
}
ANNOUNCED_ONLY = frozenset(name for name, event in EVENTS.items() if not event.heard)
