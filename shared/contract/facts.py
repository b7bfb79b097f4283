"""Every kind of change to the registry, typed: what a case asks for, as its applicant states it.

A case carries an ordered list of facts; a bundle is a longer list. A later fact may speak of the
person that an earlier one registers (`created_by`), for a newborn has no NIK until the end. The
facts of one field are in a module of their own beside this one; a new one joins the union here.
"""

from typing import Annotated

from pydantic import Field

from shared.contract.births import (
    BirthReport,
    ForeignCertificate,
    MarriageEvidence,
    Newborn,
    RegisterBirth,
    ReportBirthAbroad,
)
from shared.contract.cards import (
    ActivateDigitalId,
    AdvanceRecording,
    CardKind,
    IssueCard,
    PointId,
    RecordBiometrics,
    RenewCard,
    RevokeCard,
    Visitor,
)
from shared.contract.certificates import (
    Basis,
    CancelCertificate,
    CertificateRef,
    CertifiedWords,
    CorrectCertificate,
    ReissueCertificate,
)
from shared.contract.children import AcknowledgeChild, AdoptChild, LegitimiseChild
from shared.contract.corrections import CorrectResident
from shared.contract.deaths import (
    DeathProof,
    Deceased,
    RegisterDeath,
    RegisterStillbirth,
    RemovalReason,
    RemoveMember,
    Succession,
)
from shared.contract.families import (
    AddMember,
    CardReason,
    ChangeAddress,
    ChangeHead,
    CorrectPositions,
    NewMember,
    OpenFamily,
    ReissueFamilyCard,
    SplitFamily,
)
from shared.contract.foreigners import (
    Described,
    IssueLetter,
    LetterKind,
    LostCertificate,
    PermitKind,
    RegisterForeigner,
    StayPermit,
)
from shared.contract.marriages import (
    AnnulDivorce,
    AnnulMarriage,
    MarriageEvent,
    NoteMarriageElsewhere,
    RegisterDivorce,
    RegisterMarriage,
)
from shared.contract.moves import (
    Arrive,
    ArriveFromAbroad,
    Arriving,
    CancelMove,
    ConfirmArrivalElsewhere,
    Elsewhere,
    Home,
    IncomingLetter,
    LetterNumber,
    MoveAbroad,
    MoveOut,
    Mover,
    MoveWithin,
    NoteTemporaryStay,
)
from shared.contract.people import (
    Newcomer,
    RegisterResident,
)
from shared.contract.statuses import (
    ChangeName,
    CitizenshipDecree,
    CitizenshipEvent,
    ConfirmData,
    DuplicateProof,
    NoteVitalEvent,
    ResolveDuplicate,
    SetCitizenship,
    VitalEvent,
)
from shared.contract.terms import (
    Citizenship,
    FamilyRef,
    KkNumber,
    Line,
    LongLine,
    MaritalStatus,
    MemberPosition,
    Nik,
    PersonRef,
    Precision,
    RegionCode,
    Relationship,
    Ruling,
    Sex,
    Strict,
    VillageCode,
    Witness,
)

