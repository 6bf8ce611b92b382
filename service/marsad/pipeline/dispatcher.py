"""T4 and T5: a delivery is claimed, leaves by the channel, and is settled by what was said."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, assert_never

from marsad import schedule
from marsad.channels.base import Channel
from marsad.errors import AmbiguousSendError, MessageTooLarge, SendError, StoreUnavailable
from marsad.model import ClaimedDelivery, DeliveryContent, Message, Receipt
from marsad.pipeline.settlement import (
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
from marsad.store import channels, contents, deliveries
from marsad.store.database import Connection, Database

log = logging.getLogger(__name__)

SEND_TIMEOUT: Final = timedelta(minutes=10)
"""The hard limit of one send, all steps together; RFC 5321 §4.5.3.2 allows a server minutes for each."""

LEASE: Final = SEND_TIMEOUT + timedelta(seconds=30)

MAX_STORIES: Final = 30
"""Stories that one mail shows; the rest is counted (design decision 8)."""

_SETTLE_AGAIN: Final = timedelta(seconds=2)


class Compose(Protocol):
    """Makes the bytes of a mail: the same for the same arguments. Called on a thread."""

    def __call__(
        self, content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None
    ) -> Message: ...


class Dispatcher:
    """Sends what is due, at most *connections* deliveries at a time.

    *clock* is for tests: without it time is real, and claims take it from the database server.
    """

    def __init__(
        self,
        *,
        database: Database,
        channel: Channel,
        compose: Compose,
        worker: str,
        retry_for: timedelta,
        connections: int,
        randomness: random.Random,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._channel = channel
        self._compose = compose
        self._worker = worker
        self._retry_for = retry_for
        self._connections = connections
        self._randomness = randomness
        self._clock = clock
        self._stopped = asyncio.Event()
        self._begun = False
        self._deferred = 0
        """Tries in a row that the server put off, or did not answer."""
        self._rests_until = datetime.min.replace(tzinfo=UTC)

    async def send_due(self) -> int:
        """Claim and send until nothing is due or the channel is paused; return how many were tried.

        Where one could not be settled the error is raised when the others are done.
        """
        if not self._begun:
            # A start, or another configuration of mail: somebody may have mended what the channel lacked.
            await self._database.transaction(channels.probe_soon, self._channel.name, now=self._now())
            self._begun = True
        tried = 0
        while not self._stopped.is_set() and not self._rests():
            claimed = await self._database.transaction(
                deliveries.claim_due,
                worker=self._worker,
                channel=self._channel.name,
                limit=self._connections,
                lease_for=LEASE,
                now=self._clock() if self._clock else None,
            )
            if not claimed:
                break
            await self._send_all(claimed)
            tried += len(claimed)
        if tried:
            await self._channel.close()
        return tried

    def stop(self) -> None:
        """Claim nothing more; what is being sent is sent to its end."""
        self._stopped.set()

    def _now(self) -> datetime:
        return self._clock() if self._clock else datetime.now(UTC)

    def _rests(self) -> bool:
        """Tell whether a server that puts off whatever it is offered is left alone for a moment."""
        # A clock that was set back must not make the moment longer than any is.
        return timedelta(0) < self._rests_until - self._now() <= schedule.LONGEST_SEND_PAUSE

    async def _send_all(self, claimed: list[ClaimedDelivery]) -> None:
        failures: list[Exception] = []
        async with asyncio.TaskGroup() as sends:
            for delivery in claimed:
                sends.create_task(self._send(delivery, failures), name=f"send {delivery.id}")
        self._rests_until = self._now() + schedule.send_pause(self._deferred)
        if failures:
            raise ExceptionGroup("deliveries that could not be settled", failures)

    async def _send(self, delivery: ClaimedDelivery, failures: list[Exception]) -> None:
        lease_ends = asyncio.get_running_loop().time() + LEASE.total_seconds()
        try:
            result = await self._try(delivery)
            settlement = settle(
                result,
                delivery,
                retry_for=self._retry_for,
                jitter=self._randomness.random(),
                now=self._now(),
            )
            if not isinstance(settlement.fate, StayDue):
                self._deferred = self._deferred + 1 if isinstance(settlement.fate, TryAgain) else 0
            recorded = await self._settle(delivery, settlement, lease_ends)
        except Exception as error:
            # Raised here it would cut off the other mails of this round in their middle.
            failures.append(error)
        else:
            _tell(delivery, settlement, recorded)

    async def _try(self, delivery: ClaimedDelivery) -> Receipt | SendError | Unmade:
        try:
            content = await self._database.read(contents.load_content, delivery.id, max_stories=MAX_STORIES)
            message = await self._make(content, delivery, max_bytes=None)
            try:
                async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
                    return await self._hand_over(message, content, delivery)
            except TimeoutError:
                return AmbiguousSendError(f"it took longer than {SEND_TIMEOUT}: nobody knows how far it came")
        except SendError as error:
            return error
        except Exception as error:
            # One mail that cannot be made must neither stop the others nor be lost: it is tried again, and
            # ends as unsendable where nobody mends it.
            log.exception("a delivery failed", extra={"delivery_id": delivery.id})
            return Unmade(problem=f"internal error: {type(error).__name__}")

    async def _hand_over(
        self, message: Message, content: DeliveryContent, delivery: ClaimedDelivery
    ) -> Receipt:
        """Send *message* or, where it is too long for the server, ever shorter ones in its place."""
        while True:
            try:
                return await self._channel.send(message)
            except MessageTooLarge as refusal:
                limit = min(refusal.limit, len(message.data) - 1)
                try:
                    message = await self._make(content, delivery, max_bytes=limit)
                except MessageTooLarge:
                    raise refusal from None

    async def _make(
        self, content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None
    ) -> Message:
        return await asyncio.to_thread(self._compose, content, delivery, max_bytes=max_bytes)

    async def _settle(self, delivery: ClaimedDelivery, settlement: Settlement, lease_ends: float) -> Recorded:
        """Record *settlement*, for as long as the lease lasts: what is not recorded would be sent again."""
        while True:
            try:
                return await self._database.transaction(
                    record_settlement, delivery, settlement, channel=self._channel.name, now=self._now()
                )
            except StoreUnavailable as error:
                if self._stopped.is_set() or asyncio.get_running_loop().time() >= lease_ends:
                    raise
                log.warning(
                    "delivery not settled yet", extra={"delivery_id": delivery.id, "reason": str(error)}
                )
                with suppress(TimeoutError):
                    async with asyncio.timeout(_SETTLE_AGAIN.total_seconds()):
                        await self._stopped.wait()


@dataclass(frozen=True, kw_only=True)
class Recorded:
    mine: bool
    """False where the lease had passed to someone else: the delivery is as it was."""
    turned: bool
    """True where the channel was open and is paused now, or the other way round."""


def record_settlement(
    conn: Connection, delivery: ClaimedDelivery, settlement: Settlement, *, channel: str, now: datetime
) -> Recorded:
    """Record what became of *delivery*, if it is still this worker's, and of *channel* (T5)."""
    turned = False
    match settlement.finding:
        case Open():
            turned = channels.resume(conn, channel, now=now)
        case Pause(reason=reason, probe_at=probe_at):
            turned = channels.pause(conn, channel, reason, probe_at=probe_at, now=now)
        case Unproven(probe_at=probe_at):
            channels.put_off_probe(conn, channel, probe_at=probe_at)
        case _:
            assert_never(settlement.finding)
    match settlement.fate:
        case Sent(receipt=receipt):
            mine = deliveries.settle_sent(conn, delivery, receipt, now=now)
        case TryAgain(next_due=next_due, outcome=outcome, reply=reply):
            mine = deliveries.settle_retry(
                conn, delivery, next_due=next_due, outcome=outcome, reply=reply, now=now
            )
        case GiveUp(reason=dead_reason, reply=reply):
            mine = deliveries.settle_dead(conn, delivery, dead_reason, reply, now=now)
        case StayDue(reply=reply):
            mine = deliveries.settle_channel_failed(conn, delivery, reply=reply, now=now)
        case _:
            assert_never(settlement.fate)
    return Recorded(mine=mine, turned=turned)


