"""Whatever can be said of a feed is explained to operators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marsad.model import FetchProblem

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs/reference/feeds.md").read_text()
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def test_every_problem_of_a_feed_has_a_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", REFERENCE, re.MULTILINE)
    assert rows == [problem.value for problem in FetchProblem]


@pytest.mark.parametrize("module", ["poller", "recording", "retrying", "judging"])
def test_every_event_of_polling_is_explained(module: str) -> None:
    source = (ROOT / f"service/marsad/pipeline/{module}.py").read_text()
    events = re.findall(r"log\.\w+\(\s*\"([^\"]+)\"", source)
    assert events
    assert [event for event in events if event not in OPERATIONS] == []
