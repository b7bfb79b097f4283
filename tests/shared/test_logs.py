import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from shared import logs, trace
from tests.shared.conftest import NIK

log = logging.getLogger("test.logs")

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Reads what was logged as it would stand in the file."""
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(logs.formatter())
    return lambda: [json.loads(line) for line in caplog.text.splitlines()]


def test_a_line_is_one_object_with_the_trace(lines: Lines) -> None:
    with trace.following(f"00-{'a' * 32}-{'b' * 16}-01"):
        log.info("hello", extra={"event": "x.y.z.v1", "ms": 3})

    [line] = lines()
    assert line["message"] == "hello"
    assert line["level"] == "info"
    assert line["logger"] == "test.logs"
    assert line["trace_id"] == "a" * 32
    assert line["event"] == "x.y.z.v1"
    assert line["ms"] == 3
    assert line["time"].endswith("Z")


def test_a_number_is_masked_wherever_it_hides(lines: Lines) -> None:
    log.info("number %s", NIK, extra={"deep": {"list": [NIK]}, "number": int(NIK)})

    [line] = lines()
    assert NIK not in json.dumps(line)
    assert line["message"] == "number [16 digits]"


def test_an_error_is_named_and_its_text_is_not_repeated(lines: Lines) -> None:
    def fail() -> None:
        raise ValueError("Siti Aminah")

    try:
        fail()
    except ValueError:
        log.exception("failed")

    [line] = lines()
    assert line["error"].startswith("ValueError in fail")
    assert "Siti" not in json.dumps(line)
