"""Says what is wrong with an input in a sentence that tells what to do, and never repeats it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.language import Words

# What pydantic calls it -> what we say. Only limits of the schema may be named in braces:
# everything else in pydantic's error repeats what the caller sent.
_SAYS = {
    "missing": Words("Wajib diisi.", "Fill this in."),
    "extra_forbidden": Words("Hapus isian yang tidak dikenal.", "Remove the unknown field."),
    "string_type": Words("Isi dengan teks.", "Write a text."),
    "string_too_short": Words(
        "Isi paling sedikit {min_length} karakter.", "Write at least {min_length} characters."
    ),
    "string_too_long": Words(
        "Isi paling banyak {max_length} karakter.", "Write at most {max_length} characters."
    ),
    "string_pattern_mismatch": Words(
        "Tulis sesuai pola {pattern}.", "Write it in the form {pattern}."
    ),
    "string_unicode": Words("Isi dengan teks yang sah.", "Write valid text."),
    "int_type": Words("Isi dengan bilangan bulat.", "Write a whole number."),
    "int_parsing": Words("Isi dengan bilangan bulat.", "Write a whole number."),
    "int_from_float": Words("Isi dengan bilangan bulat.", "Write a whole number."),
    "int_parsing_size": Words("Isi dengan bilangan yang lebih kecil.", "Write a smaller number."),
    "float_type": Words("Isi dengan bilangan.", "Write a number."),
    "float_parsing": Words("Isi dengan bilangan.", "Write a number."),
    "finite_number": Words("Isi dengan bilangan yang terhingga.", "Write a finite number."),
    "decimal_parsing": Words("Isi dengan bilangan.", "Write a number."),
    "bool_type": Words("Isi dengan true atau false.", "Write true or false."),
    "bool_parsing": Words("Isi dengan true atau false.", "Write true or false."),
    "greater_than": Words("Isi lebih dari {gt}.", "Write more than {gt}."),
    "greater_than_equal": Words("Isi paling kecil {ge}.", "Write {ge} or more."),
    "less_than": Words("Isi kurang dari {lt}.", "Write less than {lt}."),
    "less_than_equal": Words("Isi paling besar {le}.", "Write {le} or less."),
    "multiple_of": Words("Isi kelipatan {multiple_of}.", "Write a multiple of {multiple_of}."),
    "enum": Words("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
    "literal_error": Words("Pilih salah satu: {expected}.", "Choose one of: {expected}."),
    "union_tag_invalid": Words(
        "Pilih salah satu jenis: {expected_tags}.", "Choose one of the kinds: {expected_tags}."
    ),
    "union_tag_not_found": Words(
        "Sebutkan jenisnya dalam {discriminator}.", "Name the kind in {discriminator}."
    ),
    "list_type": Words("Isi dengan daftar.", "Write a list."),
    "too_short": Words(
        "Isi paling sedikit {min_length} butir.", "List at least {min_length} items."
    ),
    "too_long": Words("Isi paling banyak {max_length} butir.", "List at most {max_length} items."),
    "dict_type": Words("Isi dengan objek JSON.", "Write a JSON object."),
    "model_type": Words("Isi dengan objek JSON.", "Write a JSON object."),
    "model_attributes_type": Words("Isi dengan objek JSON.", "Write a JSON object."),
    "json_invalid": Words("Kirim JSON yang sah.", "Send valid JSON."),
    "uuid_type": Words("Isi dengan UUID.", "Write a UUID."),
    "uuid_parsing": Words("Isi dengan UUID.", "Write a UUID."),
    "url_parsing": Words("Isi dengan alamat URL lengkap.", "Write a complete URL."),
    "url_scheme": Words(
        "Pakai URL yang berawal {expected_schemes}.", "Use a URL that begins {expected_schemes}."
    ),
    "date_future": Words("Isi tanggal yang akan datang.", "Write a date in the future."),
    "date_past": Words("Isi tanggal yang sudah lewat.", "Write a date in the past."),
    "timezone_aware": Words(
        "Sebutkan zona waktu, misalnya +07:00.", "Name the time zone, such as +07:00."
    ),
}
_BY_BEGINNING = {
    "date_": Words("Tulis tanggal seperti 2026-03-05.", "Write the date as 2026-03-05."),
    "datetime_": Words(
        "Tulis waktu seperti 2026-03-05T09:30:00+07:00.",
        "Write the time as 2026-03-05T09:30:00+07:00.",
    ),
    "time_": Words("Tulis jam seperti 09:30.", "Write the time as 09:30."),
}
_BY_PATTERN = {
    r"^\P{C}+$": Words(
        "Pakai huruf, angka dan tanda baca saja, tanpa karakter kendali.",
        "Use letters, digits and punctuation only, no control characters.",
    ),
    r"^[0-9]{16}$": Words("Isi 16 angka.", "Write 16 digits."),
    r"^[0-9]{5}$": Words("Isi 5 angka.", "Write 5 digits."),
    r"^[0-9]{3}$": Words("Isi 3 angka, misalnya 001.", "Write 3 digits, such as 001."),
    r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$": Words(
        "Tulis kode wilayah seperti 35.10.05.2003; 35.10 mencakup seluruh kabupaten.",
        "Write a region code such as 35.10.05.2003; 35.10 is all of a regency.",
    ),
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$": Words(
        "Tulis kode desa seperti 35.10.05.2003.", "Write a village code such as 35.10.05.2003."
    ),
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$": Words(
        "Tulis kode kecamatan seperti 34.04.01.", "Write a district code such as 34.04.01."
    ),
}
_OTHERWISE = Words(
    "Isian tidak sesuai ketentuan; lihat dokumentasi API.",
    "The value breaks the rules; see the API documentation.",
)
_OF_SCHEMA = [
    "min_length",
    "max_length",
    "pattern",
    "gt",
    "ge",
    "lt",
    "le",
    "multiple_of",
    "expected",
    "expected_tags",
    "discriminator",
    "expected_schemes",
]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


class BadValue(ValueError):  # noqa: N818 - pydantic wants a ValueError
    """Raise it in a validator to say which rule a value breaks, in both languages."""

    def __init__(self, rule: str, text_id: str, text_en: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.words = Words(text_id, text_en)


def explain(errors: Iterable[Any], body: object) -> Iterator[tuple[str, str, str, str]]:
    """Yield pointer, rule and both sentences for each of pydantic's errors about a request."""
    for each in errors:
        context = each.get("ctx", {})
        words = _words(each["type"], context)
        yield _pointer(each["loc"], each["type"], body), _rule(each["type"], context), *words


