"""The pages for everybody: no script, no outside file, readable on an old phone."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from babel.dates import format_date
from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.registry.documents.schemas import Verification

HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "A page for a browser"},
    404: {"content": {"text/html": {}}, "description": "The same page: nobody knows the address"},
}

_FOLDER = files("services.registry.documents") / "templates"
_STYLE = (_FOLDER / "verification.css").read_text("utf-8")
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
_PAGES = Environment(
    loader=FileSystemLoader(str(_FOLDER)), autoescape=True, undefined=StrictUndefined
)
_PAGES.filters["day_id"] = lambda day: format_date(day, "d MMMM y", locale="id")
_PAGES.filters["day_en"] = lambda day: format_date(day, "d MMMM y", locale="en")


def render_download(
    outcome: str, token: str, status: int = 200, *, tries_left: int = 0
) -> Response:
    """Write the page that asks for a PIN, or says why there is nothing to fetch."""
    page = _PAGES.get_template("download.html")
    text = page.render(outcome=outcome, token=token, tries_left=tries_left, style=_STYLE)
    headers = {
        "Content-Security-Policy": _POLICY,
        "Vary": "Accept",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(text, status, headers, media_type="text/html; charset=utf-8")


def render(
    found: Verification | None, token: str | None = None, *, same_file: bool | None = None
) -> Response:
    """Write the page; without a document it says that nobody knows the code, and what to do."""
    page = _PAGES.get_template("verification.html")
    text = page.render(found=found, token=token, same_file=same_file, style=_STYLE)
    headers = {"Content-Security-Policy": _POLICY, "Vary": "Accept"}
    return Response(text, 200 if found else 404, headers, media_type="text/html; charset=utf-8")
