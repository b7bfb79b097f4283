from uuid import uuid4

import pytest
from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("header", "status"),
    [
        pytest.param({}, 428, id="none"),
        pytest.param({"If-Match": '"1"'}, 200, id="the present one"),
        pytest.param({"If-Match": '"2"'}, 412, id="another"),
        pytest.param({"If-Match": "x"}, 412, id="never one of ours"),
        pytest.param({"If-Match": "9" * 39}, 412, id="too large for the database"),
        pytest.param({"If-Match": "*"}, 412, id="any"),
    ],
)
async def test_whoever_changes_a_thing_says_which_version_they_read(
    client: AsyncClient, siti: dict[str, str], header: dict[str, str], status: int
) -> None:
    response = await client.put(f"/v1/things/{uuid4()}", headers=siti | header)

    assert response.status_code == status
