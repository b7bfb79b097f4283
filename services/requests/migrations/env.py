from services.requests.tables import Base
from shared import migrate
from services.requests.settings import Settings

migrate.run(Settings.from_env("requests"), Base.metadata)
