"""Whether a PDF is sealed, whole, and sealed by the one we trust."""

import asyncio
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def is_sealed(pdf: bytes, root: Path) -> bool:
    """Tell whether the first signature is valid, covers all of it and leads to this root."""
    return asyncio.run(_is_sealed(pdf, root))


async def _is_sealed(pdf: bytes, root: Path) -> bool:
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    anchor = load_cert_from_pemder(str(root))  # type: ignore[no-untyped-call]
    trust = ValidationContext(trust_roots=[anchor], allow_fetching=False)
    if not signatures:
        return False
    return bool((await async_validate_pdf_signature(signatures[0], trust)).bottom_line)


def poppler_says(pdf: bytes) -> str | None:
    """Return the verdict of another reader of PDFs, if pdfsig is installed."""
    if shutil.which("pdfsig") is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        told = subprocess.run(
            ["pdfsig", "-nocert", file.name], check=False, capture_output=True, text=True
        )
    lines = [line.strip() for line in told.stdout.splitlines()]
    return next((line for line in lines if line.startswith("- Signature Validation")), "")
