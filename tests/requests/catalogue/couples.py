"""Facts about couples and their children, as an applicant states them."""

from typing import Any

COUPLE = {"husband": {"nik": "3510050506889001"}, "wife": {"nik": "3510054107959001"}}
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "45/Pdt.G/2026/PN Byw",
    "dated": "2026-10-01",
    "final_on": "2026-10-16",
}
PARENTS = {
    "child": {"nik": "3510054511219001"},
    "father": {"nik": "3510050506889001"},
    "mother": {"nik": "3510054107959001"},
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
    "acknowledge_child": PARENTS
    | {"acknowledged_on": "2026-11-02", "mother_consents": True, "married_on": "2020-01-02"},
    "legitimise_child": PARENTS | {"married_on": "2020-01-02", "marriage_number": "12/3/I/2020"},
    "adopt_child": {
        "child": {"nik": "3510054511219001"},
        "adopters": [{"nik": "3510050506889001"}],
        "ruling": RULING,
    },
}
