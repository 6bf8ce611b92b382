"""When things are due, as pure functions: polls, retries, and the windows of digests.

No clock is read and no chance is drawn here: *now* and *jitter* (a fraction from 0 to 1) are passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from marsad.model import (
    Feed,
    FeedDefinition,
    Fetched,
    FetchFailed,
    FetchOutcome,
    FetchProblem,
    NotModified,
    Schedule,
    ScheduleKind,
    Skips,
    Validators,
)

WIRE_EVERY = timedelta(minutes=3)
"""The interval of a feed with the tag `wire`, unless it states its own."""
WITHOUT_VALIDATORS = timedelta(hours=1)
"""A server that cannot say "not modified" sends the whole feed each time: ask it less often."""
LONGEST_WAIT = timedelta(days=1)
"""However long a server or a publisher asks us to wait, and however often a feed has failed."""
LONGEST_SKIP = timedelta(days=7)
"""How much skipDays and skipHours can add to a wait: a week has an hour that is not skipped."""
NO_SKIPS = Skips()

LONGEST_SEND_PAUSE = timedelta(seconds=10)
"""Between tries at a server that puts off whatever it is offered."""
FIRST_HOST_PAUSE = timedelta(minutes=1)
LONGEST_HOST_PAUSE = timedelta(minutes=15)
"""However long a host is down or asks to be left alone, each of its feeds has a wait of its own besides."""

_HOST_PATIENCE = 3
_PATIENCE = 5
"""Tries in a row that a server may put off before the next one waits."""
_REGULAR_JITTER = 0.05
_BACKOFF_JITTER = 0.1
_AFTER_SKIP = timedelta(minutes=5)
_FIRST_BACKOFF = timedelta(minutes=5)
_NOBODY_ANSWERED = frozenset({FetchProblem.DNS, FetchProblem.CONNECT})


# ── polls ────────────────────────────────────────────────────────────────────────────────────────


def regular_interval(
    definition: FeedDefinition,
    *,
    default_every: timedelta,
    conditional: bool,
    publisher_every: timedelta | None,
) -> timedelta:
    """Return how long a healthy feed is left alone.

    The operator's word comes first: `every`, else the tag `wire`. Without it the default holds, or what the
    publisher asks for where that is longer (ttl, sy:updatePeriod); a feed whose server gave nothing to make a
    request *conditional* with is asked at most hourly. A file of our own troubles nobody.
    """
    if definition.every is not None:
        return definition.every
    if "wire" in definition.tags:
        return WIRE_EVERY
    if definition.url.startswith("file:"):
        return default_every
    politeness = timedelta(0) if conditional else WITHOUT_VALIDATORS
    return max(default_every, politeness, min(publisher_every or timedelta(0), LONGEST_WAIT))


def skips_in_force(definition: FeedDefinition, skips: Skips) -> Skips:
    """Return what of the publisher's *skips* binds us: nothing where the operator says how often to ask."""
    if definition.every is not None or "wire" in definition.tags or definition.url.startswith("file:"):
        return NO_SKIPS
    return skips


def after_skips(at: datetime, skips: Skips) -> datetime:
    """Return *at*, or the end of the hours and days to skip that it falls into."""
    if len(skips.hours) >= 24 or len(skips.days) >= 7:
        return at
    at = at.astimezone(UTC)
    while at.hour in skips.hours or at.weekday() in skips.days:
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def failures_after(feed: Feed, outcome: FetchOutcome) -> float:
    """Return the weight of consecutive failures once *outcome* is counted; any success forgets them."""
    return feed.failures + outcome.weight if isinstance(outcome, FetchFailed) else 0.0


