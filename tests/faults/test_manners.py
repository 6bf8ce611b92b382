"""The well-behaved poller: two days of virtual time against servers that keep a log."""
# ruff: noqa: F811 - the fixture feed_server is imported

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from marsad.store import feeds
from marsad.store.database import Database
from tests.pipeline.polling import DAY, HOUR, MINUTE, SETTINGS, Newsroom, body, feed, item, newsroom, watch
from tests.servers.feed_server import (
    FeedServer,
    Reply,
    Request,
    conditional,
    feed_server,  # noqa: F401
    ok,
    redirect,
    status,
)
from tests.store.world import NOW

ONE = item("1", "Gas report", published=NOW - HOUR)
SKIP_HOURS = "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(6)) + "</skipHours>"


@dataclass
class Log:
    """When which path was asked, with what, and how many requests were under way at most."""

    room: Newsroom
    at: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    sent: dict[str, list[Request]] = field(default_factory=lambda: defaultdict(list))
    open: int = 0
    most: int = 0

    def of(self, *replies: Reply) -> list[Reply]:
        return [self._logged(reply) for reply in replies]

    def _logged(self, reply: Reply) -> Reply:
        async def answer(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            self.at[request.path].append(self.room.now)
            self.sent[request.path].append(request)
            self.open += 1
            self.most = max(self.most, self.open)
            await reply(request, reader, writer)
            self.open -= 1

        return answer

    def gaps(self, path: str) -> list[timedelta]:
        return [later - earlier for earlier, later in pairwise(self.at[path])]


@pytest.fixture
async def room(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Newsroom]:
    path = Path(shutil.copy(sqlite_template, tmp_path / "marsad.db"))
    with Database.open_file(path) as store:
        async with newsroom(store, tmp_path, replace(SETTINGS, per_host=1)) as room:
            yield room


@pytest.mark.timeout(600)
async def test_two_days_of_polling_trouble_no_publisher(room: Newsroom, feed_server: FeedServer) -> None:
    log = Log(room)
    moved = feed_server.script("/moved-there", log.of(conditional(body(ONE), etag='"m"')))
    scripts = {
        "tagged": log.of(conditional(body(ONE), etag='W/"t')),
        "bare": log.of(ok(body(ONE))),
        "fresh": log.of(ok(body(ONE), etag="f", headers={"Cache-Control": "max-age=7200"})),
        "expires": log.of(
            ok(
                body(ONE),
                etag="e",
                headers={  # a clock that is years off: what counts is the difference
                    "Date": "Tue, 10 Mar 2020 09:00:00 GMT",
                    "Expires": "Tue, 10 Mar 2020 12:00:00 GMT",
                },
            )
        ),
        "slow-paced": log.of(conditional(body(ONE, head="<ttl>180</ttl>"), etag='"s"')),
        "night": log.of(conditional(body(ONE, head=SKIP_HOURS), etag='"n"')),
        "busy": log.of(status(429, {"Retry-After": "5400"})),
        "down": log.of(status(503)),
        "moved": log.of(redirect(moved, 301)),
        "gone": log.of(status(410)),
    }
    for name, replies in scripts.items():
        feed_server.script(f"/{name}", replies)
    # What says that its host is in trouble is of another host, or all would rest with it.
    hosts = {"busy": "localhost", "down": "localhost"}
    definitions = [
        feed(feed_server.url(f"/{name}", host=hosts.get(name, "127.0.0.1")), name) for name in scripts
    ]
    room.configure(*definitions, watches=[watch("gas", "gas")])
    restart = NOW + DAY
    while room.now < NOW + 2 * DAY:
        await room.poll()
        due = room.database.query(feeds.load_next_due)
        assert due is not None
        room.now = max(due, room.now + timedelta(seconds=1))
        if room.now > restart:  # the schedule survives it: nothing is asked before its time
            restart += 9 * DAY
            room.poller = room.new_poller()

    assert log.most == 1, "one request to a host at a time"
    least = {
        "/tagged": 15 * MINUTE,
        "/bare": HOUR,
        "/fresh": 2 * HOUR,
        "/expires": 3 * HOUR,
        "/slow-paced": 3 * HOUR,
        "/night": 15 * MINUTE,
        "/busy": 90 * MINUTE,
        "/down": 15 * MINUTE,
    }
    for path, wait in least.items():
        assert min(log.gaps(path)) >= wait, path
    assert len(log.at["/tagged"]) > 48 * 3
    assert len(log.at["/bare"]) > 40
    assert len(log.at["/slow-paced"]) >= 15
    assert {at.hour for at in log.at["/night"]} == set(range(6, 24))
    down = log.gaps("/down")
    assert down[-1] == max(down) > 4 * HOUR
    assert len(down) < 20
    assert len(log.at["/gone"]) == 1
    assert len(log.at["/moved"]) == 3
    for path in ("/tagged", "/slow-paced", "/night", "/moved-there", "/fresh", "/expires"):
        unconditional = [one for one in log.sent[path] if "if-none-match" not in one.headers]
        assert unconditional == log.sent[path][:1], path
    names = {name.lower() for requests in log.sent.values() for one in requests for name in one.names}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection", "if-none-match"}
    assert {one.target for requests in log.sent.values() for one in requests} == set(log.at)
    assert len(room.mentions()) == 7
