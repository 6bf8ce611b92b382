"""Matching off the loop: on one thread, a few items at a time, so that feeds take turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import ParamSpec, TypeVar

from marsad.matching.document import Source
from marsad.matching.matcher import MatchResult, WatchSet
from marsad.model import Revision

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

_SLICE = 20
"""Items that the thread matches before another feed has its turn; a few milliseconds."""


class Judge:
    """Says what items mention; its thread lives as long as the context `judging`."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run *function*, which computes and does nothing else, on the thread."""
        job = self._thread.submit(function, *args, **kwargs)
        return await asyncio.wrap_future(job)

    async def match(
        self,
        revisions: Sequence[Revision],
        source: Source,
        watch_set: WatchSet,
        *,
        now: datetime,
        only: Collection[str] | None = None,
    ) -> list[MatchResult]:
        """Return what each of *revisions* mentions, in order."""
        results: list[MatchResult] = []
        for start in range(0, len(revisions), _SLICE):
            part = revisions[start : start + _SLICE]
            results += await self.run(_match_all, part, source, watch_set, now, only)
        return results


@contextmanager
def judging() -> Iterator[Judge]:
    """Yield a Judge. Leaving does not wait for its thread, which ends after what it is at."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="marsad-match")
    try:
        yield Judge(thread)
    finally:
        thread.shutdown(wait=False, cancel_futures=True)


def _match_all(
    revisions: Sequence[Revision],
    source: Source,
    watch_set: WatchSet,
    now: datetime,
    only: Collection[str] | None,
) -> list[MatchResult]:
    return [_match(revision, source, watch_set, now, only) for revision in revisions]


def _match(
    revision: Revision, source: Source, watch_set: WatchSet, now: datetime, only: Collection[str] | None
) -> MatchResult:
    try:
        return watch_set.match(revision, source, now=now, only=only)
    except Exception as error:
        # An item that no watch can be asked about: it is stored, and all that look at its feed are asked
        # again at the next reload.
        log.exception("an item could not be matched", extra={"feed_id": source.feed_id})
        why = f"{type(error).__name__}: {error}"
        asked = (watch for watch in watch_set.watches if watch.watches(source, now))
        ids = (watch.definition.id for watch in asked)
        return MatchResult(failed=tuple((one, why) for one in ids if only is None or one in only))
