"""What the catalogue's data files may say, entry by entry; whatever is not said here is refused."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shared.contract.facts import MarriageEvidence

Name = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
]  # condition, action, word list entry
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,30}$")]  # role, channel, document, state
ServiceCode = Annotated[str, Field(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,12}){0,3}$")]
Sentence = Annotated[str, Field(min_length=2, max_length=400)]

_MONEY = ("fee", "biaya", "tarif", "retribusi", "price", "levy", "cost")


class Entry(BaseModel):
    """One value of a data file: complete, exact, and never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    @model_validator(mode="before")
    @classmethod
    def _free_of_charge(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file says
        for key in value if isinstance(value, dict) else ():
            if any(str(key).lower().startswith(word) for word in _MONEY):
                raise ValueError(
                    f"{key}: every service is free of charge (UU 24/2013 art 79A); remove it"
                )
        return value


class Text(Entry):
    """One sentence in both languages of the house."""

    id: Sentence
    en: Sentence


class Channel(Entry):
    """A way in (kanal.csv) and what its places can do."""

    code: Code
    name_id: Sentence
    name_en: Sentence
    kind: Literal["fixed", "online", "mobile", "partner"]
    can_intake: bool
    can_biometric: bool
    can_print_card: bool
    note: str | None = None


class AttachmentKind(Entry):
    """A paper that can be asked for; `form` when it is one of the state's own (formulir.csv)."""

    name_id: Sentence
    name_en: Sentence
    form: str | None = None


class Test(Entry):
    """Something a machine can decide from the facts of a case; all that is named must hold."""

    __test__ = False  # not for pytest, whatever its name

    age_from: Annotated[int | None, Field(ge=1, le=120)] = None  # whole years today, inclusive
    age_below: Annotated[int | None, Field(ge=1, le=120)] = None  # exclusive
    reported_within_days: Annotated[int | None, Field(ge=1, le=365)] = None  # inclusive
    reported_after_days: Annotated[int | None, Field(ge=1, le=365)] = None  # exclusive
    marriage_evidence: MarriageEvidence | None = None
    tells_of: Name | None = None  # a fact of this kind is stated
    naming: tuple[Name, ...] = ()  # and leaves none of these fields empty
    stating: dict[Name, str] = Field(default_factory=dict)  # and says this, `A|B`, in these fields

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a test must name at least one thing; leave it out to ask a person")
        if (self.stating or self.naming) and self.tells_of is None:
            raise ValueError("say of which kind of fact: tells_of")
        return self


class Condition(Entry):
    """When something is asked for: decided by its test, or shown to a person who decides."""

    id: Sentence
    en: Sentence
    test: Test | None = None


def _alternatives(value: object) -> object:
    """Read `A|B`, or `{code: A|B, when: condition}`."""
    if isinstance(value, str):
        value = {"code": value}
    if isinstance(value, dict) and isinstance(value.get("code"), str):
        value = {**value, "any_of": value["code"].split("|")}
        del value["code"]
    return value


class RequirementEntry(Entry):
    """One of these papers is needed; always, or when a condition holds."""

    any_of: Annotated[tuple[Code, ...], Field(min_length=1, max_length=6)]
    when: Name | None = None


Requirement = Annotated[RequirementEntry, BeforeValidator(_alternatives)]


class Change(Entry):
    """One fact of the service: sent by the client, or derived from those before it."""

    kind: Name
    alternatives: tuple[Name, ...] = ()  # kinds of which one may stand in its place
    derived: bool = False
    optional: bool = False  # the client may leave it out
    repeats: bool = False  # the client may send several, one after the other
    when: Name | None = None  # left out of the case when the condition does not hold
    fixed: dict[Name, str] = Field(default_factory=dict)  # fields that the service decides
    elements: tuple[Name, ...] = ()  # what of a record a correction may touch; () for no limit

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return every kind of fact that may stand here."""
        return (self.kind, *self.alternatives)


class Child(Entry):
    """One part of a bundle; the first of several that fits."""

    any_of: Annotated[tuple[ServiceCode, ...], Field(min_length=1, max_length=6)]
    optional: bool = False
    repeats: bool = False


class Deadline(Entry):
    """How many days the law gives to report; missing it never blocks a service."""

    days: Annotated[int, Field(ge=1, le=365)]
    since: Text
    before: bool = False  # so many days before, instead of after


class Group(Entry):
    """Services that belong together."""

    id: Sentence
    en: Sentence
    category: Literal["DAFDUK", "CAPIL", "PIAK", "BUNDLE"]


class Sla(Entry):
    """How soon the office must be done, in words and in figures."""

    id: Sentence
    en: Sentence
    clock: Literal["business_days", "hours", "seconds"]
    limit: Annotated[int, Field(ge=1, le=90)]  # in units of the clock
    target_minutes: Annotated[int | None, Field(ge=1, le=1440)] = None
    first_answer_days: Annotated[int | None, Field(ge=1, le=30)] = None  # business days
    assumed: bool = False  # no published promise was found


class Certainty(StrEnum):
    """How sure the requirement list is."""

    SURE = "sure"
    FAIRLY_SURE = "fairly sure"
    VERIFY = "verify"


class Service(Entry):
    """One of the services, as its data file says."""

    code: ServiceCode
    name_id: Sentence
    name_en: Sentence
    group: Code
    applicants: Annotated[tuple[Name, ...], Field(min_length=1, max_length=12)]
    eligibility: tuple[Text, ...] = ()  # in words; a person weighs them
    must: tuple[
        Name, ...
    ] = ()  # conditions that a machine decides: a case that breaks one is refused
    forms: tuple[str, ...] = ()
    requires: tuple[Requirement, ...] = ()
    workflow: Code
    roles: dict[Name, tuple[Code, ...]] = Field(
        default_factory=dict
    )  # action -> instead of the workflow's
    channels: Annotated[tuple[Code, ...], Field(min_length=1, max_length=16)]
    presence: bool = False  # the person comes, or is visited
    biometrics: bool = False  # fingerprints, iris and face are taken
    sla: Name
    deadline: Deadline | None = None
    outputs: tuple[Code, ...] = ()
    changes: Annotated[tuple[Change, ...], Field(min_length=1, max_length=20)] | None = None
    information: Text | None = None  # answered without a case, and how
    children: tuple[Child, ...] = ()
    legal_basis: tuple[Sentence, ...] = ()
    certainty: Certainty
    effects: tuple[Sentence, ...] = ()  # on the registry, for whoever builds the change
    note: Sentence | None = None  # for whoever maintains the catalogue

    @property
    def open(self) -> bool:
        """Tell whether it can be filed now."""
        return self.changes is not None


Need = Literal[
    "complete",
    "plan",
    "reasons",
    "legal_basis",
    "note",
    "receiver",
    "documents",
    "old_card",
    "capture",
    "no_other_case",
]


class TransitionEntry(Entry):
    """One step of a workflow, by one of these roles, or by the system itself."""

    action: Name
    from_: Annotated[tuple[Code, ...], Field(alias="from", min_length=1)]
    to: Code
    roles: tuple[Code, ...] = ()
    system: bool = False
    channels: tuple[Code, ...] | None = None  # only for cases that came this way
    separate_from: tuple[Name, ...] = ()  # whoever took one of these steps may not take this one
    needs: tuple[Need, ...] = ()
    asks_for_plan: bool = False  # the registry plans the change anew
    applies: bool = False  # the change is requested of the registry
    clock: Literal["start", "stop"] | None = None  # of the promised time

    @model_validator(mode="after")
    def _has_an_actor(self) -> Self:
        if self.system == bool(self.roles):
            raise ValueError(f"{self.action}: name the roles that take it, or say system: true")
        return self


class StateEntry(Entry):
    """A state in words, and what it means for the promised time."""

    id: Sentence
    en: Sentence
    final: bool = False  # left by `reopen` only
    pauses_clock: bool = False


class WorkflowEntry(Entry):
    """A whole workflow: the way of a case, the ways beside it, and who moves it."""

    id: Sentence
    en: Sentence
    states: Annotated[
        tuple[Code, ...], Field(min_length=3, max_length=20)
    ]  # the first is where it begins
    side_states: tuple[Code, ...] = ()
    transitions: Annotated[tuple[TransitionEntry, ...], Field(min_length=2, max_length=60)]
