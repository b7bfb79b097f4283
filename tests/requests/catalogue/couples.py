"""Facts about couples and their children, as an applicant states them."""

from typing import Any

COUPLE = {"husband": {"nik": "3510050506889001"}, "wife": {"nik": "3510054107959001"}}
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "45/Pdt.G/2026/PN Byw",
    "dated": "2026-10-01",
    "final_on": "2026-10-16",
}
COUPLES: dict[str, dict[str, Any]] = {
    "register_marriage": COUPLE
    | {
        "married_on": "2026-10-20",
        "place": "Pura Agung Blambangan",
        "religion": 4,
        "leader_name": "Ida Bagus Oka",
        "witnesses": [{"full_name": "Wayan"}, {"full_name": "Ketut"}],
    },
    "annul_marriage": COUPLE | {"ruling": RULING},
    "register_divorce": COUPLE | {"ruling": RULING},
    "annul_divorce": COUPLE | {"ruling": RULING},
}
