"""The archive: items with the text they were first seen with, the one in which mentions were found.

An index of the keys of their words tells which of them a query may find; it never tells which it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, delete, func, insert, select, text, update

from marsad.model import Conjunction, Revision, Wanted
from marsad.store import dialect
from marsad.store.database import Connection, Database
from marsad.store.items import revision_from
from marsad.store.tables import archive_progress, items, revisions

_PAGE: Final = 500
_LONGEST_KEY: Final = 24
"""Bytes of a key that are kept: enough to tell words apart, and all that an index of millions can afford."""
_TOGETHER: Final = 50
"""Conjunctions that are asked about in one statement."""


@dataclass(frozen=True, kw_only=True)
class FirstText:
    """An item as it was when it was matched live."""

    item_id: int
    feed_id: str
    first_seen_at: datetime
    revision: Revision


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much of the archive is asked about."""

    items: int
    first_id: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    """Of the newest item; both None where there is none."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    item_id: int
    """The last item that the index knows."""
    rules: str
    """By which the keys in it were made."""


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def load_extent(conn: Connection, since: datetime) -> Extent:
    """Return how many items were first seen at or after *since*."""
    row = conn.execute(
        select(
            func.count().label("number"),
            func.min(items.c.id).label("first_id"),
            func.min(items.c.first_seen_at).label("first"),
            func.max(items.c.first_seen_at).label("last"),
        ).where(items.c.first_seen_at >= since)
    ).one()
    return Extent(
        items=row.number, first_id=row.first_id or 0, first_seen_at=row.first, last_seen_at=row.last
    )


def iterate_archive(
    database: Database, *, since: datetime, conjunctions: Sequence[Conjunction] | None, rules: str
) -> Iterator[FirstText]:
    """Yield the items first seen at or after *since* that may satisfy one of *conjunctions*, by id.

    All of them where *conjunctions* is None, or where the index was made by other rules than *rules*; what it
    does not know yet is yielded in any case.
    """
    first_id = database.query(load_extent, since).first_id
    progress = database.query(load_progress)
    if conjunctions is not None and progress is not None and progress.rules == rules:
        found = database.query(find_items, conjunctions, from_id=first_id)
        for ids in dialect.chunks(found, _PAGE):
            page = database.query(_load_items, ids)
            yield from (one for one in page if one.first_seen_at >= since)
        first_id = max(first_id, progress.item_id + 1)
    next_id: int | None = first_id
    while next_id is not None:
        page = database.query(load_page, from_id=next_id, limit=_PAGE)
        yield from (one for one in page if one.first_seen_at >= since)
        next_id = page[-1].item_id + 1 if len(page) == _PAGE else None


def load_page(conn: Connection, *, from_id: int, limit: int) -> list[FirstText]:
    """Return *limit* items from *from_id* on, by id."""
    return _first_texts(
        conn.execute(_FIRST_TEXTS.where(items.c.id >= from_id).order_by(items.c.id).limit(limit))
    )


def _load_items(conn: Connection, ids: Sequence[int]) -> list[FirstText]:
    return _first_texts(conn.execute(_FIRST_TEXTS.where(items.c.id.in_(ids)).order_by(items.c.id)))


_FIRST_TEXTS = select(revisions, items.c.feed_id, items.c.first_seen_at).join(
    items, and_(items.c.id == revisions.c.item_id, revisions.c.number == 1)
)


def _first_texts(rows: Iterable[Row[Any]]) -> list[FirstText]:
    return [
        FirstText(
            item_id=row.item_id,
            feed_id=row.feed_id,
            first_seen_at=row.first_seen_at,
            revision=revision_from(row),
        )
        for row in rows
    ]


# ── the index ────────────────────────────────────────────────────────────────────────────────────


def load_progress(conn: Connection) -> Progress | None:
    """Return how far the index is; None where it has not been begun."""
    row = conn.execute(select(archive_progress)).one_or_none()
    return None if row is None else Progress(item_id=row.item_id, rules=row.rules)


def begin_index(conn: Connection, rules: str) -> None:
    """Empty the index: its keys are made by *rules* from now on."""
    dialect.wait_for_turn(conn, dialect.Turn.ARCHIVE)
    progress = load_progress(conn)
    if progress is not None and progress.rules == rules:
        return  # another worker was faster
    if dialect.is_postgresql(conn):
        conn.execute(text("TRUNCATE archive_index"))
    else:
        conn.execute(text("INSERT INTO archive_index(archive_index) VALUES ('delete-all')"))
    conn.execute(delete(archive_progress))
    conn.execute(insert(archive_progress).values(id=1, item_id=0, rules=rules))


def record_keys(conn: Connection, keyed: Sequence[tuple[int, Collection[str]]], *, after: Progress) -> bool:
    """Add (item id, keys), in the order of ids, to an index that is as far as *after*; False if it is not."""
    dialect.wait_for_turn(conn, dialect.Turn.ARCHIVE)
    if load_progress(conn) != after:
        return False
    values = [
        {"item": item_id, "keys": " ".join(sorted({_token(key) for key in keys if key}))}
        for item_id, keys in keyed
    ]
    if dialect.is_postgresql(conn):
        statement = (
            "INSERT INTO archive_index (item_id, keys)"
            " VALUES (:item, array_to_tsvector(string_to_array(:keys, ' ')))"
        )
    else:
        statement = "INSERT INTO archive_index (rowid, keys) VALUES (:item, :keys)"
    conn.execute(text(statement), values)
    conn.execute(update(archive_progress).values(item_id=keyed[-1][0]))
    return True


def find_items(conn: Connection, conjunctions: Sequence[Conjunction], *, from_id: int) -> list[int]:
    """Return the ids, from *from_id* on, of the items in the index that have a word for each part of one."""
    if dialect.is_postgresql(conn):
        statement = (
            "SELECT item_id FROM archive_index WHERE keys @@ CAST(:wanted AS tsquery) AND item_id >= :from_id"
        )
        both, either, begins = " & ", " | ", ":*"
    else:
        statement = "SELECT rowid FROM archive_index WHERE archive_index MATCH :wanted AND rowid >= :from_id"
        both, either, begins = " AND ", " OR ", "*"
    found: set[int] = set()
    asked = [
        both.join(f"({_either(word, either, begins)})" for word in conjunction)
        for conjunction in conjunctions
        if conjunction and all(word.keys or word.beginnings for word in conjunction)
    ]
    for part in dialect.chunks(asked, _TOGETHER):
        wanted = either.join(f"({one})" for one in part)
        found.update(conn.execute(text(statement), {"wanted": wanted, "from_id": from_id}).scalars())
    return sorted(found)


def _either(word: Wanted, either: str, begins: str) -> str:
    whole = [_token(key) for key in sorted(word.keys) if key]
    return either.join([*whole, *(_token(key) + begins for key in sorted(word.beginnings) if key)])


def _token(key: str) -> str:
    """Return *key* in letters and digits that no database reads anything into, with its beginning kept."""
    return key.encode("utf-8", "replace")[:_LONGEST_KEY].hex()
