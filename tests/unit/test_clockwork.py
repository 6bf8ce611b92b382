"""Ticks come, whatever is done to the clock on the wall."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from marsad.daemon.clockwork import Clockwork, Every

SHORT = timedelta(milliseconds=50)
NOW = datetime(2026, 3, 10, tzinfo=UTC)


async def test_ticks_go_on_and_who_is_woken_does_not_wait_for_one() -> None:
    with Clockwork({"fast": SHORT, "slow": timedelta(hours=1)}, without_ticks=["asked"]) as clockwork:
        async with asyncio.timeout(10):
            for _ in range(3):
                await clockwork.next("fast")
            clockwork.wake("slow")
            assert clockwork.is_due("slow")
            await clockwork.next("slow")
            assert not clockwork.is_due("slow")
            clockwork.wake_all()
            await clockwork.due("asked", within=timedelta(hours=1))
            await clockwork.next("asked")
            await clockwork.due("asked", within=SHORT)
        assert not clockwork.is_due("asked")


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=3650)])
async def test_a_clock_set_ahead_brings_one_tick_and_not_all_that_were_missed(jump: timedelta) -> None:
    with Clockwork({"fast": timedelta(seconds=1)}) as clockwork:
        (job,) = clockwork._scheduler.get_jobs()
        assert job._get_run_times(datetime.now(UTC) + jump) == [job.next_run_time]
    assert Every(SHORT).get_next_fire_time(NOW, NOW + jump) == NOW + jump + SHORT


async def test_a_clock_set_back_costs_a_few_ticks() -> None:
    with Clockwork({"fast": SHORT, "slow": timedelta(hours=1)}) as clockwork:
        for job in clockwork._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
        async with asyncio.timeout(10):
            await clockwork.next("fast")  # given up, and begun anew
            await clockwork.next("slow")  # its job, too
            for _ in range(3):
                await clockwork.next("fast")
