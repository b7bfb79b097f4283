"""Where a case may be taken in, and a broken list of places."""

import shutil
from pathlib import Path

import pytest

from services.requests.catalogue.store import catalogue
from services.requests.points.rules import Point, may_take_in
from services.requests.points.store import FILE, BrokenPoints, load, points

VILLAGE, DISTRICT, OFFICE = "SP-3510052003", "SP-351005", "SP-3510-000"


def takes(point: str | None, channel: str, service: str) -> bool:
    loaded = points()
    place: Point | None = loaded.by_id[point] if point else None
    return may_take_in(place, loaded.channels[channel], catalogue().services[service])


def test_all_places_are_there() -> None:
    loaded = points()

    by_channel: dict[str, int] = {}
    for each in loaded.by_id.values():
        by_channel[each.channel] = by_channel.get(each.channel, 0) + 1
    assert by_channel == {
        "DINAS": 1,
        "MPP": 1,
        "PASAR": 2,
        "NELAYAN": 1,
        "KECAMATAN": 25,
        "DESA": 217,
    }
    assert len(loaded.channels) == 16


@pytest.mark.parametrize(
    ("point", "channel", "service", "wanted"),
    [
        (VILLAGE, "DESA", "PKT-BIRTH", True),
        (DISTRICT, "KECAMATAN", "PKT-BIRTH", True),
        (VILLAGE, "KECAMATAN", "PKT-BIRTH", False),  # a village office is no district office
        (None, "DESA", "PKT-BIRTH", False),  # a counter has a name
        (None, "WA", "PKT-BIRTH", True),
        (VILLAGE, "WA", "PKT-BIRTH", False),  # WhatsApp has no counter
        (None, "FASKES", "PKT-BIRTH", True),
        (VILLAGE, "FASKES", "PKT-BIRTH", True),
        (None, "FASKES", "KIA-NEW-A", False),
        (VILLAGE, "DESA", "KTP-REC", False),  # no equipment there
        (DISTRICT, "KECAMATAN", "KTP-REC", True),
        (None, "WA", "KTP-REC", False),
        (None, "GODOC", "KTP-REC", True),
        (OFFICE, "DINAS", "CAP-ADOPT", True),
        (VILLAGE, "DESA", "CAP-ADOPT", False),
    ],
)
def test_a_case_is_taken_in_where_its_service_is_given(
    point: str | None, channel: str, service: str, *, wanted: bool
) -> None:
    assert takes(point, channel, service) is wanted


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("SP-3510-001,", "SP-3510-000,", "SP-3510-000: id: it is there twice"),
        (",MPP,35.10.16", ",MALL,35.10.16", "SP-3510-001: channel: MALL is no fixed channel"),
        (",MPP,35.10.16", ",WA,35.10.16", "SP-3510-001: channel: WA is no fixed channel"),
        (",MPP,35.10.16", ",MPP,351016", "SP-3510-001: region_code: "),
        ("SP-3510-001,Mal", "1,Mal", "1: id: String should match"),
    ],
)
def test_a_broken_list_stops_the_start_and_says_where(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    file = Path(shutil.copy(FILE, tmp_path))
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))

    with pytest.raises(BrokenPoints) as caught:
        load(file)

    assert f"service-points-3510.csv: {says}" in str(caught.value)


def test_an_empty_list_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "service-points-3510.csv"
    file.write_text(FILE.read_text().splitlines()[0])

    with pytest.raises(BrokenPoints, match="it is empty"):
        load(file)
