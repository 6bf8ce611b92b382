"""What an operator wants to know at a glance: feeds, deliveries, channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from marsad.model import DeliveryState
from marsad.store import channels, deliveries, feeds
from marsad.store.channels import ChannelState
from marsad.store.database import Connection
from marsad.store.feeds import FeedStatus


@dataclass(frozen=True, kw_only=True)
class Status:
    feeds: tuple[FeedStatus, ...]
    """In force, by id."""
    deliveries: dict[DeliveryState, int]
    channel: ChannelState
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
    def never_tried(self) -> int:
        return sum(feed.tried_at is None and feed.stopped_at is None for feed in self.feeds)


def load_status(conn: Connection, *, channel: str, now: datetime) -> Status:
    """Return the state of everything in one consistent read."""
    return Status(
        feeds=tuple(feeds.load_feeds(conn)),
        deliveries=deliveries.count_by_state(conn),
        channel=channels.load(conn, channel),
        now=now,
    )
