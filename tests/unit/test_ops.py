"""Log lines, and text made safe to show."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest

from marsad.ops import configure_logging, public_url, visible

log = logging.getLogger("marsad.test")


@pytest.fixture(autouse=True)
def _restored():
    root = logging.getLogger()
    former, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = former, level


def line(**options) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(stream=stream, **options)
    return stream


def test_a_line_is_time_level_event_and_pairs():
    stream = line()
    log.info("poll recorded", extra={"feed_id": "tass", "new_items": 3, "detail": "two words", "nothing": ""})
    time, level, rest = stream.getvalue().split(maxsplit=2)
    assert time.endswith("Z")
    assert level == "INFO"
    assert rest == 'poll recorded feed_id=tass new_items=3 detail="two words" nothing=""\n'


def test_a_value_cannot_forge_a_line_or_reorder_it():
    stream = line()
    log.info("x", extra={"title": "a\n2026 INFO forged\x1b[31m\u202e\u2028"})
    assert stream.getvalue().count("\n") == 1
    assert 'title="a\\n2026 INFO forged\\x1b[31m\\u202e\\u2028"' in stream.getvalue()


def fail():
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("poll failed", extra={"feed_id": "a"})


def test_no_traceback_unless_asked_for():
    stream = line()
    fail()
    assert stream.getvalue().endswith(' ERROR   poll failed feed_id=a error="ValueError: broken"\n')
    stream = line(verbose=True)
    fail()
    assert "\n    Traceback (most recent call last):\n" in stream.getvalue()


def test_json_lines_hold_the_same():
    stream = line(json=True)
    log.warning("x\u202e\x7f\U000e0041", extra={"n": 1, "text": 'a"b\nc'})
    found = json.loads(stream.getvalue())
    assert found | {"time": ""} == {
        "time": "",
        "level": "WARNING",
        "event": "x\u202e\x7f\U000e0041",
        "n": 1,
        "text": 'a"b\nc',
    }
    assert "\u202e" not in stream.getvalue()


def test_configuring_twice_does_not_write_twice_and_levels_hold():
    line()
    stream = line(level="WARNING")
    log.info("quiet")
    log.warning("once")
    assert stream.getvalue().count("\n") == 1


def test_libraries_speak_from_warning_on():
    stream = line()
    logging.getLogger("apscheduler.executors").info("noise")
    logging.getLogger("apscheduler.executors").warning("trouble")
    assert "noise" not in stream.getvalue()
    assert "trouble" in stream.getvalue()


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full", "2> >(exec true)"])
def test_a_stderr_that_is_closed_full_or_broken_stops_nothing(stderr):
    program = (
        "import logging, time; from marsad.ops import configure_logging; configure_logging()\n"
        "for n in range(200): logging.getLogger('x').warning('line %d', n)\n"
        "print('still here')"
    )
    command = ["bash", "-c", f'exec "$0" -c "$1" {stderr}', sys.executable, program]
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=False)
    assert done.stdout == b"still here\n"


def test_a_descriptor_that_was_closed_at_start_is_not_given_to_a_database():
    program = (
        "import os, sys; from marsad.ops import configure_logging; configure_logging()\n"
        "print(os.open('/dev/zero', os.O_RDONLY) > 2)"
    )
    command = ["bash", "-c", 'exec "$0" -c "$1" 0<&- 2>&-', sys.executable, program]
    assert subprocess.run(command, stdout=subprocess.PIPE, timeout=60, check=True).stdout == b"True\n"


def test_what_cannot_be_seen_is_written_out_and_the_rest_left_alone():
    assert visible("السلام Привет a\tb") == "السلام Привет a\\tb"
    assert visible("\x00\x9b\u200f\ud800\U000e0041") == "\\x00\\x9b\\u200f\\ud800\\U000e0041"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@h.org:8/a?b=c#d", "https://h.org:8/a?b=c"),
        ("https://h.org/a?token=canary&b=c", "https://h.org/a?token=***&b=c"),
        ("https://h.org/a?b=c;ApiKey=canary", "https://h.org/a?b=c;ApiKey=***"),
        ("https://[::1", "(a URL that cannot be read)"),
        ("file:a b.xml", "file:a b.xml"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url, shown):
    assert public_url(url) == shown
