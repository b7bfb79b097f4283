from typing import Any

import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def statuses(document: dict[str, Any], path: str, method: str) -> set[str]:
    return {each for each in document["paths"][path][method]["responses"] if each >= "400"}


COMMON = {"400", "422", "429", "500", "503"}
KNOWN = COMMON | {"401", "403", "404"}


async def test_every_operation_says_how_it_can_fail(document: dict[str, Any]) -> None:
    assert statuses(document, "/v1/things/open/door", "get") == COMMON
    assert statuses(document, "/v1/things", "get") == KNOWN
    assert statuses(document, "/v1/things", "post") == KNOWN | {"409", "413", "415"}
    assert statuses(document, "/v1/things/{thing_id}", "put") == KNOWN | {"409", "412", "428"}


async def test_every_failure_is_a_problem(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert response == {"$ref": f"#/components/responses/Problem{status}"}
    for response in document["components"]["responses"].values():
        [(kind, content)] = response["content"].items()
        assert kind == "application/problem+json"
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


async def test_operations_are_named_after_their_functions(document: dict[str, Any]) -> None:
    assert document["paths"]["/v1/things"]["post"]["operationId"] == "create_thing"


async def test_who_must_sign_in_is_declared(document: dict[str, Any]) -> None:
    assert document["paths"]["/v1/things"]["get"]["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/v1/things/open/door"]["get"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
