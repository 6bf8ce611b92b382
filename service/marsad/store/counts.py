"""How much there is of everything, in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marsad.model import DeliveryState
from marsad.store.database import Connection
from marsad.store.deliveries import count_by_state
from marsad.store.tables import dispositions, feeds, items, matching_failures, mentions


@dataclass(frozen=True, kw_only=True)
class Counts:
    feeds: int
    """In force, stopped ones included."""
    feeds_due: int
    feeds_failing: int
    """Whose last poll did not succeed."""
    items: int
    mentions: int
    undecided: int
    """Places of mentions that wait for a plan or for the window of a digest."""
    matching_failures: int
    deliveries: dict[DeliveryState, int]
    """Every state, those without any included."""


def load_counts(conn: Connection, *, now: datetime) -> Counts:
    """Return the numbers of `marsad status` and the metrics."""
    in_force = feeds.c.removed_at.is_(None)
    polled = conn.execute(
        select(
            func.count().label("feeds"),
            func.count().filter(feeds.c.stopped_at.is_(None), feeds.c.due_at <= now).label("due"),
            # Whatever the poll's outcome is called: one that succeeds is the last one tried.
            func.count()
            .filter(
                feeds.c.tried_at.is_not(None),
                feeds.c.last_success_at.is_distinct_from(feeds.c.tried_at),
            )
            .label("failing"),
        ).where(in_force)
    ).one()
    return Counts(
        feeds=polled.feeds,
        feeds_due=polled.due,
        feeds_failing=polled.failing,
        items=conn.execute(select(func.count()).select_from(items)).scalar_one(),
        mentions=conn.execute(select(func.count()).select_from(mentions)).scalar_one(),
        undecided=conn.execute(
            select(func.count()).select_from(dispositions).where(dispositions.c.decided_at.is_(None))
        ).scalar_one(),
        matching_failures=conn.execute(select(func.count()).select_from(matching_failures)).scalar_one(),
        deliveries=count_by_state(conn),
    )
