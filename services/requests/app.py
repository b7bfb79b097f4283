"""The requests service over HTTP. Start reading here."""

from fastapi import FastAPI

from services.requests.settings import Settings
from shared.web import make_app


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app. Run it with `uvicorn --factory services.requests.app:create_app`."""
    return make_app("Balai Requests", settings or Settings.from_env("requests"))
