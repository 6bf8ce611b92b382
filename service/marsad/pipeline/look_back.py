"""T6: a new or changed watch is matched once against what was recorded lately, for the catch-up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from marsad.matching.document import Source
from marsad.model import Arrival, FirstContact
from marsad.pipeline.arrival import is_looked_back_at
from marsad.pipeline.in_force import InForce
from marsad.pipeline.judging import Judge
from marsad.store import look_backs, mentions
from marsad.store.database import Database
from marsad.store.look_backs import ArchivedItem
from marsad.store.mentions import FoundMatches

log = logging.getLogger(__name__)

SETTLING = timedelta(minutes=2)
"""Polls under way when the watches change, here or in another worker, are recorded within so long after it:
the hard limit of a poll."""

_PAGE = 200
_TOGETHER = 5_000
"""Mentions that are recorded at once, and so told in one catch-up, however long the search takes."""


class Pauses(Protocol):
    """How a look-back waits, and learns that it need not go on."""

    def interrupted(self) -> bool:
        """Tell that the service stops, or that the watches have changed again."""
        ...

    async def settle(self) -> None:
        """Wait for `SETTLING`, or until it is interrupted."""
        ...


async def look_back(
    database: Database, force: InForce, judge: Judge, *, clock: Callable[[], datetime], pauses: Pauses | None
) -> int:
    """Match the watches that have yet to look back against the items of their window; return the mentions.

    The window is each feed's `first_contact`, before now. What was found is recorded at the end; a kill at
    any moment costs nothing but time: all is done again until it is marked as done. A watch that mentions
    an item already does not mention it again. Without *pauses* nothing else polls, so nothing has to settle.
    StoreUnavailable.
    """
    versions = force.watch_set.versions()
    pending = {
        watch_id: version
        for watch_id, version in (await database.read(look_backs.load_pending)).items()
        if versions.get(watch_id) == version
    }
    if not pending:
        return 0
    windows = {feed.id: (feed.first_contact or force.poll.first_contact) for feed in force.feeds.values()}
    now = clock()
    looked_at = found = highest = 0
    # What is recorded meanwhile may have been judged by the former watches: it is looked at afterwards.
    for since in (_earliest(windows.values(), now), now - SETTLING):
        if pauses is not None and since == now - SETTLING:
            await pauses.settle()
        waiting: list[FoundMatches] = []
        next_id = await database.read(look_backs.first_item_since, since)
        while next_id is not None:
            if pauses is not None and pauses.interrupted():
                return found
            archived, next_id = await database.read(
                look_backs.load_archived, windows.keys(), from_id=next_id, limit=_PAGE
            )
            told = [one for one in archived if _is_told(one, windows[one.feed_id].window, now)]
            looked_at += sum(one.item_id > highest for one in told)
            highest = max([highest, *(one.item_id for one in told)])
            waiting += await _match(told, force, judge, pending, now=now)
            if waiting and (next_id is None or sum(len(one.matches) for one in waiting) >= _TOGETHER):
                recorded = await database.transaction(mentions.record_matches, waiting, now=clock())
                found += recorded.total()
                waiting = []
    await database.transaction(look_backs.mark_looked_back, pending)
    if looked_at:
        log.info(
            "new and changed watches have looked back",
            extra={"watches": len(pending), "items": looked_at, "mentions": found},
        )
    return found


def _is_told(one: ArchivedItem, window: timedelta | None, now: datetime) -> bool:
    return is_looked_back_at(
        one.revision.published,
        window=window,
        first_seen_at=one.first_seen_at,
        first_contact_at=one.first_contact_at,
        now=now,
    )


def _earliest(windows: Iterable[FirstContact], now: datetime) -> datetime | None:
    """Return the beginning of the longest window; None where one has no beginning."""
    longest = timedelta(0)
    for one in windows:
        if one.window is None:
            return None
        longest = max(longest, one.window)
    return now - longest


async def _match(
    archived: Sequence[ArchivedItem],
    force: InForce,
    judge: Judge,
    pending: dict[str, str],
    *,
    now: datetime,
) -> list[FoundMatches]:
    """Return what of *archived* the watches *pending* mention, or failed on."""
    matched: list[FoundMatches] = []
    for feed_id, group in groupby(sorted(archived, key=lambda one: one.feed_id), key=lambda one: one.feed_id):
        of_feed = list(group)
        feed = force.feeds[feed_id]
        source = Source.of(feed)
        results = await judge.match(
            [one.revision for one in of_feed], source, force.watch_set, now=now, only=pending.keys()
        )
        matched += [
            FoundMatches(
                item_id=one.item_id,
                revision_id=one.revision_id,
                arrival=Arrival.CATCH_UP,
                matches=result.matches,
                failed_watches=result.failed,
            )
            for one, result in zip(of_feed, results, strict=True)
            if result.matches or result.failed
        ]
    return matched
