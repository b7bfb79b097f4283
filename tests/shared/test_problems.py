import pytest
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError, field_validator

from shared import invalid
from shared.contract.facts import Fact
from shared.invalid import BadValue
from shared.problem_pages import kinds
from tests.shared.conftest import NIK


class Name(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def _one_word(cls, name: str) -> str:
        if " " not in name:
            raise BadValue("NAME_ONE_WORD", "Tulis dua kata.", "Write two words.")
        return name


class File(BaseModel):
    facts: list[Fact]
    name: Name | None = None


def explained(body: object) -> list[tuple[str, str, str, str]]:
    with pytest.raises(ValidationError) as caught:
        File.model_validate(body)
    errors = [{**each, "loc": ("body", *each["loc"])} for each in caught.value.errors()]
    return list(invalid.explain(errors, body))


def test_a_pointer_leads_to_the_place_in_what_was_sent() -> None:
    card = {"kind": "issue_card", "person": {"nik": NIK}, "card": "KTP"}
    birth = {"kind": "register_birth", "child": {"full_name": "A"}, "witnesses": []}

    pointers = {each[0] for each in explained({"facts": [card, birth]})}

    assert "/facts/0/card" in pointers
    assert "/facts/1/child/birth_date" in pointers
    assert "/facts/1/witnesses" in pointers
    assert not any("issue_card" in pointer for pointer in pointers)


def test_choices_are_listed_and_the_choice_made_is_not() -> None:
    [(pointer, rule, words_id, words_en)] = explained({"facts": [{"kind": NIK}]})

    assert (pointer, rule) == ("/facts/0", "UNION_TAG_INVALID")
    assert "register_birth" in words_id
    assert "register_birth" in words_en
    assert NIK not in words_id + words_en


def test_a_rule_of_ours_speaks_for_itself() -> None:
    wrong = explained({"facts": [], "name": {"name": "x"}})

    assert wrong == [("/name/name", "NAME_ONE_WORD", "Tulis dua kata.", "Write two words.")]


def test_a_moment_without_a_time_zone_is_told_to_name_one() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(AwareDatetime).validate_python("2026-03-05T09:30:00")
    errors = [{**each, "loc": ("query", "known_at")} for each in caught.value.errors()]

    [(pointer, rule, _, words)] = invalid.explain(errors, None)

    assert (pointer, rule) == ("/query/known_at", "TIMEZONE_AWARE")
    assert words == "Name the time zone, such as +07:00."


def test_the_forms_of_numbers_and_places_are_told_in_words() -> None:
    address = {"address": "Jl. A 5", "rt": "1", "rw": "2", "village": "A", "district_code": "34"}
    move = {"kind": "move_out", "movers": [{"nik": NIK}], "reason": 1, "to": address}
    home = {"address": "Jl. A 5", "rt": "001", "rw": "001", "village_code": "3510052003"}
    within = {"kind": "change_address", "family": {"of": {"nik": NIK}}, "to": home}

    words = {pointer: text for pointer, _, _, text in explained({"facts": [move, within]})}

    assert words["/facts/0/to/rt"] == "Write 3 digits, such as 001."
    assert words["/facts/0/to/district_code"] == "Write a district code such as 34.04.01."
    assert not any("^" in text for text in words.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(NIK),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kind", "person", NIK, "child"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3), st.sampled_from(["register_birth", "issue_card", "add_member"]))
def test_nothing_that_was_sent_comes_back(facts: list[object], kind: str) -> None:
    body = {"facts": [each | {"kind": kind} if isinstance(each, dict) else each for each in facts]}
    try:
        TypeAdapter(File).validate_python(body)
    except ValidationError as error:
        errors = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        assert NIK not in str(list(invalid.explain(errors, body)))


@pytest.mark.anyio
async def test_every_problem_has_a_page_in_both_languages(client: AsyncClient) -> None:
    found = {kind.slug: kind for kind in kinds()}
    assert {"purpose-required", "conflict", "bad-cursor", "message-not-parked"} <= set(found)

    for slug, kind in found.items():
        page = (await client.get(f"/problems/{slug}")).json()
        assert page["status"] == kind.status
        assert page["id"]["title"] == kind.title.id
        assert page["en"]["title"] == kind.title.en
        assert page["id"]["next_step"]
        assert page["en"]["next_step"]
        assert page["id"] != page["en"]


@pytest.mark.anyio
async def test_a_browser_gets_a_page_that_runs_nothing(client: AsyncClient) -> None:
    headers = {"Accept": "text/html,*/*", "Accept-Language": "en"}
    response = await client.get("/problems/purpose-required", headers=headers)

    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert '<html lang="en">' in response.text
    assert "X-Purpose" in response.text
    assert "<script" not in response.text


@pytest.mark.anyio
async def test_an_unknown_problem_is_not_found(client: AsyncClient) -> None:
    assert (await client.get("/problems/no-such-thing")).status_code == 404


def test_a_slug_means_one_thing() -> None:
    slugs = [kind.slug for kind in kinds()]

    assert len(slugs) == len(set(slugs))
