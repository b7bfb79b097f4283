"""A service of the test's own, built as every service is, with one table."""

from contextlib import AsyncExitStack
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import APIRouter, FastAPI, Request, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import versions
from shared.auth import Anyone, Caller
from shared.contract.facts import Line, Nik, PersonRef
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.pages import LIMIT, After, Limit, Page, cut, keys, link_next
from shared.policy import Purpose
from shared.problems import NotFound, Refused
from shared.settings import Settings
from shared.versions import ExpectedVersion
from shared.web import make_app
from tests.conftest import Bearer

NIK = "3510044901909001"
ONE_MEGABYTE = 1024 * 1024

router = APIRouter(prefix="/v1/things", tags=["things"])


class NewThing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    nik: Nik
    full_name: Line
    born_on: date
    weight: Annotated[int, Field(ge=200, le=9000)] = 3000
    person: PersonRef | None = None


class Thing(BaseModel):
    id: UUID
    name: str


@router.post("", status_code=201)
async def create_thing(new: NewThing, session: Session, response: Response, once: OneTime) -> Thing:
    """Make a thing."""
    if new.full_name == "SANTET":
        raise Refused([("/full_name", "NAME_NOT_ALLOWED", "Pilih nama lain.", "Choose another.")])
    thing = Thing(id=uuid4(), name=new.full_name)
    insert = text("insert into things (id, name) values (:id, :name)")
    await session.execute(insert, thing.model_dump())
    versions.tag(response, 1)
    response.headers["Location"] = f"/v1/things/{thing.id}"
    return await once.reply(201, thing)


@router.get("")
async def list_things(
    request: Request,
    response: Response,
    session: ReadSession,
    _: Caller,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[Thing]:
    """List things by name."""
    name, id_ = keys(after, str, UUID) if after else ("", UUID(int=0))
    query = text(
        "select id, name from things where (name, id) > (:name, :id) order by name, id limit :n"
    )
    found = await session.execute(query, {"name": name, "id": id_, "n": limit + 1})
    rows = [Thing(id=row.id, name=row.name) for row in found]
    shown, more = cut(rows, limit, lambda thing: (thing.name, thing.id))
    link_next(request, response, more)
    return Page(items=list(shown), next=more)


@router.get("/{thing_id}")
async def read_thing(thing_id: UUID, session: ReadSession, _: Caller, purpose: Purpose) -> Thing:
    """Return a thing to whoever says why."""
    row = (
        await session.execute(text("select name from things where id = :id"), {"id": thing_id})
    ).one_or_none()
    if row is None:
        raise NotFound
    return Thing(id=thing_id, name=f"{row.name} for {purpose}")


@router.put("/{thing_id}")
async def change_thing(thing_id: UUID, expected: ExpectedVersion, _: Caller) -> Thing:
    """Change a thing whose version is 1."""
    versions.check(expected, 1)
    return Thing(id=thing_id, name="changed")


@router.post("/files", status_code=201, max_body_size=ONE_MEGABYTE)
async def upload_file(file: UploadFile, session: Session, once: OneTime) -> Thing:
    """Keep a file and name it after its size."""
    content = await file.read()
    await session.execute(text("select 1"))
    return await once.reply(201, Thing(id=uuid4(), name=str(len(content))))


@router.get("/open/door", dependencies=[Anyone])
async def open_door() -> Thing:
    """Answer anybody."""
    return Thing(id=UUID(int=0), name="open")


@pytest.fixture
async def app(
    settings: dict[str, Settings], engines: dict[str, AsyncEngine], stack: AsyncExitStack
) -> FastAPI:
    async with engines["requests"].begin() as connection:
        await connection.execute(text("create table things (id uuid primary key, name text)"))
    app = make_app("Things", settings["requests"], router)
    await stack.enter_async_context(app.router.lifespan_context(app))
    return app


@pytest.fixture
async def client(app: FastAPI, stack: AsyncExitStack) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    client = httpx2.AsyncClient(transport=transport, base_url="http://things")
    return await stack.enter_async_context(client)


@pytest.fixture
def siti(bearer: Bearer) -> dict[str, str]:
    return bearer("siti", "WARGA")


@pytest.fixture
def officer(bearer: Bearer) -> dict[str, str]:
    return bearer("officer", "OP_DESA", areas=("35.10.05.2003",))


def once(key: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": key or uuid4().hex}


def new_thing(**changes: object) -> dict[str, object]:
    return {"nik": NIK, "full_name": "Siti Aminah", "born_on": "1990-01-09", **changes}
