"""What must not happen when feeds, the database, the clock or we ourselves misbehave while polling."""
# ruff: noqa: F811 - the fixture feed_server is imported

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import threading
from collections.abc import AsyncIterator, Callable, Container, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.errors import StoreUnavailable
from marsad.feeds.worker import PARSE_TIMEOUT
from marsad.language.forms import expand_terms
from marsad.matching.document import Source
from marsad.matching.matcher import MatchResult, WatchSet
from marsad.matching.places import Evaluation
from marsad.matching.plan import Part
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision
from marsad.pipeline import poller as poller_module
from marsad.pipeline.retrying import Answers, record_answers
from marsad.store import feeds, mentions, workers
from marsad.store.database import Connection, Database
from tests.pipeline.polling import ALL, DAY, HOUR, MINUTE, Newsroom, body, feed, item, newsroom, watch
from tests.servers.feed_server import (
    FeedServer,
    Reply,
    Request,
    feed_server,  # noqa: F401
    held,
    ok,
    raw,
    slow,
    status,
)
from tests.store.world import NOW, match, uncommitted

GAS, OIL = watch("gas", "gas"), watch("oil", "oil")
REPORT = body(item("1", "Gas report", published=NOW - HOUR))


@pytest.fixture
async def room(store: Database, tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(store, tmp_path) as room:
        yield room


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Set it, and what a server holds back comes."""
    gate = threading.Event()
    yield gate
    gate.set()


async def until(condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Return when *condition* holds; fail after *seconds*."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.01)


def tried(room: Newsroom) -> set[str]:
    return {one.id for one in room.database.query(feeds.load_feeds) if one.tried_at is not None}


def leased(room: Newsroom) -> set[str]:
    return {one.id for one in room.database.query(feeds.load_feeds) if one.leased_until is not None}


# ── slow feeds, many feeds ───────────────────────────────────────────────────────────────────────


async def test_one_slow_feed_holds_up_neither_the_others_nor_their_recording(
    room: Newsroom, feed_server: FeedServer, gate: threading.Event
) -> None:
    others = [feed(feed_server.script(f"/{n}", [ok(REPORT)]), f"f{n}") for n in range(30)]
    room.configure(feed(feed_server.script("/slow", [held(gate, ok(REPORT))])), *others, watches=[GAS])
    polling = asyncio.create_task(room.poll())
    await until(lambda: len(tried(room)) == 30)
    assert not polling.done()
    assert tried(room) == {one.id for one in others}
    assert len(room.mentions()) == 30
    gate.set()
    assert await polling == 31
    assert len(room.mentions()) == 31


async def test_what_comes_due_while_another_feed_is_slow_is_polled(
    room: Newsroom, feed_server: FeedServer, gate: threading.Event
) -> None:
    quick = feed(feed_server.script("/b", [ok(REPORT)]), "b", every=MINUTE)
    room.configure(feed(feed_server.script("/slow", [held(gate, ok(REPORT))])), quick, watches=[GAS])
    polling = asyncio.create_task(room.poll())
    await until(lambda: "b" in tried(room))
    room.now += HOUR
    await until(lambda: len(feed_server.requests_for("/b")) == 2)
    assert not polling.done()
    gate.set()
    assert await polling == 3


class Crowd:
    """Replies that count how many of them are being given at a time."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def reply(self, payload: bytes) -> Reply:
        async def answer(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.05)
            self.now -= 1
            await ok(payload)(request, reader, writer)

        return answer


@pytest.mark.parametrize(("per_host", "concurrency", "most"), [(1, 50, 1), (3, 50, 3), (50, 4, 4)])
async def test_no_more_polls_run_at_a_time_than_host_and_operator_allow(
    room: Newsroom, feed_server: FeedServer, per_host: int, concurrency: int, most: int
) -> None:
    crowd = Crowd()
    definitions = [feed(feed_server.script(f"/{n}", [crowd.reply(REPORT)]), f"f{n}") for n in range(12)]
    settings = replace(room.settings, per_host=per_host, concurrency=concurrency)
    room.configure(*definitions, watches=[GAS], settings=settings)
    assert await room.poll() == 12
    assert crowd.most == most


async def test_a_poll_that_takes_too_long_as_a_whole_is_given_up(
    room: Newsroom, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = timedelta(seconds=0.2) - room.settings.timeout - PARSE_TIMEOUT
    monkeypatch.setattr(poller_module, "WORK_TIMEOUT", within)
    room.configure(feed(feed_server.script("/a", [slow()])), watches=[GAS])
    assert await room.poll() == 1
    assert (room.status().outcome, room.status().detail) == ("timeout", "polling it takes longer than 0.2 s")


async def test_a_host_that_is_down_is_not_asked_by_each_of_its_fifty_feeds(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    definitions = [
        feed(feed_server.script(f"/{n}", [status(503), ok(REPORT)]), f"f{n:02}") for n in range(50)
    ]
    room.configure(*definitions, watches=[GAS], settings=replace(room.settings, per_host=1))
    assert await room.poll() == 3
    assert len(feed_server.requests) == 3
    assert "host is left alone for a while" in caplog.text
    assert await room.poll(timedelta(seconds=59)) == 0
    assert await room.poll(timedelta(seconds=1)) == 1
    assert await room.poll(MINUTE) == 0
    for n in range(4, 50):
        feed_server.script(f"/{n}", [ok(REPORT)])
    assert await room.poll(MINUTE) == 46, "one that is answered sets the others free"
    assert len(room.mentions()) == 46


# ── what the database refuses, or the database itself ────────────────────────────────────────────


async def test_a_feed_that_the_database_refuses_costs_the_others_of_its_batch_nothing(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    bodies = {"a": "Gas report", "b": "Oil report", "c": "Gas again"}
    definitions = [
        feed(
            feed_server.script(f"/{name}", [ok(body(item("1", title)), etag='"1"')]), name, first_contact=ALL
        )
        for name, title in bodies.items()
    ]
    room.configure(*definitions, watches=[GAS, OIL])
    everything = room.in_force
    room.database.run(_forget_watch, "oil")
    room.in_force = everything  # a watch that the database has never heard of
    assert await room.poll() == 3
    assert {one.feed_id for one in room.mentions()} == {"a", "c"}
    refused = room.status("b")
    assert (refused.outcome, refused.first_contact_at) == ("internal", None)
    assert "refuses a value" in refused.detail
    assert room.keys("b") == []
    assert "a poll cannot be recorded" in caplog.text

    room.configure(*definitions, watches=[GAS, OIL])
    await room.poll(DAY)
    assert {one.feed_id for one in room.mentions()} == {"a", "b", "c"}
    assert [one.headers.get("if-none-match") for one in feed_server.requests_for("/b")] == [None, None]


def _forget_watch(conn: Connection, watch_id: str) -> None:
    conn.execute(text("DELETE FROM subscriptions WHERE watch_id = :id"), {"id": watch_id})
    conn.execute(text("DELETE FROM watches WHERE id = :id"), {"id": watch_id})


def _rename(conn: Connection, old: str, new: str) -> None:
    conn.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.mark.parametrize("table", ["mentions", "revisions"])  # missed by T2, and by the reads before it
async def test_without_a_database_no_validator_advances_and_polling_ends(
    room: Newsroom, feed_server: FeedServer, table: str
) -> None:
    url = feed_server.script("/a", [ok(REPORT, etag='"1"')])
    slowly = feed(feed_server.script("/slow", [slow()]), "b")
    room.configure(feed(url), slowly, watches=[GAS])
    room.database.run(_rename, table, "lost")
    with pytest.raises(StoreUnavailable):
        async with asyncio.timeout(15):  # less than the slow one would take
            await room.poll()
    assert tried(room) == set()
    room.database.run(_rename, "lost", table)
    feed_server.script("/slow", [ok(REPORT)])
    assert await room.poll() == 2, "leases were given back, nobody waits for their end"
    assert [one.headers.get("if-none-match") for one in feed_server.requests_for("/a")] == [None, None]
    assert len(room.mentions()) == 2


async def test_a_full_disk_stops_polling_and_freed_space_goes_on_where_it_was(
    sqlite_template: Path, tmp_path: Path, feed_server: FeedServer
) -> None:
    path = Path(shutil.copy(sqlite_template, tmp_path / "marsad.db"))
    many = body(*(item(str(n), f"Gas report {n}", text="long " * 500) for n in range(100)))
    url = feed_server.script("/a", [ok(many, etag='"1"')])
    with Database.open_file(path) as store:
        async with newsroom(store, tmp_path) as room:
            room.configure(feed(url, first_contact=ALL), watches=[GAS])
            store.run(_limit_pages, None)
            for _ in range(2):
                with pytest.raises(StoreUnavailable, match="the disk is full"):
                    await room.poll()
            assert (room.keys(), room.status().outcome) == ([], None)
            store.run(_limit_pages, 1_000_000)
            assert await room.poll() == 1
            assert len(room.mentions()) == 100
    assert {one.headers.get("if-none-match") for one in feed_server.requests} == {None}


def _limit_pages(conn: Connection, pages: int | None) -> None:
    now: int = conn.execute(text("PRAGMA page_count")).scalar_one()
    conn.execute(text(f"PRAGMA max_page_count = {pages or now + 5}"))


# ── faults of our own ────────────────────────────────────────────────────────────────────────────


async def test_a_poll_that_trips_us_is_recorded_as_our_fault_and_others_go_on(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    definitions = [feed(feed_server.script(f"/{name}", [ok(REPORT)]), name) for name in "ab"]
    room.configure(*definitions, watches=[GAS])
    impossible = replace(definitions[0], headers=((1, 2),))  # type: ignore[arg-type]
    room.in_force = replace(room.in_force, feeds={"a": impossible, "b": definitions[1]})
    assert await room.poll() == 2
    tripped = room.status("a")
    assert (tripped.outcome, tripped.detail, tripped.failures) == (
        "internal",
        "internal error: TypeError",
        1.0,
    )
    assert tripped.due_at >= NOW + 15 * MINUTE
    assert [one.feed_id for one in room.mentions()] == ["b"]
    (told,) = [one for one in caplog.records if one.message == "a poll failed"]
    assert told.__dict__["feed_id"] == "a"


async def test_a_parser_that_cannot_start_is_no_fault_of_the_feed(
    room: Newsroom, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.configure(feed(feed_server.script("/a", [ok(REPORT, etag='"1"')])), watches=[GAS])
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nonexistent/python")
        await room.poll()
    assert (room.status().outcome, room.status().failures) == ("internal", 0.25)
    await room.poll(DAY)
    assert len(room.mentions()) == 1


class Failing(Part):
    """A part of a query on which the evaluation fails."""

    def __init__(self, whole: Part) -> None:
        self.told = whole.told
        self.anchors = whole.anchors

    def holds(self, at: Evaluation) -> bool:
        raise RuntimeError("boom")


def with_failing_watch(watch_set: WatchSet, watch_id: str) -> WatchSet:
    broken = [
        replace(one, plan=Failing(one.plan)) if one.definition.id == watch_id else one
        for one in watch_set.watches
    ]
    layer = watch_set.layer_of(watch_id)
    return WatchSet(broken, layer.entities, layer.index)


async def test_a_watch_that_fails_on_an_item_is_tried_again_at_the_next_reload(
    room: Newsroom, feed_server: FeedServer
) -> None:
    both = body(item("1", "Gas and oil"), item("2", "Oil"), item("3", "Gas"))
    definition = feed(feed_server.script("/a", [ok(both)]), first_contact=ALL)
    room.configure(definition, watches=[GAS, OIL])
    good = room.in_force
    room.in_force = replace(good, watch_set=with_failing_watch(good.watch_set, "oil"))
    await room.poll()
    assert [(one.watch_id, one.title) for one in room.mentions()] == [("gas", "Gas and oil"), ("gas", "Gas")]
    assert len(room.database.query(mentions.load_matching_failures, limit=9)) == 2

    assert await room.poller.retry_failed() == 0, "it still fails"
    assert len(room.database.query(mentions.load_matching_failures, limit=9)) == 2
    room.in_force = good
    assert await room.poller.retry_failed() == 2
    assert [(one.watch_id, one.title) for one in room.mentions()[2:]] == [
        ("oil", "Gas and oil"),
        ("oil", "Oil"),
    ]
    assert {one.arrival.value for one in room.mentions()} == {"catch_up"}
    assert room.database.query(mentions.load_matching_failures, limit=9) == []
    assert await room.poller.retry_failed() == 0


class Stumbling(WatchSet):
    """A watch set that fails on an item as a whole."""

    def match(
        self, revision: Revision, source: Source, *, now: datetime, only: Container[str] | None = None
    ) -> MatchResult:
        if "boom" in revision.title:
            raise RuntimeError("boom")
        return super().match(revision, source, now=now, only=only)


async def test_an_item_that_cannot_be_matched_is_recorded_and_asked_about_again(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    both = body(item("1", "Gas boom"), item("2", "Gas"))
    elsewhere = watch("elsewhere", "gas", feeds=("b",))
    room.configure(
        feed(feed_server.script("/a", [ok(both)]), first_contact=ALL), watches=[GAS, OIL, elsewhere]
    )
    good = room.in_force
    layer = good.watch_set.layer_of("gas")
    stumbling = Stumbling(good.watch_set.watches, layer.entities, layer.index)
    room.in_force = replace(good, watch_set=stumbling)
    await room.poll()
    assert room.status().outcome == "fetched"
    assert [one.title for one in room.mentions()] == ["Gas"]
    failures = room.database.query(mentions.load_matching_failures, limit=9)
    assert [(one.watch_id, one.error) for one in failures] == [
        ("gas", "RuntimeError: boom"),
        ("oil", "RuntimeError: boom"),
    ]
    assert "an item could not be matched" in caplog.text
    room.in_force = good
    assert await room.poller.retry_failed() == 1
    assert [one.title for one in room.mentions()] == ["Gas", "Gas boom"]


async def test_an_item_that_is_edited_while_it_is_asked_about_again_waits_its_turn(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(item("1", "Oil"))), ok(body(item("1", "No more oil")))])
    room.configure(feed(url, every=MINUTE), watches=[OIL])
    good = room.in_force
    room.in_force = replace(good, watch_set=with_failing_watch(good.watch_set, "oil"))
    await room.poll()
    (failure,) = room.database.query(mentions.load_matching_failures, limit=9)
    await room.poll(HOUR)
    of_the_former_text = Answers(item_id=failure.item_id, revision=1, settled=((failure, match("oil")),))
    assert room.database.run(record_answers, of_the_former_text, now=room.now) == 0
    room.in_force = good
    assert await room.poller.retry_failed() == 1
    (mention,) = room.mentions()
    assert (mention.title, [hit.text for hit in mention.hits]) == ("No more oil", ["oil"])


async def test_a_retried_watch_that_finds_nothing_any_more_is_settled(
    room: Newsroom, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(body(item("1", "Oil"))), ok(body(item("1", "Coal")))])
    room.configure(feed(url, every=MINUTE), watches=[OIL])
    good = room.in_force
    room.in_force = replace(good, watch_set=with_failing_watch(good.watch_set, "oil"))
    await room.poll()
    await room.poll(HOUR)
    room.in_force = good
    assert await room.poller.retry_failed() == 0
    assert room.database.query(mentions.load_matching_failures, limit=9) == []


# ── stopping, reloading ──────────────────────────────────────────────────────────────────────────


async def test_a_poller_that_stops_leases_nothing_more_and_ends_what_it_is_at(
    room: Newsroom, feed_server: FeedServer, gate: threading.Event
) -> None:
    quick = feed(feed_server.script("/b", [ok(REPORT)]), "b", every=MINUTE)
    room.configure(feed(feed_server.script("/slow", [held(gate, ok(REPORT))])), quick, watches=[GAS])
    polling = asyncio.create_task(room.poll())
    await until(lambda: "b" in tried(room))
    room.poller.stop()
    room.now += HOUR
    gate.set()
    assert await polling == 2
    assert tried(room) == {"a", "b"}
    assert len(feed_server.requests_for("/b")) == 1
    assert leased(room) == set()
    assert await room.poll() == 0


async def test_a_poller_that_stops_while_it_leases_gives_back_what_it_got(
    room: Newsroom, feed_server: FeedServer
) -> None:
    room.configure(feed(feed_server.script("/a", [ok(REPORT)])), watches=[GAS])
    turn = {"worker": "w2", "limit": 0, "per_host": 1, "lease_for": HOUR, "longest": DAY, "now": NOW}
    with uncommitted(room.database, feeds.lease_due_feeds, **turn):
        polling = asyncio.create_task(room.poll())
        await asyncio.sleep(0.05)  # it waits for its turn to lease
        room.poller.stop()
    assert await polling == 0
    assert (leased(room), feed_server.requests) == (set(), [])


async def test_a_poller_that_is_cancelled_leaves_nothing_half_done(
    room: Newsroom, feed_server: FeedServer
) -> None:
    definitions = [feed(feed_server.script(f"/{n}", [ok(REPORT)]), f"f{n}") for n in range(10)]
    room.configure(feed(feed_server.script("/slow", [slow()]), "a"), *definitions, watches=[GAS])
    polling = asyncio.create_task(room.poll())
    await until(lambda: len(tried(room)) > 0)
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling
    recorded = tried(room)
    assert "a" not in recorded
    assert {one.feed_id for one in room.mentions()} == recorded
    room.database.run(workers.free_leases, room.worker, now=room.now)
    feed_server.script("/slow", [ok(REPORT)])
    await room.poll()
    assert len(room.mentions()) == 11


async def test_all_items_of_a_poll_are_judged_by_one_version_of_the_watches(
    room: Newsroom, feed_server: FeedServer
) -> None:
    many = body(*(item(str(n), "Gas and oil") for n in range(60)))
    room.configure(feed(feed_server.script("/a", [ok(many)]), first_contact=ALL), watches=[GAS])
    versions = [room.in_force, replace(room.in_force, poll=replace(room.settings))]

    def reloaded() -> object:
        """Each look at the configuration finds another watch set."""
        versions.reverse()
        gas = watch("gas", "gas OR oil") if versions[0] is room.in_force else GAS
        return replace(versions[0], watch_set=compiled[gas.query])

    compiled = {
        query: compile_watch_set([watch("gas", query)], expand=expand_terms).watch_set
        for query in ("gas", "gas OR oil")
    }
    room.poller._reader._in_force = reloaded  # type: ignore[assignment]
    await room.poll()
    assert len(room.mentions()) == 60
    assert len({len(one.hits) for one in room.mentions()}) == 1


async def test_a_feed_that_is_not_in_force_here_is_left_alone_for_a_moment(
    room: Newsroom, feed_server: FeedServer
) -> None:
    definitions = [feed(feed_server.script(f"/{n}", [ok(REPORT)]), f"f{n}") for n in range(8)]
    settings = replace(room.settings, concurrency=2)
    room.configure(*definitions, watches=[GAS], settings=settings)
    everything = room.in_force
    room.in_force = replace(everything, feeds={"f7": definitions[7]})
    assert await room.poll() == 1
    assert tried(room) == {"f7"}
    room.in_force = everything
    assert await room.poll(timedelta(seconds=9)) == 0
    assert await room.poll(timedelta(seconds=1)) == 7


async def test_a_feed_that_the_operator_changes_meanwhile_is_not_recorded(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    changed = feed(feed_server.script("/new", [ok(body(item("2", "Gas elsewhere")))]))

    async def answer(request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(room.configure, changed, watches=[GAS])
        await ok(REPORT, etag='"1"')(request, reader, writer)

    room.configure(feed(feed_server.script("/a", [answer])), watches=[GAS])
    await room.poll()
    assert room.keys() == ["guid:2"]
    assert "feed had passed to another worker, or was changed meanwhile" in caplog.text


# ── the clock ────────────────────────────────────────────────────────────────────────────────────


async def test_a_clock_that_jumps_ahead_and_back_neither_storms_nor_silences(
    room: Newsroom, feed_server: FeedServer
) -> None:
    definitions = [feed(feed_server.script(f"/{n}", [ok(REPORT, etag="1")]), f"f{n}") for n in range(5)]
    room.configure(*definitions, watches=[GAS])
    assert await room.poll() == 5
    assert await room.poll(3650 * DAY) == 5
    assert await room.poll() == 0
    assert await room.poll(-3650 * DAY) == 5, "a due time in ten years is a clock that was set back"
    assert await room.poll() == 0
    assert await room.poll(20 * MINUTE) == 5
    assert len(room.mentions()) == 5


async def test_a_clock_that_jumps_while_a_feed_is_polled_polls_it_no_second_time(
    room: Newsroom, feed_server: FeedServer, gate: threading.Event
) -> None:
    definitions = [feed(feed_server.script(f"/{n}", [held(gate, ok(REPORT))]), f"f{n}") for n in range(2)]
    room.configure(*definitions, watches=[GAS])
    polling = asyncio.create_task(room.poll())
    await until(lambda: len(feed_server.requests) == 2)
    room.now += 3650 * DAY
    third = feed(feed_server.script("/3", [ok(REPORT)]), "f3")
    room.configure(*definitions, third, watches=[GAS])
    await until(lambda: "f3" in tried(room))  # so everything that is due now has been looked at
    gate.set()
    assert await polling == 3
    assert len(feed_server.requests) == 3
    assert len(room.mentions()) == 3


async def test_without_a_clock_of_a_test_time_is_real(room: Newsroom, feed_server: FeedServer) -> None:
    room.configure(feed(feed_server.script("/a", [ok(REPORT)])), watches=[GAS])
    poller = room.new_poller(real_time=True)
    before = datetime.now(UTC)
    assert await poller.poll_due() == 1
    assert await poller.poll_due() == 0
    contact = room.status().first_contact_at
    assert contact is not None
    assert before <= contact <= datetime.now(UTC)
    assert room.arrivals() == {"Gas report": "before_first_contact"}


async def test_hours_to_skip_are_kept_even_where_a_feed_is_overdue(
    room: Newsroom, feed_server: FeedServer
) -> None:
    head = "<skipHours><hour>10</hour><hour>11</hour></skipHours>"
    url = feed_server.script("/a", [ok(body(item("1", "Gas"), head=head), etag="1")])
    room.configure(feed(url), feed(feed_server.script("/b", [ok(REPORT, etag="1")]), "b"), watches=[GAS])
    assert await room.poll() == 2  # at 9:00
    assert await room.poll(90 * MINUTE) == 1
    assert await room.poll(89 * MINUTE) == 1
    assert await room.poll(MINUTE) == 1
    assert len(feed_server.requests_for("/a")) == 2


# ── what is told ─────────────────────────────────────────────────────────────────────────────────


async def test_a_poll_that_changes_something_or_fails_is_one_line_and_shows_no_credentials(
    room: Newsroom, feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    suspect = REPORT.replace(b"report", "r\u00e9port".encode("latin-1"))
    secret = feed_server.url("/b").replace("//", "//press:hunter2@") + "?token=hunter2"
    feed_server.script("/b", [status(403)])
    room.configure(
        feed(feed_server.script("/a", [ok(suspect, etag='"1"'), ok(suspect, etag='"1"')])),
        feed(secret, "b"),
        watches=[GAS],
    )
    await room.poll()
    lines = {one.__dict__.get("feed_id"): one for one in caplog.records if one.message.startswith("poll ")}
    assert (lines["a"].message, lines["b"].message) == ("poll recorded", "poll failed")
    told = lines["a"].__dict__
    assert (told["outcome"], told["new_items"], told["mentions"]) == ("fetched", 1, 1)
    assert "encoding suspect" in told["detail"]
    assert "encoding suspect" in room.status("a").notes
    assert "403" in lines["b"].__dict__["detail"]
    assert "hunter2" not in caplog.text + repr([one.__dict__ for one in caplog.records])
    assert "hunter2" not in room.status("b").detail

    caplog.clear()
    await room.poll(HOUR)
    assert [one for one in caplog.records if one.message == "poll recorded"] == []


async def test_gibberish_is_a_problem_of_its_feed_alone(room: Newsroom, feed_server: FeedServer) -> None:
    definitions = [
        feed(feed_server.script("/a", [raw(b"\x00\xff\r\n\r\n")]), "a"),
        feed(feed_server.script("/b", [ok(REPORT)]), "b"),
    ]
    room.configure(*definitions, watches=[GAS])
    assert await room.poll() == 2
    assert room.status("a").outcome == "protocol"
    assert len(room.mentions()) == 1
