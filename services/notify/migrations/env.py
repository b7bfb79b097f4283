from services.notify.tables import Base
from shared import migrate
from services.notify.settings import Settings

migrate.run(Settings.from_env("notify"), Base.metadata)
