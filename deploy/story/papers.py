"""Photographs of papers, as somebody would take them at the counter."""

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (1240, 1754)  # A4 at 150 dpi
MARGIN, LINE = 120, 60


def photograph(title: str, *lines: str) -> bytes:
    """Return a JPEG of a page; a specimen, and it says so."""
    page = Image.new("RGB", SIZE, "#f6f3ea")
    pen = ImageDraw.Draw(page)
    pen.text((MARGIN, MARGIN), title, fill="#222222", font=ImageFont.load_default(48))
    small = ImageFont.load_default(30)
    for number, line in enumerate((*lines, "CONTOH / SPECIMEN")):
        pen.text((MARGIN, MARGIN + 120 + number * LINE), line, fill="#333333", font=small)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()
