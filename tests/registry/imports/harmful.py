"""Files that nobody should open."""

import io
import zipfile


def _zip(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return content.getvalue()


FILES = {
    "bomb": (
        _zip({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * 64_000_000}),
        "FILE_UNPACKS_TOO_LARGE",
    ),
    "macros": (_zip({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), "FILE_HAS_MACROS"),
    "words": (_zip({"word/document.xml": b"<a/>"}), "FILE_NOT_A_TABLE"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "FILE_ENCRYPTED"),
    "empty": (b"  \n", "FILE_EMPTY"),
    "pdf": (b"%PDF-1.7 something", "FILE_NOT_A_TABLE"),
}
