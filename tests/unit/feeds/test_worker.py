"""Parse workers serve document after document, whatever the size of the daemon, until they have grown."""

from __future__ import annotations

from pathlib import Path

from marsad.feeds.worker import RETIRE_AT, ParserPool
from marsad.model import ParsedFeed
from tests.processes import wait_until

BODY = b"<rss><channel><item><title>One</title></item></channel></rss>"


async def parse_one(pool: ParserPool) -> frozenset[int]:
    """Parse a document; return the processes that are there afterwards."""
    outcome = await pool.parse(BODY, url="http://localhost/")
    assert isinstance(outcome, ParsedFeed)
    assert [item.revision.title for item in outcome.items] == ["One"]
    return children()


def children() -> frozenset[int]:
    """Return the child processes of this one that have not ended."""
    found = set()
    for path in Path("/proc/self/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                found.add(child)
    return frozenset(found)


async def test_a_worker_of_a_daemon_that_was_ever_large_serves_on() -> None:
    before = children()
    large = b"\1" * (RETIRE_AT + 1)  # each page is written to, so the peak of this process is above it now
    del large
    async with ParserPool(1) as pool:
        first = await parse_one(pool) - before
        assert len(first) == 1
        assert await parse_one(pool) - before == first
    assert children() <= before


async def test_a_worker_that_has_grown_is_replaced() -> None:
    before = children()
    async with ParserPool(1, retire_at=1) as pool:
        for _ in range(3):
            await parse_one(pool)
            wait_until(lambda: children() <= before, "none is left that would serve the next document")
