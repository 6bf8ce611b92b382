"""T2: polls that have ended are recorded, many in one transaction, and what came of each is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from marsad import ops
from marsad.errors import StoreUnavailable
from marsad.model import PollRecord
from marsad.store import feeds, polls
from marsad.store.database import Database
from marsad.store.polls import RecordedPoll

log = logging.getLogger(__name__)

_MOST_ITEMS = 2_000
"""Items that one transaction records, unless a single feed has more."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A poll that has ended."""

    record: PollRecord
    as_refused: Callable[[Exception], PollRecord]
    """What is recorded instead where the database refuses *record*: a failed poll, without its items."""
    took_s: float
    migrated: bool = False
    """The feed changed nearly all the keys of its items at once."""
    host: str = ""
    host_rests_until: datetime | None = None
    """Set where the host is in trouble: its other feeds are not asked before."""


async def record_finished(
    database: Database, finished: Sequence[Finished], *, clock: Callable[[], datetime]
) -> None:
    """Record *finished*. StoreUnavailable where nothing can be recorded: the rest is left out."""
    for batch in _batches(finished):
        records = [one.record for one in batch]
        try:
            recorded = await database.transaction(polls.record_polls, records, now=clock())
        except StoreUnavailable:
            raise
        except Exception:
            log.warning("polls are recorded one by one", extra={"polls": len(batch)}, exc_info=True)
            for one in batch:
                await _record_alone(database, one, clock=clock)
            continue
        for one, result in zip(batch, recorded, strict=True):
            _tell(one, one.record, result)
    for host, until in _resting(finished).items():
        put_off = await database.transaction(feeds.rest_host, host, until=until)
        if put_off:
            log.warning(
                "host is left alone for a while",
                extra={"host": host, "feeds": put_off, "until": until.isoformat()},
            )


def _resting(finished: Sequence[Finished]) -> dict[str, datetime]:
    """Return the hosts that are in trouble by what was said of each last."""
    last = {one.host: one.host_rests_until for one in finished}
    return {host: until for host, until in last.items() if until is not None}


async def _record_alone(database: Database, one: Finished, *, clock: Callable[[], datetime]) -> None:
    try:
        (result,) = await database.transaction(polls.record_polls, [one.record], now=clock())
        _tell(one, one.record, result)
    except StoreUnavailable:
        raise
    except Exception as error:
        feed_id = one.record.feed_id
        log.exception("a poll cannot be recorded", extra={"feed_id": feed_id})
        failed = one.as_refused(error)
        try:
            (result,) = await database.transaction(polls.record_polls, [failed], now=clock())
            _tell(one, failed, result)
        except StoreUnavailable:
            raise
        except Exception:
            # Its lease will run out. The feeds beside it count more than this one.
            log.exception("a failed poll cannot be recorded either", extra={"feed_id": feed_id})


def _batches(finished: Sequence[Finished]) -> Iterator[list[Finished]]:
    batch: list[Finished] = []
    size = 0
    for one in finished:
        if batch and size + len(one.record.found) > _MOST_ITEMS:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.record.found)
    if batch:
        yield batch


def _tell(one: Finished, record: PollRecord, recorded: RecordedPoll) -> None:
    """Log a poll that changed something or failed; an unchanged feed is no event."""
    fields: dict[str, object] = {"feed_id": record.feed_id, "outcome": record.outcome, "took_s": one.took_s}
    if recorded.lease_lost:
        log.warning("feed had passed to another worker, or was changed meanwhile", extra=fields)
        return
    if record.adopt_url is not None:
        log.warning(
            "feed is asked elsewhere from now on", extra={**fields, "url": ops.public_url(record.adopt_url)}
        )
    if one.migrated:
        log.warning("feed gave its items other keys", extra={**fields, "items": len(record.renamed)})
    if not record.succeeded:
        failed = {"detail": record.detail, "failures": record.failures}
        if record.stop:
            log.error("feed is gone and not asked any more", extra={**fields, **failed})
        else:
            log.warning("poll failed", extra={**fields, **failed, "next_try": record.next_due.isoformat()})
        return
    changed = {
        "new_items": recorded.new_items,
        "new_revisions": recorded.new_revisions,
        "mentions": recorded.mentions,
    }
    if record.detail or record.renamed or any(changed.values()):
        told = "; ".join(part for part in (record.detail, record.notes) if part)
        log.info("poll recorded", extra={**fields, **changed, **({"detail": told} if told else {})})
