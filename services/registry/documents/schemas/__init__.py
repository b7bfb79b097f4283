"""What each paper says, field by field, frozen as on the day of its issue."""

from services.registry.documents.schemas.births import (
    BirthCertificateContent,
    StillbirthLetterContent,
)
from services.registry.documents.schemas.children import (
    AcknowledgementCertificateContent,
    LegitimationCertificateContent,
)
from services.registry.documents.schemas.copies import (
    LinkOut,
    Links,
    MadeLink,
    NewCopy,
    NewLink,
)
from services.registry.documents.schemas.deaths import DeathCertificateContent
from services.registry.documents.schemas.families import (
    BiodataContent,
    ChildCardContent,
    FamilyCardContent,
    FamilyMember,
)
from services.registry.documents.schemas.letters import (
    CommunityLetterContent,
    DisplacedPersonContent,
    InterimLetterContent,
    ResidenceLetterContent,
    SubstituteCertificateContent,
    SubstituteIdentityContent,
    VitalEvent,
)
from services.registry.documents.schemas.marriages import (
    DivorceAnnulmentContent,
    DivorceCertificateContent,
    MarriageAnnulmentContent,
    MarriageCertificateContent,
)
from services.registry.documents.schemas.moves import (
    ArrivalFromAbroadContent,
    ArrivalLetterContent,
    DepartureAbroadContent,
    MoveLetterContent,
)
from services.registry.documents.schemas.notes import MarginalNoteContent
from services.registry.documents.schemas.shown import Comparison, DocumentOut, Verification
from services.registry.documents.schemas.signer import NewOutage, Outage, SignerState
from services.registry.documents.schemas.terms import (
    Address,
    Annotation,
    BloodType,
    Heading,
    Listed,
    Party,
    PrintedName,
    Religion,
    RtRw,
    Ruling,
    Serial,
)
from shared.contract.events import IssuedKind

__all__ = [
    "CONTENT",
    "AcknowledgementCertificateContent",
    "Address",
    "Annotation",
    "ArrivalFromAbroadContent",
    "ArrivalLetterContent",
    "BiodataContent",
    "BirthCertificateContent",
    "BloodType",
    "ChildCardContent",
    "CommunityLetterContent",
    "Comparison",
    "Content",
    "DeathCertificateContent",
    "DepartureAbroadContent",
    "DisplacedPersonContent",
    "DivorceAnnulmentContent",
    "DivorceCertificateContent",
    "DocumentOut",
    "FamilyCardContent",
    "FamilyMember",
    "Heading",
    "InterimLetterContent",
    "LegitimationCertificateContent",
    "LinkOut",
    "Links",
    "Listed",
    "MadeLink",
    "MarginalNoteContent",
    "MarriageAnnulmentContent",
    "MarriageCertificateContent",
    "MoveLetterContent",
    "NewCopy",
    "NewLink",
    "NewOutage",
    "Outage",
    "Party",
    "PrintedName",
    "Religion",
    "ResidenceLetterContent",
    "RtRw",
    "Ruling",
    "Serial",
    "SignerState",
    "StillbirthLetterContent",
    "SubstituteCertificateContent",
    "SubstituteIdentityContent",
    "Verification",
    "VitalEvent",
]

Content = (
    BirthCertificateContent
    | StillbirthLetterContent
    | DeathCertificateContent
    | MarriageCertificateContent
    | DivorceCertificateContent
    | MarriageAnnulmentContent
    | DivorceAnnulmentContent
    | AcknowledgementCertificateContent
    | LegitimationCertificateContent
    | MarginalNoteContent
    | FamilyCardContent
    | ChildCardContent
    | BiodataContent
    | MoveLetterContent
    | ArrivalLetterContent
    | DepartureAbroadContent
    | ArrivalFromAbroadContent
    | ResidenceLetterContent
    | InterimLetterContent
    | SubstituteIdentityContent
    | SubstituteCertificateContent
    | DisplacedPersonContent
    | CommunityLetterContent
)

CONTENT: dict[IssuedKind, type[Content]] = {
    IssuedKind.BIODATA: BiodataContent,
    IssuedKind.FAMILY_CARD: FamilyCardContent,
    IssuedKind.CHILD_CARD: ChildCardContent,
    IssuedKind.MOVE_LETTER: MoveLetterContent,
    IssuedKind.ARRIVAL_LETTER: ArrivalLetterContent,
    IssuedKind.EMIGRATION_LETTER: DepartureAbroadContent,
    IssuedKind.IMMIGRATION_LETTER: ArrivalFromAbroadContent,
    IssuedKind.RESIDENCE_LETTER: ResidenceLetterContent,
    IssuedKind.INTERIM_LETTER: InterimLetterContent,
    IssuedKind.SUBSTITUTE_IDENTITY: SubstituteIdentityContent,
    IssuedKind.SUBSTITUTE_CERTIFICATE: SubstituteCertificateContent,
    IssuedKind.DISPLACED_PERSON: DisplacedPersonContent,
    IssuedKind.COMMUNITY_MEMBER: CommunityLetterContent,
    IssuedKind.BIRTH_CERTIFICATE: BirthCertificateContent,
    IssuedKind.DEATH_CERTIFICATE: DeathCertificateContent,
    IssuedKind.MARRIAGE_CERTIFICATE: MarriageCertificateContent,
    IssuedKind.DIVORCE_CERTIFICATE: DivorceCertificateContent,
    IssuedKind.ACKNOWLEDGEMENT: AcknowledgementCertificateContent,
    IssuedKind.LEGITIMATION: LegitimationCertificateContent,
    IssuedKind.STILLBIRTH_LETTER: StillbirthLetterContent,
    IssuedKind.MARRIAGE_ANNULMENT: MarriageAnnulmentContent,
    IssuedKind.DIVORCE_ANNULMENT: DivorceAnnulmentContent,
    IssuedKind.MARGINAL_NOTE: MarginalNoteContent,
}
