"""What an operator wants to know at a glance: feeds, deliveries, channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marsad.model import DeliveryState
from marsad.store import channels, deliveries, feeds, workers
from marsad.store.channels import ChannelState
from marsad.store.database import Connection
from marsad.store.feeds import FeedStatus
from marsad.store.workers import WorkerStatus

SILENT: Final = timedelta(seconds=60)
"""A worker says every ten seconds that it works: after so long it does not, or cannot write."""
LATE: Final = timedelta(minutes=10)
"""A feed that is due and nobody works on for so long is not polled at all: a poll takes half a minute."""


@dataclass(frozen=True, kw_only=True)
class Status:
    feeds: tuple[FeedStatus, ...]
    """In force, by id."""
    deliveries: dict[DeliveryState, int]
    channel: ChannelState
    workers: tuple[WorkerStatus, ...]
    """That have not said that they ended."""
    now: datetime

    @property
    def due(self) -> int:
        """How many feeds should be polled now."""
        return sum(feed.stopped_at is None and feed.due_at <= self.now for feed in self.feeds)

    @property
    def failing(self) -> tuple[FeedStatus, ...]:
        return tuple(feed for feed in self.feeds if feed.failures > 0 and feed.stopped_at is None)

    @property
    def stopped(self) -> tuple[FeedStatus, ...]:
        return tuple(feed for feed in self.feeds if feed.stopped_at is not None)

    @property
    def doubtful(self) -> tuple[tuple[FeedStatus, str], ...]:
        """Feeds that can be polled, but of which an operator should know something, and what that is."""
        told = (
            (feed, "; ".join(part for part in (feed.detail, feed.notes) if part))
            for feed in self.feeds
            if feed.failures == 0 and feed.stopped_at is None
        )
        return tuple((feed, words) for feed, words in told if words)

    @property
    def working(self) -> tuple[WorkerStatus, ...]:
        return tuple(worker for worker in self.workers if self.now - worker.seen_at < SILENT)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What an operator must mend for the service to do its work; not what a feed or a server does."""
        if not self.working:
            return ("no worker is at work: start `marsad run`",)
        told = [f"{worker.name}: {worker.trouble}" for worker in self.working if worker.trouble]
        late = [
            feed
            for feed in self.feeds
            if feed.stopped_at is None
            and feed.due_at < self.now - LATE
            and (feed.leased_until is None or feed.leased_until < self.now)
        ]
        if late:
            told.append(f"{len(late)} feeds have not been polled for {LATE} after they were due")
        return tuple(told)

    @property
    def never_tried(self) -> int:
        return sum(feed.tried_at is None and feed.stopped_at is None for feed in self.feeds)


def load_status(conn: Connection, *, channel: str, now: datetime) -> Status:
    """Return the state of everything in one consistent read."""
    return Status(
        feeds=tuple(feeds.load_feeds(conn)),
        deliveries=deliveries.count_by_state(conn),
        channel=channels.load(conn, channel),
        workers=tuple(workers.load_workers(conn)),
        now=now,
    )