__all__ = [
    "KINDS",
    "AcknowledgeChild",
    "ActivateDigitalId",
    "AddMember",
    "AdoptChild",
    "AdvanceRecording",
    "AnnulDivorce",
    "AnnulMarriage",
    "Arrive",
    "ArriveFromAbroad",
    "Arriving",
    "Basis",
    "BirthReport",
    "CancelCertificate",
    "CancelMove",
    "CardKind",
    "CardReason",
    "CertificateRef",
    "CertifiedWords",
    "ChangeAddress",
    "ChangeHead",
    "ChangeName",
    "Citizenship",
    "CitizenshipDecree",
    "CitizenshipEvent",
    "ConfirmArrivalElsewhere",
    "ConfirmData",
    "CorrectCertificate",
    "CorrectPositions",
    "CorrectResident",
    "DeathProof",
    "Deceased",
    "Described",
    "DuplicateProof",
    "Elsewhere",
    "Fact",
    "FamilyRef",
    "ForeignCertificate",
    "Home",
    "IncomingLetter",
    "IssueCard",
    "IssueLetter",
    "KkNumber",
    "LegitimiseChild",
    "LetterKind",
    "LetterNumber",
    "Line",
    "LongLine",
    "LostCertificate",
    "MaritalStatus",
    "MarriageEvent",
    "MarriageEvidence",
    "MemberPosition",
    "MoveAbroad",
    "MoveOut",
    "MoveWithin",
    "Mover",
    "NewMember",
    "Newborn",
    "Newcomer",
    "Nik",
    "NoteMarriageElsewhere",
    "NoteTemporaryStay",
    "NoteVitalEvent",
    "OpenFamily",
    "PermitKind",
    "PersonRef",
    "PointId",
    "Precision",
    "RecordBiometrics",
    "RegionCode",
    "RegisterBirth",
    "RegisterDeath",
    "RegisterDivorce",
    "RegisterForeigner",
    "RegisterMarriage",
    "RegisterResident",
    "RegisterStillbirth",
    "ReissueCertificate",
    "ReissueFamilyCard",
    "Relationship",
    "RemovalReason",
    "RemoveMember",
    "RenewCard",
    "ReportBirthAbroad",
    "ResolveDuplicate",
    "RevokeCard",
    "Ruling",
    "SetCitizenship",
    "Sex",
    "SplitFamily",
    "StayPermit",
    "Strict",
    "Succession",
    "VillageCode",
    "Visitor",
    "VitalEvent",
    "Witness",
]

Fact = Annotated[
    RegisterResident
    | RegisterBirth
    | AddMember
    | ChangeHead
    | SplitFamily
    | ReissueFamilyCard
    | MoveWithin
    | IssueCard
    | RenewCard
    | RevokeCard
    | RecordBiometrics
    | AdvanceRecording
    | ActivateDigitalId
    | NoteMarriageElsewhere
    | AcknowledgeChild
    | LegitimiseChild
    | AdoptChild
    | RegisterMarriage
    | AnnulMarriage
    | RegisterDivorce
    | AnnulDivorce
    | CorrectResident
    | OpenFamily
    | ChangeAddress
    | CorrectPositions
    | MoveOut
    | MoveAbroad
    | ConfirmArrivalElsewhere
    | CancelMove
    | Arrive
    | ArriveFromAbroad
    | ChangeName
    | RegisterDeath
    | RemoveMember
    | RegisterStillbirth
    | CorrectCertificate
    | CancelCertificate
    | ReissueCertificate
    | NoteVitalEvent
    | SetCitizenship
    | NoteTemporaryStay
    | RegisterForeigner
    | IssueLetter
    | ResolveDuplicate
    | ConfirmData
    | ReportBirthAbroad,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[Strict]] = {
    str(each.model_fields["kind"].default): each
    for each in (
        RegisterResident,
        RegisterBirth,
        AddMember,
        ChangeHead,
        SplitFamily,
        ReissueFamilyCard,
        MoveWithin,
        IssueCard,
        RenewCard,
        RevokeCard,
        RecordBiometrics,
        AdvanceRecording,
        ActivateDigitalId,
        CorrectResident,
        NoteMarriageElsewhere,
        AcknowledgeChild,
        LegitimiseChild,
        AdoptChild,
        RegisterMarriage,
        AnnulMarriage,
        RegisterDivorce,
        AnnulDivorce,
        OpenFamily,
        ChangeAddress,
        CorrectPositions,
        MoveOut,
        MoveAbroad,
        ConfirmArrivalElsewhere,
        CancelMove,
        Arrive,
        ArriveFromAbroad,
        ChangeName,
        RegisterDeath,
        RemoveMember,
        RegisterStillbirth,
        CorrectCertificate,
        CancelCertificate,
        ReissueCertificate,
        NoteVitalEvent,
        SetCitizenship,
        NoteTemporaryStay,
        RegisterForeigner,
        IssueLetter,
        ResolveDuplicate,
        ConfirmData,
        ReportBirthAbroad,
    )
}
