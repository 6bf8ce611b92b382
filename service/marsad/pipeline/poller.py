"""T1 and T2: a due feed is leased, fetched, parsed and matched, and all that it changed is recorded."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from marsad import schedule
from marsad.errors import MarsadError, StoreUnavailable
from marsad.feeds.fetch import Fetcher
from marsad.feeds.worker import PARSE_TIMEOUT, ParserPool
from marsad.model import Feed, FeedDefinition, FetchFailed, FetchProblem, PollRecord
from marsad.pipeline.conclusion import Ending, Read, conclude
from marsad.pipeline.hosts import Hosts
from marsad.pipeline.in_force import InForce
from marsad.pipeline.judging import Judge, judging
from marsad.pipeline.reading import Reader
from marsad.pipeline.recording import Finished, record_finished
from marsad.pipeline.retrying import retry_failed
from marsad.store import feeds
from marsad.store.database import Database

__all__ = ["InForce", "Poller"]

log = logging.getLogger(__name__)

LEASE_MARGIN = timedelta(seconds=30)
"""A lease lasts this much longer than any poll may."""

WORK_TIMEOUT = timedelta(seconds=60)
"""What a poll may take beyond fetching and parsing: waiting for a parser, reading what is known, matching."""

_LOOK_AGAIN_S = 1.0
"""How often it is looked for feeds that have come due while others are still being polled."""
_POSTPONE = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class _Leased:
    """A feed that this worker may poll once."""

    feed: Feed
    definition: FeedDefinition
    limit: timedelta
    """How long the poll may take; the lease lasts longer."""


class Poller:
    """Polls what is due, at most `poll.concurrency` feeds at a time. One call of `poll_due` at a time.

    *clock* is for tests: without it time is real, and leases take it from the database server.
    """

    def __init__(
        self,
        *,
        database: Database,
        fetcher: Fetcher,
        parsers: ParserPool,
        worker: str,
        in_force: Callable[[], InForce],
        randomness: random.Random,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._worker = worker
        self._in_force = in_force
        self._randomness = randomness
        self._clock = clock
        self._reader = Reader(
            database=database, fetcher=fetcher, parsers=parsers, in_force=in_force, clock=self._now
        )
        self._hosts = Hosts()
        self._under_way: set[str] = set()
        """Ids of feeds that are being polled, or wait to be recorded."""
        self._finished: list[Finished] = []
        self._lost: StoreUnavailable | None = None
        self._news = asyncio.Event()
        self._stopped = asyncio.Event()

    def _now(self) -> datetime:
        return self._clock() if self._clock else datetime.now(UTC)

    def stop(self) -> None:
        """Lease nothing more: `poll_due` ends when what is under way has ended."""
        self._stopped.set()
        self._news.set()

    async def poll_due(self) -> int:
        """Poll until nothing is due and nothing under way; return how many polls were recorded.

        A poll is recorded when it ends, however long others take. StoreUnavailable where nothing can be
        recorded: what is under way is given up then, and none of its validators is stored.
        """
        if self._stopped.is_set():
            return 0
        await self._give_back_leases()
        lost: StoreUnavailable | None = None
        recorded = 0
        with judging() as judge:
            async with asyncio.TaskGroup() as tasks:
                running: set[asyncio.Task[None]] = set()
                try:
                    recorded = await self._poll_until_idle(tasks, running, judge)
                except StoreUnavailable as error:
                    lost = error
                    for task in running:
                        task.cancel()
        if lost is not None:
            raise lost
        return recorded

    async def retry_failed(self) -> int:
        """Ask again the watches that failed on items, after a reload; return the mentions that brought.

        StoreUnavailable.
        """
        with judging() as judge:
            return await retry_failed(self._database, self._in_force(), judge, clock=self._now)

    async def _give_back_leases(self) -> None:
        """Give back what a former call leased and could not record, so that it is polled without delay."""
        self._finished.clear()
        self._lost = None
        if self._under_way:
            await self._database.transaction(feeds.release_feeds, self._worker, sorted(self._under_way))
            self._under_way.clear()

    async def _poll_until_idle(
        self, tasks: asyncio.TaskGroup, running: set[asyncio.Task[None]], judge: Judge
    ) -> int:
        recorded = 0
        while True:
            self._news.clear()
            if self._lost is not None:
                raise self._lost
            recorded += await self._record_finished()
            for leased in await self._lease():
                task = tasks.create_task(self._poll(leased, judge), name=f"poll {leased.feed.id}")
                running.add(task)
                task.add_done_callback(running.discard)
            if not self._under_way:
                return recorded
            try:
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _record_finished(self) -> int:
        """Record what has ended by now; return how many polls that were."""
        finished, self._finished = self._finished, []
        await record_finished(self._database, finished, clock=self._now)
        self._under_way.difference_update(one.record.feed_id for one in finished)
        return len(finished)

    async def _lease(self) -> list[_Leased]:
        """Lease what is due and can start now (T1)."""
        force = self._in_force()
        now = self._now()
        limit = force.poll.timeout + PARSE_TIMEOUT + WORK_TIMEOUT
        leased: list[_Leased] = []
        free = force.poll.concurrency - len(self._under_way)
        while free > 0 and not self._stopped.is_set():
            due = await self._database.transaction(
                feeds.lease_due_feeds,
                worker=self._worker,
                limit=free,
                per_host=force.poll.per_host,
                lease_for=limit + LEASE_MARGIN,
                longest=force.longest_interval,
                now=self._clock() if self._clock else None,
            )
            # A lease of our own that ran out because the clock was set forward: that poll goes on.
            due = [feed for feed in due if feed.id not in self._under_way]
            at = {feed.id: _not_before(feed, force.feeds.get(feed.id), now) for feed in due}
            later = {feed_id: then for feed_id, then in at.items() if then > now}
            leased += [
                _Leased(feed=feed, definition=force.feeds[feed.id], limit=limit)
                for feed in due
                if feed.id not in later
            ]
            self._under_way.update(at)
            if not later:
                break
            await self._database.transaction(feeds.postpone_feeds, self._worker, later)
            self._under_way.difference_update(later)
            free = force.poll.concurrency - len(self._under_way)
        if self._stopped.is_set():
            ids = [one.feed.id for one in leased]
            await self._database.transaction(feeds.release_feeds, self._worker, ids)
            self._under_way.difference_update(ids)
            return []
        return leased

    async def _poll(self, leased: _Leased, judge: Judge) -> None:
        """Poll a feed, and leave what came of it where it will be recorded. Raises only to be cancelled."""
        loop = asyncio.get_running_loop()
        started_at, start = self._now(), loop.time()

        def record(ending: Ending) -> PollRecord:
            return conclude(
                ending,
                leased.feed,
                leased.definition,
                worker=self._worker,
                started_at=started_at,
                default_every=self._in_force().poll.every,
                now=self._now(),
                jitter=self._randomness.random(),
            )

        ending: Ending
        try:
            async with asyncio.timeout(leased.limit.total_seconds()):
                ending = await self._reader.read(leased.feed, leased.definition, judge)
        except StoreUnavailable as error:
            self._lost = error
            self._news.set()
            return
        except TimeoutError:
            detail = f"polling it takes longer than {leased.limit.total_seconds():g} s"
            ending = FetchFailed(problem=FetchProblem.TIMEOUT, detail=detail)
        except Exception as error:
            # One feed that trips us must not stop the others, nor be asked all the time.
            log.exception("a poll failed", extra={"feed_id": leased.feed.id})
            ending = _internal(error)
        self._finished.append(
            Finished(
                record=record(ending),
                as_refused=lambda error: record(_internal(error)),
                took_s=round(loop.time() - start, 3),
                migrated=isinstance(ending, Read) and ending.novelty.migrated,
                host=leased.feed.host,
                host_rests_until=self._hosts.rest_after(leased.feed.host, ending, now=self._now()),
            )
        )
        self._news.set()


def _not_before(feed: Feed, definition: FeedDefinition | None, now: datetime) -> datetime:
    """Return when a feed that is due may be polled at the earliest: *now*, unless something is in the way."""
    if definition is None:
        # In the database already or still, but not in force here: a reload is under way.
        return now + _POSTPONE
    # Overdue, from a night in which nobody polled, into hours that the publisher asks to skip.
    return schedule.after_skips(now, schedule.skips_in_force(definition, feed.skips))


def _internal(error: Exception) -> FetchFailed:
    # What is not our own error has words that no person was meant to read, perhaps with secrets in them.
    told = str(error) if isinstance(error, MarsadError) else type(error).__name__
    return FetchFailed(problem=FetchProblem.INTERNAL, detail=f"internal error: {told}")
