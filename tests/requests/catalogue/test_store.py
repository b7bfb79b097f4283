"""The data files are whole, and a broken one stops the start with a message that says where."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.requests.catalogue.rules import Catalogue, workflow_of
from services.requests.catalogue.store import DATA, BrokenCatalogue, catalogue, load
from shared import codes

OPEN = {
    "NONPERM",
    "RENTAN",
    "BIO-OA-ITAP",
    "BIO-OA-ITAS",
    "PKT-ARRIVE",
    "MOV-OA",
    "BIO-ABROAD-IN",
    "MOV-TRANS",
    "MOV-ABROAD",
    "MOV-CANCEL",
    "MOV-ARR",
    "MOV-OUT",
    "KTP-REC",
    "KTP-REC-EARLY",
    "KTP-PRINT",
    "KTP-LOST",
    "KTP-DMG",
    "KTP-CHG",
    "KTP-MOVE",
    "KTP-OUT",
    "KTP-DUP",
    "KTP-OA",
    "KTP-OA-EXT",
    "KIA-MOVE",
    "KIA-OA",
    "IKD-ACT",
    "IKD-RESET",
    "PKT-17",
    "BIO-NEW",
    "CAP-DEATH",
    "CAP-DEATH-OLD",
    "CAP-DEATH-UNKNOWN",
    "CAP-DEATH-MISSING",
    "CAP-DEATH-ABROAD",
    "CAP-STILL",
    "PKT-DEATH",
    "KK-REMOVE",
    "KK-NEW",
    "KK-OA",
    "BIO-CHG-ADDR",
    "BIO-CHG-SHDK",
    "KK-ADD",
    "KK-HEAD",
    "KK-SPLIT",
    "KK-LOST",
    "KK-DMG",
    "KIA-NEW-A",
    "KIA-NEW-B",
    "KIA-RENEW",
    "KIA-LOST",
    "KIA-DMG",
    "CAP-BIRTH",
    "CAP-BIRTH-LATE",
    "CAP-BIRTH-FOUND",
    "PKT-MARRY",
    "PKT-DIVORCE",
    "CAP-ADOPT",
    "CAP-ACK",
    "CAP-LEGIT",
    "CAP-MARRY",
    "CAP-MARRY-COURT",
    "CAP-ANNUL",
    "CAP-DIVORCE",
    "CAP-DIVORCE-ANNUL",
    "PKT-BIRTH",
    "MOV-VIL",
    "MOV-KEC",
    "MOV-KAB",
    "BIO-CHG-MAR",
    "BIO-CHG-JOB",
    "BIO-CHG-EDU",
    "BIO-CHG-REL",
    "BIO-CHG-NAME-TYPO",
    "BIO-CHG-BIRTH",
    "BIO-CHG-BLOOD",
    "BIO-CHG-DIS",
    "BIO-CHG-PARENT",
    "BIO-CHG-SEX",
    "EXT-KUA",
    "KK-UNREG",
    "CAP-NAME",
    "CAP-BIRTH-OA",
    "CAP-BIRTH-ABROAD",
    "NIK-FIX",
    "DATA-CONS",
    "CAP-CITIZEN",
    "CAP-DUAL",
    "CAP-OTHER",
    "CAP-FIX",
    "CAP-CANCEL",
    "CAP-REISSUE",
}
FASKES = {"CAP-BIRTH", "CAP-DEATH", "PKT-BIRTH", "PKT-DEATH"}
FLOWS = [
    "DAFDUK_DOC",
    "CAPIL_AKTA",
    "CAPIL_NOTE",
    "KTP_FIRST",
    "KTP_REPRINT",
    "KIA",
    "MOVE_OUT",
    "IKD",
    "DATA_FIX",
    "INFO",
    "BUNDLE",
]


@pytest.fixture
def loaded() -> Catalogue:
    return catalogue()


def test_the_whole_catalogue_is_there(loaded: Catalogue) -> None:
    assert len(loaded.services) == 98
    assert list(loaded.workflows) == FLOWS
    assert len(loaded.attachments) == 56
    assert {code for code, each in loaded.services.items() if each.open} == OPEN
    assert {code for code, each in loaded.services.items() if "FASKES" in each.channels} == FASKES
    by_category = {"DAFDUK": 56, "CAPIL": 27, "PIAK": 9, "BUNDLE": 6}
    for category, number in by_category.items():
        of_it = [
            each
            for each in loaded.services.values()
            if loaded.groups[each.group].category == category
        ]
        assert len(of_it) == number


def test_every_condition_and_paper_is_used(loaded: Catalogue) -> None:
    conditions = {each.when for service in loaded.services.values() for each in service.requires}
    conditions |= {
        each.when for service in loaded.services.values() for each in service.changes or ()
    }
    conditions |= {name for service in loaded.services.values() for name in service.must}

    assert conditions - {None} == set(loaded.conditions)


def test_nobody_is_asked_for_a_neighbourhood_letter_but_for_a_first_biodata(
    loaded: Catalogue,
) -> None:
    asking = {
        code
        for code, service in loaded.services.items()
        for each in service.requires
        if "RT_RW_LETTER" in each.any_of
    }
    assert asking == {"BIO-NEW"}


def test_every_service_has_a_way_from_draft_to_the_end(loaded: Catalogue) -> None:
    """People and system, with the roles of this service and by each of its channels."""
    for service in loaded.services.values():
        for channel in service.channels:
            flow = workflow_of(loaded, service, channel)
            reached = {flow.initial}
            for _ in flow.transitions:
                reached |= {each.to for each in flow.transitions if each.from_ in reached}
            assert "CLOSED" in reached, (service.code, channel)


def test_online_cases_need_no_intake_check_and_others_do(loaded: Catalogue) -> None:
    service = loaded.services["PKT-BIRTH"]
    for channel, wanted in (("WA", True), ("WEB", True), ("DESA", False), ("FASKES", False)):
        flow = workflow_of(loaded, service, channel)
        at_once = [
            each
            for each in flow.transitions
            if (each.action, each.from_) == ("verify", "SUBMITTED")
        ]
        assert bool(at_once) is wanted


def test_duties_are_separate(loaded: Catalogue) -> None:
    for code in ("DAFDUK_DOC", "CAPIL_AKTA", "CAPIL_NOTE", "BUNDLE", "MOVE_OUT", "KIA"):
        steps = {each.action: each for each in loaded.workflows[code].transitions}
        assert {"submit", "intake_check", "verify"} <= set(steps["sign"].separate_from)
        assert "KADIS" in steps["sign"].roles
        assert "plan" in steps["sign"].needs
        assert steps["sign"].applies


def test_every_role_and_channel_of_the_lists_is_spelt_as_there(loaded: Catalogue) -> None:
    assert set(loaded.channels) == set(codes.lists()["kanal"])
    used = {
        role
        for flow in loaded.workflows.values()
        for each in flow.transitions
        for role in each.roles
    }
    assert used <= set(codes.lists()["peran"])


def test_the_version_changes_with_the_data(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    file = tmp_path / "data" / "services" / "births.yaml"
    before = load(tmp_path / "data").version
    assert before == catalogue().version
    file.write_text(file.read_text() + "\n# changed\n")
    assert load(tmp_path / "data").version != before


Break = Callable[[str], str]


def swap(old: str, new: str) -> Break:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


BREAKS: dict[str, tuple[str, Break, str]] = {
    "unknown paper": (
        "services/births.yaml",
        swap("BIRTH_LETTER|F203", "BIRTH_LETTRE|F203"),
        "services/births.yaml: CAP-BIRTH: requires: BIRTH_LETTRE is not in attachments.yaml",
    ),
    "unknown condition": (
        "services/births.yaml",
        swap("when: marriage_proven", "when: marriage_probable"),
        "services/births.yaml: CAP-BIRTH: requires: marriage_probable is not in conditions.yaml",
    ),
    "must without a test": (
        "services/births.yaml",
        swap("must: [birth_reported_in_time]", "must: [lodging]"),
        "services/births.yaml: CAP-BIRTH: must: lodging has no test",
    ),
    "unknown workflow": (
        "services/births.yaml",
        swap("workflow: CAPIL_AKTA", "workflow: CAPIL_ACTA"),
        "services/births.yaml: CAP-BIRTH: workflow: CAPIL_ACTA is not in workflows.yaml",
    ),
    "unknown channel": (
        "services/births.yaml",
        swap("channels: everywhere", "channels: [DESAA]"),
        "services/births.yaml: CAP-BIRTH-LATE: channels: DESAA is not in kanal.csv",
    ),
    "unknown form": (
        "services/births.yaml",
        swap("forms: [F-2.01]", "forms: [F-2.99]"),
        "services/births.yaml: CAP-BIRTH: forms: F-2.99 is not in formulir.csv",
    ),
    "unknown document": (
        "services/births.yaml",
        swap("outputs: [AKTA_LAHIR, KK, KIA]", "outputs: [AKTA_LAHIR, KK, KIA, AKTE]"),
        "services/births.yaml: CAP-BIRTH: outputs: AKTE is not in jenis_dokumen.csv",
    ),
    "document that a change leads to": (
        "services/births.yaml",
        swap("outputs: [AKTA_LAHIR, KK, KIA]", "outputs: [AKTA_LAHIR, KK]"),
        "services/births.yaml: CAP-BIRTH: outputs: issue_card leads to KIA",
    ),
    "unknown role": (
        "services/bundles.yaml",
        swap("roles: {approve: [PPS]}", "roles: {approve: [PPSS]}"),
        "services/bundles.yaml: PKT-BIRTH: roles: PPSS is not in peran.csv",
    ),
    "role of a step that is not there": (
        "services/bundles.yaml",
        swap("roles: {approve: [PPS]}", "roles: {register: [PPS]}"),
        "services/bundles.yaml: PKT-BIRTH: roles: register is not in the workflow BUNDLE",
    ),
    "unknown kind": (
        "services/births.yaml",
        swap("kind: register_birth", "kind: register_berth"),
        "services/births.yaml: CAP-BIRTH: changes/0: register_berth is no kind of fact",
    ),
    "kind that nothing tells": (
        "services/family-cards.yaml",
        swap("- {kind: add_member}", "- {kind: add_member, derived: true}"),
        "services/family-cards.yaml: KK-ADD: changes: the first fact comes from the client",
    ),
    "fixed field that is not there": (
        "services/births.yaml",
        swap("fixed: {reason: MEMBER_ADDED}", "fixed: {because: MEMBER_ADDED}"),
        "services/births.yaml: CAP-BIRTH: changes/2: reissue_family_card has no field because",
    ),
    "fixed value that does not fit": (
        "services/births.yaml",
        swap("fixed: {reason: MEMBER_ADDED}", "fixed: {reason: BORED}"),
        "services/births.yaml: CAP-BIRTH: changes/2: BORED does not fit",
    ),
    "unknown child": (
        "services/bundles.yaml",
        swap("any_of: [KK-ADD]", "any_of: [KK-ADDD]"),
        "services/bundles.yaml: PKT-BIRTH: children: KK-ADDD is not in services/",
    ),
    "unknown applicant": (
        "services/births.yaml",
        swap("applicants: [parent, grandparent", "applicants: [parent, neighbour"),
        "services/births.yaml: CAP-BIRTH: applicants: neighbour is not in terms.yaml",
    ),
    "unknown promise": (
        "services/births.yaml",
        swap("sla: one_day", "sla: some_day"),
        "services/births.yaml: CAP-BIRTH: sla: some_day is not in terms.yaml",
    ),
    "unknown group": (
        "services/births.yaml",
        swap("group: KELAHIRAN", "group: KELAHIRANN"),
        "services/births.yaml: CAP-BIRTH: group: KELAHIRANN is not in terms.yaml",
    ),
    "a fee": (
        "services/births.yaml",
        swap("  sla: one_day", "  sla: one_day\n  fee_idr: 5000"),
        "services/births.yaml: CAP-BIRTH: -: Value error, fee_idr: every service is free of charge",
    ),
    "a free fee": (
        "services/births.yaml",
        swap("  sla: one_day", "  sla: one_day\n  biaya: 0"),
        "biaya: every service is free of charge (UU 24/2013 art 79A)",
    ),
    "a neighbourhood letter": (
        "services/births.yaml",
        swap("- KK_COPY", "- RT_RW_LETTER"),
        "services/births.yaml: CAP-BIRTH: requires: RT_RW_LETTER may be asked for in BIO-NEW only",
    ),
    "a village letter under another name": (
        "attachments.yaml",
        swap("name_id: Fotokopi/scan KK", "name_id: Surat keterangan desa"),
        "attachments.yaml: KK_COPY: name_id: a letter of the neighbourhood, village or district",
    ),
    "an identity card of a witness": (
        "attachments.yaml",
        swap("name_id: Fotokopi/scan KK", "name_id: KTP dua orang saksi"),
        "attachments.yaml: KK_COPY: name_id: the identity card of a witness may not be asked for",
    ),
    "a proof of payment": (
        "attachments.yaml",
        swap("name_en: Diploma", "name_en: Payment receipt"),
        "attachments.yaml: EDU_PROOF: name_id: a proof of payment may not be asked for",
    ),
    "a paper of an unknown form": (
        "attachments.yaml",
        swap("form: F-2.03", "form: F-2.30"),
        "attachments.yaml: F203: form: F-2.30 is not in formulir.csv",
    ),
    "presence online": (
        "services/identity-cards.yaml",
        swap("channels: recording", "channels: [WA]"),
        "services/identity-cards.yaml: KTP-REC: channels: WA is online, and the person must be there",
    ),
    "biometrics where nothing takes them": (
        "terms.yaml",
        swap("recording: [MPP", "recording: [DESA, MPP"),
        "services/identity-cards.yaml: KTP-REC: channels: DESA cannot take biometrics",
    ),
    "an unreachable state": (
        "workflows.yaml",
        swap("from: [VERIFIED], to: REGISTERED", "from: [VERIFIED], to: SIGNED"),
        "workflows.yaml: CAPIL_AKTA: states: nothing leads to REGISTERED",
    ),
    "a dead end": (
        "workflows.yaml",
        swap(
            "- {action: close, from: [ARRIVED], to: CLOSED",
            "- {action: close, from: [SIGNED], to: CLOSED",
        ),
        "workflows.yaml: MOVE_OUT: transitions: nothing leads out of ARRIVED, which is not final",
    ),
    "a way out of the end": (
        "workflows.yaml",
        swap(
            "- {action: reopen, from: [REJECTED], to: IN_PROGRESS",
            "- {action: take, from: [REJECTED], to: IN_PROGRESS",
        ),
        "workflows.yaml: INFO: transitions: REJECTED is final: it can be left by reopen only",
    ),
    "a step written twice": (
        "workflows.yaml",
        swap(
            "- {action: take, from: [SUBMITTED], to: IN_PROGRESS",
            "- {action: escalate, from: [SUBMITTED], to: IN_PROGRESS",
        ),
        "workflows.yaml: INFO: transitions: escalate from SUBMITTED is written twice",
    ),
    "an unknown role in a workflow": (
        "workflows.yaml",
        swap("readers: &readers [OP_DESA", "readers: &readers [OP_KOTA"),
        "workflows.yaml: DAFDUK_DOC: transitions/4 (return): OP_KOTA is not in peran.csv",
    ),
    "a step that nobody takes": (
        "workflows.yaml",
        swap("roles: [PPS], separate_from", "roles: [], separate_from"),
        "workflows.yaml: CAPIL_AKTA: transitions/",
    ),
    "separation from a step that is not there": (
        "workflows.yaml",
        swap(
            "separate_from: [submit, intake_check, verify, note]",
            "separate_from: [submit, intake_check, verify, register]",
        ),
        "workflows.yaml: CAPIL_NOTE: transitions/17 (sign): register is no step of this workflow",
    ),
    "an unknown state": (
        "workflows.yaml",
        swap("to: ON_HOLD", "to: ON_HOLDD"),
        "ON_HOLDD is not a state of this workflow",
    ),
    "a test that says nothing": (
        "conditions.yaml",
        swap("test: {age_from: 5}", "test: {}"),
        "conditions.yaml: child_5_or_older: test: Value error, a test must name at least one thing",
    ),
    "a test in a language of its own": (
        "conditions.yaml",
        swap("test: {age_from: 5}", "test: {python: 'age > 5'}"),
        "conditions.yaml: child_5_or_older: test/python: Extra inputs are not permitted",
    ),
    "a condition in one language": (
        "conditions.yaml",
        swap("lodging:\n  id: Menumpang, sewa atau kos\n", "lodging:\n"),
        "conditions.yaml: lodging: id: Field required",
    ),
    "a promise without a limit": (
        "terms.yaml",
        swap("    limit: 1\n", ""),
        "terms.yaml: one_day: limit: Field required",
    ),
    "a service twice": (
        "services/bundles.yaml",
        swap("code: PKT-17", "code: PKT-ARRIVE"),
        "services/bundles.yaml: PKT-ARRIVE: code: also in services/bundles.yaml",
    ),
    "a key twice": (
        "services/births.yaml",
        swap("  must: [birth_reported_in_time]", "  must: [birth_reported_in_time]\n  must: []"),
        "must is written twice",
    ),
    "an unknown field": (
        "services/births.yaml",
        swap("  must: [birth_reported_in_time]", "  musts: [birth_reported_in_time]"),
        "services/births.yaml: CAP-BIRTH: musts: Extra inputs are not permitted",
    ),
    "no yaml at all": ("attachments.yaml", lambda _: "{", "attachments.yaml: while parsing"),
    "a list instead of a mapping": (
        "terms.yaml",
        lambda _: "- a",
        "terms.yaml: the file must hold",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_file_stops_the_start_and_says_where(name: str, tmp_path: Path) -> None:
    file, broken, says = BREAKS[name]
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / file
    path.write_text(broken(path.read_text()))

    with pytest.raises(BrokenCatalogue) as caught:
        load(tmp_path / "data")

    assert says in str(caught.value)


@pytest.mark.parametrize(
    "file", ["terms.yaml", "workflows.yaml", "attachments.yaml", "conditions.yaml"]
)
def test_a_lost_file_stops_the_start(file: str, tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    (tmp_path / "data" / file).unlink()

    with pytest.raises(BrokenCatalogue, match=f"^{file}: "):
        load(tmp_path / "data")