def next_due(
    feed: Feed,
    definition: FeedDefinition,
    outcome: FetchOutcome,
    *,
    default_every: timedelta,
    publisher_every: timedelta | None,
    skips: Skips = NO_SKIPS,
    now: datetime,
    jitter: float,
) -> datetime:
    """Return when *feed* is to be polled after *outcome*; *now* is the end of the poll.

    Never sooner than the server allows: max-age after an answer, Retry-After after a refusal, each at most a
    day. A failure that a server told us waits at least the regular interval; one that reached no server may
    be tried again sooner. Jitter only ever adds, up to 5 % (10 % of a back-off), so that feeds that came due
    together drift apart. *publisher_every* and *skips* are what the feed said last: of this body where it was
    parsed. What falls into hours or days to skip waits for their end, and at most 5 minutes more.
    """
    due = _due_after(
        feed,
        definition,
        outcome,
        default_every=default_every,
        publisher_every=publisher_every,
        now=now,
        jitter=jitter,
    )
    allowed = after_skips(due, skips_in_force(definition, skips))
    return due if allowed == due else allowed + _AFTER_SKIP * jitter


def _due_after(
    feed: Feed,
    definition: FeedDefinition,
    outcome: FetchOutcome,
    *,
    default_every: timedelta,
    publisher_every: timedelta | None,
    now: datetime,
    jitter: float,
) -> datetime:
    validators = _validators_after(feed, outcome)
    regular = regular_interval(
        definition,
        default_every=default_every,
        conditional=bool(validators.etag or validators.last_modified),
        publisher_every=publisher_every,
    )
    match outcome:
        case Fetched(max_age=age) | NotModified(max_age=age):
            wait = _lengthened(regular, _REGULAR_JITTER * jitter)
            return now + max(wait, min(age or timedelta(0), LONGEST_WAIT))
        case FetchFailed(problem=problem, retry_after=retry_after):
            wait = backoff(failures_after(feed, outcome))
            if problem not in _NOBODY_ANSWERED:
                wait = max(wait, regular)
            # The jitter is added to Retry-After too: all feeds of a host were given the same moment.
            wait = max(wait, min(retry_after or timedelta(0), LONGEST_WAIT))
            return now + _lengthened(wait, _BACKOFF_JITTER * jitter)
        case _:
            assert_never(outcome)


def _validators_after(feed: Feed, outcome: FetchOutcome) -> Validators:
    match outcome:
        case Fetched(validators=validators):
            return validators
        case NotModified(validators=validators) if validators is not None:
            return validators
        case _:
            return feed.validators


def backoff(failures: float) -> timedelta:
    """Return how long to leave a failing feed alone.

    Doubles from 5 minutes to at most 1 day. *failures* may be fractional: a temporary failure (DNS, 429)
    counts 0.25, a soft one (404, 5xx) 0.5; feeds do come back after 404. Jitter and Retry-After are the
    caller's business (RFC 9110 §10.2.3).
    """
    return _doubling(_FIRST_BACKOFF, LONGEST_WAIT, failures)


def host_pause(failed: int) -> timedelta:
    """Return how long to ask nothing of a host after *failed* polls in a row that failed by its fault.

    Not at all after one or two, which may be one feed's trouble; then from 1 minute, doubling, to 15.
    """
    beyond = failed - _HOST_PATIENCE
    return timedelta(0) if beyond < 0 else _doubling(FIRST_HOST_PAUSE, LONGEST_HOST_PAUSE, beyond + 1)


def longest_interval(every: Iterable[timedelta]) -> timedelta:
    """Return how far ahead a due time can lie; one farther ahead tells that the clock was set back.

    *every* are the intervals in force: `[poll] every` and those that feeds state. A feed that names days or
    hours to skip may be due later still, by `LONGEST_SKIP`.
    """
    return _lengthened(max([LONGEST_WAIT, *every]), _BACKOFF_JITTER)


# ── sends ────────────────────────────────────────────────────────────────────────────────────────


def send_backoff(failures: int, *, jitter: float) -> timedelta:
    """Return how long a delivery waits after its *failures*-th try: from 1 minute, doubling, to 1 hour.

    Greylisting asks for minutes and a reader waits for news; *jitter* adds up to 10 %.
    """
    wait = _doubling(timedelta(minutes=1), timedelta(hours=1), failures)
    return _lengthened(wait, _BACKOFF_JITTER * jitter)


