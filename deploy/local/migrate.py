"""Creates the databases and brings them up to date."""

import asyncio
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import servers
from deploy.local.environment import SERVICES, Place

_ROOT = Path(__file__).parents[2]


def alembic_config(service: str) -> Config:
    """Return Alembic's configuration of one service."""
    return Config(str(Path(__file__).with_name("alembic.ini")), ini_section=service)


def digests() -> dict[str, str]:
    """Return a fingerprint of every migration: one that ran must never change."""
    return {
        str(path.relative_to(_ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for service in SERVICES
        for path in sorted(_ROOT.glob(f"services/{service}/migrations/versions/*.py"))
    }


def upgrade(service: str, variables: Mapping[str, str]) -> None:
    """Migrate one service's database to the newest revision."""
    with patch.dict(os.environ, variables):
        command.upgrade(alembic_config(service), "head")


async def run_sql(server_url: str, statement: str) -> None:
    """Run a statement outside a transaction, as `create database` requires."""
    engine = create_async_engine(server_url.format("postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def answers(server_url: str) -> bool:
    """Tell whether the database server takes statements."""
    try:
        asyncio.run(run_sql(server_url, "select 1"))
    except (DBAPIError, OSError):
        return False
    return True


def create_missing(server_url: str, *databases: str) -> None:
    """Create those databases that are not there yet."""
    for database in databases:
        try:
            asyncio.run(run_sql(server_url, f"create database {database}"))
        except DBAPIError as error:
            if "already exists" not in str(error):
                raise


def regenerate(service: str) -> None:
    """Write the first migration of a service anew from its tables; for the time before a release.

    It is made beside the real folder, so that tests which run meanwhile never miss a revision.
    """
    home = Path("services", service, "migrations")
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)  # PostgreSQL must get in, whoever runs it
        draft = Path(temporary, "migrations")
        shutil.copytree(home, draft)
        for later in draft.glob("versions/000[1-9]_*.py"):
            later.unlink()
        with servers.postgres(Path(temporary, "postgres"), durable=False) as url:
            create_missing(url, service)
            place = Place(url, "amqp://127.0.0.1:1/", "file:///nowhere")
            config = alembic_config(service)
            config.set_section_option(service, "script_location", str(draft))
            with patch.dict(os.environ, place.variables(service)):
                if any(draft.glob("versions/0000_*.py")):
                    command.upgrade(config, "0000")
                command.revision(config, "tables", autogenerate=True, rev_id="0001")
        shutil.copy(draft / "versions" / "0001_tables.py", home / "versions")


if __name__ == "__main__":
    for each in sys.argv[1:] or SERVICES:
        regenerate(each)
