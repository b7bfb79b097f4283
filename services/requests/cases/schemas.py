"""What the API of cases reads and writes."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import phonenumbers
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shared.contract.events import Contact, Language
from shared.contract.facts import Fact, Line, LongLine, PersonRef, RegionCode, Strict
from shared.contract.plan import Plan, Rule
from shared.invalid import BadValue


def _e164(text: str) -> str:
    """Return a phone number as +62..., however an Indonesian wrote it."""
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException as error:
        raise _bad_phone() from error
    if not phonenumbers.is_valid_number(number):
        raise _bad_phone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _bad_phone() -> BadValue:
    return BadValue(
        "PHONE_INVALID",
        "Nomor telepon tidak dikenal; contoh: 0812-3456-7890.",
        "Not a phone number; for example 0812-3456-7890.",
    )


Phone = Annotated[
    str, Field(min_length=8, max_length=25, examples=["081234567890"]), AfterValidator(_e164)
]
Email = Annotated[
    str,
    Field(max_length=254, pattern=r"^[^@\s\p{C}]+@[^@\s\p{C}]+\.[^@\s\p{C}]+$"),
]
ServiceCode = Annotated[str, Field(pattern=r"^[A-Z0-9-]{2,30}$", examples=["PKT-BIRTH"])]
Channel = Annotated[str, Field(pattern=r"^[A-Z_]{2,20}$", examples=["FASKES"])]
PointId = Annotated[str, Field(pattern=r"^[A-Z0-9-]{2,20}$", examples=["SP-3510-031"])]
PaperCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,30}$", examples=["BIRTH_LETTER"])]
Facts = Annotated[list[Fact], Field(max_length=20)]
Action = Annotated[str, Field(pattern=r"^[a-z_]{2,40}$", examples=["verify"])]


class Applicant(Strict):
    """Who asks, how to reach them, and what messages they agreed to (UU 27/2022 art 20)."""

    relationship: Line = Field(description="To the subject", examples=["parent"])
    full_name: Line = Field(examples=["SITI AMINAH"])
    resident: PersonRef | None = None
    phone: Phone | None = None
    email: Email | None = None
    language: Language = Language.INDONESIAN
    consents_to_whatsapp: bool = False
    consents_to_email: bool = False

    @model_validator(mode="after")
    def _is_somebody_already(self) -> Self:
        if self.resident and self.resident.created_by is not None:
            raise BadValue(
                "APPLICANT_NOT_BORN",
                "Pemohon harus penduduk yang sudah ada.",
                "The applicant must be a resident already.",
            )
        return self

    def contact(self, resident_id: UUID | None) -> Contact:
        """Return what the messages of this case need."""
        return Contact(
            full_name=self.full_name,
            phone=self.phone,
            email=self.email,
            resident_id=resident_id,
            language=self.language,
            consents_to_whatsapp=self.consents_to_whatsapp,
            consents_to_email=self.consents_to_email,
        )


class CaseIn(Strict):
    """A new case; it stays a draft until it is submitted."""

    service_code: ServiceCode
    channel: Channel
    point_id: PointId | None = Field(
        default=None, description="Where it is taken in; not of online channels"
    )
    applicant: Applicant
    facts: Facts = Field(default_factory=list)


class CasePatch(Strict):
    """What is replaced; what is absent stays."""

    applicant: Applicant | None = None
    facts: Facts | None = None


class SubmitIn(Strict):
    """Said only when another open case looks the same and is not."""

    different: bool = False
    reason: LongLine | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.different and not self.reason:
            raise BadValue(
                "REASON_REQUIRED",
                "Jelaskan mengapa kasus ini berbeda.",
                "Say why this case is a different one.",
            )
        return self


class ReasonIn(Strict):
    """One reason in words for the citizen; a rule of the case's own plan brings its words along."""

    code: Rule
    text_id: LongLine | None = None
    text_en: LongLine | None = None


class CaptureIn(Strict):
    """What the recording station says; the biometrics themselves never leave it."""

    reference: Line = Field(description="Under which the station keeps the file")
    quality: int = Field(ge=0, le=100)
    captured_on: date | None = Field(default=None, description="Today if absent")


class Deciding(Strict):
    """A step and why it is taken."""

    action: Action
    reasons: list[ReasonIn | LongLine] = Field(default_factory=list, max_length=30)
    legal_ground: LongLine | None = Field(
        default=None, description="Of a rejection", examples=["UU 24/2013 art 27"]
    )
    note: LongLine | None = Field(default=None, description="For colleagues, not for the citizen")
    receiver: Line | None = Field(default=None, description="Who takes the documents at hand-over")
    old_card_taken: bool = Field(default=False, description="The old card was taken in and punched")
    capture: CaptureIn | None = Field(default=None, description="Of a recording for the KTP-el")
    movers: list[PersonRef] = Field(
        default_factory=list,
        max_length=500,
        description="Who arrived, where that is reported; everybody when empty",
    )


class CaseRef(Strict):
    """A case in the version that was decided upon."""

    id: UUID
    version: int = Field(ge=1, lt=10**9)


class DecisionsIn(Deciding):
    """The same step for many cases."""

    cases: list[CaseRef] = Field(min_length=1, max_length=200)


