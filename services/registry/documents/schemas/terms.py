"""What several papers say alike: names, places, rulings, marginal notes."""

from datetime import date
from typing import Annotated, NamedTuple

from pydantic import Field

from shared.contract.facts import Citizenship, Line, LongLine, Nik, Relationship, Sex, Strict

# A name with the titles before and after it, as the paper prints it.
PrintedName = Annotated[str, Field(min_length=1, max_length=310, pattern=r"^\P{C}+$")]
Serial = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\P{C}+$")]
RtRw = Annotated[str, Field(pattern=r"^[0-9]{3}$")]
Religion = Annotated[int, Field(ge=1, le=7)]  # agama.csv
BloodType = Annotated[int, Field(ge=1, le=13)]  # golongan_darah.csv
Education = Annotated[int, Field(ge=1, le=10)]  # pendidikan.csv
Occupation = Annotated[int, Field(ge=1, le=89)]  # pekerjaan.csv
NoteText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^\P{C}+$")]


class Heading(NamedTuple):
    """By what a stranger recognises a paper: its number, its people, the office's regency."""

    number: str
    name: str
    regency: str


class Address(Strict):
    """Where a family lives, in the names that were valid on the day of issue."""

    street: LongLine
    rt: RtRw
    rw: RtRw
    village: Line
    district: Line
    regency: Line  # without "Kabupaten": "Banyuwangi"
    province: Line
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None


class Ruling(Strict):
    """The decision of a court or an authority on which an entry rests."""

    authority: Line  # "Pengadilan Negeri Banyuwangi"
    number: Serial
    dated: date
    final_on: date | None = None  # when nobody could appeal any more


class Annotation(Strict):
    """A marginal note as a certificate quotes it."""

    serial: Annotated[int, Field(ge=1, le=999)]  # on its certificate
    noted_on: date
    text_id: NoteText
    text_en: NoteText


Annotations = Annotated[tuple[Annotation, ...], Field(max_length=999)]


class Party(Strict):
    """Somebody of whom a certificate speaks by name, birth and parents: a spouse, a parent."""

    full_name: PrintedName
    nik: Nik | None = None  # None of those who are in no register
    sex: Sex | None = None
    birth_place: Line | None = None
    birth_date: date | None = None
    citizenship: Citizenship = Citizenship.INDONESIAN
    religion: Religion | None = None
    father_name: PrintedName | None = None
    mother_name: PrintedName | None = None


class Listed(Strict):
    """One line of a list of people: who moves, arrives, or belongs to a community."""

    full_name: PrintedName
    nik: Nik | None = None
    relationship: Relationship | None = None
    sex: Sex | None = None
    birth_place: Line | None = None
    birth_date: date | None = None
    passport_number: Serial | None = None
