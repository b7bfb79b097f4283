"""What the story files, and how it moves a case along."""

from datetime import date, timedelta
from typing import Any

from deploy.story.couple import Couple
from deploy.story.desk import Desk, Unexpected, until

Json = dict[str, Any]
SERVICE = "PKT-BIRTH"
PAPERS = {
    "MARRIAGE_PROOF": ("Buku nikah", "Suami", "Istri"),
    "KK_COPY": ("Kartu keluarga", "Kepala keluarga", "Istri"),
    "BIRTH_LETTER": ("Surat keterangan lahir", "Ayah", "Ibu"),
}


def birth(couple: Couple, sex: str, today: date) -> Json:
    """Return the one fact of a birth bundle, as the midwife knows it; the service adds the rest."""
    return {
        "kind": "register_birth",
        "child": {
            "full_name": couple.child_name(sex),
            "sex": sex,
            "birth_date": (today - timedelta(days=1)).isoformat(),
            "birth_time": "04:35:00",
            "birth_place": "Banyuwangi",
            "place_kind": 1,
            "birth_kind": 1,
            "birth_order": couple.children + 1,
            "attendant": 2,
            "weight_grams": 3150,
            "length_cm": 49,
        },
        "mother": {"resident_id": couple.mother.id},
        "father": {"resident_id": couple.father.id},
        "reporter_name": couple.father.name,
        "reporter_relationship": "Ayah",
        "witnesses": [{"full_name": "Sulastri"}, {"full_name": "Bambang Irawan"}],
        "name_counselled": True,
    }


def application(couple: Couple, fact: Json, channel: str, phone: str, point: str | None) -> Json:
    """Return the body of POST /v1/cases."""
    body: Json = {
        "service_code": SERVICE,
        "channel": channel,
        "applicant": {
            "relationship": "parent",
            "full_name": couple.father.name,
            "resident": {"resident_id": couple.father.id},
            "phone": phone,
            "language": "id",
            "consents_to_whatsapp": True,
            "consents_to_email": False,
        },
        "facts": [fact],
    }
    return body | ({"point_id": point} if point else {})


def upload(desk: Desk, case_id: str, code: str, photograph: bytes) -> None:
    """Add a paper."""
    file = (f"{code.lower()}.jpg", photograph, "image/jpeg")
    path = f"/v1/cases/{case_id}/attachments"
    desk.ask("POST", "requests", path, data={"code": code}, files={"file": file})


def read(desk: Desk, case_id: str) -> Json:
    """Return a case as this desk sees it."""
    found: Json = desk.get("requests", f"/v1/cases/{case_id}")
    return found


def when_allowed(desk: Desk, case_id: str, action: str) -> Json:
    """Wait until this desk may take a step, and return the case as it is then.

    Raises:
        Unexpected: it did not come to that.
    """

    def look() -> Json | None:
        answer = desk.ask("GET", "requests", f"/v1/cases/{case_id}", expect=(200, 404))
        if answer.status_code == 404:  # noqa: PLR2004 - nobody's area before the registry has answered
            return None
        case: Json = answer.json()
        if any(each["rule"] == "PLAN_REFUSED" for each in case["obstacles"]):
            raise Unexpected(f"The registry refuses the change: {', '.join(refusals(case))}.")
        return case if action in case["allowed_actions"] else None

    return until(f"{action} of the case", look)


def refusals(case: Json) -> list[str]:
    """Return the rules by which the registry refuses, as far as the reader may see them."""
    plan = (case.get("plan") or {}).get("plan") or {}
    return [str(each["rule"]) for each in plan.get("refusals", [])]


def act(desk: Desk, case: Json, action: str, **words: object) -> Json:
    """Take a step."""
    path = f"/v1/cases/{case['id']}/actions"
    moved: Json = desk.post("requests", path, {"action": action, **words}, version=case["version"])
    return moved
