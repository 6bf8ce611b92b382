"""Which items are news, which come late, and which were there before us (design decision 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.model import Arrival, FirstContact, Skips
from marsad.pipeline.arrival import arrival, was_down
from marsad.schedule import NO_SKIPS
from tests.unit.feeds.samples import NOW, feed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
INTERVAL = 15 * MINUTE
NEW = feed("http://a.example/")
KNOWN = replace(NEW, first_contact_at=NOW - 9 * DAY, last_success_at=NOW - INTERVAL)
DATES = st.none() | st.datetimes(timezones=st.just(NOW.tzinfo))


def arrives(
    published: datetime | None, of=KNOWN, *, window: timedelta | None = DAY, skips=NO_SKIPS
) -> Arrival:
    return arrival(
        published,
        of,
        first_contact=FirstContact(window=window),
        interval=INTERVAL,
        skips=skips,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("age", "told"),
    [(timedelta(0), True), (DAY, True), (DAY + MINUTE, False), (-HOUR, True), (-HOUR - MINUTE, False)],
)
def test_first_contact_tells_what_is_dated_within_the_window(age: timedelta, told: bool) -> None:
    expected = Arrival.CATCH_UP if told else Arrival.BEFORE_FIRST_CONTACT
    assert arrives(NOW - age, NEW) is expected


@given(DATES)
def test_all_tells_everything_and_none_tells_nothing(published: datetime | None) -> None:
    assert arrives(published, NEW, window=None) is Arrival.CATCH_UP
    assert arrives(published, NEW, window=timedelta(0)) is Arrival.BEFORE_FIRST_CONTACT


def test_what_is_undated_at_first_contact_was_there_before() -> None:
    assert arrives(None, NEW) is Arrival.BEFORE_FIRST_CONTACT


@given(DATES)
def test_after_first_contact_no_date_makes_an_item_anything_but_news(published: datetime | None) -> None:
    assert arrives(published) is Arrival.LIVE


def test_after_downtime_only_what_is_surely_fresh_is_told_at_once() -> None:
    night = replace(KNOWN, last_success_at=NOW - 9 * HOUR)
    assert arrives(NOW - 3 * HOUR - MINUTE, night) is Arrival.CATCH_UP
    assert arrives(None, night) is Arrival.CATCH_UP
    assert arrives(NOW - 3 * HOUR, night) is Arrival.LIVE
    assert arrives(NOW + DAY, night) is Arrival.LIVE


@pytest.mark.parametrize(
    ("interval", "gap", "down"),
    [
        (INTERVAL, 3 * HOUR, False),
        (INTERVAL, 3 * HOUR + MINUTE, True),
        (DAY, 3 * DAY, False),
        (DAY, 3 * DAY + MINUTE, True),
    ],
)
def test_a_gap_is_downtime_from_three_hours_and_three_intervals_on(
    interval: timedelta, gap: timedelta, down: bool
) -> None:
    of = replace(KNOWN, last_success_at=NOW - gap)
    assert was_down(of, interval=interval, skips=NO_SKIPS, now=NOW) is down


def test_hours_that_nobody_was_to_poll_in_are_no_downtime() -> None:
    night = replace(KNOWN, last_success_at=NOW - 9 * HOUR)  # at 3 in the morning
    skips = Skips(hours=frozenset(range(4, 12)))
    assert arrives(None, night, skips=skips) is Arrival.LIVE
    assert arrives(None, replace(night, last_success_at=NOW - 30 * HOUR), skips=skips) is Arrival.CATCH_UP


def test_a_clock_that_was_set_back_makes_no_downtime() -> None:
    assert arrives(None, replace(KNOWN, last_success_at=NOW + 365 * DAY)) is Arrival.LIVE
