"""One thing that keeps a case from being complete, in words that say what to do."""

from typing import NamedTuple


class Missing(NamedTuple):
    """What to do, where and by which rule; of `codes`, papers, one is enough."""

    pointer: str  # JSON pointer into the case
    rule: str
    text_id: str
    text_en: str
    codes: tuple[str, ...] = ()
    form: str | None = None  # formulir.csv

    @property
    def wrong(self) -> tuple[str, str, str, str]:
        """Return what a problem answer lists."""
        return self[:4]


def fact_missing(kind: str, form: str | None) -> Missing:
    """Ask for a fact that only the applicant can tell."""
    return Missing(
        "/facts",
        "FACT_MISSING",
        f"Isi data {kind}.",
        f"Send the fact {kind}.",
        form=form,
    )


def family_missing(position: int, form: str | None) -> Missing:
    """Ask whose card a person joins, when no mother tells it."""
    return Missing(
        f"/facts/{position}/family",
        "FACT_MISSING",
        "Sebutkan Kartu Keluarga yang akan memuat orang ini.",
        "Name the family card that this person joins.",
        form=form,
    )


def not_of_service(pointer: str, service: str, kinds: str) -> Missing:
    """Refuse a fact that the service does not take."""
    return Missing(
        pointer,
        "FACT_NOT_OF_SERVICE",
        f"Hapus data ini; {service} memuat {kinds}, berurutan.",
        f"Remove this fact; {service} takes {kinds}, in this order.",
    )


def fixed_otherwise(pointer: str, service: str, value: str) -> Missing:
    """Refuse a field that the service itself decides."""
    return Missing(
        pointer,
        "FACT_NOT_OF_SERVICE",
        f"Kosongkan atau isi {value}: begitu ketentuan {service}.",
        f"Leave it out or write {value}: {service} decides it.",
    )


def other_element(pointer: str, service: str, allowed: str) -> Missing:
    """Refuse an element that another service corrects, with other papers."""
    return Missing(
        pointer,
        "FACT_NOT_OF_SERVICE",
        f"{service} hanya mengubah {allowed}; ajukan elemen lain dengan layanannya sendiri.",
        f"{service} changes {allowed} only; file other elements under their own service.",
    )
