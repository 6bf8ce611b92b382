"""What follows from one poll: pure. What is stored, what is forgotten, and when the feed is asked again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from marsad import schedule
from marsad.model import (
    Feed,
    FeedDefinition,
    Fetched,
    FetchFailed,
    FetchProblem,
    FoundItem,
    NotModified,
    ParsedFeed,
    PollRecord,
    Validators,
)
from marsad.pipeline.novelty import Novelty

MOVES = 3
"""Polls in a row that a permanent redirect must have worked before its target is asked directly."""

# What an adopted address says when it was the wrong one after all; the configured one is asked again then.
_NO_FEED_HERE = frozenset({FetchProblem.GONE, FetchProblem.NOT_FOUND, FetchProblem.NOT_A_FEED})


@dataclass(frozen=True, kw_only=True)
class Read:
    """A body that came and was read."""

    fetched: Fetched
    parsed: ParsedFeed
    novelty: Novelty
    found: tuple[FoundItem, ...]

    @property
    def whole(self) -> bool:
        return not (self.fetched.truncated or self.parsed.partial)


Ending = Read | NotModified | FetchFailed
"""How a poll ended."""


def conclude(
    ending: Ending,
    feed: Feed,
    definition: FeedDefinition,
    *,
    worker: str,
    started_at: datetime,
    default_every: timedelta,
    now: datetime,
    jitter: float,
) -> PollRecord:
    """Return all that a poll of *feed* changes; *now* is its end, *jitter* is in 0..1."""
    outcome = _as_outcome(ending, feed)
    said = ending.parsed if isinstance(ending, Read) else None
    publisher_every = said.every if said else feed.publisher_every
    skips = said.skips if said else feed.skips
    record = PollRecord(
        feed_id=feed.id,
        worker=worker,
        started_at=started_at,
        outcome="fetched",
        detail="",
        next_due=schedule.next_due(
            feed,
            definition,
            outcome,
            default_every=default_every,
            publisher_every=publisher_every,
            skips=skips,
            now=now,
            jitter=jitter,
        ),
        failures=schedule.failures_after(feed, outcome),
        succeeded=True,
        validators=None,
        publisher_every=publisher_every,
        skips=skips,
    )
    match ending:
        case Read():
            return _after_reading(record, ending, feed)
        case NotModified(validators=validators, permanent_url=permanent_url):
            record = replace(record, outcome="not_modified", validators=validators)
            return _after_redirects(record, feed, permanent_url)
        case FetchFailed():
            return _after_failure(record, ending, feed)
        case _:
            assert_never(ending)


def _as_outcome(ending: Ending, feed: Feed) -> Fetched | NotModified | FetchFailed:
    if not isinstance(ending, Read):
        return ending
    # Of a part of a body no validators are kept: those of the last whole one stay in force.
    return ending.fetched if ending.whole else replace(ending.fetched, validators=feed.validators)


def _after_reading(record: PollRecord, read: Read, feed: Feed) -> PollRecord:
    record = replace(
        record,
        detail="" if read.whole else "the body ended early: its whole items were taken",
        validators=read.fetched.validators if read.whole else None,
        found=read.found,
        seen_keys=read.novelty.seen,
        renamed=read.novelty.renamed,
        # A feed whose bodies always end early must not stay at first contact for ever.
        ends_first_contact=read.whole or feed.last_success_at is not None,
        notes="; ".join(read.parsed.notes),
        title=read.parsed.title or None,
        language=read.parsed.language,
    )
    return _after_redirects(record, feed, read.fetched.permanent_url)


def _after_redirects(record: PollRecord, feed: Feed, permanent_url: str | None) -> PollRecord:
    """Count a permanent redirect that worked, and follow it for good when it has worked often enough."""
    if permanent_url is None or permanent_url == feed.url:
        return record
    times = feed.moved_times + 1 if permanent_url == feed.moved_to else 1
    if times < MOVES:
        return replace(record, moved_to=permanent_url, moved_times=times)
    return replace(record, adopt_url=permanent_url)


def _after_failure(record: PollRecord, failed: FetchFailed, feed: Feed) -> PollRecord:
    record = replace(
        record,
        outcome=failed.problem.value,
        detail=failed.detail,
        succeeded=False,
        validators=Validators() if failed.forget_validators else None,
    )
    if failed.problem in _NO_FEED_HERE and feed.url != feed.configured_url:
        return replace(record, adopt_url=feed.configured_url, validators=Validators())
    return replace(record, stop=failed.problem is FetchProblem.GONE)
