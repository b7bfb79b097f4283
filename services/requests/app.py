"""The requests service over HTTP. Start reading here."""

from fastapi import FastAPI

from services.requests.cases import api as cases
from services.requests.cases import attachments_api as attachments
from services.requests.cases import office_days_api as office_days
from services.requests.catalogue import api as catalogue
from services.requests.catalogue.store import catalogue as load_catalogue
from services.requests.points import api as points
from services.requests.points.store import points as load_points
from services.requests.settings import Settings
from shared.files import Files
from shared.web import make_app

ROUTERS = (
    attachments.router,
    cases.router,
    catalogue.router,
    office_days.router,
    points.router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the app. Run it with `uvicorn --factory services.requests.app:create_app`.

    Raises:
        BrokenCatalogue, BrokenPoints: a data file cannot be used; nothing is served then.
    """
    load_catalogue()
    load_points()
    settings = settings or Settings.from_env("requests")
    app = make_app("Balai Requests", settings, *ROUTERS)
    app.state.files = Files.at(settings.files_url)
    return app
