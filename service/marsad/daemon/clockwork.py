"""Ticks: jobs in memory that set an event and do nothing else, and the one import of the scheduler.

The scheduler goes by the clock on the wall, which may be set ahead by years or back by days. Neither may stop
the service: a tick never makes up for missed ones, and one that is lost is noticed by the monotonic clock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

LOST: Final = 5
"""Intervals after which a tick that has not come does not come: the clock was set back."""


class Every(BaseTrigger):  # type: ignore[misc]  # untyped library
    """Fires one interval after it is looked at.

    The scheduler's own interval trigger counts from the last run: set ahead by ten years it lists 315 million
    missed ones (docs/adr/0004).
    """

    def __init__(self, interval: timedelta) -> None:
        self.interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + self.interval


class Clockwork:
    """An event for each name: set by its ticks, or by `wake`; a context manager, in a running loop."""

    def __init__(self, every: Mapping[str, timedelta], *, without_ticks: Iterable[str] = ()) -> None:
        self._every = dict(every)
        self._events = {name: asyncio.Event() for name in (*every, *without_ticks)}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # A late tick is as good as any: by default one that is a second late is dropped.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def __enter__(self) -> Self:
        for name, interval in self._every.items():
            self._scheduler.add_job(self._events[name].set, Every(interval), id=name)
        self._scheduler.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=False)

    def wake(self, name: str) -> None:
        """Let who waits for *name* go on at once, or the next time."""
        self._events[name].set()

    def wake_all(self) -> None:
        for event in self._events.values():
            event.set()

    def is_due(self, name: str) -> bool:
        """Tell whether who waits for *name* next will not wait."""
        return self._events[name].is_set()

    async def due(self, name: str, *, within: timedelta) -> None:
        """Wait, for no longer than *within*, until `is_due`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await self._events[name].wait()

    async def next(self, name: str) -> None:
        """Wait for the next tick of *name*, or until it is woken."""
        interval = self._every.get(name)
        try:
            async with asyncio.timeout(None if interval is None else LOST * interval.total_seconds()):
                await self._events[name].wait()
        except TimeoutError:
            self._begin_anew()
        self._events[name].clear()

    def _begin_anew(self) -> None:
        log.warning("the clock was set back, or the machine stood still: ticks begin anew")
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
