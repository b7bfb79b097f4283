"""The notify service over HTTP. Start reading here."""

from fastapi import FastAPI

from services.notify.settings import Settings
from shared.web import make_app


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app. Run it with `uvicorn --factory services.notify.app:create_app`."""
    return make_app("Balai Notify", settings or Settings.from_env("notify"))
