"""What may be kept, by its content; and what is left of a picture."""

import io
import subprocess
import sys
import zipfile

import pytest
from PIL import Image

from services.requests.attachments.rules import MAX_BYTES, SIDE, Fit, Unfit, examine
from tests.requests.attachments.uploads import (
    PLACE_SECRET,
    pdf,
    pdf_that_swells,
    pdf_with_file,
    photo_with_place,
    picture,
    png_of,
    script,
    webp_of,
    zipped,
)


def kept(content: bytes) -> bytes:
    fit = examine(content)
    assert isinstance(fit, Fit), fit
    return fit.content


def drawn(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(kept(content)))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_a_jpeg(kind: str) -> None:
    fit = examine(picture(kind))

    assert isinstance(fit, Fit)
    assert fit.media_type == "image/jpeg"
    assert fit.content.startswith(b"\xff\xd8\xff")
    assert drawn(picture(kind)).size == (320, 200)


def test_a_pdf_is_kept_as_it_came() -> None:
    content = pdf(pages=2)

    assert examine(content) == Fit("application/pdf", content)
    packed = pdf(packed=True)
    assert examine(packed) == Fit("application/pdf", packed)


def test_a_photo_is_upright_and_says_nothing_of_its_place() -> None:
    content = photo_with_place(orientation=6)
    assert PLACE_SECRET in content

    plain = kept(content)
    image = drawn(content)
    assert PLACE_SECRET not in plain
    assert b"Exif" not in plain
    assert not image.getexif()
    assert image.size == (200, 320)
    red, green, _ = image.getpixel((190, 10))  # type: ignore[misc]
    assert red > 180 > green  # what was top left on its side is top right upright


def test_a_large_photo_is_drawn_smaller() -> None:
    assert max(drawn(picture(size=(5000, 3000))).size) == SIDE


def test_what_is_transparent_becomes_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")

    assert drawn(out.getvalue()).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "I;16", "LA"])
def test_pictures_of_every_mode_are_drawn(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    assert drawn(out.getvalue()).mode == "RGB"


def test_the_same_picture_is_drawn_the_same() -> None:
    content = picture()
    assert kept(content) == kept(content)


OTHERS = {
    "nothing": (b"", Unfit.EMPTY),
    "text": (b"hello", Unfit.NOT_ACCEPTED),
    "html": (b"<!doctype html><script>alert(1)</script>", Unfit.NOT_ACCEPTED),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', Unfit.NOT_ACCEPTED),
    "zip": (zipped(), Unfit.NOT_ACCEPTED),
    "gif": (picture("GIF"), Unfit.NOT_ACCEPTED),
    "tiff": (picture("TIFF"), Unfit.NOT_ACCEPTED),
    "bmp": (picture("BMP"), Unfit.NOT_ACCEPTED),
    "program": (b"MZ" + b"\0" * 500, Unfit.NOT_ACCEPTED),
    "too large": (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, Unfit.TOO_LARGE),
    "jpeg cut short": (picture()[:2000], Unfit.PICTURE_BROKEN),
    "jpeg in name only": (b"\xff\xd8\xff\xe0" + b"x" * 500, Unfit.PICTURE_BROKEN),
    "png cut short": (picture("PNG")[:200], Unfit.PICTURE_BROKEN),
    "webp cut short": (picture("WEBP")[:200], Unfit.PICTURE_BROKEN),
    "picture bomb": (png_of(30_000, 30_000), Unfit.PICTURE_TOO_BIG),
    "picture bomb of one row": (png_of(400_000_000, 1), Unfit.PICTURE_TOO_BIG),
    "picture just over": (png_of(8_001, 5_000), Unfit.PICTURE_TOO_BIG),
    "webp bomb": (webp_of(16_000, 16_000), Unfit.PICTURE_TOO_BIG),
    "html before a pdf": (b"<html><script>1</script>" + pdf(), Unfit.NOT_ACCEPTED),
    "pdf and zip": (pdf() + zipped(), Unfit.PDF_BROKEN),
    "pdf cut short": (pdf(pages=3)[:400], Unfit.PDF_BROKEN),
    "pdf in name only": (b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF", Unfit.PDF_BROKEN),
    "pdf without pages": (pdf(pages=0), Unfit.PDF_BROKEN),
    "locked pdf": (pdf(password="1234"), Unfit.PDF_ENCRYPTED),
    "pdf with a script": (pdf(OpenAction=script()), Unfit.PDF_ACTIVE),
    "pdf with a hidden script": (pdf(packed=True, OpenAction=script()), Unfit.PDF_ACTIVE),
    "pdf with a file": (pdf_with_file(), Unfit.PDF_ACTIVE),
    "pdf that swells": (pdf_that_swells(), Unfit.PDF_BROKEN),
}


@pytest.mark.parametrize("name", [each for each, (_, why) in OTHERS.items() if why])
def test_what_is_not_fit_is_refused_with_its_reason(name: str) -> None:
    content, why = OTHERS[name]

    assert examine(content) == why


def test_a_picture_with_something_behind_it_loses_it() -> None:
    content = picture() + zipped()
    assert zipfile.is_zipfile(io.BytesIO(content))

    plain = kept(content)
    assert not zipfile.is_zipfile(io.BytesIO(plain))
    assert b"hidden" not in plain


def test_a_script_in_a_comment_of_a_picture_is_gone() -> None:
    content = picture(comment=b"<script>alert(1)</script>")
    assert b"<script>" in content

    assert b"<script>" not in kept(content)


def test_a_pdf_with_much_in_it_that_does_not_swell_is_kept() -> None:
    content = pdf_that_swells(1_000_000)

    assert examine(content) == Fit("application/pdf", content)


MEASURE = """
import resource, sys
from services.requests.attachments.rules import examine, Unfit
from tests.requests.attachments.uploads import pdf, picture
examine(picture()); examine(pdf())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = sys.stdin.buffer.read()
why = examine(content)
assert isinstance(why, Unfit), why
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before - len(content) // 1024)
"""


@pytest.mark.parametrize("name", ["picture bomb", "webp bomb", "pdf that swells"])
def test_a_bomb_takes_no_memory(name: str) -> None:
    """Kilobytes beyond what it weighs itself; a process of its own, for the peak is for ever."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE], input=OTHERS[name][0], capture_output=True, check=True
    )

    assert int(ran.stdout) < 20 * 1024
