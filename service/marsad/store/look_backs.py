"""T6: which watches have yet to look back, at what, and that they have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update

from marsad.model import Revision
from marsad.store.database import Connection
from marsad.store.items import revision_from
from marsad.store.tables import feeds, items, revisions, watches


@dataclass(frozen=True, kw_only=True)
class ArchivedItem:
    """A recorded item as a watch that looks back sees it."""

    item_id: int
    revision_id: int
    feed_id: str
    first_seen_at: datetime
    first_contact_at: datetime | None
    """Of its feed."""
    revision: Revision
    """The current one."""


def load_pending(conn: Connection) -> dict[str, str]:
    """Return id -> version of the watches in force that, as they are today, have not looked back."""
    rows = conn.execute(
        select(watches.c.id, watches.c.version).where(
            watches.c.removed_at.is_(None), watches.c.looked_back.is_distinct_from(watches.c.version)
        )
    )
    return {row.id: row.version for row in rows}


def first_item_since(conn: Connection, since: datetime | None) -> int | None:
    """Return the lowest id among items first seen at or after *since* (None: among all); None without any."""
    query = select(func.min(items.c.id))
    found: int | None = conn.execute(
        query if since is None else query.where(items.c.first_seen_at >= since)
    ).scalar()
    return found


def load_archived(
    conn: Connection, feed_ids: Collection[str], *, from_id: int, limit: int
) -> tuple[list[ArchivedItem], int | None]:
    """Return those of the next *limit* items that are of *feed_ids*, and where to go on; None at the end."""
    rows = conn.execute(
        select(
            revisions,
            items.c.feed_id,
            items.c.first_seen_at,
            feeds.c.first_contact_at,
        )
        .join(items, and_(items.c.id == revisions.c.item_id, items.c.revision == revisions.c.number))
        .join(feeds, feeds.c.id == items.c.feed_id)
        .where(items.c.id >= from_id)
        .order_by(items.c.id)
        .limit(limit)
    ).all()
    archived = [
        ArchivedItem(
            item_id=row.item_id,
            revision_id=row.id,
            feed_id=row.feed_id,
            first_seen_at=row.first_seen_at,
            first_contact_at=row.first_contact_at,
            revision=revision_from(row),
        )
        for row in rows
        if row.feed_id in feed_ids
    ]
    return archived, rows[-1].item_id + 1 if len(rows) == limit else None


def mark_looked_back(conn: Connection, done: Mapping[str, str]) -> None:
    """Record that the watches *done* (id -> version) have looked back; one that has changed since has not."""
    for watch_id, version in done.items():
        conn.execute(
            update(watches)
            .where(watches.c.id == watch_id, watches.c.version == version)
            .values(looked_back=version)
        )
