"""Facts that the tests of the catalogue file; nobody in them exists."""

from datetime import date

from pydantic import TypeAdapter

from services.requests.catalogue.rules import Catalogue, Service, missing
from shared.contract.facts import Fact

TODAY = date(2026, 11, 24)
MOTHER = {"nik": "3510056105969001"}
FAMILY = {"kk_number": "3510051203109001"}

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


def fact(kind: str, **fields: object) -> Fact:
    return _FACT.validate_python({"kind": kind, **fields})


def birth(born: date = date(2026, 11, 20), **fields: object) -> Fact:
    child = {
        "full_name": "CONTOH BAYI",
        "sex": "P",
        "birth_date": born,
        "birth_place": "BANYUWANGI",
    }
    return fact(
        "register_birth",
        **{
            "child": child,
            "mother": MOTHER,
            "reporter_name": "CONTOH BIDAN",
            "reporter_relationship": "BIDAN",
            "witnesses": [{"full_name": "SAKSI SATU"}, {"full_name": "SAKSI DUA"}],
            **fields,
        },
    )


def resident(**fields: object) -> Fact:
    return fact(
        "register_resident",
        **{
            "full_name": "CONTOH DEWASA",
            "sex": "L",
            "birth_place": "BANYUWANGI",
            "birth_date": date(1980, 7, 1),
            "religion": 1,
            "marital_status": 1,
            "mother_name": "CONTOH IBU",
            "village_code": "35.10.05.2003",
            **fields,
        },
    )


def lacks(
    catalogue: Catalogue, code: str, facts: list[Fact], *given: str, today: date = TODAY
) -> set[tuple[str, ...]]:
    """Return what is missing: papers by their codes, everything else by rule and pointer."""
    service: Service = catalogue.services[code]
    found = missing(catalogue, service, facts, given, today)
    return {each.codes or (each.rule, each.pointer) for each in found}
