"""Whole feeds through the whole poller: what publishers send, in every encoding, and what attackers send."""
# ruff: noqa: F811 - the fixture feed_server is imported

from __future__ import annotations

import asyncio
import codecs
import json
import resource
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marsad.feeds.fetch import MAX_BODY
from marsad.model import FeedDefinition
from marsad.pipeline import reading
from marsad.store import items
from marsad.store.database import Database
from tests.pipeline.polling import ALL, DAY, SETTINGS, Newsroom, body, feed, item, newsroom, watch
from tests.servers.feed_server import (
    FeedServer,
    feed_server,  # noqa: F401
    gzip_bomb,
    ok,
)
from tests.shared_data import shared

pytestmark = pytest.mark.slow_on_postgresql

OWN = Path(__file__).parents[1] / "data" / "feeds"

SAID_TWICE = {
    # Ten items that are alike to the letter: title, link, text, neither guid nor date.
    "real/rome__rome-modules__src__test__resources__os__sample1.xml": 9,
    # Two of its items, which have text and nothing else, are alike.
    "real/rss__tests__data__rss092.xml": 1,
}
"""How many entries of a feed repeat an earlier one in all that tells items apart."""


LARGE = replace(SETTINGS, max_body=MAX_BODY)


@pytest.fixture
async def room(store: Database, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """On both databases in turn."""
    async with newsroom(store, tmp_path, LARGE) as room:
        yield room


@pytest.fixture
async def reader(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Newsroom]:
    """For what ends before a database is reached."""
    with Database.open_file(Path(shutil.copy(sqlite_template, tmp_path / "marsad.db"))) as store:
        async with newsroom(store, tmp_path, LARGE) as room:
            yield room


def again(payload: bytes) -> bytes:
    """Return the same document in other bytes, so that it is parsed anew."""
    if payload.startswith(b"{"):
        return payload + b"\n"
    return payload + b"\n<!-- served again -->\n"


# ── feeds of our own, with what is in them ───────────────────────────────────────────────────────


async def test_feeds_of_every_format_yield_their_entries_once(
    room: Newsroom, feed_server: FeedServer
) -> None:
    expected: dict[str, dict[str, Any]] = json.loads((OWN / "index.json").read_text())
    bodies = {name: (OWN / name).read_bytes() for name in expected}
    definitions = [
        feed(feed_server.script(f"/{name}", [ok(one), ok(again(one))]), name, first_contact=ALL)
        for name, one in bodies.items()
    ]
    room.configure(*definitions)
    assert await room.poll() == len(expected)
    for name, said in expected.items():
        status = room.status(name)
        assert (status.outcome, status.detail.partition(":")[0]) == ("fetched", said.get("detail", ""))
        latest = room.database.query(items.load_latest, name, limit=99)
        assert [one.title for one in reversed(latest)] == said["titles"]
    before = room.count_revisions()
    assert await room.poll(2 * DAY) == len(expected)
    assert {room.status(name).outcome for name in expected} == {"fetched"}
    assert room.count_revisions() == before == sum(len(said["titles"]) for said in expected.values())


ARABIC = "وزارة الخارجية تعلن موعد زيارة الوفد الروسي إلى القاهرة"
RUSSIAN = "Министерство иностранных дел сообщило о визите делегации в Каир"


@pytest.mark.parametrize(
    ("title", "encoding", "charset", "declared"),
    [
        (ARABIC, "windows-1256", "windows-1256", ""),
        (ARABIC, "windows-1256", None, "windows-1256"),
        (ARABIC, "windows-1256", None, ""),
        (ARABIC, "windows-1256", "utf-8", "utf-8"),
        (RUSSIAN, "koi8-r", None, "koi8-r"),
        (RUSSIAN, "koi8-r", "koi8-r", "utf-8"),
        (RUSSIAN, "windows-1251", None, ""),
        (RUSSIAN, "utf-16", None, "utf-16"),
        (ARABIC, "utf-16-le", None, "utf-16"),
        (ARABIC, "utf-16-be", None, ""),
    ],
    ids=lambda value: "ar" if value == ARABIC else "ru" if value == RUSSIAN else None,
)
async def test_a_feed_is_read_in_the_encoding_it_is_in(
    reader: Newsroom, feed_server: FeedServer, title: str, encoding: str, charset: str | None, declared: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = declaration + body(*(item(str(n), f"{title} {n}", text=title) for n in range(5))).decode()
    payload = codecs.encode(text, encoding)
    content_type = f"text/xml; charset={charset}" if charset else "text/xml"
    url = feed_server.script("/a", [ok(payload, content_type=content_type)])
    term = "الروسي" if title is ARABIC else "делегации"
    reader.configure(feed(url, first_contact=ALL), watches=[watch("w", term)])
    await reader.poll()
    assert [one.title for one in reader.mentions()] == [f"{title} {n}" for n in range(5)]


async def test_one_bad_byte_costs_one_character(reader: Newsroom, feed_server: FeedServer) -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>' + body(item("1", ARABIC), item("2", RUSSIAN)).decode()
    bad = text.replace("القاهرة", "القاه\ue000رة").encode().replace("\ue000".encode(), b"\xff")
    reader.configure(
        feed(feed_server.script("/a", [ok(bad)]), first_contact=ALL), watches=[watch("w", "الروسي")]
    )
    await reader.poll()
    (mention,) = reader.mentions()
    assert mention.title == ARABIC.replace("القاهرة", "القاه\ufffdرة")
    assert reader.status().notes == "encoding suspect: 1 character is not valid utf-8"


# ── what attackers send ──────────────────────────────────────────────────────────────────────────


async def test_hostile_bodies_harm_nothing_and_delay_nobody(
    reader: Newsroom, feed_server: FeedServer, tmp_path: Path
) -> None:
    attributes = " ".join(f'a{n}="{n}"' for n in range(100_000))
    readable = tmp_path / "feed.xml"
    readable.write_bytes(body(item("secret", "A file of this machine")))
    hostile = {
        "attributes": (ok(f"<rss {attributes}><channel/></rss>".encode()), "unreadable"),
        "item attributes": (
            ok(body("<title>x</title>").replace(b"<title>x", f"<t {attributes}>x".encode())),
            "unreadable",
        ),
        "bomb": (gzip_bomb(2 * 1024**3), "too_large"),
        "path": (ok(str(readable).encode()), "not_a_feed"),
        "url": (ok(readable.as_uri().encode()), "not_a_feed"),
        "device": (ok(b"/dev/zero"), "not_a_feed"),
        "empty": (ok(b""), "not_a_feed"),
    }
    bad = [
        feed(feed_server.script(f"/bad{n}", [reply]), name)
        for n, (name, (reply, _)) in enumerate(hostile.items())
    ]
    good = [feed(feed_server.script(f"/{n}", [ok(body(item("1", "Gas")))]), f"good{n}") for n in range(20)]
    reader.configure(*bad, *good, watches=[watch("gas", "gas")])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with asyncio.timeout(90):
        assert await reader.poll() == len(bad) + len(good)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024, f"{grown} KiB"
    assert {name: reader.status(name).outcome for name in hostile} == {
        name: problem for name, (_, problem) in hostile.items()
    }
    assert len(reader.mentions()) == 20
    assert set(reader.count_items()) == {one.id for one in good}


CHOKING = body(*("<title>x</title>" for _ in range(50_000)))  # some 20 s for the parser


async def test_a_body_that_chokes_the_parser_is_given_up(
    reader: Newsroom, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARSE_TIMEOUT", timedelta(seconds=1))
    reader.configure(feed(feed_server.script("/choking", [ok(CHOKING)])))
    assert await reader.poll() == 1
    assert (reader.status().outcome, reader.status().detail) == (
        "unreadable",
        "parsing it takes longer than 1 s",
    )


async def test_a_body_that_chokes_the_parser_delays_nobody(
    reader: Newsroom, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PARSE_TIMEOUT", timedelta(minutes=5))
    choking = feed(feed_server.script("/choking", [ok(CHOKING)]), "choking")
    good = [feed(feed_server.script(f"/{n}", [ok(body(item("1", "Gas")))]), f"good{n}") for n in range(20)]
    reader.configure(choking, *good, watches=[watch("gas", "gas")])
    polling = asyncio.create_task(reader.poll())
    while len(reader.mentions()) < 20:  # noqa: ASYNC110 - what is waited for is in a database
        await asyncio.sleep(0.01)
    assert reader.status("choking").outcome is None, "the parser is still at it"
    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling


async def test_large_bodies_wait_for_each_other_and_nobody_for_them(
    reader: Newsroom, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE_BODY", 10_000)
    large = body(*(item(str(n), f"Gas {n}", text="long " * 30) for n in range(80)))
    assert len(large) > 10_000
    definitions = [feed(feed_server.script(f"/large{n}", [ok(large)]), f"large{n}") for n in range(6)]
    small = feed(feed_server.script("/small", [ok(body(item("1", "Gas")))]), "small")
    reader.configure(*definitions, small, watches=[watch("gas", "gas")])
    slots = reader.poller._reader._large_bodies
    for _ in range(reading.LARGE_BODIES):
        await slots.acquire()
    polling = asyncio.create_task(reader.poll())
    async with asyncio.timeout(60):
        while reader.status("small").outcome is None or len(feed_server.requests) < 7:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert set(reader.count_items()) == {"small"}
    for _ in range(reading.LARGE_BODIES):
        slots.release()
    assert await polling == 7
    assert reader.count_items() == {f"large{n}": 80 for n in range(6)} | {"small": 1}


# ── feeds of the world ───────────────────────────────────────────────────────────────────────────


@pytest.mark.timeout(900)
async def test_123_real_feeds_yield_their_entries_and_nothing_new_the_second_time(
    room: Newsroom, feed_server: FeedServer
) -> None:
    folder = shared("data/feeds")
    lines = (json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines())
    entries = {one["file"]: one["feedparser"]["entries"] for one in lines if one["file"].startswith("real/")}
    assert len(entries) == 123
    definitions: list[FeedDefinition] = []
    for name in entries:
        payload = (folder / name).read_bytes()
        url = feed_server.script(f"/{len(definitions)}", [ok(payload), ok(payload), ok(again(payload))])
        definitions.append(feed(url, name, first_contact=ALL))
    room.configure(*definitions)
    assert await room.poll() == 123
    failed = {name: room.status(name).detail for name in entries if room.status(name).outcome != "fetched"}
    assert failed == {}
    expected = {name: count - SAID_TWICE.get(name, 0) for name, count in entries.items()}
    assert room.count_items() == expected
    for outcome in ("not_modified", "fetched"):
        assert await room.poll(2 * DAY) == 123
        assert {room.status(name).outcome for name in entries} == {outcome}
        assert room.count_items() == expected
        assert room.count_revisions() == sum(expected.values())
