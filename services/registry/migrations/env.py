from services.registry.tables import Base
from shared import migrate
from services.registry.settings import Settings

migrate.run(Settings.from_env("registry"), Base.metadata)
