"""Watches that failed on an item are tried again: it was recorded, and what it mentions is still owed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from marsad.matching.document import Source
from marsad.model import Match
from marsad.pipeline.in_force import InForce
from marsad.pipeline.judging import Judge
from marsad.store import items, mentions
from marsad.store.database import Connection, Database
from marsad.store.mentions import MatchingFailure

log = logging.getLogger(__name__)

_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What watches that had failed said of an item this time."""

    item_id: int
    revision: int
    """Number of the revision they were asked about."""
    settled: tuple[tuple[MatchingFailure, Match | None], ...]


async def retry_failed(
    database: Database, force: InForce, judge: Judge, *, clock: Callable[[], datetime]
) -> int:
    """Ask again the watches that failed on items, on their current text; return the mentions that brought.

    What fails again, or belongs to a feed or watch that is not in force, stays as it is. A mention arrives
    as it would have when the item came. StoreUnavailable.
    """
    found = 0
    after = (0, "")
    while page := await database.read(mentions.load_matching_failures, limit=_PAGE, after=after):
        after = (page[-1].item_id, page[-1].watch_id)
        for item_id, group in groupby(page, key=lambda failure: failure.item_id):
            answers = await _ask_again(database, force, judge, item_id, list(group), now=clock())
            if answers.settled:
                found += await database.transaction(record_answers, answers, now=clock())
    if found:
        log.info("watches that had failed were tried again", extra={"mentions": found})
    return found


async def _ask_again(
    database: Database,
    force: InForce,
    judge: Judge,
    item_id: int,
    failures: Sequence[MatchingFailure],
    *,
    now: datetime,
) -> Answers:
    item = await database.read(items.load_item, item_id)
    feed = force.feeds.get(item.feed_id)
    known = force.watch_set.versions()
    asked = {failure.watch_id for failure in failures} & known.keys()
    if feed is None or not asked:
        return Answers(item_id=item_id, revision=item.current.number, settled=())
    source = Source.of(feed)
    (result,) = await judge.match([item.current.revision], source, force.watch_set, now=now, only=asked)
    matches = {match.watch_id: match for match in result.matches}
    asked -= {watch_id for watch_id, _ in result.failed}
    settled = ((failure, matches.get(failure.watch_id)) for failure in failures if failure.watch_id in asked)
    return Answers(item_id=item_id, revision=item.current.number, settled=tuple(settled))


def record_answers(conn: Connection, answers: Answers, *, now: datetime) -> int:
    """Record *answers*; return how many mentions they brought. An item edited meanwhile waits its turn."""
    if items.load_item(conn, answers.item_id).current.number != answers.revision:
        return 0
    return sum(mentions.record_retried(conn, failure, match, now=now) for failure, match in answers.settled)
