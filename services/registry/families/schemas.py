"""What others hand to the families slice, and what its API reads and writes."""

from dataclasses import dataclass

from services.registry.residents.tables import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyData:
    """A family that is not in the registry yet: where it lives, and what kind it is."""

    address: str
    rt: str  # three digits
    rw: str
    village_code: str
    hamlet: str | None = None
    postal_code: str | None = None
    kind: str = "ORDINARY"  # or INSTITUTION


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a family, as its card shows them."""

    resident: Resident
    relationship: int
    position: int  # the line on the card, from 1
