"""When a feed, a delivery or a channel is tried next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.model import (
    Feed,
    FeedDefinition,
    Fetched,
    FetchFailed,
    FetchProblem,
    NotModified,
    Skips,
    Validators,
)
from marsad.schedule import (
    LONGEST_SKIP,
    NO_SKIPS,
    after_skips,
    backoff,
    failures_after,
    longest_interval,
    next_due,
    probe_wait,
    send_backoff,
)

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TAGGED = Validators(etag='"1"')
BARE = Validators(body_hash="00")

DEFINITION = FeedDefinition(id="a", url="https://a.example.org/rss", name="A")
FEED = Feed(
    id="a",
    url=DEFINITION.url,
    configured_url=DEFINITION.url,
    host="a.example.org",
    name="A",
    validators=TAGGED,
    failures=0.0,
    first_contact_at=NOW - DAY,
    last_success_at=NOW - HOUR,
)


def fetched(validators=TAGGED, max_age=None):
    return Fetched(
        body=b"", url=FEED.url, content_type=None, charset=None, validators=validators, max_age=max_age
    )


def failed(problem=FetchProblem.SERVER_ERROR, weight=0.5, retry_after=None):
    return FetchFailed(problem=problem, detail="", weight=weight, retry_after=retry_after)


def wait(outcome, definition=DEFINITION, feed=FEED, publisher_every=None, jitter=0.0, skips=NO_SKIPS):
    due = next_due(
        feed,
        definition,
        outcome,
        default_every=15 * MINUTE,
        publisher_every=publisher_every,
        skips=skips,
        now=NOW,
        jitter=jitter,
    )
    return due - NOW


def test_a_feed_with_validators_is_asked_every_15_minutes():
    assert wait(fetched()) == 15 * MINUTE
    assert wait(NotModified()) == 15 * MINUTE


def test_a_wire_is_asked_every_3_minutes():
    assert wait(fetched(), replace(DEFINITION, tags=("state", "wire"))) == 3 * MINUTE


def test_the_operators_own_interval_beats_the_tag_and_the_publishers_wish():
    stated = replace(DEFINITION, every=10 * MINUTE, tags=("wire",))
    assert wait(fetched(BARE), stated, publisher_every=2 * HOUR) == 10 * MINUTE


def test_a_server_without_validators_is_asked_hourly_unless_the_operator_says_otherwise():
    assert wait(fetched(BARE)) == HOUR
    assert wait(fetched(BARE), replace(DEFINITION, tags=("wire",))) == 3 * MINUTE


def test_an_unchanged_body_without_validators_is_asked_hourly_too():
    assert wait(NotModified(validators=BARE)) == HOUR
    assert wait(NotModified(), feed=replace(FEED, validators=BARE)) == HOUR


def test_a_file_of_ones_own_is_read_every_15_minutes():
    assert wait(fetched(BARE), replace(DEFINITION, url="file:a.xml")) == 15 * MINUTE


def test_a_publisher_who_asks_for_longer_gets_it_and_for_shorter_does_not():
    assert wait(fetched(), publisher_every=HOUR) == HOUR
    assert wait(fetched(), publisher_every=MINUTE) == 15 * MINUTE
    assert wait(fetched(), publisher_every=30 * DAY) == DAY


def test_never_sooner_than_max_age_even_for_a_wire_and_never_later_than_a_day_for_it():
    wire = replace(DEFINITION, every=3 * MINUTE)
    assert wait(fetched(max_age=20 * MINUTE), wire) == 20 * MINUTE
    assert wait(NotModified(max_age=20 * MINUTE), wire) == 20 * MINUTE
    assert wait(fetched(max_age=365 * DAY), wire) == DAY
    assert wait(fetched(max_age=10**6 * DAY), wire) == DAY


def test_failures_add_up_and_one_success_forgets_them():
    feed = replace(FEED, failures=2.5)
    assert failures_after(feed, failed(weight=0.5)) == 3.0
    assert failures_after(feed, fetched()) == 0.0
    assert failures_after(feed, NotModified()) == 0.0


def test_a_failing_server_is_left_alone_longer_and_longer():
    waits = [
        wait(failed(FetchProblem.NOT_A_FEED, 1.0), feed=replace(FEED, failures=float(n))) for n in range(12)
    ]
    assert waits[:2] == [15 * MINUTE, 15 * MINUTE]
    assert waits[2:4] == [20 * MINUTE, 40 * MINUTE]
    assert waits[-1] == DAY


def test_a_host_that_could_not_be_reached_is_tried_again_after_5_minutes():
    hourly = replace(DEFINITION, every=HOUR)
    assert wait(failed(FetchProblem.DNS, 0.25), hourly) == 5 * MINUTE
    assert wait(failed(FetchProblem.CONNECT, 1.0), hourly) == 5 * MINUTE


def test_a_server_that_refuses_is_never_asked_sooner_than_a_healthy_one():
    assert wait(failed(FetchProblem.THROTTLED, 0.25), replace(DEFINITION, every=HOUR)) == HOUR


def test_retry_after_is_kept_up_to_a_day():
    assert wait(failed(retry_after=2 * HOUR)) == 2 * HOUR
    assert wait(failed(retry_after=400 * DAY)) == DAY
    assert wait(failed(retry_after=timedelta(seconds=-5))) == 15 * MINUTE


MORNING = Skips(hours=frozenset({10, 11}))
WEEKEND = Skips(days=frozenset({5, 6}))
SATURDAY = datetime(2026, 11, 28, 0, 0, tzinfo=UTC)


def test_hours_that_the_publisher_asks_to_skip_are_waited_out():
    assert wait(fetched(), skips=MORNING) == 2 * HOUR
    assert wait(NotModified(), skips=MORNING, jitter=1.0) == 2 * HOUR + 5 * MINUTE
    assert wait(fetched(max_age=150 * MINUTE), skips=MORNING) == 150 * MINUTE
    assert wait(failed(FetchProblem.DNS, 0.25), skips=MORNING) == 2 * HOUR


def test_days_that_the_publisher_asks_to_skip_are_waited_out():
    assert after_skips(SATURDAY + 5 * HOUR, WEEKEND) == SATURDAY + 2 * DAY
    assert after_skips(SATURDAY - MINUTE, WEEKEND) == SATURDAY - MINUTE
    both = Skips(hours=frozenset({0, 1}), days=frozenset({5, 6}))
    assert after_skips(SATURDAY, both) == SATURDAY + 2 * DAY + 2 * HOUR
    six_days = Skips(hours=frozenset(range(23)), days=frozenset(range(6)))
    assert after_skips(SATURDAY + DAY + 23 * HOUR + 30 * MINUTE, six_days) == SATURDAY + DAY + 23.5 * HOUR
    assert after_skips(SATURDAY + 2 * DAY, six_days) - SATURDAY - 2 * DAY == 6 * DAY + 23 * HOUR


def test_the_operators_word_beats_what_the_publisher_asks_to_skip():
    assert wait(fetched(), replace(DEFINITION, every=MINUTE), skips=MORNING) == MINUTE
    assert wait(fetched(), replace(DEFINITION, tags=("wire",)), skips=MORNING) == 3 * MINUTE
    assert wait(fetched(), replace(DEFINITION, url="file:a.xml"), skips=MORNING) == 15 * MINUTE


def test_a_list_of_all_hours_or_days_skips_nothing():
    assert wait(fetched(), skips=Skips(hours=frozenset(range(24)))) == 15 * MINUTE
    assert wait(fetched(), skips=Skips(days=frozenset(range(7)))) == 15 * MINUTE


@given(
    st.builds(
        Skips,
        hours=st.frozensets(st.integers(0, 23), max_size=23),
        days=st.frozensets(st.integers(0, 6), max_size=6),
    ),
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_what_is_skipped_ends_within_a_week_and_at_a_time_that_is_not(skips, at):
    then = after_skips(at, skips)
    assert then.hour not in skips.hours
    assert then.weekday() not in skips.days
    assert at <= then <= at + LONGEST_SKIP
    assert then == at or then.minute == then.second == then.microsecond == 0


def test_backoff_doubles_from_5_minutes_to_a_day():
    assert [backoff(n) for n in (0.25, 1, 2, 3)] == [5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert backoff(1.5) == pytest.approx(5 * MINUTE * 2**0.5, abs=timedelta(seconds=1))
    assert backoff(1e9) == DAY


def test_a_delivery_is_tried_again_after_1_minute_then_ever_later_up_to_an_hour():
    assert [send_backoff(n, jitter=0) for n in (1, 2, 3, 6, 7, 100)] == [
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        32 * MINUTE,
        HOUR,
        HOUR,
    ]
    assert send_backoff(1, jitter=1.0) == timedelta(seconds=66)


def test_a_paused_channel_is_probed_after_1_minute_and_at_the_latest_after_30():
    waits = [probe_wait(n * MINUTE, jitter=0) for n in (0, 1, 2, 5000)]
    assert waits == [MINUTE, MINUTE, 2 * MINUTE, 30 * MINUTE]


outcomes = st.one_of(
    st.builds(fetched, st.sampled_from([TAGGED, BARE]), st.none() | st.timedeltas(timedelta(0), 400 * DAY)),
    st.builds(
        failed,
        st.sampled_from(list(FetchProblem)),
        st.sampled_from([0.25, 0.5, 1.0]),
        st.none() | st.timedeltas(),
    ),
)


@given(
    outcomes,
    st.none() | st.timedeltas(MINUTE, 7 * DAY),
    st.none() | st.timedeltas(timedelta(0), 90 * DAY),
    st.floats(0, 1e6),
    st.floats(0, 1),
)
def test_jitter_only_adds_and_no_due_time_lies_beyond_the_longest_interval(
    outcome, every, publisher_every, failures, jitter
):
    definition, feed = replace(DEFINITION, every=every), replace(FEED, failures=failures)
    plain = wait(outcome, definition, feed, publisher_every)
    jittered = wait(outcome, definition, feed, publisher_every, jitter)
    assert timedelta(0) < plain <= jittered <= plain * 1.1 + timedelta(microseconds=1)
    assert jittered <= longest_interval([15 * MINUTE, *([every] if every else [])])
