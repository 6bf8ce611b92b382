"""Whether a new item is news or comes late: pure (design decision 8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from marsad import schedule
from marsad.model import Arrival, Feed, FirstContact, Skips
from marsad.pipeline.planner import STALE

AHEAD = timedelta(hours=1)
"""How far in the future a date may lie and still be today's: clocks and zones of publishers are off."""

_LATE_INTERVALS = 3


def arrival(
    published: datetime | None,
    feed: Feed,
    *,
    first_contact: FirstContact,
    interval: timedelta,
    skips: Skips,
    now: datetime,
) -> Arrival:
    """Return how an item that nobody knew arrives with a poll of *feed* at *now*.

    *interval* is how long the feed is left alone when all is well, *skips* when it is never polled. At first
    contact dates decide what is told; after that every item is news, save what piled up while nobody polled.
    """
    if feed.first_contact_at is None:
        told = _is_told_at_first_contact(published, first_contact.window, now)
        return Arrival.CATCH_UP if told else Arrival.BEFORE_FIRST_CONTACT
    if was_down(feed, interval=interval, skips=skips, now=now) and (
        published is None or now - published > STALE
    ):
        return Arrival.CATCH_UP
    return Arrival.LIVE


def _is_told_at_first_contact(published: datetime | None, window: timedelta | None, now: datetime) -> bool:
    if window is None:
        return True
    if not window or published is None:
        return False
    return now - window <= published <= now + AHEAD


def is_looked_back_at(
    published: datetime | None,
    *,
    window: timedelta | None,
    first_seen_at: datetime,
    first_contact_at: datetime | None,
    now: datetime,
) -> bool:
    """Return whether a new watch is told of an item that is recorded already (T6).

    Of what came with its feed's first contact dates decide, as they did then; what came later was news when
    it was first seen.
    """
    if window is None:
        return True
    if not window:
        return False
    was_news = first_contact_at is not None and first_seen_at > first_contact_at
    if was_news:
        return now - window <= first_seen_at
    return _is_told_at_first_contact(published, window, now)


def was_down(feed: Feed, *, interval: timedelta, skips: Skips, now: datetime) -> bool:
    """Return whether *feed* has gone unpolled, or without an answer, for so long that items piled up."""
    if feed.last_success_at is None:
        return False
    patience = max(STALE, _LATE_INTERVALS * interval)
    return now > schedule.after_skips(feed.last_success_at + patience, skips)
