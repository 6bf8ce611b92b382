"""Which reply of a mail server leads to what, for the delivery and for the channel (design decision 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    ServerBusy,
    TransientSendError,
)
from marsad.model import AttemptOutcome, ClaimedDelivery, DeadReason, DeliveryKind, Receipt
from marsad.pipeline.settlement import (
    LONGEST_RETRY_AFTER,
    GiveUp,
    Open,
    Pause,
    Sent,
    Settlement,
    StayDue,
    TryAgain,
    Unmade,
    Unproven,
    settle,
)

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def claimed(
    *,
    age: timedelta = timedelta(0),
    paused: timedelta = timedelta(0),
    channel_paused_for: timedelta = timedelta(0),
) -> ClaimedDelivery:
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
        channel_paused_for=channel_paused_for,
    )


def settled(result: Receipt | SendError | Unmade, delivery: ClaimedDelivery | None = None) -> Settlement:
    return settle(result, delivery or claimed(), retry_for=DAY, jitter=0.0, now=NOW)


def test_an_accepted_message_is_sent_and_shows_that_the_channel_works() -> None:
    receipt = Receipt(reply="250 queued")
    assert settled(receipt) == Settlement(fate=Sent(receipt=receipt), finding=Open())


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TransientSendError("greylisted", reply="450 later"), AttemptOutcome.RETRY),
        (TransientSendError("closed before the message"), AttemptOutcome.RETRY),
        (AmbiguousSendError("closed after the final dot"), AttemptOutcome.AMBIGUOUS),
        (ServerBusy("421 too many", reply="421 too many"), AttemptOutcome.RETRY),
        (Unmade(problem="internal error: KeyError"), AttemptOutcome.RETRY),
    ],
)
def test_what_may_pass_is_tried_again(error: SendError | Unmade, outcome: AttemptOutcome) -> None:
    again = settled(error).fate
    assert isinstance(again, TryAgain)
    assert again.outcome is outcome
    assert NOW < again.next_due <= NOW + timedelta(minutes=5)
    assert again.reply


@pytest.mark.parametrize(
    "error", [PermanentSendError("no such user"), MessageTooLarge("too long", limit=1, reply="552 too long")]
)
def test_a_refusal_is_final_and_keeps_the_reply(error: SendError) -> None:
    assert settled(error).fate == GiveUp(reason=DeadReason.REFUSED, reply=error.reply or error.detail)


def test_retries_end_after_retry_for() -> None:
    late = claimed(age=DAY)
    error = TransientSendError("greylisted", reply="450 later")
    assert settled(error, late).fate == GiveUp(reason=DeadReason.EXPIRED, reply="450 later")
    defect = Unmade(problem="internal error: KeyError")
    assert settled(defect, late).fate == GiveUp(reason=DeadReason.UNSENDABLE, reply=defect.problem)


def test_a_paused_channel_stops_the_clock_of_retries() -> None:
    late = claimed(age=DAY, paused=timedelta(hours=1))
    assert isinstance(settled(TransientSendError("greylisted"), late).fate, TryAgain)


def test_a_fault_of_the_channel_never_expires_a_delivery_and_probes_ever_more_rarely() -> None:
    error = ChannelError("the mail server m:25 rejects the password: 535 no", reply="535 no")
    waits = []
    for paused_for in (0 * MINUTE, 1 * MINUTE, 2 * MINUTE, 10 * DAY):
        settlement = settled(error, claimed(age=10 * DAY, channel_paused_for=paused_for))
        assert settlement.fate == StayDue(reply=error.detail)
        assert isinstance(settlement.finding, Pause)
        assert settlement.finding.reason == error.detail
        waits.append(settlement.finding.probe_at - NOW)
    assert waits == [MINUTE, MINUTE, 2 * MINUTE, 30 * MINUTE]


def test_a_server_that_takes_leave_is_left_alone_and_the_delivery_counts_a_failure() -> None:
    settlement = settled(ServerBusy("421 too many", reply="421 too many"))
    assert settlement.finding == Pause(reason="421 too many", probe_at=NOW + MINUTE)
    # Were it the channel's fault alone, a mail that is always answered so would be tried for ever.
    assert isinstance(settled(ServerBusy("421", reply="421"), claimed(age=DAY)).fate, GiveUp)


@pytest.mark.parametrize(
    ("result", "finding"),
    [
        (TransientSendError("", reply="450 later"), Open()),
        (PermanentSendError("", reply="550 no"), Open()),
        (TransientSendError("it did not answer"), Unproven(probe_at=NOW + 4 * MINUTE)),
        (AmbiguousSendError("it closed the connection"), Unproven(probe_at=NOW + 4 * MINUTE)),
        (PermanentSendError("no address"), Unproven(probe_at=NOW + 4 * MINUTE)),
        (Unmade(problem="internal error"), Unproven(probe_at=NOW + 4 * MINUTE)),
    ],
)
def test_only_a_server_that_was_heard_opens_a_paused_channel(
    result: SendError | Unmade, finding: Open | Unproven
) -> None:
    assert settled(result, claimed(channel_paused_for=4 * MINUTE)).finding == finding


def test_the_server_may_ask_for_a_longer_wait_but_not_for_ever() -> None:
    asked = settled(TransientSendError("busy", retry_after=timedelta(hours=1))).fate
    forever = settled(TransientSendError("busy", retry_after=timedelta(days=30))).fate
    assert isinstance(asked, TryAgain)
    assert asked.next_due == NOW + timedelta(hours=1)
    assert isinstance(forever, TryAgain)
    assert forever.next_due == NOW + LONGEST_RETRY_AFTER


def test_what_is_kept_of_a_reply_is_what_a_database_takes() -> None:
    odd = "5\udcff\0" + "x" * 10_000
    kept = settled(PermanentSendError(odd)).fate
    assert isinstance(kept, GiveUp)
    assert kept.reply.startswith("5?xxx")
    assert len(kept.reply) == 1000
