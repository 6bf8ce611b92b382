"""A poller with real parts: a store, a fetcher, parse workers, watches, and a clock that a test moves."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import func, select

from marsad.config.settings import PollSettings
from marsad.feeds.fetch import Fetcher
from marsad.feeds.worker import ParserPool
from marsad.language.forms import expand_terms
from marsad.matching.watchset import compile_watch_set
from marsad.model import (
    EntityDefinition,
    FeedDefinition,
    FirstContact,
    RecipientDefinition,
    Schedule,
    SendRule,
    WatchDefinition,
)
from marsad.pipeline.poller import InForce, Poller
from marsad.store import configuration, feeds, items, mentions, tables
from marsad.store.database import Database
from marsad.store.feeds import FeedStatus
from marsad.store.mentions import RecordedMention
from tests.store.world import NOW
from tests.unit.feeds.samples import rss

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALL = FirstContact(window=None)
SETTINGS = PollSettings(
    every=timedelta(minutes=15),
    concurrency=50,
    per_host=1000,  # every feed of a test is on this host
    timeout=timedelta(seconds=20),
    max_body=1024 * 1024,
    first_contact=FirstContact(window=DAY),
)
DESK = RecipientDefinition(id="desk", address="desk@example.org", timezone="Africa/Cairo")


@dataclass
class Newsroom:
    """What is configured, what time it is, and the poller that works on it."""

    database: Database
    config_dir: Path
    settings: PollSettings = SETTINGS
    now: datetime = NOW
    worker: str = "w1"
    in_force: InForce = field(init=False)
    poller: Poller = field(init=False)
    fetcher: Fetcher = field(init=False)
    parsers: ParserPool = field(init=False)

    def clock(self) -> datetime:
        return self.now

    def configure(
        self,
        *definitions: FeedDefinition,
        watches: Sequence[WatchDefinition] = (),
        entities: Sequence[EntityDefinition] = (),
        settings: PollSettings | None = None,
    ) -> None:
        """Do what a start or a reload does."""
        compiled = compile_watch_set(watches, entities, feeds=definitions, expand=expand_terms)
        assert compiled.mistakes == ()
        self.database.run(
            configuration.sync_configuration,
            feeds=definitions,
            watches=watches,
            versions=compiled.watch_set.versions(),
            entities=entities,
            recipients=[DESK],
            channel="maildir",
            now=self.now,
        )
        self.settings = settings or self.settings
        self.in_force = InForce(
            feeds={one.id: one for one in definitions}, poll=self.settings, watch_set=compiled.watch_set
        )

    def new_poller(self, *, real_time: bool = False) -> Poller:
        return Poller(
            database=self.database,
            fetcher=self.fetcher,
            parsers=self.parsers,
            worker=self.worker,
            in_force=lambda: self.in_force,
            clock=None if real_time else self.clock,
            randomness=random.Random(1),  # noqa: S311 - jitter
        )

    async def poll(self, after: timedelta = timedelta(0)) -> int:
        self.now += after
        return await self.poller.poll_due()

    # ── what is recorded ─────────────────────────────────────────────────────────────────────────

    def count_items(self) -> dict[str, int]:
        """Items of each feed that has any."""
        count = select(tables.items.c.feed_id, func.count()).group_by(tables.items.c.feed_id)
        return {row[0]: row[1] for row in self.database.query(lambda conn: conn.execute(count).all())}

    def count_revisions(self) -> int:
        count = select(func.count()).select_from(tables.revisions)
        return self.database.query(lambda conn: conn.execute(count).scalar_one())

    def status(self, feed_id: str = "a") -> FeedStatus:
        return self.database.query(feeds.load_feed, feed_id)

    def mentions(self) -> list[RecordedMention]:
        return self.database.query(mentions.load_mentions, limit=100_000)

    def arrivals(self) -> dict[str, str]:
        """Arrival of each mention, by the item's title."""
        return {one.title: one.arrival.value for one in self.mentions()}

    def keys(self, feed_id: str = "a") -> list[str]:
        """Keys of all items of a feed, the newest first."""
        return [one.key for one in self.database.query(items.load_latest, feed_id, limit=100_000)]


@asynccontextmanager
async def newsroom(
    database: Database, config_dir: Path, settings: PollSettings = SETTINGS
) -> AsyncIterator[Newsroom]:
    """A newsroom with two parse workers; configure it before the first poll."""
    room = Newsroom(database=database, config_dir=config_dir, settings=settings)
    fetcher = Fetcher(
        user_agent="Marsad/test (+mailto:desk@example.org)",
        config_dir=config_dir,
        timeout=settings.timeout,
        max_body=settings.max_body,
        connect_timeout=timedelta(seconds=5),
        stall_timeout=settings.timeout,
    )
    async with fetcher, ParserPool(2) as room.parsers:
        room.fetcher = fetcher
        room.poller = room.new_poller()
        yield room


def feed(url: str, feed_id: str = "a", **more: object) -> FeedDefinition:
    return replace(FeedDefinition(id=feed_id, url=url, name=feed_id, allow_private=True), **more)  # type: ignore[arg-type]


def watch(watch_id: str, query: str, **more: object) -> WatchDefinition:
    send = (SendRule(to="desk", when=Schedule.parse("instant")),)
    plain = WatchDefinition(id=watch_id, name=watch_id, label=watch_id, query=query, send=send)
    return replace(plain, **more)  # type: ignore[arg-type]


def item(
    guid: str | None,
    title: str,
    *,
    link: str | None = None,
    published: datetime | None = None,
    text: str = "",
) -> str:
    """The inside of an RSS item."""
    parts = [f"<title>{title}</title>", f"<description>{text}</description>"]
    if guid is not None:
        parts.append(f'<guid isPermaLink="false">{guid}</guid>')
    if link is not None:
        parts.append(f"<link>{link}</link>")
    if published is not None:
        parts.append(f"<pubDate>{format_datetime(published)}</pubDate>")
    return "".join(parts)


def body(*insides: str, head: str = "") -> bytes:
    return rss(*insides, head=head).encode()
