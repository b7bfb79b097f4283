"""Region codes nest at their dots: 35, 35.10, 35.10.05, 35.10.05.2003 (Kepmendagri 300.2.2)."""

LEVELS = {2: "province", 5: "regency", 8: "district", 13: "village"}  # by length of the code


def level(code: str) -> str:
    """Return province, regency, district or village.

    Raises:
        KeyError: the code has no level's length.
    """
    return LEVELS[len(code)]


def parent(code: str) -> str | None:
    """Return the code of the area that contains this one; None above a province."""
    return code.rpartition(".")[0] or None


def contains(area: str, code: str) -> bool:
    """Tell whether `area` is `code` or contains it."""
    return code == area or code.startswith(f"{area}.")


def outermost(areas: frozenset[str]) -> list[str]:
    """Leave out every area that lies within another of them."""
    return sorted(each for each in areas if not any(contains(a, each) for a in areas if a != each))


def prefix6(code: str) -> str:
    """Return the six digits with which numbers of a district begin, such as 351005.

    Raises:
        ValueError: the code is neither a district's nor a village's.
    """
    if len(code) not in {8, 13}:
        raise ValueError("numbers are given per district")
    return code[:8].replace(".", "")
