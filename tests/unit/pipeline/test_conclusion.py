"""What follows from one poll: validators, redirects, stops, and when the feed is asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marsad.model import (
    FeedDefinition,
    Fetched,
    FetchFailed,
    FetchProblem,
    NotModified,
    ParsedFeed,
    PollRecord,
    Skips,
    Validators,
)
from marsad.pipeline.conclusion import Ending, Read, conclude
from marsad.pipeline.novelty import Novelty
from tests.unit.feeds.samples import NOW
from tests.unit.feeds.samples import feed as sample

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OLD, FRESH = Validators(etag="old", body_hash="0"), Validators(etag="new", body_hash="1")
URL, ELSEWHERE = "https://a.example/rss", "https://b.example/rss"
FEED = replace(
    sample(URL, validators=OLD),
    failures=2.0,
    last_success_at=NOW - HOUR,
    publisher_every=HOUR,
    skips=Skips(days=frozenset({5})),
)
DEFINITION = FeedDefinition(id="a", url=URL, name="A")
NOTHING = Novelty(new=(), changed=())


def read(*, truncated: bool = False, permanent_url: str | None = None, **parsed: Any) -> Read:
    return Read(
        fetched=Fetched(
            body=b"",
            url=URL,
            content_type=None,
            charset=None,
            validators=Validators() if truncated else FRESH,
            permanent_url=permanent_url,
            truncated=truncated,
        ),
        parsed=ParsedFeed(**({"title": "A", "language": "ar", "items": ()} | parsed)),
        novelty=NOTHING,
        found=(),
    )


def failed(problem: FetchProblem, **more: Any) -> FetchFailed:
    return FetchFailed(problem=problem, detail="it says no", **more)


def after(ending: Ending, feed=FEED) -> PollRecord:
    return conclude(
        ending,
        feed,
        DEFINITION,
        worker="w1",
        started_at=NOW - MINUTE,
        default_every=15 * MINUTE,
        now=NOW,
        jitter=0.0,
    )


def test_a_body_that_was_read_whole_stores_its_validators() -> None:
    record = after(read(notes=("encoding suspect", "2 control characters removed"), every=2 * HOUR))
    assert (record.outcome, record.succeeded, record.failures, record.detail) == ("fetched", True, 0.0, "")
    assert record.validators == FRESH
    assert record.ends_first_contact
    assert record.notes == "encoding suspect; 2 control characters removed"
    assert (record.title, record.language) == ("A", "ar")
    assert (record.publisher_every, record.next_due) == (2 * HOUR, NOW + 2 * HOUR)


@pytest.mark.parametrize("part", [read(truncated=True), read(partial=True)])
def test_a_body_that_came_in_part_keeps_the_validators_of_the_last_whole_one(part: Read) -> None:
    record = after(part)
    assert (record.succeeded, record.validators) == (True, None)
    assert record.detail == "the body ended early: its whole items were taken"
    assert record.next_due == NOW + 15 * MINUTE
    assert record.ends_first_contact
    assert not after(part, replace(FEED, last_success_at=None)).ends_first_contact


def test_an_unchanged_body_keeps_all_that_the_last_one_said() -> None:
    record = after(NotModified())
    assert (record.outcome, record.validators, record.notes, record.title) == (
        "not_modified",
        None,
        None,
        None,
    )
    assert (record.publisher_every, record.skips, record.failures) == (HOUR, FEED.skips, 0.0)
    assert after(NotModified(validators=FRESH)).validators == FRESH


def test_a_failure_keeps_the_validators_unless_they_are_what_is_wrong() -> None:
    record = after(failed(FetchProblem.SERVER_ERROR, weight=0.5))
    assert (record.outcome, record.detail, record.succeeded) == ("server_error", "it says no", False)
    assert (record.validators, record.failures) == (None, 2.5)
    assert (record.publisher_every, record.skips, record.notes) == (HOUR, FEED.skips, None)
    assert after(failed(FetchProblem.PROTOCOL, forget_validators=True)).validators == Validators()


def test_a_permanent_redirect_is_adopted_when_it_has_worked_three_times_in_a_row() -> None:
    first = after(read(permanent_url=ELSEWHERE))
    assert (first.moved_to, first.moved_times, first.adopt_url) == (ELSEWHERE, 1, None)
    second = after(NotModified(permanent_url=ELSEWHERE), replace(FEED, moved_to=ELSEWHERE, moved_times=1))
    assert (second.moved_to, second.moved_times, second.adopt_url) == (ELSEWHERE, 2, None)
    third = after(read(permanent_url=ELSEWHERE), replace(FEED, moved_to=ELSEWHERE, moved_times=2))
    assert (third.moved_to, third.moved_times, third.adopt_url) == (None, 0, ELSEWHERE)


@pytest.mark.parametrize(
    "ending", [read(), NotModified(), failed(FetchProblem.NOT_A_FEED), failed(FetchProblem.TIMEOUT)]
)
def test_a_redirect_that_did_not_work_or_was_not_there_is_counted_from_the_start(ending: Ending) -> None:
    record = after(ending, replace(FEED, moved_to=ELSEWHERE, moved_times=2))
    assert (record.moved_to, record.moved_times, record.adopt_url) == (None, 0, None)
    other = after(read(permanent_url="https://c.example/"), replace(FEED, moved_to=ELSEWHERE, moved_times=2))
    assert (other.moved_to, other.moved_times) == ("https://c.example/", 1)


def test_gone_stops_the_feed_and_no_other_failure_does() -> None:
    assert [problem for problem in FetchProblem if after(failed(problem)).stop] == [FetchProblem.GONE]


@pytest.mark.parametrize("problem", [FetchProblem.GONE, FetchProblem.NOT_FOUND, FetchProblem.NOT_A_FEED])
def test_an_adopted_address_without_a_feed_gives_way_to_the_configured_one(problem: FetchProblem) -> None:
    record = after(failed(problem), replace(FEED, url=ELSEWHERE))
    assert (record.adopt_url, record.validators, record.stop) == (URL, Validators(), False)
    assert after(failed(FetchProblem.TIMEOUT), replace(FEED, url=ELSEWHERE)).adopt_url is None
