"""Facts about who moves where."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import (
    FamilyRef,
    Line,
    LongLine,
    PersonRef,
    Relationship,
    Strict,
    VillageCode,
)
from shared.invalid import BadValue

Three = Annotated[str, Field(pattern=r"^[0-9]{3}$", examples=["001"])]


class Home(Strict):
    """An address inside the regency, as a family card shows it."""

    address: LongLine
    hamlet: Line | None = None
    rt: Three
    rw: Three
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None
    village_code: VillageCode


class Mover(Strict):
    """Somebody who moves, and what they are to the head of the family that takes them in."""

    person: PersonRef
    relationship: Relationship | None = Field(
        default=None, description="To the head; proposed from the parents when absent."
    )


class MoveWithin(Strict):
    """A move inside the regency, without a letter: Perpres 96/2018 art 25, F-1.03.

    A whole family moves to another address and keeps its number, for its head moves along; or some
    of its members move into another family.
    """

    kind: Literal["move_within"] = "move_within"
    family: FamilyRef
    reason: Annotated[int, Field(ge=1, le=7, description="Code of alasan_pindah")]
    to: Home | None = Field(default=None, description="Where the whole family moves to.")
    movers: list[Mover] = Field(
        default_factory=list, max_length=30, description="Who moves into the family `joins`."
    )
    joins: FamilyRef | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        whole = self.to is not None and self.joins is None and not self.movers
        some = self.to is None and self.joins is not None and bool(self.movers)
        if whole == some:
            raise BadValue(
                "MOVE_ONE_WAY",
                "Isi to bila seluruh keluarga pindah, atau movers dan joins bila menumpang KK lain.",
                "Give `to` when the whole family moves, or movers and joins when some join another.",
            )
        return self