def _rule(kind: str, context: Mapping[str, object]) -> str:
    error = context.get("error")
    return error.rule if isinstance(error, BadValue) else kind.upper()


def _words(kind: str, context: Mapping[str, object]) -> Words:
    error = context.get("error")
    if isinstance(error, BadValue):
        return error.words
    limits = {name: _plain(context[name]) for name in _OF_SCHEMA if name in context}
    kind = "missing" if limits.get("min_length") == "1" else kind
    found = _BY_PATTERN.get(str(context.get("pattern"))) or _SAYS.get(kind)
    if found is None:
        beginnings = (_BY_BEGINNING[each] for each in _BY_BEGINNING if kind.startswith(each))
        found = next(beginnings, _OTHERWISE)
    return Words(found.id.format(**limits), found.en.format(**limits))


def _plain(limit: object) -> str:
    """Write a limit as people do: pydantic lists choices as `'L' or 'P'`."""
    text = str(limit)
    return text.replace("' or '", ", ").replace("'", "")


def _pointer(location: tuple[int | str, ...], kind: str, body: object) -> str:
    """Return the JSON pointer into the body, or `/header/x-purpose` for what is outside it."""
    place, *steps = location
    # The last step of a forbidden extra field is a name the caller made up.
    steps = steps[:-1] if kind == "extra_forbidden" else steps
    shown = _real(steps, kind, body) if place == "body" else [place, *steps]
    return "".join(f"/{_shown(step)}" for step in shown)


def _real(steps: list[int | str], kind: str, body: object) -> Iterator[int | str]:
    """Leave out the steps that are kinds of a union, which the body does not have."""
    here = body
    for position, step in enumerate(steps):
        missing = kind == "missing" and position == len(steps) - 1
        inside, here = _descend(here, step)
        if inside or missing:
            yield step


def _descend(here: object, step: int | str) -> tuple[bool, object]:
    if isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
        return True, here[step]
    if isinstance(here, dict) and step in here:
        return True, here[step]
    return False, here


def _shown(step: int | str) -> str:
    safe = isinstance(step, int) or _NAME.fullmatch(step)
    return str(step) if safe else "?"
