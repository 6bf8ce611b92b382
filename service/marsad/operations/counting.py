"""How the archive is asked: a portion after the other, on all processors where there is much to read."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo

from marsad.config import Settings
from marsad.language.keys import rules_of_keys
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.narrowing import narrowed
from marsad.model import Match, Narrowing
from marsad.operations.explain import source_of
from marsad.operations.preview import Difference
from marsad.store import archive
from marsad.store.archive import Extent, FirstText, Portion
from marsad.store.database import Database

MUCH: Final = 4_000
"""Items that take half a second in one process: from then on all processors read."""
_MOST_PROCESSES: Final = 4


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: a watch set of one watch, and perhaps another one."""

    former: WatchSet
    changed: WatchSet | None = None
    only_gained: bool = False
    """The changed one is only asked about what the former does not find, and only that is counted."""


class Counting:
    """Counts what a question finds in the archive.

    As a context manager it keeps processes at hand, and must be entered before the database is opened: a
    process with threads is not to be forked.
    """

    def __init__(self, question: Question, settings: Settings, *, much: int = MUCH) -> None:
        self._question = question
        self._much = much
        self._reader = _Reader(question, settings)
        self._zone = ZoneInfo(settings.service.timezone)
        self._url = settings.store.url
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
        if processes > 1:
            self._pool = ProcessPoolExecutor(
                processes,
                # A fork has the compiled watches at once; anything else would compile them again.
                mp_context=multiprocessing.get_context("fork"),
                initializer=_begin,
                initargs=(self._reader, self._url),
            )
            self._pool.submit(int).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def answer(self, database: Database, *, since: datetime) -> Difference:
        """Return what is found in the items first seen at or after *since*. StoreUnavailable."""
        extent = database.query(archive.load_extent, since)
        portions = database.query(
            archive.find_portions, extent, narrowings=self._narrowings(), rules=rules_of_keys()
        )
        counted = Difference.empty(self._zone, extent)
        for part in self._parts(database, portions, since, extent):
            counted.add(part)
        return counted

    def _parts(
        self, database: Database, portions: Sequence[Portion], since: datetime, extent: Extent
    ) -> Iterable[Difference]:
        """Return what is counted in each portion, in their order."""
        count = partial(self._reader.count, since=since, extent=extent)
        if self._pool is None or sum(map(len, portions)) < self._much:
            return (count(database, portion) for portion in portions)
        return self._pool.map(partial(_count, since=since, extent=extent), portions)

    def _narrowings(self) -> list[Narrowing] | None:
        """Return what an item must have to be mentioned by one of them; None where nothing is known."""
        asked = [self._question.former, *([self._question.changed] if self._question.changed else [])]
        known = [narrowed(watch_set, watch_set.watches[0]) for watch_set in asked]
        return None if None in known else [it for it in known if it is not None]


class _Reader:
    """Asks the watches about a portion of the archive, as they would have been asked when its items came."""

    def __init__(self, question: Question, settings: Settings) -> None:
        self._question = question
        self._settings = settings
        self._zone = ZoneInfo(settings.service.timezone)
        self._sources: dict[str, Source] = {}

    def count(self, database: Database, portion: Portion, *, since: datetime, extent: Extent) -> Difference:
        counted = Difference.empty(self._zone, extent)
        changed, only_gained = self._question.changed, self._question.only_gained
        for text in database.query(archive.load_portion, portion, since):
            source = self._source(text)
            old = _match(self._question.former, text, source)
            if old is not None:
                counted.former.count(text, old)
            if changed is None or (old is not None and only_gained):
                continue
            new = _match(changed, text, source)
            if new is not None:
                counted.changed.count(text, new)
            if new is not None and old is None:
                counted.gained.count(text, new)
            if old is not None and new is None:
                counted.lost.count(text, old)
        return counted

    def _source(self, text: FirstText) -> Source:
        source = self._sources.get(text.feed_id)
        if source is None:
            source = self._sources[text.feed_id] = source_of(self._settings, text.feed_id)
        return replace(source, seen_at=text.first_seen_at)


def _match(watch_set: WatchSet, text: FirstText, source: Source) -> Match | None:
    matches = watch_set.match(text.revision, source, now=text.first_seen_at).matches
    return matches[0] if matches else None


# ── in a process of its own ──────────────────────────────────────────────────────────────────────

_here: tuple[_Reader, Database] | None = None
"""What this process reads with."""


def _begin(reader: _Reader, url: str) -> None:
    global _here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command ends this process
    os.nice(5)  # a daemon on this machine goes on polling
    _here = reader, Database.open(url)


def _count(portion: Portion, *, since: datetime, extent: Extent) -> Difference:
    if _here is None:
        raise RuntimeError("this process has not begun")
    reader, database = _here
    return reader.count(database, portion, since=since, extent=extent)