def _tell(delivery: ClaimedDelivery, settlement: Settlement, recorded: Recorded) -> None:
    fields: dict[str, object] = {
        "delivery_id": delivery.id,
        "recipient": delivery.recipient_id,
        "kind": delivery.kind,
        "channel": delivery.channel,
    }
    match settlement.finding:
        case Pause(reason=reason, probe_at=probe_at):
            paused = {"channel": delivery.channel, "reason": reason, "next_try": probe_at.isoformat()}
            # One alarm: that it is paused still is no news.
            level = logging.ERROR if recorded.turned else logging.WARNING
            log.log(level, "channel is paused", extra=paused)
        case Open() if recorded.turned:
            log.info("channel is open again", extra={"channel": delivery.channel})
    if not recorded.mine:
        log.warning("delivery had passed to another worker", extra=fields)
        return
    match settlement.fate:
        case Sent(receipt=receipt):
            log.info("alert delivered", extra={**fields, "reply": receipt.reply})
        case TryAgain(next_due=next_due, outcome=outcome, reply=reply):
            again = {"outcome": outcome, "reply": reply, "next_try": next_due.isoformat()}
            log.warning("delivery is tried again", extra={**fields, **again})
        case GiveUp(reason=reason, reply=reply):
            log.error("delivery is dead", extra={**fields, "reason": reason, "reply": reply})
        case StayDue():
            # The channel's line says it all.
            pass
        case _:
            assert_never(settlement.fate)
