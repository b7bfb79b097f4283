from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.registry.documents import actions
from services.registry.documents.rendering import Press
from services.registry.documents.rules import Legalisation, legalisation
from services.registry.documents.schemas import Ruling
from services.registry.documents.tables import Document
from services.registry.residents.tables import Access, Resident
from services.registry.sealer import Sealer
from services.registry.settings import Settings as RegistrySettings
from shared import clock
from shared.contract.events import IssuedKind
from tests.conftest import Bearer
from tests.registry.documents.conftest import As
from tests.registry.documents.reading import squeezed
from tests.registry.documents.samples import BIRTH, CONTENTS, queue
from tests.registry.documents.test_rendering import IMPRINT, text_of
from tests.registry.documents.test_sealing import is_ours
from tests.registry.people import GENTENG, MUNCAR, Clients, Databases, household, person

pytestmark = pytest.mark.anyio

Headers = dict[str, str]
PAGE = {"Accept": "text/html,application/xhtml+xml"}
TODAY = date(2026, 11, 24)


async def replace(sessions: Databases, document: Document) -> Document:
    async with sessions["registry"].begin() as session:
        return await queue(
            session, about_id=document.about_id, resident_ids=tuple(document.resident_ids)
        )


async def accesses(sessions: Databases) -> list[tuple[UUID, str, str]]:
    async with sessions["registry"]() as session:
        rows = await session.scalars(select(Access).order_by(Access.id))
        return [(each.resident_id, each.operation, each.fields) for each in rows]


async def test_metadata_tells_how_far_it_is_and_nothing_of_what_it_says(
    clients: Clients, sessions: Databases, siti: Resident, sealed: Document, as_: As
) -> None:
    path = f"/v1/documents/{sealed.id}"
    answer = await clients["registry"].get(path, headers=as_("OP_DESA", MUNCAR))

    assert answer.status_code == 200
    body = answer.json()
    assert (body["kind"], body["copy_number"], body["status"]) == ("AKTA_LAHIR", 1, "SEALED")
    assert body["verification_url"].endswith(f"/v/{sealed.token}")
    assert body["issued_at"]
    assert BIRTH.nik not in answer.text
    assert BIRTH.full_name not in answer.text
    assert await accesses(sessions) == [(siti.id, "documents.read", "document")]


async def test_the_file_is_the_sealed_one_and_the_reading_is_noted(
    clients: Clients,
    sessions: Databases,
    siti: Resident,
    sealed: Document,
    registry: RegistrySettings,
    as_: As,
) -> None:
    headers = as_("WARGA", resident_id=str(siti.id))
    answer = await clients["registry"].get(f"/v1/documents/{sealed.id}/file", headers=headers)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert await is_ours(answer.content, registry.signer_chain)
    disposition = answer.headers["content-disposition"]
    assert disposition == f'attachment; filename="akta-lahir-{sealed.id}.pdf"'
    assert await accesses(sessions) == [(siti.id, "documents.download", "document")]


async def test_a_family_card_notes_everybody_on_it(
    clients: Clients, sessions: Databases, sealer: Sealer, as_: As
) -> None:
    async with sessions["registry"].begin() as session:
        _, people = await household(
            session, (person("BUDI SANTOSO", sex="L"), 1), (person("SITI AMINAH"), 3)
        )
        ids = tuple(each.id for each in people)
        card = await queue(session, IssuedKind.FAMILY_CARD, resident_ids=ids)
    await sealer.step()
    answer = await clients["registry"].get(f"/v1/documents/{card.id}/file", headers=as_("KADIS"))
    assert answer.status_code == 200
    assert {each[0] for each in await accesses(sessions)} == set(ids)


