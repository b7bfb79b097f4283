"""What a page is made of. The template draws each kind of block; here is what each says."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.registry.documents.printed.words import (
    CITIZENSHIP,
    NONE,
    Texts,
    born,
    capitals,
    long_date,
    religion,
    ruling,
    short_date,
    spelled_day,
    spelled_year,
)
from services.registry.documents.schemas import Annotation, Listed, Party, Ruling
from shared.codes import label
from shared.language import Words

Blocks = list[Texts]


def row(name: Words, value: str, english: str = "") -> Texts:
    """A label and what is filled in, with an English gloss under either."""
    return {"is": "row", "id": name.id, "en": name.en, "value": value, "gloss": english}


def plain(name: str, value: str) -> Texts:
    """A label without a translation, on papers that have none."""
    return row(Words(name, ""), value)


def centred(words: Words) -> Texts:
    """A line in the middle."""
    return {"is": "centred", "id": words.id, "en": words.en}


def subject(full_name: str) -> Texts:
    """Whom the paper is about, in large letters."""
    return {"is": "subject", "value": full_name.upper()}


def section(words: Words) -> Texts:
    """A heading inside the page."""
    return {"is": "section", "id": words.id, "en": words.en}


def paragraph(words: Words) -> Texts:
    """Running text."""
    return {"is": "paragraph", "id": words.id, "en": words.en}


def side_by_side(*parties: tuple[Words, Party | None]) -> Texts:
    """Two people, each in a column with a heading; one who is not named has none."""
    people = [
        {"id": title.id, "en": title.en, "rows": person(party)} for title, party in parties if party
    ]
    return {"is": "people", "people": people}


def couple(husband: Party, wife: Party) -> Texts:
    """Both spouses."""
    return side_by_side((Words("SUAMI", "Husband"), husband), (Words("ISTRI", "Wife"), wife))


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> Texts:
    """Lines of a list; each column has a heading and a width as typst writes it."""
    heads = [{"head": head, "width": width} for head, width in columns]
    return {"is": "table", "columns": heads, "rows": [list(each) for each in rows]}


def dated(day: date) -> Blocks:
    """A date as certificates spell it against forgery."""
    return [
        row(Words("pada tanggal", "on"), spelled_day(day), long_date(day, "en")),
        row(Words("tahun", "in the year"), spelled_year(day)),
    ]


def person(party: Party) -> Blocks:
    """Who somebody is, as far as it is known."""
    rows = [row(Words("nama", "name"), party.full_name.upper())]
    if party.nik:
        rows.append(row(Words("NIK", "identification number"), party.nik))
    if place_and_day := born(party.birth_place, party.birth_date):
        rows.append(row(Words("lahir di/tanggal", "born in, on"), place_and_day))
    named = CITIZENSHIP[party.citizenship]
    rows.append(row(Words("kewarganegaraan", "citizenship"), named.id.upper(), named.en))
    if party.religion:
        rows.append(row(Words("agama", "religion"), religion(party.religion)))
    if party.father_name:
        rows.append(row(Words("anak dari ayah", "child of father"), party.father_name.upper()))
    if party.mother_name:
        rows.append(row(Words("dan ibu", "and mother"), party.mother_name.upper()))
    return rows


def on_ruling(rule: Ruling | None) -> Blocks:
    """The decision on which an entry rests, where there is one."""
    if rule is None:
        return []
    words = ruling(rule)
    return [row(Words("berdasarkan putusan/penetapan", "by decision of"), words.id, words.en)]


def margin(annotations: Iterable[Annotation]) -> Blocks:
    """What is written in the margin of the register."""
    notes = [
        {
            "is": "note",
            "serial": str(each.serial),
            "id": each.text_id,
            "en": each.text_en,
            "on": long_date(each.noted_on),
            "on_en": long_date(each.noted_on, "en"),
        }
        for each in annotations
    ]
    return [section(Words("Catatan pinggir", "Marginal notes")), *notes] if notes else []


def people(listed: Sequence[Listed], *, abroad: bool = False) -> Texts:
    """The list of those whom a letter takes along."""
    columns = [("No", "8mm"), ("NIK", "34mm"), ("Nama Lengkap", "1fr"), ("L/P", "10mm")]
    columns += [("Tempat, Tgl Lahir", "38mm"), ("SHDK", "27mm")]
    columns += [("No. Paspor", "24mm")] if abroad else []
    lines = []
    for number, each in enumerate(listed, start=1):
        line = [str(number), each.nik or NONE, capitals(each.full_name), each.sex or NONE]
        line.append(born(each.birth_place, each.birth_date) or NONE)
        line.append(label("shdk", each.relationship) if each.relationship else NONE)
        lines.append([*line, each.passport_number or NONE] if abroad else line)
    return table(columns, lines)


def until(day: date | None) -> str:
    """Write until when a letter holds."""
    return short_date(day) if day else "sampai dokumennya diterbitkan"
