"""Facts about deaths, as their applicants state them."""

from typing import Any

MOTHER = {"nik": "3510054107959001"}
FATHER = {"nik": "3510050107859001"}
REPORT: dict[str, Any] = {
    "reporter_name": "Siti Aminah",
    "reporter_relationship": "Istri",
    "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
}


def death(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"person": FATHER, "died_on": "2026-11-20", "place": "Muncar"} | REPORT | changes


def removal(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "person": MOTHER,
        "reason": "DIED",
        "happened_on": "2026-10-10",
        "paper_number": "3509-KM-10102026-0001",
        "authority": "DISPENDUKCAPIL JEMBER",
    } | changes


def stillbirth(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return (
        {
            "mother": MOTHER,
            "sex": "P",
            "happened_on": "2026-11-20",
            "place": "RSUD Genteng",
        }
        | REPORT
        | changes
    )
