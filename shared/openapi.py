"""The OpenAPI document: every operation says how it can fail, and who may call it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

DESCRIPTION = """\
Every failure is `application/problem+json` (RFC 9457) in the language of `Accept-Language`;
its `type` is a page on this server that says what to do. Dates are legal days in Asia/Jakarta.
Send `Idempotency-Key` to create, `If-Match` to change, `X-Purpose` to read about a resident.
"""
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_MEANINGS = {
    "400": "The request cannot be read, or a header is missing",
    "401": "No valid token",
    "403": "The caller's roles do not include this",
    "404": "It does not exist, or the caller may not know that it does",
    "405": "The method is not supported",
    "409": "It conflicts with the present state",
    "412": "Somebody else changed it since it was read",
    "413": "The body is too large",
    "415": "The media type is not supported",
    "422": "The input breaks the schema or the rules; `errors` lists everything",
    "428": "If-Match is missing",
    "429": "Too many requests",
    "500": "A failure on our side",
    "503": "Busy; send the same request again",
}


class WrongPlace(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(max_length=500, description="JSON pointer", examples=["/facts/0/child"])
    rule: str = Field(max_length=100, examples=["NAME_TOO_LONG"])
    message: str = Field(max_length=1000, examples=["Nama paling banyak 60 karakter."])


class ProblemDocument(BaseModel):
    """Why a request failed and what to do next (RFC 9457)."""

    type: str = Field(max_length=100, examples=["/problems/invalid-input"])
    title: str = Field(max_length=200, examples=["Isian tidak sesuai ketentuan"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(max_length=1000, examples=["Perbaiki semua yang disebut di `errors`."])
    trace_id: str = Field(max_length=32, examples=["4bf92f3577b34da6a3ce929d0e0e4736"])
    errors: list[WrongPlace] | None = Field(default=None, max_length=1000)


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function."""
    return route.name


def install(app: FastAPI) -> None:
    """Let the app describe itself with every failure declared."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=DESCRIPTION,
        routes=app.routes,
        servers=[{"url": "/"}],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _problem_schemas()
    document["components"]["responses"] = {
        f"Problem{status}": {
            "description": meaning,
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        }
        for status, meaning in _MEANINGS.items()
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _declare_failures(operation, has_parts="{" in path)
    return document


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    wrong = schema.pop("$defs")["WrongPlace"]
    return {"Problem": schema | {"title": "Problem"}, "WrongPlace": wrong}


def _declare_failures(operation: dict[str, Any], *, has_parts: bool) -> None:
    responses = operation["responses"]
    for status in sorted(set(_failures(operation, has_parts=has_parts))):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _failures(operation: dict[str, Any], *, has_parts: bool) -> Iterator[str]:
    headers = {each["name"].lower() for each in operation.get("parameters", ())}
    yield from ("400", "422", "429", "500", "503")
    if has_parts or "404" in operation["responses"]:
        yield "404"
    if operation.get("security"):
        yield from ("401", "403", "404")
    if "requestBody" in operation:
        yield from ("413", "415")
    if "idempotency-key" in headers:
        yield "409"
    if "if-match" in headers:
        yield from ("409", "412", "428")
