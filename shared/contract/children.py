"""Facts about whose child somebody is: UU 23/2006 art 47, UU 24/2013 art 49 and 50."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.contract.marriages import FinalRuling
from shared.contract.terms import Line, PersonRef, Ruling, Strict

_Religion = Annotated[int, Field(ge=1, le=7, description="By whose rites: agama.csv")]


class AcknowledgeChild(Strict):
    """A father acknowledges his child with the mother's consent: Perpres 96/2018 art 49 to 51."""

    kind: Literal["acknowledge_child"] = "acknowledge_child"
    child: PersonRef
    father: PersonRef
    mother: PersonRef
    acknowledged_on: date = Field(description="The day of the father's letter")
    mother_consents: bool = Field(description="She signed the letter")
    married_on: date | None = Field(
        default=None, description="The parents' marriage by religion, which no office registered"
    )
    religion: _Religion | None = None
    ruling: Ruling | None = Field(default=None, description="Where a court had to decide")


class LegitimiseChild(Strict):
    """The parents' registered marriage makes the child theirs: Perpres 96/2018 art 52."""

    kind: Literal["legitimise_child"] = "legitimise_child"
    child: PersonRef
    father: PersonRef
    mother: PersonRef
    married_on: date | None = Field(
        default=None, description="The registered marriage; needed when no register here holds it"
    )
    marriage_number: Annotated[Line, Field(max_length=60)] | None = None
    registered_at: Line | None = Field(default=None, examples=["KUA Kecamatan Muncar"])
    religious_marriage_on: date | None = Field(
        default=None, description="When it was by religion, if that was earlier"
    )
    ruling: Ruling | None = Field(default=None, description="Where a court had to decide")


class AdoptChild(Strict):
    """A court gives a child to adoptive parents: PP 54/2007, Perpres 96/2018 art 47.

    The natural parents stay on record, sealed; the child joins the family of the first adopter.
    """

    kind: Literal["adopt_child"] = "adopt_child"
    child: PersonRef
    adopters: list[PersonRef] = Field(min_length=1, max_length=2)
    ruling: FinalRuling
