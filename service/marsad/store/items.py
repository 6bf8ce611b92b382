"""Items and their revisions: which are known, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select

from marsad.errors import NotFound
from marsad.model import Revision
from marsad.store.database import Connection
from marsad.store.dialect import chunks
from marsad.store.tables import feeds, items, revisions


@dataclass(frozen=True, kw_only=True)
class RecordedRevision:
    number: int
    """Counts from 1."""
    recorded_at: datetime
    revision: Revision


@dataclass(frozen=True, kw_only=True)
class RecordedItem:
    """An item with all its revisions."""

    id: int
    feed_id: str
    feed_name: str
    key: str
    first_seen_at: datetime
    revisions: tuple[RecordedRevision, ...]
    """By number; the last is the current one."""

    @property
    def current(self) -> RecordedRevision:
        return self.revisions[-1]


def load_known(conn: Connection, feed_id: str, keys: Sequence[str]) -> dict[str, str]:
    """Return key -> hash of the current revision, of those *keys* of the feed that are known."""
    known: dict[str, str] = {}
    for part in chunks(keys):
        rows = conn.execute(
            select(items.c.key, revisions.c.hash)
            .join(revisions, and_(revisions.c.item_id == items.c.id, revisions.c.number == items.c.revision))
            .where(items.c.feed_id == feed_id, items.c.key.in_(part))
        )
        known.update((row.key, row.hash) for row in rows)
    return known


def load_item(conn: Connection, item_id: int) -> RecordedItem:
    """Return one item; NotFound."""
    item = conn.execute(
        select(items, feeds.c.name.label("feed_name"))
        .join(feeds, feeds.c.id == items.c.feed_id)
        .where(items.c.id == item_id)
    ).one_or_none()
    if item is None:
        raise NotFound(f"there is no item {item_id}")
    rows = conn.execute(select(revisions).where(revisions.c.item_id == item_id).order_by(revisions.c.number))
    return RecordedItem(
        id=item.id,
        feed_id=item.feed_id,
        feed_name=item.feed_name,
        key=item.key,
        first_seen_at=item.first_seen_at,
        revisions=tuple(
            RecordedRevision(number=row.number, recorded_at=row.recorded_at, revision=revision_from(row))
            for row in rows
        ),
    )


def revision_from(row: Row[Any]) -> Revision:
    """Return the revision in a row that has all its columns."""
    return Revision(
        title=row.title,
        summary=row.summary,
        content=row.content,
        author=row.author,
        language=row.language,
        link=row.link,
        published=row.published_at,
        published_text=row.published_text,
        hash=row.hash,
    )


def revision_values(revision: Revision) -> dict[str, Any]:
    """Return the columns of *revision*."""
    return {
        "title": revision.title,
        "summary": revision.summary,
        "content": revision.content,
        "author": revision.author,
        "language": revision.language,
        "link": revision.link,
        "published_at": revision.published,
        "published_text": revision.published_text,
        "hash": revision.hash,
    }
