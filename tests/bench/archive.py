"""Section archive: a preview of one query over a large archive, by the index and by reading everything."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import insert

from marsad.language.keys import rules_of_keys
from marsad.matching.document import Source
from marsad.matching.narrowing import keys_of
from marsad.matching.watchset import compile_watch_set
from marsad.model import WatchDefinition
from marsad.operations.preview import preview
from marsad.store import archive, schema
from marsad.store.archive import FirstText
from marsad.store.database import Connection, Database
from marsad.store.items import revision_values
from marsad.store.tables import items, revisions
from tests.bench.load import Load
from tests.bench.measure import say, table
from tests.postgres import running_postgres
from tests.store.world import feed, sync
from tests.unit.config_folder import load

_ITEMS: Final = 1_000_000
_TEXTS: Final = 20_000
"""Different ones; each stands in the archive many times, as nobody has a million of them at hand."""
_SPAN: Final = timedelta(days=28)
_TOGETHER: Final = 2_000


def run(smoke: bool) -> None:
    count, distinct = (2_000, 500) if smoke else (_ITEMS, _TEXTS)
    load_of_items = Load("archive")
    texts = load_of_items.items(distinct)
    keyed = [keys_of(text) for text in texts]
    queries = _queries(load_of_items, 3 if smoke else 8)
    rows = []
    for name, database in _databases():
        began = perf_counter()
        _fill(database, texts, keyed, count)
        filled = perf_counter() - began
        say(f"{name}: {count:,} items recorded and indexed in {filled:.0f} s")
        rows += [(name, *row) for row in _measure(database, queries, smoke=smoke)]
    say()
    table(("database", "query", "mentions", "first, s", "again, s"), rows)


def _databases() -> Iterator[tuple[str, Database]]:
    with (
        tempfile.TemporaryDirectory(prefix="marsad-bench-") as folder,
        Database.open_file(Path(folder) / "archive.db") as database,
    ):
        schema.prepare(database)
        yield "SQLite", database
    with _postgres() as database:
        yield "PostgreSQL", database


@contextmanager
def _postgres() -> Iterator[Database]:
    with running_postgres() as server, server.database() as url, Database.open(url) as database:
        schema.upgrade(database)
        yield database


def _queries(source: Load, count: int) -> list[str]:
    """Return queries as the load has them, the shortest that name one thing."""
    asked = [watch.query for watch in source.watches(400)]
    return sorted(asked, key=len)[:: max(len(asked) // count, 1)][:count]


def _fill(database: Database, texts, keyed, count: int) -> None:
    sync(database, feeds=[feed("a")])
    database.run(archive.begin_index, rules_of_keys())
    begin = datetime.now(UTC) - _SPAN
    for start in range(0, count, _TOGETHER):
        numbers = range(start, min(start + _TOGETHER, count))
        ids = database.run(_record, begin, numbers, texts, count)
        progress = database.query(archive.load_progress)
        assert progress is not None
        batch = [(item_id, keyed[number % len(texts)]) for item_id, number in zip(ids, numbers, strict=True)]
        assert database.run(archive.record_keys, batch, after=progress)


def _record(conn: Connection, begin: datetime, numbers: range, texts, count: int) -> list[int]:
    times = [begin + _SPAN * number / count for number in numbers]
    ids = sorted(
        conn.execute(
            insert(items).returning(items.c.id),
            [
                {
                    "feed_id": "a",
                    "key": f"guid:{number}",
                    "first_seen_at": at,
                    "last_seen_at": at,
                    "revision": 1,
                }
                for number, at in zip(numbers, times, strict=True)
            ],
        ).scalars()
    )
    conn.execute(
        insert(revisions),
        [
            {
                "item_id": item_id,
                "number": 1,
                "recorded_at": at,
                **revision_values(replace(texts[number % len(texts)], hash=str(number))),
            }
            for item_id, number, at in zip(ids, numbers, times, strict=True)
        ],
    )
    return ids


def _measure(database: Database, queries: list[str], *, smoke: bool) -> Iterator[tuple[object, ...]]:
    since = datetime.now(UTC) - 2 * _SPAN
    with tempfile.TemporaryDirectory() as folder:
        settings = load(Path(folder))
    for query in queries:
        watch = WatchDefinition(id="query", name="query", label="query", query=query)
        watch_set = compile_watch_set([watch]).watch_set
        took = []
        for _ in range(2):
            began = perf_counter()
            counted = preview(database, watch_set, settings, since=since)
            took.append(perf_counter() - began)
        if smoke:
            everything = archive.iterate_archive(database, since=since, conjunctions=None, rules="")
            assert counted.mentions == _count(everything, watch_set)
        yield query[:40], f"{counted.mentions:,}", f"{took[0]:.2f}", f"{took[1]:.2f}"


def _count(texts: Iterator[FirstText], watch_set) -> int:
    found = 0
    for text in texts:
        found += bool(
            watch_set.match(text.revision, Source(feed_id=text.feed_id), now=text.first_seen_at).matches
        )
    return found
