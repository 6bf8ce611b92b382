"""Parse workers serve document after document, whatever the size of the daemon, until they have grown."""

from __future__ import annotations

from marsad.feeds.worker import RETIRE_AT, ParserPool
from marsad.model import ParsedFeed
from tests.processes import children, wait_until

BODY = b"<rss><channel><item><title>One</title></item></channel></rss>"


async def parse_one(pool: ParserPool) -> frozenset[int]:
    """Parse a document; return the processes that are there afterwards."""
    outcome = await pool.parse(BODY, url="http://localhost/")
    assert isinstance(outcome, ParsedFeed)
    assert [item.revision.title for item in outcome.items] == ["One"]
    return children()


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
