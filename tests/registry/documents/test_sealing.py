"""A seal holds under our root, in two readers, and breaks with one changed byte."""

import asyncio
import io
import shutil
import stat
import subprocess
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from deploy.local import authority
from services.registry.documents.rendering import Imprint, Press
from services.registry.documents.sealing import TEST_UNIT, KeyFileSigner, NoKey
from services.registry.settings import Settings
from shared import clock
from shared.contract.events import IssuedKind
from tests.registry.documents.samples import CONTENTS

pytestmark = pytest.mark.anyio

PDFSIG = shutil.which("pdfsig")


def _certificate(path: Path) -> Certificate:
    _, _, content = pem.unarmor(path.read_bytes())
    return Certificate.load(content)


async def is_ours(pdf: bytes, root: Path) -> bool:
    """Tell whether the whole of a PDF stands under a seal of this root."""
    trust = ValidationContext(trust_roots=[_certificate(root)], allow_fetching=False)
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        statuses = [await async_validate_pdf_signature(each, trust) for each in signatures]
    except (PdfReadError, SignatureValidationError, ValueError):
        return False
    return len(statuses) == 1 and statuses[0].bottom_line


@pytest.fixture
async def pdf(press: Press, signer: KeyFileSigner, kind: IssuedKind) -> bytes:
    imprint = Imprint(1, "https://registry.example/v/x", clock.today(), signer.signatory)
    return await signer.seal(press.draw(kind, CONTENTS[kind], imprint))


kinds = pytest.mark.parametrize("kind", list(IssuedKind))
one_kind = pytest.mark.parametrize("kind", [IssuedKind.BIRTH_CERTIFICATE])


@kinds
async def test_it_is_valid_under_our_root(pdf: bytes, registry: Settings) -> None:
    assert await is_ours(pdf, registry.signer_chain)


def _ask_poppler(path: Path) -> str:
    command = [str(PDFSIG), "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@kinds
@pytest.mark.skipif(PDFSIG is None, reason="poppler's pdfsig is absent; pyHanko alone has judged")
async def test_a_second_reader_agrees(pdf: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pdf)
    said = await asyncio.to_thread(_ask_poppler, path)
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said


@one_kind
async def test_a_stranger_root_does_not_vouch(pdf: bytes, tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    assert not await is_ours(pdf, tmp_path / "root.pem")


@one_kind
@pytest.mark.parametrize("share", [0.02, 0.2, 0.4])
async def test_one_changed_byte_breaks_it(pdf: bytes, registry: Settings, share: float) -> None:
    at = int(len(pdf) * share)
    changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert not await is_ours(changed, registry.signer_chain)


@one_kind
async def test_what_is_appended_later_does_not_pass(pdf: bytes, registry: Settings) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.add_blank_page()
        opened.save(out)
    assert not await is_ours(out.getvalue(), registry.signer_chain)


@kinds
async def test_the_seal_keeps_the_archive_format(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        with opened.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        (field,) = opened.Root.AcroForm.Fields
        assert int(field.F) & 4  # PDF/A: every annotation is printed, and none is hidden
        assert not int(field.F) & 0b100011


async def test_whose_seal_it_is_comes_from_the_certificate(signer: KeyFileSigner) -> None:
    assert signer.signatory.name == "Kepala Dinas (uji)"
    assert signer.signatory.is_test
    assert TEST_UNIT == authority.TEST_UNIT


async def test_a_missing_key_is_told_at_the_start(registry: Settings, tmp_path: Path) -> None:
    absent = registry.model_copy(update={"signer_key": tmp_path / "none.pem"})
    with pytest.raises(NoKey):
        KeyFileSigner(absent)


def test_the_authority_is_made_once_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    authority.ensure(folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    authority.ensure(folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert sorted(before) == ["root.pem", "seal.key.pem", "seal.pem"]
    assert stat.S_IMODE((folder / "seal.key.pem").stat().st_mode) == 0o600


def test_no_test_authority_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(RuntimeError):
        authority.ensure(tmp_path)
    assert not list(tmp_path.iterdir())
