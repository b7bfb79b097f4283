import pytest

pytestmark = pytest.mark.anyio


async def test_live(clients) -> None:
    for c in clients.values():
        r = await c.get("/health/ready")
        assert r.status_code == 200
