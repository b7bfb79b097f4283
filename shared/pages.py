"""Long lists are read page by page: each page says where the next one begins.

A cursor holds the sort keys of the last row shown. It is sealed, because a sort key may be a
person's name and a cursor travels in a URL.
"""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from shared.language import Words
from shared.problems import Problem
from shared.sealed import CannotOpen, keyring

_PLACE = "cursor"

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="Most items on one page")]
LIMIT = 50  # what `limit: Limit = LIMIT` means without a word from the caller
After = Annotated[
    str | None,
    Query(max_length=2000, pattern=r"^[A-Za-z0-9._=-]+$", description="`next` of the page before"),
]


class BadCursor(Problem):
    """The cursor is not one of ours, or belongs to another list."""

    status = 400
    slug = "bad-cursor"
    title = Words("Penanda halaman tidak dikenal", "The page cursor is not known")
    advice = Words(
        "Mulai lagi dari halaman pertama, tanpa parameter `after`.",
        "Start again from the first page, without the `after` parameter.",
    )


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is absent on the last one."""

    items: list[T] = Field(max_length=200)
    next: str | None = Field(
        default=None, max_length=2000, description="Send as `after` to read the next page"
    )


def cursor(*keys: object) -> str:
    """Return the cursor that stands behind a row with these sort keys."""
    return keyring().seal(json.dumps([str(key) for key in keys]).encode(), _PLACE)


def keys(after: str, *kinds: type[Any]) -> tuple[Any, ...]:
    """Return the sort keys in a cursor, each read as the kind given.

    Raises:
        BadCursor: it is not a cursor, or one with other keys.
    """
    try:
        texts = json.loads(keyring().open(after, _PLACE))
        pairs = zip(kinds, texts, strict=True)
        return tuple(TypeAdapter(kind).validate_strings(text) for kind, text in pairs)
    except (CannotOpen, ValueError, ValidationError) as error:
        raise BadCursor from error


def cut(
    rows: Sequence[T], limit: int, sort_keys: Callable[[T], tuple[object, ...]]
) -> tuple[Sequence[T], str | None]:
    """Split what a query for `limit + 1` rows found into one page and the next page's cursor."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], cursor(*sort_keys(rows[limit - 1]))


def link_next(request: Request, response: Response, after: str | None) -> None:
    """Name the next page in the Link header (RFC 8288), if there is one."""
    if after is not None:
        url = request.url.include_query_params(after=after)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
