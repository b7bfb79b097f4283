"""Handing out the sealed PDF of a document."""

from functools import cache
from typing import Any, ClassVar

from fastapi import Response

from services.registry.documents.tables import Document
from shared.files import Files
from shared.problems import Problem, Words

PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The sealed PDF",
    },
    409: {"description": "It waits for its seal; try again as Retry-After says"},
    410: {"description": "It is no longer in force"},
}


class NotSealedYet(Problem):
    """The document is queued; its file will be there in a moment."""

    status = 409
    slug = "document-not-sealed-yet"
    title = Words("Dokumen sedang diproses", "The document is being processed")
    advice = Words(
        "Tunggu sesuai Retry-After, lalu minta lagi.", "Wait as Retry-After says, then ask again."
    )
    headers: ClassVar = {"Retry-After": "2"}


@cache
def _files(url: str) -> Files:
    return Files.at(url)


async def send(files_url: str, document: Document) -> Response:
    """Return the sealed PDF.

    Raises:
        NotSealedYet: it is in the queue.
    """
    if document.path is None:
        raise NotSealedYet
    pdf = await _files(files_url).read_sealed(document.path)
    # Named by its id: a file name ends up in histories, chats and shared folders.
    name = f"{document.kind.lower().replace('_', '-')}-{document.id}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "private, no-store",
    }
    return Response(pdf, headers=headers, media_type="application/pdf")