@pytest.mark.parametrize("suffix", ["", "/file"])
async def test_whoever_may_not_have_it_cannot_tell_that_it_exists(
    clients: Clients, sessions: Databases, sealed: Document, as_: As, suffix: str
) -> None:
    strangers = [as_("OP_DESA", GENTENG), as_("WARGA", resident_id=str(uuid4())), as_("WARGA")]
    for headers in strangers:
        paths = (f"/v1/documents/{each}{suffix}" for each in (sealed.id, uuid4()))
        hit, miss = [await clients["registry"].get(path, headers=headers) for path in paths]
        assert hit.status_code == miss.status_code == 404
        assert {**hit.json(), "trace_id": 0} == {**miss.json(), "trace_id": 0}
    assert await accesses(sessions) == []


@pytest.mark.parametrize(
    ("role", "metadata", "file"),
    [
        ("OP_CETAK", 200, 200),
        ("OP_GERAI", 200, 200),
        ("VERIFIKATOR", 200, 200),
        ("AUDITOR", 200, 403),
        ("KURIR", 200, 403),
        ("BUPATI", 403, 403),
        ("KLIEN", 403, 403),
    ],
)
async def test_roles(
    clients: Clients, sealed: Document, as_: As, role: str, metadata: int, file: int
) -> None:
    path = f"/v1/documents/{sealed.id}"
    assert (await clients["registry"].get(path, headers=as_(role))).status_code == metadata
    assert (await clients["registry"].get(f"{path}/file", headers=as_(role))).status_code == file


async def test_no_token_and_no_purpose_no_file(
    clients: Clients, sealed: Document, bearer: Bearer
) -> None:
    path = f"/v1/documents/{sealed.id}/file"
    assert (await clients["registry"].get(path)).status_code == 401
    answer = await clients["registry"].get(path, headers=bearer("kadis", "KADIS"))
    assert answer.json()["type"] == "/problems/purpose-required"


async def test_a_queued_one_asks_for_patience(clients: Clients, queued: Document, as_: As) -> None:
    path = f"/v1/documents/{queued.id}/file"
    answer = await clients["registry"].get(path, headers=as_("OP_DESA", MUNCAR))
    assert answer.status_code == 409
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["type"] == "/problems/document-not-sealed-yet"


async def test_a_former_print_is_for_reviewers_alone(
    clients: Clients, sessions: Databases, siti: Resident, sealed: Document, as_: As
) -> None:
    second = await replace(sessions, sealed)
    path = f"/v1/documents/{sealed.id}"
    citizen = as_("WARGA", resident_id=str(siti.id))
    gone = await clients["registry"].get(f"{path}/file", headers=citizen)
    assert gone.status_code == 410
    assert gone.json()["ended_on"]
    assert (await clients["registry"].get(path, headers=citizen)).json()["ended_by"] == str(
        second.id
    )
    review = await clients["registry"].get(f"{path}/file", headers=as_("VERIFIKATOR"))
    assert review.status_code == 200


async def test_somebody_s_documents_newest_first_page_by_page(
    clients: Clients, sessions: Databases, siti: Resident, as_: As
) -> None:
    async with sessions["registry"].begin() as session:
        made = [
            await queue(session, kind, resident_ids=(siti.id,))
            for kind in (IssuedKind.BIRTH_CERTIFICATE, *list(CONTENTS)[:3])
        ]
        await queue(session)  # of somebody else
    path, seen = f"/v1/residents/{siti.id}/documents?limit=3", list[str]()
    headers = as_("OP_DESA", MUNCAR)
    first = (await clients["registry"].get(path, headers=headers)).json()
    second = (
        await clients["registry"].get(f"{path}&after={first['next']}", headers=headers)
    ).json()
    seen = [each["id"] for page in (first, second) for each in page["items"]]
    assert seen == [str(each.id) for each in reversed(made)]
    assert second["next"] is None
    assert (await accesses(sessions))[0][:2] == (siti.id, "documents.list")


async def test_lists_of_other_villages_do_not_exist(
    clients: Clients, siti: Resident, queued: Document, as_: As
) -> None:
    path = f"/v1/residents/{siti.id}/documents"
    elsewhere = await clients["registry"].get(path, headers=as_("OP_DESA", GENTENG))
    assert elsewhere.status_code == 404
    assert (await clients["registry"].get(path, headers=as_("OP_CETAK"))).status_code == 403


