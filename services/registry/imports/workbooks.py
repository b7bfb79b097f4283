"""The faulty workbook, as it came, with what is said about its cells."""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.remarks import sayings
from services.registry.imports import store
from services.registry.imports.tables import Batch, RowFault
from services.registry.residents.rules.names import said_of
from services.registry.spreadsheets.columns import letter
from services.registry.spreadsheets.reading import lines
from services.registry.spreadsheets.writing import Mark, mark_faults
from shared.files import Files
from shared.language import Language, Words

MOST = 20_000  # cells that are marked; a workbook with more is wrong as a whole
_HEAD = (
    Words("BARIS", "ROW"),
    Words("KOLOM", "COLUMN"),
    Words("JUDUL", "HEADING"),
    Words("KESALAHAN", "FAULT"),
    Words("ATURAN", "RULE"),
)


def words_of(rule: str, values: Mapping[str, str]) -> Words:
    """Return what a rule says about a cell.

    Raises:
        KeyError: there is no such rule.
    """
    if finding := said_of(rule):
        return Words(finding.text_id, finding.text_en)
    saying = sayings()[rule]
    return Words(saying.id.format(**values), saying.en.format(**values))


def law_of(rule: str) -> str | None:
    """Return where a rule is written."""
    finding = said_of(rule)
    return finding.law if finding else sayings()[rule].law


def place_of(batch: Batch, column: str) -> tuple[int, str] | None:
    """Return the place and the heading of a column in the file, None where it has none."""
    found = batch.headings.get(column)
    return (int(found[0]), str(found[1])) if found else None


async def faulty(session: AsyncSession, files: Files, batch: Batch, language: Language) -> bytes:
    """Return the workbook with its faults marked; drawn in a thread, for it takes seconds."""
    said = await store.all_faults(session, batch.id, MOST)
    content = await files.read_sealed(batch.path)
    return await asyncio.to_thread(_draw, batch, content, said, language)


def _draw(batch: Batch, content: bytes, said: Sequence[RowFault], language: Language) -> bytes:
    marks: dict[int, list[Mark]] = {}
    listed = [[each.in_(language) for each in _HEAD]]
    for each in said:
        text = words_of(each.rule, each.values).in_(language)
        place, heading = place_of(batch, each.column) or (0, each.column)
        marks.setdefault(each.number, []).append(Mark(each.number, place, text, each.blocks))
        listed.append([str(each.number), letter(place), heading, text, each.rule])
    rows = ((line.number, line.cells) for line in lines(content, batch.media_type))
    return mark_faults(rows, marks, listed)
