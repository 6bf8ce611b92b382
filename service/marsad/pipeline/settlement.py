"""What becomes of a delivery after one try: pure (design decision 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from marsad import schedule
from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    PermanentSendError,
    SendError,
    TransientSendError,
)
from marsad.model import AttemptOutcome, ClaimedDelivery, DeadReason, Receipt

LONGEST_RETRY_AFTER = timedelta(hours=4)
"""A server that asks for more is asked again all the same: a reader waits for news."""


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
class PauseChannel:
    """The channel's fault: the delivery stays due, and nothing else leaves but a probe."""

    probe_at: datetime
    reason: str


Settlement = Sent | TryAgain | GiveUp | PauseChannel


def settle(
    result: Receipt | SendError,
    claimed: ClaimedDelivery,
    *,
    retry_for: timedelta,
    channel_failures: int,
    jitter: float,
    now: datetime,
) -> Settlement:
    """Decide what follows from *result*.

    *retry_for* counts from the first attempt and stands still while the channel is paused. *channel_failures*
    is how many probes of a paused channel failed before. *jitter* is in 0..1.
    """
    if isinstance(result, Receipt):
        return Sent(receipt=result)
    reply = result.reply or result.detail
    if isinstance(result, ChannelError):
        wait = schedule.probe_backoff(channel_failures + 1, jitter=jitter)
        return PauseChannel(probe_at=now + wait, reason=reply)
    if isinstance(result, PermanentSendError):
        return GiveUp(reason=DeadReason.REFUSED, reply=reply)
    if now - claimed.first_attempt_at - claimed.paused_since_first_attempt >= retry_for:
        return GiveUp(reason=DeadReason.EXPIRED, reply=reply)
    wait = schedule.send_backoff(claimed.failures + 1, jitter=jitter)
    if isinstance(result, TransientSendError) and result.retry_after is not None:
        wait = max(wait, min(result.retry_after, LONGEST_RETRY_AFTER))
    ambiguous = isinstance(result, AmbiguousSendError)
    return TryAgain(
        next_due=now + wait,
        outcome=AttemptOutcome.AMBIGUOUS if ambiguous else AttemptOutcome.RETRY,
        reply=reply,
    )
