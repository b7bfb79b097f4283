"""Uploads of every kind, made here."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

PLACE_SECRET = b"GPS-SECRET-MAKER"


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise(size, 40).convert("RGB")
    image.paste("red", (0, 0, size[0] // 4, size[1] // 4))  # which corner is up
    image.save(out, kind, **options)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """A photo as a telephone takes it: on its side, with its place and maker noted in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = PLACE_SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (8.0, 12.0, 33.0)
    return picture(exif=exif, comment=PLACE_SECRET, icc_profile=PLACE_SECRET * 20)


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header claims a size; a few bytes on the wire."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def webp_of(width: int, height: int) -> bytes:
    """A WebP whose header claims a canvas; the picture on it is small."""
    inside = picture("WEBP", (16, 16))[12:]
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size
    body = b"WEBP" + canvas + inside
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", b"echo hidden")
    return out.getvalue()


def pdf(
    *, pages: int = 1, password: str | None = None, packed: bool = False, **root: object
) -> bytes:
    """A PDF; `root` adds entries to its catalogue, such as OpenAction."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    out = io.BytesIO()
    lock = pikepdf.Encryption(owner=password, user=password) if password else False
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    document.save(out, encryption=lock, object_stream_mode=mode, deterministic_id=not password)
    return out.getvalue()


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def pdf_with_file() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["data.xml"] = b"<data/>"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_that_swells(size: int = 300_000_000) -> bytes:
    """A PDF whose objects are in a stream of a few hundred kilobytes that becomes `size` bytes."""
    packer = zlib.compressobj(9)
    inside = b"4 0 <</Type /Catalog /Pages 2 0 R>> "
    body = [packer.compress(inside)]
    block = b" " * 1_000_000
    body += [packer.compress(block) for _ in range(size // len(block))]
    stream = b"".join(body) + packer.flush()
    parts = [b"%PDF-1.5\n"]
    places = {}

    def add(number: int, content: bytes) -> None:
        places[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    add(2, b"<</Type /Pages /Kids [3 0 R] /Count 1>>")
    add(3, b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>")
    first = b"4 0 "
    add(
        5,
        b"<</Type /ObjStm /N 1 /First %d /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream"
        % (len(first), len(stream), stream),
    )
    places[6] = sum(map(len, parts))
    rows = [
        (0, 0, 65535),
        (0, 0, 0),
        (1, places[2], 0),
        (1, places[3], 0),
        (2, 5, 0),
        (1, places[5], 0),
        (1, places[6], 0),
    ]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    parts.append(
        b"6 0 obj\n<</Type /XRef /Size 7 /W [1 4 2] /Root 4 0 R /Length %d>>\nstream\n%s\nendstream\nendobj\n"
        % (len(table), table)
    )
    parts.append(b"startxref\n%d\n%%%%EOF\n" % places[6])
    return b"".join(parts)
