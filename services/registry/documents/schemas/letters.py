"""Letters that say who somebody is while, or because, no card can say it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.registry.documents.schemas.terms import (
    Address,
    BloodType,
    Heading,
    Listed,
    Occupation,
    PrintedName,
    Religion,
    Serial,
)
from shared.contract.facts import (
    Citizenship,
    KkNumber,
    Line,
    LongLine,
    MaritalStatus,
    Nik,
    Sex,
    Strict,
)


class ResidenceLetterContent(Strict):
    """Where a foreigner with a limited stay permit lives (SKTT): UU 24/2013 art 20."""

    number: Serial
    nik: Nik
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    nationality: Line
    religion: Religion | None = None
    marital_status: MaritalStatus | None = None
    occupation: Occupation | None = None
    passport_number: Serial
    passport_until: date | None = None
    permit_number: Serial  # ITAS
    permit_until: date
    sponsor_name: PrintedName | None = None
    address: Address
    valid_until: date  # as the permit

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.full_name, self.address.regency)


class InterimLetterContent(Strict):
    """That somebody is recorded for the identity card, while there are no blanks (SUKET)."""

    number: Serial
    nik: Nik
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    blood_type: BloodType = 13
    religion: Religion
    marital_status: MaritalStatus
    occupation: Occupation
    citizenship: Citizenship = Citizenship.INDONESIAN
    address: Address
    recorded_on: date | None = None  # photo, fingers, eyes
    valid_until: date

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.full_name, self.address.regency)


class _Substitute(Strict):
    """What the letters for vulnerable residents have in common: Permendagri 96/2019."""

    number: Serial
    nik: Nik | None = None
    full_name: PrintedName
    sex: Sex
    birth_place: Line | None = None
    birth_date: date | None = None
    religion: Religion | None = None
    origin: LongLine | None = None  # where they lived before, as they tell it
    address: Address  # where they are now
    cause: LongLine | None = None  # the flood, the fire
    valid_until: date | None = None  # None: until their documents are issued

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.full_name, self.address.regency)


class SubstituteIdentityContent(_Substitute):
    """In place of lost identity papers (SKPTI)."""

    kk_number: KkNumber | None = None
    marital_status: MaritalStatus | None = None
    occupation: Occupation | None = None


class VitalEvent(StrEnum):
    """What a lost civil certificate was about."""

    BIRTH = "BIRTH"
    DEATH = "DEATH"
    MARRIAGE = "MARRIAGE"
    DIVORCE = "DIVORCE"


class SubstituteCertificateContent(_Substitute):
    """In place of a lost civil certificate (SKPS)."""

    event: VitalEvent
    event_date: date | None = None
    event_place: Line | None = None
    certificate_number: Serial | None = None
    partner_name: PrintedName | None = None  # of a marriage or divorce
    mother_name: PrintedName | None = None
    father_name: PrintedName | None = None


class DisplacedPersonContent(_Substitute):
    """Of somebody who was found without home and papers (SKOT)."""

    found_at: LongLine | None = None
    found_on: date | None = None
    marks: LongLine | None = None  # by what one would know them
    shelter: Line | None = None


class CommunityLetterContent(_Substitute):
    """Of somebody of a remote community (SKTK)."""

    community: Line
    elder_name: PrintedName | None = None
    members: Annotated[tuple[Listed, ...], Field(max_length=1000)] = ()
