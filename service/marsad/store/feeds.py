"""Feeds as polls see them: T1 leases what is due; who works on a feed, and until when, is in its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)

from marsad.errors import NotFound
from marsad.model import Feed, Skips, Validators
from marsad.schedule import LONGEST_SKIP
from marsad.store.database import Connection
from marsad.store.dialect import Turn, chunks, server_now, wait_for_turn
from marsad.store.tables import UtcTime, feeds

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
    notes: str
    """What an operator should know of the feed as it was last read: an encoding that is suspect, …"""
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
    *longest* ahead (a week more where the publisher names days or hours to skip) counts as due: the clock was
    set back. *now* is the database server's where it is None.
    """
    wait_for_turn(conn, Turn.LEASE)
    now = now or server_now(conn)
    held = conn.execute(
        select(feeds.c.host, func.count())
        .where(feeds.c.lease_worker.is_not(None), feeds.c.leased_until > now)
        .group_by(feeds.c.host)
    )
    busy = Counter({host: count for host, count in held})
    # Two ranges of one index. Asked for with OR, each tick would read every feed that is not due.
    ids = _pick(conn, feeds.c.due_at <= now, busy, limit=limit, per_host=per_host, now=now)
    beyond = now + longest
    wrong = and_(
        feeds.c.due_at > beyond,
        or_(
            and_(feeds.c.skip_hours.is_(None), feeds.c.skip_days.is_(None)),
            feeds.c.due_at > beyond + LONGEST_SKIP,
        ),
    )
    ids += _pick(conn, wrong, busy, limit=limit - len(ids), per_host=per_host, now=now)
    leased: list[Row[Any]] = []
    for part in chunks(ids):
        # Who records or changes one of them right now is not waited for.
        rows = conn.execute(
            select(feeds).where(feeds.c.id.in_(part), _POLLED, _free(now)).with_for_update(skip_locked=True)
        ).all()
        conn.execute(
            update(feeds)
            .where(feeds.c.id.in_([row.id for row in rows]))
            .values(lease_worker=worker, leased_until=now + lease_for)
        )
        leased += rows
    return [_feed(row) for row in sorted(leased, key=lambda row: (row.due_at, row.id))]


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now)


def _pick(
    conn: Connection,
    due: ColumnElement[bool],
    busy: Counter[str],
    *,
    limit: int,
    per_host: int,
    now: datetime,
) -> list[str]:
    """Return up to *limit* ids of *due* feeds in the order of their due times, and count them into *busy*.

    Read page by page, without the hosts that are full by then: a host with ten thousand overdue feeds hides
    nobody, and nothing is ranked. (Ranking all of 20,000 overdue feeds took 86 ms a batch on SQLite, 1.5 s on
    PostgreSQL; the whole of T1 now takes 16 and 29 ms.)
    """
    picked: list[str] = []
    query = (
        select(feeds.c.id, feeds.c.host, feeds.c.due_at)
        .where(_POLLED, _free(now), due)
        .order_by(feeds.c.due_at, feeds.c.id)
        .limit(limit)
    )
    after: ColumnElement[bool] = true()
    while len(picked) < limit:
        full = [host for host, count in busy.items() if count >= per_host]
        page = conn.execute(query.where(after, feeds.c.host.not_in(full))).all()
        for row in page:
            if busy[row.host] < per_host and len(picked) < limit:
                busy[row.host] += 1
                picked.append(row.id)
        if len(page) < limit:
            break
        last = page[-1]
        after = tuple_(feeds.c.due_at, feeds.c.id) > tuple_(
            literal(last.due_at, UtcTime), literal(last.id, Text)
        )
    return picked


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


def postpone_feeds(conn: Connection, worker: str, due_at: Mapping[str, datetime]) -> int:
    """Give back what *worker* leased and may not poll now; nobody takes a feed before its *due_at*."""
    if not due_at:
        return 0
    return conn.execute(
        update(feeds)
        .where(feeds.c.id == bindparam("feed"), feeds.c.lease_worker == worker)
        .values(lease_worker=None, leased_until=None, due_at=bindparam("then", type_=UtcTime)),
        [{"feed": feed_id, "then": then} for feed_id, then in sorted(due_at.items())],
    ).rowcount


def rest_host(conn: Connection, host: str, *, until: datetime) -> int:
    """Let no feed of *host* come due before *until*; return how many that puts off."""
    return conn.execute(
        update(feeds)
        .where(feeds.c.host == host, _POLLED, feeds.c.lease_worker.is_(None), feeds.c.due_at < until)
        .values(due_at=until)
    ).rowcount


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


def load_oldest_due(conn: Connection) -> datetime | None:
    """Return since when a feed in force has been waiting at most: its due time; None where there is no feed.

    It may lie ahead. A feed that is being asked waits until what it said is recorded.
    """
    oldest: datetime | None = conn.execute(
        select(feeds.c.due_at).where(_POLLED).order_by(feeds.c.due_at, feeds.c.id).limit(1)
    ).scalar()
    return oldest


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
        skips=Skips(hours=_numbers(row.skip_hours), days=_numbers(row.skip_days)),
        lease_expired=row.lease_worker is not None,
    )


def numbers_as_text(numbers: Collection[int]) -> str | None:
    """Return *numbers* as they stand in a row, `0,1,23`; none is NULL."""
    return ",".join(map(str, sorted(numbers))) or None


def _numbers(text: str | None) -> frozenset[int]:
    return frozenset(map(int, text.split(","))) if text else frozenset()


def _status(row: Row[Any]) -> FeedStatus:
    return FeedStatus(
        id=row.id,
        name=row.name,
        title=row.title,
        url=row.url,
        configured_url=row.configured_url,
        outcome=row.outcome,
        detail=row.detail,
        notes=row.notes,
        failures=row.failures,
        tried_at=row.tried_at,
        last_success_at=row.last_success_at,
        first_contact_at=row.first_contact_at,
        due_at=row.due_at,
        leased_until=row.leased_until,
        stopped_at=row.stopped_at,
        removed_at=row.removed_at,
    )
