from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.registry.certificates import actions, store
from services.registry.certificates.rules import NoteKind
from services.registry.certificates.schemas import NoteData
from services.registry.certificates.tables import Certificate
from services.registry.residents.schemas import Source
from shared import clock
from shared.contract.events import ChangeApplied
from shared.language import Words
from tests.conftest import Bearer
from tests.registry.make import apply, make_birth, make_couple
from tests.registry.people import Clients, Databases

pytestmark = pytest.mark.anyio

SOURCE = Source(UUID(int=99), "correct_certificate", "registrar")
TODAY = clock.today()
LATER = TODAY + timedelta(days=10)
NOTE = NoteData(kind=NoteKind.CORRECTION, words=Words("Dibetulkan.", "Corrected."), data={})

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def certificate(sessions: Databases) -> Certificate:
    """A birth certificate, whose name was corrected and which was cancelled ten days later."""
    registry = sessions["registry"]
    couple = await make_couple(registry)
    birth = make_birth(couple)
    joins = {
        "kind": "add_member",
        "person": {"created_by": 0},
        "family": {"of": {"nik": couple.father.nik}},
    }
    answer = await apply(registry, [birth, joins])
    assert isinstance(answer, ChangeApplied)
    [certificate_id] = answer.outcome.certificate_ids
    async with registry.begin() as session:
        entry = await session.get_one(Certificate, certificate_id)
        entry.data = entry.data | {"full_name": "BAYU SAPUTRA"}
        await actions.note(session, entry, NOTE, source=SOURCE, today=LATER)
    async with registry.begin() as session:
        entry = await session.get_one(Certificate, certificate_id)
        cancelled = NoteData(kind=NoteKind.CANCELLATION, words=Words("Batal.", "Void."), data={})
        await actions.cancel(
            session, entry, cancelled, source=SOURCE, today=LATER + timedelta(days=10)
        )
    async with registry.begin() as session:
        return await session.get_one(Certificate, certificate_id)


@pytest.fixture
async def ask(clients: Clients, bearer: Bearer, certificate: Certificate) -> Ask:
    headers = bearer("kabid", "KABID") | {"X-Purpose": "case BWI-1"}

    async def asked(**params: str) -> Any:  # noqa: ANN401 - JSON
        url = f"/v1/certificates/{certificate.id}/history"
        answer = await clients["registry"].get(url, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


def said(history: Any) -> tuple[str, str, int] | None:  # noqa: ANN401 - JSON
    state = history["state"]
    return state and (state["words"]["full_name"], state["status"], len(state["notes"]))


async def test_an_entry_is_read_as_it_was_on_a_day(ask: Ask) -> None:
    last = (LATER + timedelta(days=10)).isoformat()

    assert said(await ask(valid_on=(TODAY - timedelta(days=1)).isoformat())) is None
    assert said(await ask(valid_on=TODAY.isoformat())) == ("BAYU SANTOSO", "VALID", 0)
    assert said(await ask(valid_on=LATER.isoformat())) == ("BAYU SAPUTRA", "VALID", 1)
    assert said(await ask(valid_on=last)) == ("BAYU SAPUTRA", "CANCELLED", 2)


async def test_what_was_known_of_an_entry_stays_what_was_known(
    ask: Ask, certificate: Certificate
) -> None:
    far = (LATER + timedelta(days=100)).isoformat()
    versions = (await ask(valid_on=far))["versions"]
    moments = [each["recorded_at"] for each in versions]

    assert certificate.recorded_at.isoformat() == moments[0].replace("Z", "+00:00")
    assert said(await ask(valid_on=far, known_at=moments[0])) == ("BAYU SANTOSO", "VALID", 0)
    assert said(await ask(valid_on=far, known_at=moments[1])) == ("BAYU SAPUTRA", "VALID", 1)
    assert said(await ask(valid_on=far, known_at="2020-01-01T00:00:00Z")) is None


async def test_the_changes_of_an_entry_are_told_in_words(ask: Ask) -> None:
    far = (LATER + timedelta(days=100)).isoformat()
    made, corrected, cancelled = (await ask(valid_on=far))["versions"]

    assert (made["cause_id"], made["changes"]) == ("Akta kelahiran", [])
    assert corrected["cause"] == "PEMBETULAN"
    assert corrected["source_id"] == str(SOURCE.id)
    words = {each["field"]: (each["before_id"], each["after_id"]) for each in corrected["changes"]}
    assert words == {
        "data.full_name": ("BAYU SANTOSO", "BAYU SAPUTRA"),
        "notes": ("(kosong)", "Dibetulkan."),
    }
    told = {each["field"]: (each["before_id"], each["after_en"]) for each in cancelled["changes"]}
    assert told == {
        "status": ("berlaku", "cancelled"),
        "notes": ("Dibetulkan.", "Corrected.; Void."),
    }


async def test_history_of_an_entry_is_for_those_who_see_whole_records(
    clients: Clients, bearer: Bearer, certificate: Certificate
) -> None:
    url = f"/v1/certificates/{certificate.id}/history"

    async def status(role: str, *areas: str, **claims: object) -> int:
        headers = bearer("somebody", role, areas=areas, **claims) | {"X-Purpose": "case BWI-1"}
        return (await clients["registry"].get(url, headers=headers)).status_code

    assert await status("OP_DESA", "35.10.05.2003") == 403
    assert await status("WARGA", resident_id=str(UUID(int=5))) == 404
    assert await status("WARGA", resident_id=str(certificate.subject_id)) == 200


async def test_the_database_itself_keeps_what_an_entry_was(
    sessions: Databases, certificate: Certificate
) -> None:
    async with sessions["registry"].begin() as session:
        by_hand = text("update certificates set event_date = event_date - 1 where id = :id")
        await session.execute(by_hand, {"id": certificate.id})
        pasts = await store.pasts(session, certificate.id)

    assert [each.version for each in pasts] == [1, 2, 3]
    assert pasts[-1].data["event_date"] == certificate.event_date.isoformat()
