"""Every service serves the code lists that its answers use."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from shared import codes
from shared.auth import Anyone
from shared.problems import NotFound

SECONDS = 3600  # they change with a release

router = APIRouter(prefix="/v1/codes", tags=["codes"], dependencies=[Anyone])


class CodeRow(BaseModel):
    """One code with its names and what else its list says."""

    code: str = Field(examples=["3"])
    name_id: str = Field(examples=["ISTRI"])
    name_en: str = Field(examples=["Wife"])
    more: dict[str, str]


class CodeList(BaseModel):
    """One list."""

    name: str = Field(examples=["shdk"])
    codes: list[CodeRow] = Field(max_length=1000)


class CodeLists(BaseModel):
    """The names of all lists."""

    lists: list[str] = Field(max_length=100, examples=[["agama", "shdk"]])


@router.get("")
async def list_code_lists(response: Response) -> CodeLists:
    """Name every code list."""
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    return CodeLists(lists=list(codes.lists()))


@router.get("/{list}")
async def read_code_list(
    name: Annotated[str, Path(alias="list", max_length=40, pattern=r"^[a-z_]+$")],
    response: Response,
) -> CodeList:
    """Return one code list with its Indonesian and English names."""
    found = codes.lists().get(name)
    if found is None:
        raise NotFound
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    rows = [
        CodeRow(code=each.code, name_id=each.name.id, name_en=each.name.en, more=dict(each.more))
        for each in found.values()
    ]
    return CodeList(name=name, codes=rows)
