"""What becomes of a delivery, and of its channel, after one try: pure (design decision 6, docs/adr/0006)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from marsad import schedule
from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    PermanentSendError,
    SendError,
    ServerBusy,
    TransientSendError,
)
from marsad.model import AttemptOutcome, ClaimedDelivery, DeadReason, Receipt

LONGEST_RETRY_AFTER: Final = timedelta(hours=4)
"""A server that asks for more is asked again all the same: a reader waits for news."""

_LONGEST_REPLY: Final = 1000
"""Code points of what is kept of a reply or a reason."""


@dataclass(frozen=True, kw_only=True)
class Unmade:
    """The mail could not be made or handed over, by a defect of ours: nothing was learnt of the server."""

    problem: str


# ── of the delivery ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Sent:
    receipt: Receipt


@dataclass(frozen=True, kw_only=True)
class TryAgain:
    next_due: datetime
    outcome: AttemptOutcome
    reply: str


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    reason: DeadReason
    reply: str


@dataclass(frozen=True, kw_only=True)
class StayDue:
    """The channel failed, not the delivery: it is due as soon as the channel is open."""

    reply: str


Fate = Sent | TryAgain | GiveUp | StayDue

# ── of the channel ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Open:
    """The server was heard: whatever it said of a message, mail leaves."""


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Nothing leaves any more but a probe at *probe_at*."""

    reason: str
    probe_at: datetime


@dataclass(frozen=True, kw_only=True)
class Unproven:
    """Nothing was learnt of the channel: where it is paused it stays so, and is probed at *probe_at*."""

    probe_at: datetime


Finding = Open | Pause | Unproven


@dataclass(frozen=True, kw_only=True)
class Settlement:
    fate: Fate
    finding: Finding


def settle(
    result: Receipt | SendError | Unmade,
    claimed: ClaimedDelivery,
    *,
    retry_for: timedelta,
    jitter: float,
    now: datetime,
) -> Settlement:
    """Decide what follows from *result*.

    *retry_for* counts from the first attempt and stands still while the channel is paused. *jitter* is in
    0..1.
    """
    probe_at = now + schedule.probe_wait(claimed.channel_paused_for, jitter=jitter)
    return Settlement(
        fate=_fate(result, claimed, retry_for=retry_for, jitter=jitter, now=now),
        finding=_finding(result, probe_at),
    )


def _finding(result: Receipt | SendError | Unmade, probe_at: datetime) -> Finding:
    if isinstance(result, ChannelError | ServerBusy):
        return Pause(reason=_kept(result.detail), probe_at=probe_at)
    if isinstance(result, Receipt) or (isinstance(result, SendError) and result.reply):
        return Open()
    return Unproven(probe_at=probe_at)


def _fate(
    result: Receipt | SendError | Unmade,
    claimed: ClaimedDelivery,
    *,
    retry_for: timedelta,
    jitter: float,
    now: datetime,
) -> Fate:
    if isinstance(result, Receipt):
        return Sent(receipt=Receipt(reply=_kept(result.reply)))
    if isinstance(result, ChannelError):
        return StayDue(reply=_kept(result.detail))
    told = result.problem if isinstance(result, Unmade) else result.reply or result.detail
    if isinstance(result, PermanentSendError):
        return GiveUp(reason=DeadReason.REFUSED, reply=_kept(told))
    if now - claimed.first_attempt_at - claimed.paused_since_first_attempt >= retry_for:
        over = DeadReason.UNSENDABLE if isinstance(result, Unmade) else DeadReason.EXPIRED
        return GiveUp(reason=over, reply=_kept(told))
    wait = schedule.send_backoff(claimed.failures + 1, jitter=jitter)
    if isinstance(result, TransientSendError) and result.retry_after is not None:
        wait = max(wait, min(result.retry_after, LONGEST_RETRY_AFTER))
    ambiguous = isinstance(result, AmbiguousSendError)
    return TryAgain(
        next_due=now + wait,
        outcome=AttemptOutcome.AMBIGUOUS if ambiguous else AttemptOutcome.RETRY,
        reply=_kept(told),
    )


def _kept(text: str) -> str:
    """Return what a database takes of *text*: a reply that cannot be stored would be a mail sent for ever."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:_LONGEST_REPLY]