def send_pause(deferred: int) -> timedelta:
    """Return how long to send nothing after *deferred* tries in a row that the server put off.

    None at first, as greylisting puts off each recipient once; then doubling to 10 seconds: a limit of so
    many messages an hour is not met by asking faster, and six tries a minute soon notice when it is over.
    """
    beyond = deferred - _PATIENCE
    return timedelta(0) if beyond < 0 else _doubling(timedelta(seconds=1), LONGEST_SEND_PAUSE, beyond + 1)


def probe_wait(paused_for: timedelta, *, jitter: float) -> timedelta:
    """Return how long a channel that has been paused for so long rests before its next probe.

    As long again, from 1 to 30 minutes: it doubles without anybody counting, across restarts and workers.
    *jitter* adds up to 10 %.
    """
    wait = min(max(paused_for, timedelta(minutes=1)), timedelta(minutes=30))
    return _lengthened(wait, _BACKOFF_JITTER * jitter)


def _doubling(first: timedelta, longest: timedelta, failures: float) -> timedelta:
    # 2 ** 30 of the shortest is decades: beyond it the exponent only risks an overflow.
    return min(longest, first * 2 ** min(max(failures, 1.0) - 1.0, 30.0))


def _lengthened(wait: timedelta, fraction: float) -> timedelta:
    return wait + wait * fraction


# ── digest windows ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of time whose mentions are told together; it begins where the one before it ended."""

    key: str
    """Schedule, local date and slot (hourly: the UTC hour it ends with): part of a delivery's identity."""
    end: datetime
    """UTC; a mention recorded before it belongs to this window or an earlier one."""


def closed_window(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Window | None:
    """Return the latest window of *schedule* in *zone* that has ended by *now*; None for "instant"."""
    match schedule.kind:
        case ScheduleKind.INSTANT:
            return None
        case ScheduleKind.HOURLY:
            return _hour(now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
        case ScheduleKind.DIGEST:
            return next(w for w in _windows(schedule, zone, now, step=-1) if w.end <= now)
        case _:
            assert_never(schedule.kind)


def next_window_end(schedule: Schedule, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the first instant after *now* at which a window ends; None for "instant"."""
    match schedule.kind:
        case ScheduleKind.INSTANT:
            return None
        case ScheduleKind.HOURLY:
            return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        case ScheduleKind.DIGEST:
            return next(w.end for w in _windows(schedule, zone, now, step=1) if w.end > now)
        case _:
            assert_never(schedule.kind)


def _hour(end: datetime) -> Window:
    return Window(key=f"hourly {end:%Y-%m-%dT%H}Z", end=end)


def _windows(schedule: Schedule, zone: ZoneInfo, now: datetime, *, step: int) -> Iterator[Window]:
    """Yield the windows around *now*: forwards from two days before it, or backwards from two days after.

    A slot of tomorrow may have ended already, where clocks were set back over midnight (America/St_Johns,
    until 2011) or by a whole day. Where a gap swallows several slots, of one day or of a day that a zone
    skipped, they end together, and are one window under the name of the last.
    """
    slots = schedule.times if step > 0 else tuple(reversed(schedule.times))
    day = now.astimezone(zone).date() - timedelta(days=2 * step)
    while True:
        if day.weekday() in schedule.days:
            for slot in slots:
                yield Window(key=f"{schedule.text} {day} {slot:%H:%M}", end=_instant(day, slot, zone))
        day += timedelta(days=step)


def _instant(day: date, slot: time, zone: ZoneInfo) -> datetime:
    """Return when the clocks of *zone* first show *slot* of *day* or, where they never do, a later time."""
    local = datetime.combine(day, slot, tzinfo=zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second >= first:
        return first
    # A gap: read with the offset from before it the time lies after the jump, with the one from after it
    # before. The jump itself, to the second, is between them (PEP 495).
    before, after = second, first
    target = datetime.combine(day, slot)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).replace(tzinfo=None) >= target:
            after = middle
        else:
            before = middle
    return after
