"""Mentions and items as objects for `--json`: stable keys, every instant in UTC as ISO 8601."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from marsad.errors import NotFound
from marsad.store import configuration, mentions
from marsad.store.database import Database
from marsad.store.items import RecordedItem
from marsad.store.mentions import RecordedMention

PAGE = 500
"""Mentions read at a time: an archive of years is never loaded whole."""


def iterate_mentions(
    database: Database, *, watch_id: str | None = None, since: datetime | None = None
) -> Iterator[RecordedMention]:
    """Yield mentions in the order in which they were recorded; NotFound where no watch has *watch_id*."""
    if watch_id is not None and not database.query(configuration.has_watch, watch_id):
        raise NotFound(f'no watch has the id "{watch_id}", or had it once')
    after_id = 0
    while page := database.query(
        mentions.load_mentions, watch_id=watch_id, since=since, after_id=after_id, limit=PAGE
    ):
        yield from page
        after_id = page[-1].id


def mention_object(mention: RecordedMention) -> dict[str, Any]:
    """Return what `marsad mentions --json` prints on one line."""
    return {
        "item": {
            "id": mention.item_id,
            "feed": mention.feed_id,
            "link": mention.link,
            "revision": mention.revision,
        },
        "watch": mention.watch_id,
        "prominence": mention.prominence,
        "hits": [hit._asdict() for hit in mention.hits],
        "found_at": mention.found_at.isoformat(),
    }


def item_object(item: RecordedItem) -> dict[str, Any]:
    """Return what `marsad item ID --json` prints: the fields in which hits have their offsets."""
    revision = item.current.revision
    return {
        "id": item.id,
        "feed": item.feed_id,
        "key": item.key,
        "first_seen": item.first_seen_at.isoformat(),
        "revision": item.current.number,
        "revisions": len(item.revisions),
        "title": revision.title,
        "summary": revision.summary,
        "content": revision.content,
        "author": revision.author,
        "categories": list(revision.categories),
        "language": revision.language,
        "link": revision.link,
        "published": revision.published.isoformat() if revision.published else None,
        "published_text": revision.published_text,
    }
