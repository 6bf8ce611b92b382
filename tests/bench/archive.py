"""Section archive: `marsad watch preview` of one query over a large archive, as an analyst waits for it."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import insert

from marsad.language.keys import rules_of_keys
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.narrowing import keys_of
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision, WatchDefinition
from marsad.store import archive, schema
from marsad.store.database import Connection, Database
from marsad.store.items import revision_values
from marsad.store.tables import items, revisions
from tests.bench.load import Load
from tests.bench.measure import say, table
from tests.postgres import running_postgres
from tests.processes import marsad, write_configuration
from tests.store.world import feed, sync

_ITEMS: Final = 1_000_000
_TEXTS: Final = 20_000
"""Different ones; each stands in the archive many times, as nobody has a million of them at hand."""
_SPAN: Final = timedelta(days=28)
_TOGETHER: Final = 2_000
_FREQUENT: Final = (0.01, 0.04)
_WORD: Final = re.compile(r"\w+")


def run(smoke: bool) -> None:
    count, distinct = (2_000, 500) if smoke else (_ITEMS, _TEXTS)
    load_of_items = Load("archive")
    texts = load_of_items.items(distinct)
    keyed = [keys_of(text) for text in texts]
    queries = _queries(load_of_items, 1 if smoke else 8) + _frequent(texts)
    rows = []
    for name, url in _urls():
        with Database.open(url) as database:
            schema.upgrade(database)
            began = perf_counter()
            _fill(database, texts, keyed, count)
            filled = perf_counter() - began
        say(f"{name}: {count:,} items recorded and indexed in {filled:.0f} s")
        rows += [(name, *row) for row in _measure(url, queries, texts, count)]
    say()
    table(("database", "query", "mentions", "first, s", "again, s"), rows)


def _urls() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="marsad-bench-") as folder:
        yield "SQLite", f"sqlite:///{folder}/archive.db"
    with running_postgres() as server, server.database() as url:
        yield "PostgreSQL", url


def _queries(source: Load, count: int) -> list[str]:
    """Return queries as the load has them, the shortest that name one thing."""
    asked = [watch.query for watch in source.watches(400)]
    return sorted(asked, key=len)[:: max(len(asked) // count, 1)][:count]


def _frequent(texts: list[Revision]) -> list[str]:
    """Return the words that stand in some 1 % and 4 % of *texts* and may be asked for: what finds many."""
    standing = Counter(word for text in texts for word in set(_WORD.findall(text.content)) if word.islower())
    found = []
    for share in _FREQUENT:
        near = sorted(standing, key=lambda word: (abs(standing[word] - share * len(texts)), word))
        found.append(next(word for word in near if len(_compiled(word))))
    return found


def _compiled(query: str) -> WatchSet:
    return compile_watch_set(
        [WatchDefinition(id="query", name="query", label="query", query=query)]
    ).watch_set


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


def _measure(url: str, queries: list[str], texts: list[Revision], count: int) -> Iterator[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        config = write_configuration(
            Path(folder), store_url=url, feeds={"a": "https://a.example/"}, watches={}
        )
        for query in queries:
            took = []
            for _ in range(2):
                began = perf_counter()
                told = marsad(config, "watch", "preview", query, "--since", "60d")
                took.append(perf_counter() - began)
                if told.returncode:
                    raise RuntimeError(told.stderr)
            mentions = int(told.stdout.partition(" ")[0].replace(",", ""))
            if mentions != (expected := _count(query, texts, count)):
                raise RuntimeError(f"{query}: {mentions} mentions, not {expected}")
            yield query[:40], f"{mentions:,}", f"{took[0]:.2f}", f"{took[1]:.2f}"


def _count(query: str, texts: list[Revision], count: int) -> int:
    """Return how many mentions there are among *count* items that have *texts* in turns."""
    watch_set = _compiled(query)
    now = datetime.now(UTC)
    return sum(
        len(range(number, count, len(texts)))
        for number, text in enumerate(texts)
        if watch_set.match(text, Source(feed_id="a"), now=now).matches
    )
