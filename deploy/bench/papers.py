"""How many papers one sealer draws, seals and puts away in a second.

`python -m deploy.bench.papers`, with SECONDS=3 for each kind. Nothing of it needs a database.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

from deploy.local import authority
from deploy.local.environment import Place
from services.registry.documents.rendering import Imprint, Press
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import (
    Address,
    BirthCertificateContent,
    Content,
    FamilyCardContent,
    FamilyMember,
    Listed,
    MoveLetterContent,
)
from services.registry.documents.sealing import KeyFileSigner
from services.registry.settings import Settings
from shared import sealed
from shared.contract.events import IssuedKind
from shared.contract.facts import MaritalStatus, Relationship, Sex
from shared.files import Files

DAY = date(2026, 11, 24)
NIK = "3510050107859001"
HOME = Address(
    street="Dusun Krajan",
    rt="003",
    rw="011",
    village="Tembokrejo",
    district="Muncar",
    regency="Banyuwangi",
    province="Jawa Timur",
)


def _birth() -> Content:
    return BirthCertificateContent(
        number="3510-LU-24112026-0001",
        nik=NIK,
        full_name="Bima Arya Wicaksana",
        sex=Sex.MALE,
        birth_place="Banyuwangi",
        birth_date=DAY,
        birth_order=1,
        parentage=Parentage.MARRIED,
        mother_name="Siti Aminah",
        father_name="Ahmad Subekti",
        registered_on=DAY,
        regency="Banyuwangi",
    )


def _family(size: int) -> Content:
    line = FamilyMember(
        full_name="Siti Aminah",
        nik=NIK,
        sex=Sex.FEMALE,
        birth_place="Banyuwangi",
        birth_date=DAY,
        religion=1,
        education=5,
        occupation=2,
        blood_type=13,
        marital_status=MaritalStatus.NEVER_MARRIED,
        relationship=Relationship.OTHER,
    )
    return FamilyCardContent(
        kk_number=NIK, head_name=line.full_name, address=HOME, members=[line] * size
    )


def _move() -> Content:
    return MoveLetterContent(
        number="SKPWNI/3510/24112026/0001",
        applicant_nik=NIK,
        applicant_name="Ahmad Subekti",
        kk_number=NIK,
        head_name="Ahmad Subekti",
        origin=HOME,
        destination=HOME,
        reason=1,
        classification=4,
        move_kind=2,
        planned_on=DAY,
        valid_until=DAY,
        movers=(Listed(full_name="Ahmad Subekti", nik=NIK),),
        regency="Banyuwangi",
    )


PAPERS: tuple[tuple[str, IssuedKind, Callable[[], Content]], ...] = (
    ("Birth certificate", IssuedKind.BIRTH_CERTIFICATE, _birth),
    ("Family card of 4", IssuedKind.FAMILY_CARD, lambda: _family(4)),
    ("Family card of 400", IssuedKind.FAMILY_CARD, lambda: _family(400)),
    ("Move-out letter", IssuedKind.MOVE_LETTER, _move),
)


async def measure(folder: Path, seconds: float) -> list[tuple[str, str]]:
    """Make papers of each kind for so many seconds; return what was measured."""
    authority.ensure(folder / "authority")
    place = Place("postgresql://nobody/{}", "amqp://nobody/", "file:///nothing", folder)
    settings = Settings.model_validate(place.values("registry"))
    sealed.use(sealed.Keyring.from_settings(settings))
    press, signer, files = Press(), KeyFileSigner(settings), Files.at(settings.files_url)
    found = []
    for name, kind, content in PAPERS:
        spent = await _spent(press, signer, files, kind, content(), seconds)
        found.append((f"{name}, sealed", _in_words(spent)))
    return found


async def _spent(
    press: Press,
    signer: KeyFileSigner,
    files: Files,
    kind: IssuedKind,
    content: Content,
    seconds: float,
) -> list[tuple[float, float, float]]:
    """Return how long each paper took to be drawn, to be sealed and to be put away."""
    imprint = Imprint(1, "https://registry.example/v/x", DAY, signer.signatory)
    press.draw(kind, content, imprint)  # the first one reads fonts and templates
    spent: list[tuple[float, float, float]] = []
    ends = time.perf_counter() + seconds
    while not spent or time.perf_counter() < ends:
        began = time.perf_counter()
        pdf = press.draw(kind, content, imprint)
        drawn = time.perf_counter()
        made = await signer.seal(pdf)
        signed = time.perf_counter()
        await files.keep_sealed(f"documents/{uuid4()}.pdf", made)
        spent.append((drawn - began, signed - drawn, time.perf_counter() - signed))
    return spent


def _in_words(spent: list[tuple[float, float, float]]) -> str:
    draw, seal, keep = (1000 * sum(each) / len(spent) for each in zip(*spent, strict=True))
    rate = 1000 / (draw + seal + keep)
    return f"{rate:,.1f}/s: draw {draw:.1f} ms, seal {seal:.1f} ms, keep {keep:.1f} ms"


def papers() -> list[tuple[str, str]]:
    """Measure in a folder that is gone afterwards."""
    seconds = float(os.environ.get("SECONDS", "3"))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder), seconds))


def main() -> None:
    """Print a table."""
    for what, how_much in papers():
        print(f"{what:<32}{how_much}")


if __name__ == "__main__":
    main()
