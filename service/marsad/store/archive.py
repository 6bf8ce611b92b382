"""The archive: items with the text they were first seen with, the one in which mentions were found.

An index of the keys of their words tells which of them a query may find; it never tells which it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, delete, func, insert, select, text, update

from marsad.model import Conjunction, Narrowing, Revision, Wanted
from marsad.store import dialect
from marsad.store.database import Connection
from marsad.store.items import revision_from
from marsad.store.tables import archive_progress, items, revisions

_PAGE: Final = 500
"""Items that are read at a time."""
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
    """How much of the archive is asked about; what is recorded later is not."""

    items: int
    first_id: int
    last_id: int
    """Of the items; both 0 where there is none."""
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
            func.max(items.c.id).label("last_id"),
            func.min(items.c.first_seen_at).label("first"),
            func.max(items.c.first_seen_at).label("last"),
        ).where(items.c.first_seen_at >= since)
    ).one()
    return Extent(
        items=row.number,
        first_id=row.first_id or 0,
        last_id=row.last_id or 0,
        first_seen_at=row.first,
        last_seen_at=row.last,
    )


Portion = Sequence[int]
"""Ids of items that are read together, ascending; a `range` where nothing is known of them."""


def find_portions(
    conn: Connection, extent: Extent, *, narrowings: Sequence[Narrowing] | None, rules: str
) -> list[Portion]:
    """Return the items of *extent* that may satisfy one of *narrowings*, by id.

    All of them where *narrowings* is None, or where the index was made by other rules than *rules*; what it
    does not know yet is among them in any case.
    """
    portions: list[Portion] = []
    next_id, end = extent.first_id, extent.last_id + 1
    progress = load_progress(conn)
    if narrowings is not None and progress is not None and progress.rules == rules:
        found = set[int]().union(*(find_items(conn, one, from_id=next_id) for one in narrowings))
        portions += dialect.chunks(sorted(item_id for item_id in found if item_id < end), _PAGE)
        next_id = max(next_id, progress.item_id + 1)
    portions += (
        range(start, min(start + _PAGE, end)) for start in range(next_id, end, _PAGE) if extent.items
    )
    return portions


def load_portion(conn: Connection, portion: Portion, since: datetime) -> list[FirstText]:
    """Return those items of *portion* that were first seen at or after *since*, by id."""
    if isinstance(portion, range):
        among = items.c.id.between(portion.start, portion.stop - 1)
    else:
        among = items.c.id.in_(portion)
    return _first_texts(
        conn.execute(_FIRST_TEXTS.where(among, items.c.first_seen_at >= since).order_by(items.c.id))
    )


def load_page(conn: Connection, *, from_id: int, limit: int) -> list[FirstText]:
    """Return *limit* items from *from_id* on, by id."""
    return _first_texts(
        conn.execute(_FIRST_TEXTS.where(items.c.id >= from_id).order_by(items.c.id).limit(limit))
    )


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


def find_items(conn: Connection, narrowing: Narrowing, *, from_id: int) -> set[int]:
    """Return the ids, from *from_id* on, of the items in the index that have what *narrowing* asks for."""
    found: set[int] | None = None
    for conjunctions in narrowing:
        having = _find_one_of(conn, conjunctions, from_id)
        found = having if found is None else found & having
        if not found:
            break
    return found or set()


def _find_one_of(conn: Connection, conjunctions: Sequence[Conjunction], from_id: int) -> set[int]:
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
    return found


def _either(word: Wanted, either: str, begins: str) -> str:
    whole = [_token(key) for key in sorted(word.keys) if key]
    return either.join([*whole, *(_token(key) + begins for key in sorted(word.beginnings) if key)])


def _token(key: str) -> str:
    """Return *key* in letters and digits that no database reads anything into, with its beginning kept."""
    return key.encode("utf-8", "replace")[:_LONGEST_KEY].hex()
