"""Which reply of a mail server leads to what (design decision 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    TransientSendError,
)
from marsad.model import AttemptOutcome, ClaimedDelivery, DeadReason, DeliveryKind, Receipt
from marsad.pipeline.settlement import (
    LONGEST_RETRY_AFTER,
    GiveUp,
    PauseChannel,
    Sent,
    Settlement,
    TryAgain,
    settle,
)

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def claimed(*, age: timedelta = timedelta(0), paused: timedelta = timedelta(0)) -> ClaimedDelivery:
    return ClaimedDelivery(
        id=1,
        attempt_id=2,
        worker="w",
        recipient_id="amal",
        address="amal@example.org",
        timezone="Africa/Cairo",
        channel="smtp",
        kind=DeliveryKind.INSTANT,
        window="7",
        message_id="<1@marsad.example>",
        planned_at=NOW - age,
        failures=0,
        first_attempt_at=NOW - age,
        paused_since_first_attempt=paused,
    )


def settled(
    result: Receipt | SendError, delivery: ClaimedDelivery | None = None, *, probes: int = 0
) -> Settlement:
    return settle(
        result,
        delivery or claimed(),
        retry_for=DAY,
        channel_failures=probes,
        jitter=0.0,
        now=NOW,
    )


def test_an_accepted_message_is_sent() -> None:
    assert settled(Receipt(reply="250 queued")) == Sent(receipt=Receipt(reply="250 queued"))


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TransientSendError("greylisted", reply="450 later"), AttemptOutcome.RETRY),
        (AmbiguousSendError("closed after the final dot"), AttemptOutcome.AMBIGUOUS),
    ],
)
def test_what_may_pass_is_tried_again(error: SendError, outcome: AttemptOutcome) -> None:
    again = settled(error)
    assert isinstance(again, TryAgain)
    assert again.outcome is outcome
    assert NOW < again.next_due <= NOW + timedelta(minutes=5)


@pytest.mark.parametrize("error", [PermanentSendError("no such user"), MessageTooLarge("too long", limit=1)])
def test_a_refusal_is_final_and_keeps_the_reply(error: SendError) -> None:
    assert settled(error) == GiveUp(reason=DeadReason.REFUSED, reply=error.detail)


def test_retries_end_after_retry_for() -> None:
    late = claimed(age=DAY)
    error = TransientSendError("greylisted", reply="450 later")
    assert settled(error, late) == GiveUp(reason=DeadReason.EXPIRED, reply="450 later")


def test_a_paused_channel_stops_the_clock_of_retries() -> None:
    late = claimed(age=DAY, paused=timedelta(hours=1))
    assert isinstance(settled(TransientSendError("greylisted"), late), TryAgain)


def test_a_fault_of_the_channel_never_expires_a_delivery_and_probes_ever_more_rarely() -> None:
    late = claimed(age=10 * DAY)
    first = settled(ChannelError("password rejected", reply="535 no"), late)
    third = settled(ChannelError("password rejected", reply="535 no"), late, probes=2)
    assert isinstance(first, PauseChannel)
    assert isinstance(third, PauseChannel)
    assert first.reason == "535 no"
    assert NOW < first.probe_at < third.probe_at


def test_the_server_may_ask_for_a_longer_wait_but_not_for_ever() -> None:
    asked = settled(TransientSendError("busy", retry_after=timedelta(hours=1)))
    forever = settled(TransientSendError("busy", retry_after=timedelta(days=30)))
    assert isinstance(asked, TryAgain)
    assert asked.next_due == NOW + timedelta(hours=1)
    assert isinstance(forever, TryAgain)
    assert forever.next_due == NOW + LONGEST_RETRY_AFTER
