"""Edge cases of those who cannot read a message, or cannot be sent one."""

import re

import httpx2
import pytest

from services.notify.templates import store
from shared.contract.events import CaseReady, Language
from shared.db import Sessions
from tests.conftest import Bearer
from tests.notify.make import VILLAGE, make_contact, make_event, receive

LONGEST = 420  # characters: one screen of an old telephone, read aloud in half a minute
WORDS = 25  # in one sentence
HARD = {"berdasarkan", "sehubungan", "dimaksud", "tersebut", "pemohon", "verifikasi", "disposisi"}


@pytest.mark.parametrize("code", sorted({each.code for each in store.everything()}))
def test_edge_56_messages_are_short_plain_and_easy_to_read_aloud(code: str) -> None:
    words = store.newest(code, "WHATSAPP").texts[Language.INDONESIAN]
    spoken = re.sub(r"\(\(.*?\)\)", "nama", words)

    assert len(spoken) <= LONGEST
    for sentence in re.split(r"[.:;?!] ", spoken):
        assert len(sentence.split()) <= WORDS, sentence
    assert not HARD & set(re.findall(r"[a-z]+", spoken.lower()))


@pytest.mark.anyio
async def test_edge_57_an_elder_without_a_telephone_is_seen_by_the_village(
    sessions: dict[str, Sessions], clients: dict[str, httpx2.AsyncClient], bearer: Bearer
) -> None:
    nobody = make_contact(phone=None)
    await receive(sessions["notify"], make_event(CaseReady, contact=nobody, documents=[]))

    headers = bearer("operator", "OP_DESA", areas=(VILLAGE,))
    answer = await clients["notify"].get("/v1/messages", headers=headers)

    [told] = answer.json()["items"]
    assert (told["state"], told["why"]) == ("SUPPRESSED", "no-address")
    assert told["masked_address"] is None
    assert "selesai" in told["text"]  # what the RT brings by word of mouth
