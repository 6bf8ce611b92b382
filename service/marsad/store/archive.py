"""The archive: items with the text they were first seen with, the one in which mentions were found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from marsad.model import Revision
from marsad.store.database import Connection, Database
from marsad.store.items import revision_from
from marsad.store.tables import items, revisions

_PAGE = 1000


@dataclass(frozen=True, kw_only=True)
class FirstText:
    """An item as it was when it was matched live."""

    item_id: int
    feed_id: str
    first_seen_at: datetime
    revision: Revision


def iterate_archive(database: Database, *, since: datetime) -> Iterator[FirstText]:
    """Yield the items first seen at or after *since*, the oldest first; a page of them is read at a time."""
    next_id = database.query(_first_since, since)
    while next_id is not None:
        page = database.query(_load_page, from_id=next_id, limit=_PAGE)
        # Ids follow the order of recording but for transactions that overlapped.
        yield from (one for one in page if one.first_seen_at >= since)
        next_id = page[-1].item_id + 1 if len(page) == _PAGE else None


def _first_since(conn: Connection, since: datetime) -> int | None:
    found: int | None = conn.execute(
        select(func.min(items.c.id)).where(items.c.first_seen_at >= since)
    ).scalar()
    return found


def _load_page(conn: Connection, *, from_id: int, limit: int) -> list[FirstText]:
    rows = conn.execute(
        select(revisions, items.c.feed_id, items.c.first_seen_at)
        .join(items, and_(items.c.id == revisions.c.item_id, revisions.c.number == 1))
        .where(items.c.id >= from_id)
        .order_by(items.c.id)
        .limit(limit)
    )
    return [
        FirstText(
            item_id=row.item_id,
            feed_id=row.feed_id,
            first_seen_at=row.first_seen_at,
            revision=revision_from(row),
        )
        for row in rows
    ]
