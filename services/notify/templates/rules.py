"""Wording: text with named places and nothing else, so that it cannot loop, call or grow."""

import re
import string
from collections.abc import Mapping


class Wording(string.Template):
    """Text with ((named)) places; nothing else has a meaning."""

    flags = re.VERBOSE
    pattern = r"""\(\((?: (?P<named>[a-z][a-z0-9_]*)\)\) | (?P<braced>(?!)) | (?P<escaped>(?!)) | (?P<invalid>) )"""  # type: ignore[assignment]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its places filled; a value that looks like a place stays as it is.

    Raises:
        KeyError: a place has no value.

    >>> filled("Halo ((name))", {"name": "((x))"})
    'Halo ((x))'
    """
    return Wording(text).substitute(values)


def places(text: str) -> frozenset[str]:
    """Return the names of the places in a text.

    Raises:
        ValueError: it holds something that looks like a place and is none.
    """
    wording = Wording(text)
    if not wording.is_valid():
        raise ValueError("a place is written ((name)) in lower case")
    return frozenset(wording.get_identifiers())


_FORBIDDEN = re.compile(r"(?<!\d)\d{16}(?!\d)")  # a NIK or a family card number


def without_numbers(value: str) -> str:
    """Return a value in which no 16-digit number is left: messages never carry one."""
    return _FORBIDDEN.sub("(nomor disembunyikan)", value)
