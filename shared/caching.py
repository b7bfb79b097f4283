"""Answers that are the same for everybody may be kept by anything between us and the reader."""

import hashlib
from collections.abc import Mapping
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

SECONDS = 300  # how long a cache may answer without asking us

IfNoneMatch = Annotated[
    str | None, Header(max_length=2000, description="ETag of an answer that you have")
]
UNCHANGED: dict[int | str, dict[str, str]] = {304: {"description": "What you have is still right"}}


def cacheable(
    answer: BaseModel,
    known: str | None,
    *,
    headers: Mapping[str, str] | None = None,
    seconds: int = SECONDS,
) -> Response:
    """Write a public answer with its ETag, or say that the one `known` is still right (304)."""
    body = answer.model_dump_json()
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    kept = {**(headers or {}), "Cache-Control": f"public, max-age={seconds}", "ETag": tag}
    if known is not None and tag in known.replace("W/", "").replace(" ", "").split(","):
        return Response(status_code=304, headers=kept)
    return Response(body, headers=kept, media_type="application/json")
