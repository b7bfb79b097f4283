"""Every problem has a page at its `type`: what it means and what to do next."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response
from jinja2 import Environment
from pydantic import BaseModel, Field

from shared.auth import Anyone
from shared.problems import NotFound, Problem, Reader

router = APIRouter(prefix="/problems", tags=["problems"], dependencies=[Anyone])

_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="{{ language }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ each[language].title }}</title>
{% for tongue in tongues %}
<section lang="{{ tongue }}">
<h1>{{ each[tongue].title }}</h1>
<p>{{ each[tongue].next_step }}</p>
</section>
{% endfor %}
<p><code>{{ each.slug }}</code>, HTTP {{ each.status }}</p>
"""
)


class Explanation(BaseModel):
    """A problem in one language."""

    title: str = Field(examples=["Not found"])
    next_step: str = Field(examples=["Check the address and the id that you used."])


class ProblemPage(BaseModel):
    """What a problem means and what to do next."""

    slug: str = Field(examples=["not-found"])
    status: int = Field(examples=[404])
    meaning: str = Field(description="For developers", examples=["It does not exist."])
    id: Explanation
    en: Explanation


def kinds(base: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every kind of problem that this process can answer with."""
    for each in base.__subclasses__():
        if "slug" in vars(each):
            yield each
        yield from kinds(each)


def _page(kind: type[Problem]) -> ProblemPage:
    title, step = kind.title, kind.next_step()
    return ProblemPage(
        slug=kind.slug,
        status=kind.status,
        meaning=(kind.__doc__ or "").strip(),
        id=Explanation(title=title.id, next_step=step.id),
        en=Explanation(title=title.en, next_step=step.en),
    )


class ProblemList(BaseModel):
    """Every problem that this service can answer with."""

    problems: list[ProblemPage] = Field(max_length=500)


@router.get("")
async def list_problems() -> ProblemList:
    """List every problem, by slug."""
    pages = {kind.slug: _page(kind) for kind in kinds()}
    return ProblemList(problems=[pages[slug] for slug in sorted(pages)])


@router.get("/{slug}", responses={200: {"content": {"text/html": {}}}})
async def read_problem(
    slug: Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9-]+$")],
    language: Reader,
    accept: Annotated[str, Header(max_length=500)] = "",
) -> ProblemPage:
    """Explain one problem: as a page for a browser, as JSON for a program."""
    kind = next((each for each in kinds() if each.slug == slug), None)
    if kind is None:
        raise NotFound
    page = _page(kind)
    if "text/html" not in accept:
        return page
    tongues = [language, "id" if language == "en" else "en"]
    text = _PAGE.render(each=page.model_dump(), language=language, tongues=tongues)
    return Response(text, media_type="text/html")  # type: ignore[return-value]
