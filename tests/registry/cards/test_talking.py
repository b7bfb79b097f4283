"""The talk with the ministry's centre, with the simulator behind real HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import httpx2
import pytest
from pydantic import HttpUrl, SecretStr
from sqlalchemy import delete, select, text, update

from deploy.local import centre as simulator
from services.registry.cards import store as cards
from services.registry.cards.centre import HttpCentre, NotReached, Word
from services.registry.cards.recording import Status
from services.registry.cards.tables import Card, CardPrint, Recording
from services.registry.cards.talking import print_come_of_age, talk, talk_about
from services.registry.residents.tables import Resident
from services.registry.settings import Settings
from shared import clock
from shared.contract.events import CardChanged, RecordingChanged
from shared.db import Sessions
from shared.settings import Settings as AnySettings
from tests.conftest import Bearer
from tests.registry.make import Couple, answers, apply, make_couple
from tests.registry.people import Databases
from tests.serving import serving

pytestmark = pytest.mark.anyio


REFUSE_SITE = (
    "alter table card_prints add constraint no_such_site check (point_id not like 'XX%') not valid"
)


class Outside:
    """The simulator as a test tells it what to do."""

    def __init__(self, url: str, client: httpx2.AsyncClient, app: simulator.Centre) -> None:
        self.url = url
        self._client = client
        self.known = app

    async def plans(self, kind: str, times: int = 1) -> None:
        body = {"kind": kind, "times": times}
        assert (await self._client.post("/misbehaviour", json=body)).status_code == 204

    async def finishes(self) -> None:
        assert (await self._client.post("/finish")).status_code == 204


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    app = simulator.create_app(seconds=0)
    async with serving(app) as url, httpx2.AsyncClient(base_url=url) as client:
        yield Outside(url, client, app.state.centre)


@pytest.fixture
async def centre(outside: Outside, settings: dict[str, AnySettings]) -> AsyncIterator[HttpCentre]:
    registry = cast("Settings", settings["registry"])
    centre = HttpCentre(str(HttpUrl(outside.url)), registry.centre_token)
    yield centre
    await centre.close()


@pytest.fixture
async def registry(sessions: Databases) -> Sessions:
    return sessions["registry"]


@pytest.fixture
async def couple(registry: Sessions) -> Couple:
    return await make_couple(registry)


@pytest.fixture
async def recording(registry: Sessions, couple: Couple) -> UUID:
    """A recording of the mother that is due to be sent."""
    person = {"resident_id": str(couple.mother.id)}
    await apply(registry, [{"kind": "record_biometrics", "person": person}], case_id=uuid4())
    async with registry() as session:
        latest = await cards.latest(session, couple.mother.id)
    assert latest is not None
    return latest.id


async def attempt(registry: Sessions, recording_id: UUID) -> Recording:
    async with registry() as session:
        found = await session.get(Recording, recording_id)
    assert found is not None
    return found


async def later(registry: Sessions, recording_id: UUID) -> None:
    """Let the pause of an attempt be over."""
    async with registry.begin() as session:
        await session.execute(
            update(Recording)
            .where(Recording.id == recording_id, Recording.due_at.is_not(None))
            .values(due_at=clock.now() - timedelta(seconds=1))
        )


async def words(registry: Sessions) -> list[str]:
    told = await answers(registry)
    assert all(isinstance(each, RecordingChanged | CardChanged) for each in told)
    return [getattr(each, "status", "") or getattr(each, "state", "") for each in told]


async def test_a_recording_is_sent_asked_about_and_printed(
    registry: Sessions, centre: HttpCentre, outside: Outside, recording: UUID, couple: Couple
) -> None:
    assert await talk(registry, centre) == 1
    assert await words(registry) == ["PROCESSING", "PRINT_READY_RECORD", "QUEUED"]
    assert await talk(registry, centre) == 0
    [sent] = outside.known.judged.values()
    assert sent.enrolment.nik == couple.mother.nik
    assert "finger" not in sent.enrolment.model_dump_json()
    async with registry() as session:
        mother = await session.get(Resident, couple.mother.id)
        assert mother is not None
        assert mother.recording_status == "SENT_FOR_CARD_PRINTING"
    assert (await attempt(registry, recording)).due_at is None


async def test_a_slow_answer_is_asked_for_again_and_again(
    registry: Sessions, centre: HttpCentre, outside: Outside, recording: UUID
) -> None:
    await outside.plans("slow")
    await talk(registry, centre)
    assert await words(registry) == ["PROCESSING", "RECEIVED_AT_CENTRAL"]
    for tries in (2, 3):
        await later(registry, recording)
        await talk(registry, centre)
        assert await words(registry) == []  # the same word again is no news
        assert (await attempt(registry, recording)).tries == tries
    await outside.finishes()
    await later(registry, recording)
    await talk(registry, centre)
    assert await words(registry) == ["PRINT_READY_RECORD", "QUEUED"]


async def test_a_lost_answer_is_sent_again_under_the_same_key(
    registry: Sessions, centre: HttpCentre, outside: Outside, recording: UUID
) -> None:
    await outside.plans("lost")
    await talk(registry, centre)
    assert await words(registry) == ["PROCESSING"]
    waiting = await attempt(registry, recording)
    assert (waiting.status, waiting.last_error, waiting.tries) == ("PROCESSING", "504", 1)
    assert await talk(registry, centre) == 0  # not before the pause is over

    await later(registry, recording)
    await talk(registry, centre)
    assert await words(registry) == ["PRINT_READY_RECORD", "QUEUED"]
    assert list(outside.known.judged) == [recording]  # taken once


async def test_a_centre_that_is_away_is_tried_with_growing_pauses(
    registry: Sessions, outside: Outside, recording: UUID, settings: dict[str, AnySettings]
) -> None:
    token = cast("Settings", settings["registry"]).centre_token
    nowhere = HttpCentre("http://127.0.0.1:1", token)
    pauses = []
    for _ in range(3):
        await later(registry, recording)
        await talk(registry, nowhere)
        waiting = await attempt(registry, recording)
        assert waiting.due_at is not None
        pauses.append(waiting.due_at - clock.now())
    assert pauses == sorted(pauses)
    assert waiting.last_error == "ConnectError"
    await nowhere.close()
    assert outside.known.judged == {}


async def test_a_centre_that_is_away_for_long_is_shown_to_whoever_runs_it(
    registry: Sessions,
    recording: UUID,
    settings: dict[str, AnySettings],
    clients: dict[str, httpx2.AsyncClient],
    bearer: Bearer,
) -> None:
    nowhere = HttpCentre("http://127.0.0.1:1", cast("Settings", settings["registry"]).centre_token)
    seen = []
    for _ in range(4):
        await later(registry, recording)
        await talk(registry, nowhere)
        answer = await clients["registry"].get(
            "/v1/operations/stuck", headers=bearer("adm", "ADM_WILAYAH")
        )
        seen.append([(each["kind"], each["subject"]) for each in answer.json()["waiting"]])
    await nowhere.close()
    assert seen == [[], [], [], [("recording-without-answer", str(recording))]]


async def test_one_that_cannot_be_packed_holds_up_no_other(
    registry: Sessions, centre: HttpCentre, recording: UUID, couple: Couple
) -> None:
    person = {"resident_id": str(couple.father.id)}
    await apply(registry, [{"kind": "record_biometrics", "person": person}], case_id=uuid4())
    async with registry.begin() as session:
        broken = await session.get_one(Recording, recording)
        broken.resident_id, broken.visitor = None, {"full_name": "TANPA NIK"}
        broken.due_at = clock.now() - timedelta(hours=1)  # the first of all
        other = await cards.latest(session, couple.father.id)
    assert other is not None

    assert await talk(registry, centre) == 2

    assert (await attempt(registry, other.id)).status == "PRINT_READY_RECORD"
    put_off = await attempt(registry, recording)
    assert (put_off.tries, put_off.last_error) == (1, "ValidationError")
    assert put_off.due_at is not None
    assert put_off.due_at > clock.now()
    assert await talk(registry, centre) == 0


async def test_a_card_that_cannot_be_ordered_holds_up_no_other(
    registry: Sessions, centre: HttpCentre, recording: UUID, couple: Couple
) -> None:
    person = {"resident_id": str(couple.father.id)}
    waiting = {"kind": "record_biometrics", "person": person}
    await apply(registry, [waiting], case_id=uuid4())
    await talk(registry, centre)
    async with registry.begin() as session:
        other = await cards.latest(session, couple.father.id)
        assert other is not None
        ids = [recording, other.id]
        for each in await session.scalars(select(CardPrint).where(CardPrint.recording_id.in_(ids))):
            await session.delete(each)
        await session.execute(delete(Card).where(Card.kind == "KTP_EL"))
        await session.execute(update(Recording).values(wants_card=True))
        broken = await session.get_one(Recording, recording)
        broken.print_at = "X" * 20
        await session.execute(text(REFUSE_SITE))
    try:
        assert await print_come_of_age(registry) == 2
        assert (await attempt(registry, other.id)).wants_card is False
        put_off = await attempt(registry, recording)
        assert (put_off.tries, put_off.last_error) == (1, "IntegrityError")
        assert await print_come_of_age(registry) == 0  # not again at once
        assert await talk(registry, centre) == 0  # the centre has answered
    finally:
        async with registry.begin() as session:
            await session.execute(text("alter table card_prints drop constraint no_such_site"))
    await later(registry, recording)
    assert await print_come_of_age(registry) == 1
    settled = await attempt(registry, recording)
    assert (settled.wants_card, settled.due_at) == (False, None)


async def test_a_centre_that_does_not_know_our_token_refuses_no_recording(
    registry: Sessions, centre: HttpCentre, outside: Outside, recording: UUID
) -> None:
    await outside.plans("stranger")
    await talk(registry, centre)
    kept = await attempt(registry, recording)
    assert (kept.status, kept.last_error) == ("PROCESSING", "401")

    await later(registry, recording)
    await talk(registry, centre)
    assert (await attempt(registry, recording)).status == "PRINT_READY_RECORD"


async def test_a_busy_centre_took_nothing(
    registry: Sessions, centre: HttpCentre, outside: Outside, recording: UUID
) -> None:
    await outside.plans("busy")
    await talk(registry, centre)
    assert (await attempt(registry, recording)).last_error == "503"
    await later(registry, recording)
    await talk(registry, centre)
    assert (await attempt(registry, recording)).status == "PRINT_READY_RECORD"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("failure", "ENROLL_FAILURE_AT_CENTRAL"),
        ("unreadable", "ENROLL_FAILURE_AT_REGIONAL"),
        ("duplicate", "DUPLICATE_RECORD"),
    ],
)
async def test_edge_47_what_is_not_unique_or_not_readable_is_not_printed(
    registry: Sessions,
    centre: HttpCentre,
    outside: Outside,
    recording: UUID,
    kind: str,
    status: str,
) -> None:
    await outside.plans(kind)
    await talk(registry, centre)
    assert (await words(registry))[-1] == status
    ended = await attempt(registry, recording)
    assert (ended.status, ended.due_at) == (status, None)
    assert (ended.matched_nik is not None) is (kind == "duplicate")
    async with registry() as session:
        assert await cards.held(session, [cast("UUID", ended.resident_id)]) == {}


@pytest.mark.parametrize(
    ("kind", "between"),
    [("search_failure", "SEARCH_FAILURE_AT_CENTRAL"), ("adjudicate", "ADJUDICATE_IN_PROCESS")],
)
async def test_what_the_centre_looks_at_again_goes_on_by_itself(
    registry: Sessions,
    centre: HttpCentre,
    outside: Outside,
    recording: UUID,
    kind: str,
    between: str,
) -> None:
    await outside.plans(kind)
    await talk(registry, centre)
    assert (await attempt(registry, recording)).status == between
    await later(registry, recording)
    await talk(registry, centre)
    assert (await words(registry))[-2:] == ["PRINT_READY_RECORD", "QUEUED"]


async def test_two_workers_send_an_attempt_once(
    registry: Sessions, outside: Outside, recording: UUID, settings: dict[str, AnySettings]
) -> None:
    """The second finds it marked; one who dies holds it up until the lease ends."""

    class Dying(HttpCentre):
        async def enrol(self, key: UUID, enrolment: object) -> Word:  # noqa: ARG002
            await talk_about(registry, self, recording)  # another worker, meanwhile
            raise NotReached("died")

    token = cast("Settings", settings["registry"]).centre_token
    dying = Dying(outside.url, token)
    await talk_about(registry, dying, recording)
    await dying.close()
    assert (await attempt(registry, recording)).last_error == "died"
    assert await words(registry) == ["PROCESSING"]


async def test_an_answer_that_a_person_entered_meanwhile_stands(
    registry: Sessions, recording: UUID, couple: Couple, settings: dict[str, AnySettings]
) -> None:
    class Slow(HttpCentre):
        async def enrol(self, key: UUID, enrolment: object) -> Word:  # noqa: ARG002
            answer = {
                "kind": "advance_recording",
                "person": {"resident_id": str(couple.mother.id)},
                "status": "DUPLICATE_RECORD",
            }
            await answers(registry)
            await apply(registry, [answer])
            return Word(status=Status.PRINT_READY)

    slow = Slow("http://127.0.0.1:1", cast("Settings", settings["registry"]).centre_token)
    await talk_about(registry, slow, recording)
    await slow.close()
    assert (await attempt(registry, recording)).status == "DUPLICATE_RECORD"


async def test_a_centre_that_talks_nonsense_has_not_answered(
    centre: HttpCentre, outside: Outside
) -> None:
    nonsense = HttpCentre(f"{outside.url}/health/live?", SecretStr("local"))
    with pytest.raises(NotReached):
        await nonsense.ask(uuid4())
    await nonsense.close()
    assert await centre.ask(uuid4()) is None  # never heard of it
