"""Has PDFs sealed by a service that keeps the officer's key, as the state's signer (BSrE) does.

The call: POST /v2/sign/pdf as the office's user, with NIK and passphrase of the officer and the
PDF in base64; the answer holds the sealed PDF, or an error with a code. Nothing of it is logged.
"""

import base64
import binascii
import io
from typing import Any

import httpx2
from pyhanko.keys import load_cert_from_pemder, load_certs_from_pemder
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.registry.documents.rendering import Signatory
from services.registry.documents.sealing import (
    REASON,
    CertificateExpired,
    CertificateRevoked,
    NoKey,
    SignerOut,
    SignerRefuses,
    WrongPassphrase,
    WrongSeal,
    signatory_of,
)
from services.registry.settings import Settings

ANSWER_SECONDS = 12  # longest wait; the sealer gives a document 15
ANSWER_BYTES = 64 * 1024 * 1024  # an institution's card of a thousand lines is far below it

_REFUSALS: dict[str, type[SignerRefuses]] = {
    "CERTIFICATE_EXPIRED": CertificateExpired,
    "CERTIFICATE_REVOKED": CertificateRevoked,
    "WRONG_PASSPHRASE": WrongPassphrase,
}


class ServiceSigner:
    """Sends every document away to be sealed, and looks at what comes back before it is kept."""

    def __init__(self, settings: Settings) -> None:
        chain = str(settings.signer_chain)
        try:
            self._certificate = load_cert_from_pemder(str(settings.signer_certificate))  # type: ignore[no-untyped-call]
            self._roots = list(load_certs_from_pemder([chain]))  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise NoKey(settings.signer_certificate.name) from error
        names = self._certificate.subject.native, self._certificate.issuer.native
        self._signatory = signatory_of(*names)
        self._settings = settings
        self._client = httpx2.AsyncClient(
            base_url=str(settings.signer_url),
            auth=(settings.signer_user, settings.signer_password.get_secret_value()),
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )

    @property
    def signatory(self) -> Signatory:
        """Whose seal it is, as the certificate says."""
        return self._signatory

    async def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with the officer's seal added.

        Raises:
            SignerOut, SignerRefuses, WrongSeal: the document is tried again later. A seal whose
                answer was lost is made again: only what we keep is a document.
        """
        try:
            answer = await self._client.post("v2/sign/pdf", json=self._question(pdf))
        except httpx2.HTTPError:
            raise SignerOut from None  # its own error holds the request, and that the passphrase
        if answer.is_server_error or answer.status_code in {408, 429}:
            raise SignerOut
        if not answer.is_success:
            raise _refusal(answer)
        sealed = _sealed(answer)
        await self._check(pdf, sealed)
        return sealed

    async def close(self) -> None:
        """End the connections."""
        await self._client.aclose()

    def _question(self, pdf: bytes) -> dict[str, Any]:
        return {
            "nik": self._settings.signer_nik.get_secret_value(),
            "passphrase": self._settings.signer_passphrase.get_secret_value(),
            "reason": REASON,
            "visible": False,
            "file": base64.b64encode(pdf).decode(),
        }

    async def _check(self, pdf: bytes, sealed: bytes) -> None:
        """Be sure that it is our document, under one whole seal of our officer."""
        if not sealed.startswith(pdf):  # a seal is appended; every byte before it is ours
            raise WrongSeal
        try:
            (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
            trust = ValidationContext(trust_roots=self._roots, allow_fetching=False)
            status = await async_validate_pdf_signature(signature, trust)
        except (PdfReadError, SignatureValidationError, ValueError):
            raise WrongSeal from None
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        ours = signature.signer_cert.dump() == self._certificate.dump()
        if not (status.bottom_line and whole and ours):
            raise WrongSeal


def _refusal(answer: httpx2.Response) -> SignerRefuses:
    try:
        code = answer.json()["code"]
    except (ValueError, KeyError, TypeError):
        code = None
    return _REFUSALS.get(code, SignerRefuses)() if isinstance(code, str) else SignerRefuses()


def _sealed(answer: httpx2.Response) -> bytes:
    if len(answer.content) > ANSWER_BYTES:
        raise WrongSeal
    try:
        return base64.b64decode(answer.json()["file"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise WrongSeal from None
