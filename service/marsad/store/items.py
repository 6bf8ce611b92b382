"""Items and their revisions: which are known, and what they say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select

from marsad.errors import NotFound
from marsad.model import KnownItem, Revision
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


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A known item, as far as it takes to see whether it has changed."""

    hash: str
    """Of its current revision."""
    revision: int
    """Number of its current revision."""
    recorded_at: datetime
    """When its current revision was recorded."""
    last_seen_at: datetime
    """To the day: it is not noted anew with each poll."""


_CURRENT = and_(revisions.c.item_id == items.c.id, revisions.c.number == items.c.revision)
_SIGHTINGS: Select[Any] = select(
    items.c.key,
    items.c.last_seen_at,
    revisions.c.hash,
    revisions.c.number,
    revisions.c.recorded_at,
    revisions.c.title,
    revisions.c.link,
).join(revisions, _CURRENT)


def load_known(conn: Connection, feed_id: str, keys: Sequence[str]) -> dict[str, Sighting]:
    """Return those *keys* of the feed that are known."""
    known: dict[str, Sighting] = {}
    for part in chunks(keys):
        rows = conn.execute(_SIGHTINGS.where(items.c.feed_id == feed_id, items.c.key.in_(part)))
        known.update((row.key, _sighting(row)) for row in rows)
    return known


def load_latest(conn: Connection, feed_id: str, *, limit: int) -> dict[KnownItem, Sighting]:
    """Return the items of the feed that were seen last, the newest first."""
    rows = conn.execute(
        _SIGHTINGS.where(items.c.feed_id == feed_id)
        .order_by(items.c.last_seen_at.desc(), items.c.id.desc())
        .limit(limit)
    )
    return {
        KnownItem(key=row.key, hash=row.hash, title=row.title, link=row.link): _sighting(row) for row in rows
    }


def _sighting(row: Row[Any]) -> Sighting:
    return Sighting(
        hash=row.hash, revision=row.number, recorded_at=row.recorded_at, last_seen_at=row.last_seen_at
    )


@dataclass(frozen=True, kw_only=True)
class ArchivedItem:
    """An item with its current text."""

    id: int
    feed_id: str
    first_seen_at: datetime
    revision: Revision


def load_archive(
    conn: Connection, *, since: datetime | None = None, before_id: int | None = None, limit: int = 500
) -> list[ArchivedItem]:
    """Return a page of items with their current texts, the newest first; the next is *before* the last's id.

    *since* leaves out what was first seen earlier.
    """
    query = (
        select(items.c.id, items.c.feed_id, items.c.first_seen_at, revisions)
        .join(revisions, _CURRENT)
        .order_by(items.c.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(items.c.first_seen_at >= since)
    if before_id is not None:
        query = query.where(items.c.id < before_id)
    return [
        ArchivedItem(
            id=row.item_id, feed_id=row.feed_id, first_seen_at=row.first_seen_at, revision=revision_from(row)
        )
        for row in conn.execute(query)
    ]


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
        categories=tuple(json.loads(row.categories)),
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
        "categories": json.dumps(revision.categories, ensure_ascii=False),
    }
