"""A stand-in for the state's signing service (BSrE) on this machine, with the test authority's key.

It seals as the service does and misbehaves when told:
`POST /misbehaviour {"kind": "silent", "times": 3}`. Nothing that it seals is an official document.
"""

import argparse
import asyncio
import base64
import io
import os
from collections import deque
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from deploy.local import authority

PASSPHRASE = "local"  # noqa: S105 - of the simulator
DAWDLING_SECONDS = 60.0


class Kind(StrEnum):
    """How to misbehave."""

    BROKEN = "broken"  # 500, nothing sealed
    BUSY = "busy"  # 429, nothing sealed
    SLOW = "slow"  # sealed, and the answer comes when nobody waits any more
    SILENT = "silent"  # sealed, and the answer is lost
    EXPIRED = "expired"  # 400: the officer's certificate is too old
    REVOKED = "revoked"
    FOREIGN = "foreign"  # under the seal of somebody else
    GARBLED = "garbled"  # another document than was sent


class Misbehaviour(BaseModel):
    """What to do wrong, and how often."""

    kind: Kind
    times: int = Field(default=1, ge=1, le=10_000)


class Question(BaseModel):
    """One document to be sealed."""

    nik: str = Field(min_length=16, max_length=16)
    passphrase: str
    reason: str = ""
    visible: bool = False
    file: str


class Notary:
    """Keeps the key, what was sealed and what goes wrong next."""

    def __init__(self, folder: Path) -> None:
        self.planned: deque[Kind] = deque()
        self.sealed = 0
        self._own = _load(folder)
        with TemporaryDirectory() as other:
            authority.ensure(Path(other))
            self._foreign = _load(Path(other))

    async def seal(self, pdf: bytes, reason: str, *, foreign: bool) -> bytes:
        """Return the PDF with an invisible seal added."""
        meta = signers.PdfSignatureMetadata(
            field_name="TTE",
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )
        signer = self._foreign if foreign else self._own
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        sealed = await signers.async_sign_pdf(writer, meta, signer=signer)
        self.sealed += 1
        return bytes(sealed.getvalue())


def _load(folder: Path) -> signers.SimpleSigner:
    loaded = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        key_file=str(folder / "seal.key.pem"),
        cert_file=str(folder / "seal.pem"),
        ca_chain_files=[str(folder / "root.pem")],
    )
    if loaded is None:
        raise RuntimeError("the test authority has no key")
    signer: signers.SimpleSigner = loaded
    return signer


router = APIRouter()
basic = HTTPBasic()


def _notary(request: Request) -> Notary:
    notary: Notary = request.app.state.notary
    return notary


TheNotary = Annotated[Notary, Depends(_notary)]


@router.post("/misbehaviour", status_code=204)
async def misbehave(wanted: Misbehaviour, notary: TheNotary) -> None:
    """Plan the next answers to be wrong ones."""
    notary.planned.extend([wanted.kind] * wanted.times)


@router.delete("/misbehaviour", status_code=204)
async def behave(notary: TheNotary) -> None:
    """Forget what was planned."""
    notary.planned.clear()


@router.get("/sealed")
async def sealed(notary: TheNotary) -> dict[str, int]:
    """Tell how many seals were made, those that nobody got among them."""
    return {"sealed": notary.sealed}


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "live"}


_REFUSALS = {
    Kind.BROKEN: (500, "INTERNAL"),
    Kind.BUSY: (429, "TOO_MANY_REQUESTS"),
    Kind.EXPIRED: (400, "CERTIFICATE_EXPIRED"),
    Kind.REVOKED: (400, "CERTIFICATE_REVOKED"),
}


@router.post("/v2/sign/pdf")
async def sign(
    question: Question,
    notary: TheNotary,
    _: Annotated[HTTPBasicCredentials, Depends(basic)],
) -> Response:
    """Seal a document, or do what was planned instead."""
    if question.passphrase != PASSPHRASE:
        return JSONResponse({"code": "WRONG_PASSPHRASE"}, 400)
    fault = notary.planned.popleft() if notary.planned else None
    if fault in _REFUSALS:
        status, code = _REFUSALS[fault]
        return JSONResponse({"code": code}, status)
    pdf = base64.b64decode(question.file)
    if fault is Kind.GARBLED:
        pdf = pdf.replace(b"\n", b"\n\n", 1)
    made = await notary.seal(pdf, question.reason, foreign=fault is Kind.FOREIGN)
    if fault is Kind.SLOW:
        await asyncio.sleep(DAWDLING_SECONDS)
    if fault is Kind.SILENT:
        return Response(b"", 504)
    return JSONResponse({"file": base64.b64encode(made).decode()})


def create_app(folder: Path) -> FastAPI:
    """Build the simulator on the key of a test authority.

    Raises:
        RuntimeError: in production.
    """
    if os.environ.get("ENVIRONMENT") == "production":
        raise RuntimeError("the signing simulator does not run in production")
    app = FastAPI(title="Signing service simulator")
    app.state.notary = Notary(folder)
    app.include_router(router)
    return app


def main() -> None:
    """Run it: `python -m deploy.local.signing --port 1 --authority FOLDER`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--authority", type=Path, required=True)
    asked = parser.parse_args()
    app = create_app(asked.authority)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
