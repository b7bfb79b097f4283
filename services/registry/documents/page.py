"""The verification page: no script, no outside file, readable on an old phone."""

import base64
import hashlib
from importlib.resources import files

from babel.dates import format_date
from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.registry.documents.schemas import Verification

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


def render(
    found: Verification | None, token: str | None = None, *, same_file: bool | None = None
) -> Response:
    """Write the page; without a document it says that nobody knows the code, and what to do."""
    page = _PAGES.get_template("verification.html")
    text = page.render(found=found, token=token, same_file=same_file, style=_STYLE)
    headers = {"Content-Security-Policy": _POLICY, "Vary": "Accept"}
    return Response(text, 200 if found else 404, headers, media_type="text/html; charset=utf-8")
