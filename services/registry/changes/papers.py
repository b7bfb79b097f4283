"""How a plan tells that a paper will be printed."""

from services.registry.changes.state import Key
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.plan import Effect


def queued(kind: IssuedKind, subject: Key, full_name: str | None = None) -> Effect:
    """Tell that a paper comes, and of whom if it is somebody's own."""
    label = find("jenis_dokumen", kind.value).name
    return Effect(
        effect="document.queued",
        subject=subject,
        after={"kind": kind},
        text_id=f"{label.id}{f' {full_name}' if full_name else ''} diterbitkan.",
        text_en=f"{label.en}{f' of {full_name}' if full_name else ''}: issued.",
    )
