"""Every kind of change to the registry, typed: what a case asks for, as its applicant states it.

A case carries an ordered list of facts; a bundle is a longer list. A later fact may speak of the
person that an earlier one registers (`created_by`), for a newborn has no NIK until the end. The
facts of one field are in a module of their own beside this one; a new one joins the union here.
"""

from typing import Annotated

from pydantic import Field

from shared.contract.births import MarriageEvidence, Newborn, RegisterBirth
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
from shared.contract.corrections import CorrectResident
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
from shared.contract.marriages import MarriageEvent, NoteMarriageElsewhere
from shared.contract.moves import Home, Mover, MoveWithin
from shared.contract.people import RegisterResident
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
    "ActivateDigitalId",
    "AddMember",
    "AdvanceRecording",
    "Basis",
    "CancelCertificate",
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
    "ConfirmData",
    "CorrectCertificate",
    "CorrectPositions",
    "CorrectResident",
    "DuplicateProof",
    "Fact",
    "FamilyRef",
    "Home",
    "IssueCard",
    "KkNumber",
    "Line",
    "LongLine",
    "MaritalStatus",
    "MarriageEvent",
    "MarriageEvidence",
    "MemberPosition",
    "MoveWithin",
    "Mover",
    "NewMember",
    "Newborn",
    "Nik",
    "NoteMarriageElsewhere",
    "NoteVitalEvent",
    "OpenFamily",
    "PersonRef",
    "PointId",
    "Precision",
    "RecordBiometrics",
    "RegionCode",
    "RegisterBirth",
    "RegisterResident",
    "ReissueCertificate",
    "ReissueFamilyCard",
    "Relationship",
    "RenewCard",
    "RevokeCard",
    "ResolveDuplicate",
    "Ruling",
    "SetCitizenship",
    "Sex",
    "SplitFamily",
    "Strict",
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
    | CorrectResident
    | OpenFamily
    | ChangeAddress
    | CorrectPositions
    | ChangeName,
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
        OpenFamily,
        ChangeAddress,
        CorrectPositions,
        ChangeName,
    )
}
