"""What the catalogue looks like over HTTP: every text in both languages, for anybody."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.requests.catalogue.model import Certainty

Category = Literal["DAFDUK", "CAPIL", "PIAK", "BUNDLE"]


class Out(BaseModel):
    """Something that is only ever read."""

    model_config = ConfigDict(frozen=True)


class Words(Out):
    """One sentence in Indonesian and in English."""

    id: str = Field(max_length=400, examples=["Menumpang, sewa atau kos"])
    en: str = Field(max_length=400, examples=["Lodging, renting or boarding"])


FREE = Words(
    id="Gratis: pengurusan dan penerbitan dokumen kependudukan tidak dipungut biaya "
    "(UU 24/2013 pasal 79A).",
    en="Free: population documents are handled and issued without any charge (UU 24/2013 art 79A).",
)


class Named(Out):
    """A code with its names."""

    code: str = Field(max_length=40, examples=["KK"])
    name_id: str = Field(max_length=400, examples=["Kartu Keluarga"])
    name_en: str = Field(max_length=400, examples=["Family card"])


class AttachmentKindOut(Named):
    """A paper; `form` when it is one of the state's own."""

    form: str | None = Field(default=None, max_length=10, examples=["F-2.03"])


class AttachmentKinds(Out):
    """Every paper that any service asks for."""

    items: list[AttachmentKindOut] = Field(max_length=200)


class ServiceBrief(Named):
    """A service in a list."""

    category: Category
    group: Named
    open: bool = Field(description="Whether a case can be filed now")
    information: bool = Field(description="Answered without a case")
    channels: list[str] = Field(max_length=16, examples=[["DESA", "WA"]])
    presence: bool = Field(description="The person comes, or is visited")
    fee_idr: Literal[0] = 0
    sla: Words


class Services(Out):
    """Services, in the order of the catalogue."""

    version: str = Field(max_length=32, description="Changes with the catalogue")
    free: Words = FREE
    items: list[ServiceBrief] = Field(max_length=200)


class WhenOut(Words):
    """A condition: decided by machine from the facts, or by the person who checks."""

    code: str = Field(max_length=40, examples=["child_5_or_older"])
    decided_by: Literal["machine", "person"]


class RequirementOut(Out):
    """One of these papers; always when there is no condition."""

    any_of: list[AttachmentKindOut] = Field(min_length=1, max_length=6)
    when: WhenOut | None = None


class SlaOut(Words):
    """The promised time."""

    clock: Literal["business_days", "hours", "seconds"]
    limit: int = Field(ge=1, le=90, description="In units of the clock")
    target_minutes: int | None = Field(default=None, ge=1, le=1440)
    first_answer_days: int | None = Field(default=None, ge=1, le=30)
    assumed: bool = Field(description="No published promise was found")


class DeadlineOut(Out):
    """How many days the law gives to report; a late report is never refused."""

    days: int = Field(ge=1, le=365, examples=[60])
    since: Words
    before: bool


class FactOut(Out):
    """One fact of a case: what the client sends, or what follows from it."""

    kind: str = Field(max_length=40, examples=["register_birth"])
    derived: bool = Field(description="Left out by the client: it follows from the other facts")
    when: WhenOut | None = None
    fixed: dict[str, str] = Field(description="Fields that the service decides")
    instead_of: str | None = Field(
        default=None, max_length=40, description="One of these two is stated, whichever fits"
    )
    json_schema: dict[str, Any] = Field(description="JSON Schema of the fact")


class ChildOut(Out):
    """One part of a bundle, in order: the one of these services that fits."""

    any_of: list[str] = Field(min_length=1, max_length=6)
    optional: bool
    repeats: bool


class TransitionOut(Out):
    """One step of a workflow."""

    action: str = Field(max_length=40, examples=["verify"])
    from_: str = Field(alias="from", max_length=40, examples=["INTAKE_CHECKED"])
    to: str = Field(max_length=40, examples=["VERIFIED"])
    roles: list[str] = Field(max_length=30, examples=[["VERIFIKATOR", "KASI"]])
    system: bool
    channels: list[str] | None = Field(default=None, max_length=16)
    separate_from: list[str] = Field(max_length=20)
    needs: list[str] = Field(max_length=10, examples=[["plan"]])

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


class StateOut(Words):
    """One state of a workflow."""

    code: str = Field(max_length=40, examples=["VERIFIED"])
    final: bool
    pauses_clock: bool = Field(description="The promised time stands still")


class ActionOut(Words):
    """One action of a workflow in words."""

    code: str = Field(max_length=40, examples=["verify"])


class WorkflowOut(Out):
    """A workflow: where a case can be, and what moves it."""

    code: str = Field(max_length=40, examples=["BUNDLE"])
    name: Words
    states: list[StateOut] = Field(max_length=40, description="The first is where a case begins")
    side_states: list[StateOut] = Field(max_length=40)
    actions: list[ActionOut] = Field(max_length=60)
    transitions: list[TransitionOut] = Field(max_length=120)


class Workflows(Out):
    """Every workflow."""

    items: list[WorkflowOut] = Field(max_length=40)


class ServiceOut(ServiceBrief):
    """One service: the published standard, and what a client needs to file it."""

    free: Words = FREE
    answer: Words | None = Field(default=None, description="Of a service without cases")
    applicants: list[Named] = Field(max_length=12)
    eligibility: list[Words] = Field(max_length=20)
    rules: list[WhenOut] = Field(max_length=10, description="Checked when a case is filed")
    forms: list[Named] = Field(max_length=10)
    requires: list[RequirementOut] = Field(max_length=30)
    promise: SlaOut
    deadline: DeadlineOut | None = None
    outputs: list[Named] = Field(max_length=10)
    facts: list[FactOut] = Field(max_length=20, description="In this order")
    children: list[ChildOut] = Field(max_length=10)
    workflow: WorkflowOut
    biometrics: bool
    legal_basis: list[str] = Field(max_length=10)
    certainty: Certainty = Field(description="How sure this list is")
    effects: list[str] = Field(max_length=20, description="On the registry; for developers")
