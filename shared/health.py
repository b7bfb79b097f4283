"""Whether a process lives and can serve, its figures, and the pages that describe its API."""

import asyncio
from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field
from sqlalchemy import text

from shared.auth import Anyone
from shared.problems import Unavailable

READY_SECONDS = 2

_DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
)


class Health(BaseModel):
    """A process that answers."""

    status: str = Field(examples=["ready"])


health = APIRouter(tags=["health"], dependencies=[Anyone])


@health.get("/health/live")
async def live() -> Health:
    """Say that the process runs."""
    return Health(status="live")


@health.get("/health/ready")
async def ready(request: Request) -> Health:
    """Say that requests can be served. The broker is not needed: the outbox waits for it."""
    try:
        async with asyncio.timeout(READY_SECONDS), request.app.state.sessions() as session:
            await session.execute(text("select 1"))
    except Exception as error:
        raise Unavailable from error
    return Health(status="ready")


@health.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Serve this process's Prometheus metrics; the edge keeps outsiders away."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def add_docs(app: FastAPI) -> None:
    """Serve Swagger UI from this process: it needs no network."""
    app.mount("/docs/static", StaticFiles(directory=str(files("fastapi_offline") / "static")))

    @app.get("/docs", include_in_schema=False, dependencies=[Anyone])
    async def docs() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url="/docs/static/swagger-ui-bundle.js",
            swagger_css_url="/docs/static/swagger-ui.css",
            swagger_favicon_url="/docs/static/favicon.png",
        )
        page.headers["Content-Security-Policy"] = _DOCS_POLICY
        return page
