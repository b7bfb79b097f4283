"""What an upload may be: a picture or a PDF, by its content, and harmless.

Uploads are photos or scans of the original (Dirjen Dukcapil 470/13287/2021). A picture is drawn
anew, upright and without what the telephone noted in it, such as the place where it was taken. A
PDF is kept as it came, for it may carry a signature; one that could do something is refused.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import filetype
import pikepdf
import pikepdf.settings
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024  # of one upload
MAX_PIXELS = 40_000_000  # a page at 600 dpi
SIDE = 2400  # pixels; a page at 200 dpi, in which small print stays readable
PER_CASE = 60  # papers that stand at one time

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PDF = "application/pdf"

_ACTIVE = frozenset(
    [
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFiles",
        "/EmbeddedFile",
        "/RichMedia",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
        "/AA",
        "/GoToR",
        "/GoToE",
        "/Movie",
        "/Sound",
        "/Rendition",
    ]
)
_DECODED_BYTES = 16 * 1024 * 1024  # of one compressed part of a PDF
_OBJECTS = 50_000
_TAIL = 1024  # bytes at the end of a PDF in which it must say that it ends

# Both for the whole process, and before anything is decoded: Pillow by itself raises only at twice
# its limit, and qpdf has none.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_DECODED_BYTES,
    png_max_memory=_DECODED_BYTES,
    run_length_max_memory=_DECODED_BYTES,
    tiff_max_memory=_DECODED_BYTES,
    parser_max_container_size=_OBJECTS,
    doc_max_warnings=100,
    max_stream_filters=4,
)


class Unfit(StrEnum):
    """Why an upload is not kept; the values are slugs of problems."""

    EMPTY = "attachment-empty"
    TOO_LARGE = "attachment-too-large"
    NOT_ACCEPTED = "attachment-type-not-accepted"
    PICTURE_BROKEN = "picture-broken"
    PICTURE_TOO_BIG = "picture-too-big"
    PDF_BROKEN = "pdf-broken"
    PDF_ENCRYPTED = "pdf-encrypted"
    PDF_ACTIVE = "pdf-active"


@dataclass(frozen=True, slots=True)
class Fit:
    """What is kept of an upload."""

    media_type: str
    content: bytes


def examine(content: bytes) -> Fit | Unfit:
    """Return what to keep of an upload, or why not. Slow: up to seconds for a large picture."""
    if not content:
        return Unfit.EMPTY
    if len(content) > MAX_BYTES:
        return Unfit.TOO_LARGE
    media_type = filetype.guess_mime(content)
    if media_type in PICTURES:
        return _redrawn(content, PICTURES[media_type])
    if media_type == PDF:
        return _why_not(content) or Fit(PDF, content)
    return Unfit.NOT_ACCEPTED


def _redrawn(content: bytes, kind: str) -> Fit | Unfit:
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            return Fit("image/jpeg", _as_jpeg(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Unfit.PICTURE_TOO_BIG
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return Unfit.PICTURE_BROKEN


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.draft("RGB", (SIDE, SIDE))  # a JPEG is then decoded at reduced size: less memory
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SIDE, SIDE))
    plain, out = _on_white(upright), io.BytesIO()
    plain.info.clear()  # or Pillow writes the old comment and colour profile into the new picture
    plain.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """Return it in plain colours; what was transparent is paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    coloured = picture.convert("RGBA")
    paper = Image.new("RGB", coloured.size, "white")
    paper.paste(coloured, mask=coloured)
    return paper


def _why_not(content: bytes) -> Unfit | None:
    ends = b"%%EOF" in content[-_TAIL:]
    if not ends or zipfile.is_zipfile(io.BytesIO(content)):
        return Unfit.PDF_BROKEN
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            return _why_not_open(pdf)
    except pikepdf.PasswordError:
        return Unfit.PDF_ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, MemoryError):
        return Unfit.PDF_BROKEN


def _why_not_open(pdf: pikepdf.Pdf) -> Unfit | None:
    if pdf.is_encrypted:
        return Unfit.PDF_ENCRYPTED
    if not len(pdf.pages) > 0 or len(pdf.objects) > _OBJECTS:
        return Unfit.PDF_BROKEN
    if any(name in _ACTIVE for thing in [pdf.trailer, *pdf.objects] for name in _names(thing)):
        return Unfit.PDF_ACTIVE
    return None


def _names(thing: object) -> Iterator[str]:
    """Yield every key and name in one object; objects it refers to come up by themselves."""
    if isinstance(thing, pikepdf.Name):
        yield str(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in thing.items():
            yield key
            yield from () if getattr(value, "is_indirect", False) else _names(value)
    elif isinstance(thing, pikepdf.Array):
        for value in thing:
            yield from () if getattr(value, "is_indirect", False) else _names(value)
