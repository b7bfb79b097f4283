"""What the facts say that correct certificates, names, citizenship and records."""

from typing import Any

MOTHER = {"nik": "3510056105969001"}
CERTIFICATE = {"number": "3510-LU-24112026-0001"}
RULING = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-10-01"}

ABOUT: dict[str, dict[str, Any]] = {
    "change_name": {"person": MOTHER, "full_name": "SITI RAHAYU", "ruling": RULING},
}
