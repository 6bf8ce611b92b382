"""Feeds as polls see them: T1 leases what is due; who works on a feed, and until when, is in its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from marsad.errors import NotFound
from marsad.model import Feed, Validators
from marsad.store.database import Connection
from marsad.store.dialect import Turn, chunks, server_now, wait_for_turn
from marsad.store.tables import feeds

_POLLED = and_(feeds.c.removed_at.is_(None), feeds.c.stopped_at.is_(None))


@dataclass(frozen=True, kw_only=True)
class FeedStatus:
    """A feed as an operator is shown it."""

    id: str
    name: str
    title: str | None
    """As the feed calls itself."""
    url: str
    """Where it is asked today. May hold credentials."""
    configured_url: str
    """May hold credentials."""
    outcome: str | None
    """Of the last poll: "fetched", "not_modified" or a `FetchProblem`; None where there was none yet."""
    detail: str
    failures: float
    tried_at: datetime | None
    last_success_at: datetime | None
    first_contact_at: datetime | None
    due_at: datetime
    leased_until: datetime | None
    stopped_at: datetime | None
    """Set where the publisher said that the feed is gone."""
    removed_at: datetime | None


def lease_due_feeds(
    conn: Connection,
    *,
    worker: str,
    limit: int,
    per_host: int,
    lease_for: timedelta,
    longest: timedelta,
    now: datetime | None = None,
) -> list[Feed]:
    """Lease up to *limit* due feeds to *worker*, the longest overdue first (T1).

    At most *per_host* feeds of one host are leased at a time, by all workers together. A due time more than
    *longest* ahead counts as due: the clock was set back. *now* is the database server's where it is None.
    """
    wait_for_turn(conn, Turn.LEASE)
    now = now or server_now(conn)
    free = or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now)
    due = and_(_POLLED, free, or_(feeds.c.due_at <= now, feeds.c.due_at > now + longest))
    held = (
        select(feeds.c.host, func.count().label("feeds"))
        .where(feeds.c.lease_worker.is_not(None), feeds.c.leased_until > now)
        .group_by(feeds.c.host)
        .cte("held")
    )
    place: ColumnElement[int] = func.row_number().over(
        partition_by=feeds.c.host, order_by=(feeds.c.due_at, feeds.c.id)
    )
    ranked = select(feeds.c.id, feeds.c.host, place.label("place")).where(due).cte("ranked")
    picked = conn.execute(
        select(feeds)
        .join(ranked, ranked.c.id == feeds.c.id)
        .outerjoin(held, held.c.host == ranked.c.host)
        # `due` again, on the row itself: PostgreSQL asks it once more where the row changed meanwhile.
        .where(due, ranked.c.place + func.coalesce(held.c.feeds, 0) <= per_host)
        .order_by(feeds.c.due_at, feeds.c.id)
        .limit(limit)
        .with_for_update(of=feeds, skip_locked=True)
    ).all()
    for part in chunks([row.id for row in picked]):
        conn.execute(
            update(feeds)
            .where(feeds.c.id.in_(part))
            .values(lease_worker=worker, leased_until=now + lease_for)
        )
    return [_feed(row) for row in picked]


def release_feeds(conn: Connection, worker: str, ids: Sequence[str]) -> int:
    """Give back what *worker* leased and did not poll; return how many leases were still its own."""
    released = 0
    for part in chunks(ids):
        released += conn.execute(
            update(feeds)
            .where(feeds.c.id.in_(part), feeds.c.lease_worker == worker)
            .values(lease_worker=None, leased_until=None)
        ).rowcount
    return released


def load_next_due(conn: Connection) -> datetime | None:
    """Return when the next feed that nobody works on is due; None where there is none."""
    next_due: datetime | None = conn.execute(
        select(feeds.c.due_at)
        .where(_POLLED, feeds.c.lease_worker.is_(None))
        .order_by(feeds.c.due_at, feeds.c.id)
        .limit(1)
    ).scalar()
    return next_due


def count_never_tried(conn: Connection) -> int:
    """Return how many feeds in force have never been asked; a failed try counts as asked."""
    return conn.execute(
        select(func.count()).select_from(feeds).where(_POLLED, feeds.c.tried_at.is_(None))
    ).scalar_one()


def load_feed(conn: Connection, feed_id: str) -> FeedStatus:
    """Return one feed, removed or not; NotFound."""
    row = conn.execute(select(feeds).where(feeds.c.id == feed_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no feed {feed_id}")
    return _status(row)


def load_feeds(conn: Connection) -> list[FeedStatus]:
    """Return the feeds in force, stopped ones too, by id."""
    rows = conn.execute(select(feeds).where(feeds.c.removed_at.is_(None)).order_by(feeds.c.id))
    return [_status(row) for row in rows]


def make_due(conn: Connection, ids: Sequence[str], now: datetime) -> int:
    """Let the feeds *ids* be polled at once, stopped ones too; return how many there are."""
    return sum(
        conn.execute(
            update(feeds)
            .where(feeds.c.id.in_(part), feeds.c.removed_at.is_(None))
            .values(due_at=now, stopped_at=None)
        ).rowcount
        for part in chunks(ids)
    )


def _feed(row: Row[Any]) -> Feed:
    return Feed(
        id=row.id,
        url=row.url,
        configured_url=row.configured_url,
        host=row.host,
        name=row.name,
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        failures=row.failures,
        first_contact_at=row.first_contact_at,
        last_success_at=row.last_success_at,
        moved_to=row.moved_to,
        moved_times=row.moved_times,
        publisher_every=row.publisher_every,
        lease_expired=row.lease_worker is not None,
    )


def _status(row: Row[Any]) -> FeedStatus:
    return FeedStatus(
        id=row.id,
        name=row.name,
        title=row.title,
        url=row.url,
        configured_url=row.configured_url,
        outcome=row.outcome,
        detail=row.detail,
        failures=row.failures,
        tried_at=row.tried_at,
        last_success_at=row.last_success_at,
        first_contact_at=row.first_contact_at,
        due_at=row.due_at,
        leased_until=row.leased_until,
        stopped_at=row.stopped_at,
        removed_at=row.removed_at,
    )
