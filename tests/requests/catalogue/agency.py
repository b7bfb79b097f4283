"""What the facts say that correct certificates, names, citizenship and records."""

from typing import Any

MOTHER = {"nik": "3510056105969001"}
CERTIFICATE = {"number": "3510-LU-24112026-0001"}
RULING = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-10-01"}
DECREE = {"number": "AHU-12/2026", "authority": "Kementerian Hukum", "dated": "2026-10-01"}

ABOUT: dict[str, dict[str, Any]] = {
    "resolve_duplicate": {
        "keep": MOTHER,
        "end": {"nik": "3510056105969002"},
        "proof": "BIOMETRICS",
        "letter": "400.8.1/123/2026",
    },
    "report_birth_abroad": {
        "child": {
            "full_name": "CONTOH BAYI",
            "sex": "P",
            "birth_date": "2026-09-20",
            "birth_place": "DEN HAAG",
        },
        "mother": MOTHER,
        "reporter_name": "CONTOH AYAH",
        "reporter_relationship": "AYAH",
        "certificate": {
            "number": "NL-2026-77",
            "authority": "Kota Den Haag",
            "country": "Belanda",
            "issued_on": "2026-09-25",
        },
    },
    "confirm_data": {"person": MOTHER, "agency": "BPJS Kesehatan"},
    "change_name": {"person": MOTHER, "full_name": "SITI RAHAYU", "ruling": RULING},
    "set_citizenship": {
        "person": MOTHER,
        "event": "LOST",
        "decree": DECREE,
        "happened_on": "2026-10-01",
    },
    "note_vital_event": {
        "person": MOTHER,
        "event": "OTHER",
        "words": "Nama panggilan diakui",
        "ruling": RULING,
    },
    "correct_certificate": {
        "certificate": CERTIFICATE,
        "basis": "OFFICER",
        "why": "Salah ketik",
        "to": {"full_name": "SITI AMINA"},
    },
    "cancel_certificate": {
        "certificate": CERTIFICATE,
        "basis": "OFFICER",
        "why": "Dilaporkan untuk orang yang salah",
    },
    "reissue_certificate": {"certificate": CERTIFICATE, "reason": "LOST"},
}
