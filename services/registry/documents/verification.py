"""What the page behind a QR code tells a stranger."""

import re

from services.registry.documents.rules import (
    Standing,
    legalisation,
    masked_name,
    masked_number,
    office,
    verdict,
)
from services.registry.documents.schemas import CONTENT, Verification
from services.registry.documents.tables import Document
from shared.clock import OFFICE
from shared.codes import find
from shared.contract.events import IssuedKind

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def is_token(text: str) -> bool:
    """Tell whether a text could be the token of a document."""
    return _TOKEN.fullmatch(text) is not None


def verify(document: Document) -> Verification:
    """Say what a print is worth, with its people and numbers masked."""
    kind = IssuedKind(document.kind)
    content = CONTENT[kind].model_validate(document.content)
    number, name, regency = content.heading
    title = find("jenis_dokumen", kind).name
    issued = document.issued_at
    return Verification(
        verdict=verdict(Standing(document.status)),
        kind=kind,
        title_id=title.id,
        title_en=title.en,
        number=masked_number(number),
        name=masked_name(name),
        issued_by=office(regency),
        issued_on=issued.astimezone(OFFICE).date() if issued else None,
        copy_number=document.copy_number,
        ended_on=document.ended_on,
        sha256=document.sha256,
        legalisation=legalisation(is_sealed=True),
    )
