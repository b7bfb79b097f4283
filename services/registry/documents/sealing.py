"""Seals PDFs electronically (PAdES). Only the sealer imports this: pyHanko is large."""

import io
from collections.abc import Mapping
from typing import Protocol

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from services.registry.documents.rendering import Signatory
from services.registry.settings import Settings

FIELD = "TTE"
REASON = "Penerbitan dokumen kependudukan"
TEST_UNIT = "SEGEL UJI / TEST SEAL"  # organisational unit of an authority that vouches for nothing


class Signer(Protocol):
    """Where seals come from: a key file here, the state's signing service (BSrE) in production."""

    @property
    def signatory(self) -> Signatory:
        """Whose seal it is."""

    async def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with a seal added.

        Raises:
            SignerOut, SignerRefuses, WrongSeal: the document is tried again later.
        """


class NoKey(Exception):  # noqa: N818 - says what is wrong
    """The key, its certificate or the chain cannot be read, or do not belong together."""


class SignerOut(Exception):  # noqa: N818 - says what happened
    """Nobody answers, or too late, or with an error of their own; the next document fares alike."""


class SignerRefuses(Exception):  # noqa: N818 - says what happened
    """The signer answers and does not seal; it takes a person to change that."""


class CertificateExpired(SignerRefuses):
    """The officer has to renew their certificate."""


class CertificateRevoked(SignerRefuses):
    """The officer's certificate was taken back."""


class WrongPassphrase(SignerRefuses):
    """What we were told to open the officer's key with does not open it."""


class WrongSeal(Exception):  # noqa: N818 - says what happened
    """What came back is not our document under the expected seal, to the last byte."""


def signatory_of(subject: Mapping[str, object], issuer: Mapping[str, object]) -> Signatory:
    """Return whose seal it is, by the names in a certificate."""
    return Signatory(
        name=str(subject["common_name"]),
        is_test=issuer.get("organizational_unit_name") == TEST_UNIT,
    )


class KeyFileSigner:
    """Seals with a private key that is read once and kept: reading it takes longer than sealing."""

    def __init__(self, settings: Settings) -> None:
        loaded = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
            key_file=str(settings.signer_key),
            cert_file=str(settings.signer_certificate),
            ca_chain_files=[str(settings.signer_chain)],
        )
        if loaded is None:
            raise NoKey(settings.signer_certificate.name)
        self._signer = loaded
        self._meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            reason=REASON,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )
        certificate = loaded.signing_cert
        self._signatory = signatory_of(certificate.subject.native, certificate.issuer.native)

    @property
    def signatory(self) -> Signatory:
        """Whose seal it is, as the certificate says."""
        return self._signatory

    async def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with an invisible PAdES seal added."""
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        sealed = await signers.async_sign_pdf(writer, self._meta, signer=self._signer)
        return bytes(sealed.getvalue())