async def test_a_stranger_learns_that_a_paper_is_good(clients: Clients, sealed: Document) -> None:
    answer = await clients["registry"].get(f"/v/{sealed.token}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["verdict"] == "VALID"
    assert body["name"] == "B*** A*** W***"
    assert body["number"] == "3510***************01"
    assert body["issued_by"].endswith("Kabupaten Banyuwangi")
    assert body["issued_on"]
    for secret in (BIRTH.nik, BIRTH.number, "Bima", "Siti", "Subekti"):
        assert secret not in answer.text


async def test_the_page_speaks_both_languages_and_runs_nothing(
    clients: Clients, sealed: Document
) -> None:
    answer = await clients["registry"].get(f"/v/{sealed.token}", headers=PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Dokumen sah dan berlaku" in answer.text
    assert "Valid document" in answer.text
    assert "<script" not in answer.text
    assert "B*** A*** W***" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "sha256-" in policy
    assert len(answer.content) < 8_000


async def test_a_replaced_print_says_when_and_is_not_false(
    clients: Clients, sessions: Databases, sealed: Document
) -> None:
    await replace(sessions, sealed)
    body = (await clients["registry"].get(f"/v/{sealed.token}")).json()
    assert (body["verdict"], bool(body["ended_on"])) == ("REPLACED", True)
    page = await clients["registry"].get(f"/v/{sealed.token}", headers=PAGE)
    assert page.status_code == 200
    assert "Telah diganti pada" in page.text
    assert "Replaced on" in page.text
    assert "genuine" in page.text


async def test_a_revoked_one_says_so(
    clients: Clients, sessions: Databases, sealed: Document
) -> None:
    async with sessions["registry"].begin() as session:
        await actions.revoke(session, sealed.about_id, today=TODAY)
    body = (await clients["registry"].get(f"/v/{sealed.token}")).json()
    assert (body["verdict"], body["ended_on"]) == ("REVOKED", "2026-11-24")
    page = await clients["registry"].get(f"/v/{sealed.token}", headers=PAGE)
    assert "Telah dicabut pada 24 November 2026" in page.text


async def test_a_queued_one_is_being_processed(clients: Clients, queued: Document) -> None:
    body = (await clients["registry"].get(f"/v/{queued.token}")).json()
    assert (body["verdict"], body["issued_on"]) == ("QUEUED", None)
    page = await clients["registry"].get(f"/v/{queued.token}", headers=PAGE)
    assert "Sedang diproses" in page.text


async def test_every_kind_has_its_answer(
    clients: Clients, sessions: Databases, sealer: Sealer
) -> None:
    async with sessions["registry"].begin() as session:
        documents = {kind: await queue(session, kind) for kind in IssuedKind}
    while await sealer.step():
        pass
    for kind, document in documents.items():
        body = (await clients["registry"].get(f"/v/{document.token}")).json()
        assert (body["verdict"], body["kind"]) == ("VALID", kind)
        assert "*" in body["number"]


async def test_edge_48_a_former_paper_was_true_once(
    clients: Clients, sessions: Databases, sealer: Sealer
) -> None:
    async with sessions["registry"].begin() as session:
        formers = [await queue(session, kind) for kind in IssuedKind]
        newer = [await queue(session, IssuedKind(d.kind), about_id=d.about_id) for d in formers]
    while await sealer.step():
        pass
    for former in formers:
        ended = (await clients["registry"].get(f"/v/{former.token}")).json()
        assert (ended["verdict"], ended["kind"]) == ("REPLACED", former.kind)
        assert ended["ended_on"] == clock.today().isoformat()
        page = (await clients["registry"].get(f"/v/{former.token}", headers=PAGE)).text
        assert "Telah diganti pada" in page
        assert "Dokumen ini asli" in page
    async with sessions["registry"].begin() as session:
        for each in newer:
            await actions.revoke(session, each.about_id, today=clock.today())
    for prints, verdict in ((formers, "REPLACED"), (newer, "REVOKED")):
        for each in prints:  # what was replaced stays that
            assert (await clients["registry"].get(f"/v/{each.token}")).json()["verdict"] == verdict


async def test_edge_49_papers_signed_by_hand_have_no_code_and_may_be_attested(
    clients: Clients, siti: Resident, sealed: Document, as_: As
) -> None:
    answer = (await clients["registry"].get(f"/v/{sealed.token}")).json()
    assert answer["legalisation"] == "NOT_NEEDED"
    page = (await clients["registry"].get(f"/v/{sealed.token}", headers=PAGE)).text
    assert "tidak perlu dilegalisir" in page
    legacy = await clients["registry"].get("/v/474.1-55-DISP-1998", headers=PAGE)
    assert legacy.status_code == 404
    assert "dilegalisir di loket" in legacy.text
    assert legalisation(is_sealed=False) is Legalisation.AT_THE_COUNTER


async def test_edge_42_a_cancelled_certificate_says_so_whoever_cancelled_it(
    clients: Clients, sessions: Databases, sealer: Sealer, sealed: Document, press: Press
) -> None:
    by_office = Ruling(
        authority="Kepala Dinas Kependudukan dan Pencatatan Sipil",
        number="188/12/KEP/2026",
        dated=TODAY,
    )
    by_court = Ruling(
        authority="Pengadilan Negeri Banyuwangi", number="9/Pdt.P/2026/PN Byw", dated=TODAY
    )
    note = CONTENTS[IssuedKind.MARGINAL_NOTE]
    for ruling in (by_office, by_court):
        paper = note.model_copy(update={"ruling": ruling})
        pdf = press.draw(IssuedKind.MARGINAL_NOTE, paper, IMPRINT)
        said = squeezed(text_of(pdf))
        assert squeezed(f"{ruling.authority} nomor {ruling.number}") in said
    async with sessions["registry"].begin() as session:
        await actions.revoke(session, sealed.about_id, today=clock.today())
    answer = (await clients["registry"].get(f"/v/{sealed.token}")).json()
    assert (answer["verdict"], answer["ended_on"]) == ("REVOKED", clock.today().isoformat())


@pytest.mark.parametrize("token", ["A" * 22, "short", "x" * 200, "%00", "<b>", "35100501"])
async def test_an_unknown_code_says_what_to_do(clients: Clients, token: str) -> None:
    page = await clients["registry"].get(f"/v/{token}", headers=PAGE)
    assert page.status_code == 404
    assert "Dokumen tidak dikenal" in page.text
    assert "pindai lagi" in page.text
    assert "<b>" not in page.text.replace("<b>Document not known", "")
    answer = await clients["registry"].get(f"/v/{token}")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


async def test_a_file_can_be_compared_with_the_sealed_one(
    clients: Clients, siti: Resident, sealed: Document, as_: As
) -> None:
    headers = as_("WARGA", resident_id=str(siti.id))
    file = await clients["registry"].get(f"/v1/documents/{sealed.id}/file", headers=headers)
    path = f"/v/{sealed.token}/check"
    for content, same in ((file.content, True), (file.content + b"\n", False), (b"", False)):
        answer = await clients["registry"].post(path, files={"file": ("x.pdf", content)})
        assert answer.json()["is_the_sealed_file"] is same
    page = await clients["registry"].post(path, files={"file": file.content}, headers=PAGE)
    assert "Berkas sama persis" in page.text
    other = await clients["registry"].post(path, files={"file": b"%PDF"}, headers=PAGE)
    assert "Berkas berbeda" in other.text


async def test_comparing_with_an_unknown_code_and_a_huge_file(clients: Clients) -> None:
    path = f"/v/{'A' * 22}/check"
    assert (await clients["registry"].post(path, files={"file": b"%PDF"})).status_code == 404
    page = await clients["registry"].post(path, files={"file": b"%PDF"}, headers=PAGE)
    assert page.status_code == 404
    huge = await clients["registry"].post(path, files={"file": bytes(9 * 1024 * 1024)})
    assert huge.status_code == 413
