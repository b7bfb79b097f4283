"""The notify service: what people are told, and whether it reached them. Start reading here."""

from fastapi import FastAPI

from services.notify.contacts import api as contacts
from services.notify.messages import api as messages
from services.notify.settings import Settings
from services.notify.templates import api as templates
from services.notify.templates import store
from shared.web import make_app


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app. Run it with `uvicorn --factory services.notify.app:create_app`."""
    settings = settings or Settings.from_env("notify")
    store.everything()  # a broken template stops the start
    routers = (messages.router, contacts.router, templates.router, messages.hooks)
    app = make_app("Balai Notify", settings, *routers)
    app.state.whatsapp_secret = settings.whatsapp_secret.get_secret_value()
    return app