class OfficeDayIn(Strict):
    """A day that differs from the state's calendar."""

    day: date
    name: Line | None = Field(
        default=None,
        description="Why the office is closed; absent: it works, whatever the calendar says",
        examples=["Cuti bersama tambahan"],
    )


class OfficeDayOut(BaseModel):
    """A day off under a name, or a day that is worked (no name)."""

    day: date
    name: str | None = Field(max_length=100)


class OfficeDays(BaseModel):
    """The days that were declared here, oldest first: few, so never in pages."""

    items: list[OfficeDayOut] = Field(max_length=1000)


class CaseQuery(Strict):
    """What a list is narrowed to; everything that is named must hold."""

    state: list[Annotated[str, Field(pattern=r"^[A-Z_]{2,30}$")]] = Field(
        default_factory=list, max_length=10
    )
    service_code: ServiceCode | None = None
    channel: Channel | None = None
    area: RegionCode | None = Field(
        default=None, description="Taken in there, or about somebody of there"
    )
    mine: bool = Field(default=False, description="Filed by the caller")
    overdue: bool = False
    at_risk: bool = Field(default=False, description="Due within 4 hours of office time")
    closed: bool = Field(default=False, description="Also those that have ended")
    sort: Literal["id", "due_at"] = Field(
        default="id", description="Oldest first, or what is due first (of running clocks only)"
    )
    after: Annotated[str | None, Field(max_length=2000)] = Field(
        default=None, description="`next` of the page before"
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Out(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


class ServiceOut(Out):
    """The service that a case asks for."""

    code: str
    name_id: str
    name_en: str


class MissingOut(Out):
    """One thing that the file still lacks."""

    pointer: str
    rule: str
    message: str
    attachment: str | None = None
    form: str | None = None


class SimilarOut(Out):
    """Another case in process about the same thing."""

    number: str
    state: str
    filed_at: datetime
    point_id: str | None


class ObstacleOut(Out):
    """A step that the caller's role has, and what prevents it now."""

    action: str
    rule: str


class ClocksOut(Out):
    """The promise of the service, and how old the case is by both clocks."""

    created_at: datetime
    submitted_at: datetime | None
    complete_at: datetime | None = Field(description="When the promise began to run")
    due_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None = Field(description="When the documents were ready")
    office_seconds: int | None = Field(description="Office time that counts against the promise")
    calendar_seconds: int | None = Field(description="Time since it was submitted")
    overdue: bool


class PlanOut(Out):
    """What the registry says the case would do."""

    round: int
    digest: str
    refused: bool
    plan: Plan


class DocumentOut(Out):
    """A document that the case brings."""

    document_id: UUID
    kind: str
    issued_at: datetime | None


class CaseBrief(Out):
    """A case in a list: nothing that names a person."""

    id: UUID
    number: str
    state: str
    version: int
    round: int
    service_code: str
    channel: str
    point_id: str | None
    intake_area: str | None
    village_code: str | None
    plan_pending: bool
    plan_refused: bool
    submitted_at: datetime | None
    due_at: datetime | None
    overdue: bool
    paused: bool


class CaseOut(Out):
    """A case as its reader may see it: what is not for them is null."""

    id: UUID
    number: str = Field(examples=["BWI-261124-7KQ2MX-4"])
    state: str = Field(examples=["DRAFT"])
    version: int
    round: int
    service: ServiceOut
    channel: str
    point_id: str | None
    intake_area: str | None
    village_code: str | None
    allowed_actions: list[str]
    obstacles: list[ObstacleOut]
    clocks: ClocksOut
    missing: list[MissingOut] = Field(default_factory=list)
    similar: list[SimilarOut] = Field(default_factory=list)
    applicant: Applicant | None = None
    applicant_died_on: date | None = Field(
        default=None, description="Recorded as deceased: somebody else has to go on with it"
    )
    facts: list[Fact] | None = None
    plan_pending: bool = False
    plan: PlanOut | None = None
    documents: list[DocumentOut] = Field(default_factory=list)


class ReasonOut(Out):
    """A reason as it was given."""

    code: str
    text_id: str
    text_en: str


class StepOut(Out):
    """One line of the timeline."""

    seq: int
    action: str
    from_state: str | None
    to_state: str
    round: int
    role: str
    at: datetime
    actor: str | None = Field(description="Not shown to citizens")
    reasons: list[ReasonOut]
    note: str | None = Field(description="For colleagues; not shown to citizens")
    receiver: str | None = Field(description="Who took the documents; not shown to citizens")


class Timeline(Out):
    """Every step of a case, oldest first."""

    steps: list[StepOut]


class DecisionResult(Out):
    """What became of one case: its new state and version, or the problem."""

    id: UUID
    ok: bool
    state: str | None = None
    version: int | None = None
    problem: dict[str, object] | None = None


class DecisionsOut(Out):
    """One result per case, in the order asked."""

    results: list[DecisionResult]
    done: int
    refused: int


class AttachmentOut(Out):
    """A paper of a case; its content is read by itself."""

    id: UUID
    code: str = Field(examples=["BIRTH_LETTER"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes of what is kept")
    kept_at: datetime


class AttachmentList(Out):
    """The papers of a case, oldest first."""

    attachments: list[AttachmentOut] = Field(max_length=100)
