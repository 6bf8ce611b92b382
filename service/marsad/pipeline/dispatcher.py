"""T4 and T5: a delivery is claimed, leaves by the channel, and is settled by what was said."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, assert_never

from marsad.channels.base import Channel
from marsad.errors import MessageTooLarge, SendError, TransientSendError
from marsad.model import ClaimedDelivery, DeliveryContent, Message, Receipt
from marsad.pipeline.settlement import GiveUp, PauseChannel, Sent, Settlement, TryAgain, settle
from marsad.store import channels, contents, deliveries
from marsad.store.database import Connection, Database

log = logging.getLogger(__name__)

SEND_TIMEOUT = timedelta(minutes=5)
"""The hard limit of one send, all steps together; RFC 5321 §4.5.3.2 allows a server minutes for each."""

LEASE = SEND_TIMEOUT + timedelta(seconds=30)

MAX_STORIES = 30
"""Stories that one mail shows; the rest is counted (design decision 8)."""


class Compose(Protocol):
    """Makes the bytes of a mail: the same for the same arguments."""

    def __call__(
        self, content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None
    ) -> Message: ...


class Dispatcher:
    """Sends what is due, at most *connections* deliveries at a time."""

    def __init__(
        self,
        *,
        database: Database,
        channel: Channel,
        compose: Compose,
        worker: str,
        retry_for: timedelta,
        connections: int,
        clock: Callable[[], datetime],
        randomness: random.Random,
    ) -> None:
        self._database = database
        self._channel = channel
        self._compose = compose
        self._worker = worker
        self._retry_for = retry_for
        self._connections = connections
        self._clock = clock
        self._random = randomness
        self._failed_probes = 0
        self._stopped = False

    def stop(self) -> None:
        """Claim nothing more; `send_due` ends when what is being sent has been settled."""
        self._stopped = True

    async def send_due(self) -> int:
        """Claim and send until nothing is due or the channel is paused; return how many were tried."""
        tried = 0
        while not self._stopped and (claimed := await self._claim()):
            async with asyncio.TaskGroup() as sends:
                for delivery in claimed:
                    sends.create_task(self._send(delivery), name=f"send {delivery.id}")
            tried += len(claimed)
        return tried

    async def _claim(self) -> list[ClaimedDelivery]:
        return await self._database.transaction(
            deliveries.claim_due,
            worker=self._worker,
            channel=self._channel.name,
            limit=self._connections,
            lease_for=LEASE,
            now=self._clock(),
        )

    async def _send(self, delivery: ClaimedDelivery) -> None:
        result = await self._try(delivery)
        settlement = settle(
            result,
            delivery,
            retry_for=self._retry_for,
            channel_failures=self._failed_probes,
            jitter=self._random.random(),
            now=self._clock(),
        )
        self._failed_probes = self._failed_probes + 1 if isinstance(settlement, PauseChannel) else 0
        mine = await self._database.transaction(
            record_settlement, delivery, settlement, channel=self._channel.name, now=self._clock()
        )
        _tell(delivery, settlement, mine=mine)

    async def _try(self, delivery: ClaimedDelivery) -> Receipt | SendError:
        try:
            content = await self._database.read(contents.load_content, delivery.id, max_stories=MAX_STORIES)
            async with asyncio.timeout(SEND_TIMEOUT.total_seconds()):
                try:
                    return await self._channel.send(self._compose(content, delivery, max_bytes=None))
                except MessageTooLarge as error:
                    shorter = self._compose(content, delivery, max_bytes=error.limit)
                    return await self._channel.send(shorter)
        except SendError as error:
            return error
        except TimeoutError:
            return TransientSendError(f"it took longer than {SEND_TIMEOUT}")
        except Exception as error:
            # One mail that cannot be made must neither stop the others nor be lost: it is tried again, and
            # ends as expired where nobody mends it.
            log.exception("a delivery failed", extra={"delivery_id": delivery.id})
            return TransientSendError(f"internal error: {type(error).__name__}")


def record_settlement(
    conn: Connection, delivery: ClaimedDelivery, settlement: Settlement, *, channel: str, now: datetime
) -> bool:
    """Record *settlement*; False where the lease has passed to someone else (T5).

    Whatever the server said of a message, it spoke: the channel is open again.
    """
    match settlement:
        case PauseChannel(probe_at=probe_at, reason=reason):
            channels.pause(conn, channel, reason, probe_at=probe_at, now=now)
            return deliveries.settle_channel_failed(conn, delivery, reply=reason, now=now)
        case Sent(receipt=receipt):
            channels.resume(conn, channel, now=now)
            return deliveries.settle_sent(conn, delivery, receipt, now=now)
        case TryAgain(next_due=next_due, outcome=outcome, reply=reply):
            channels.resume(conn, channel, now=now)
            return deliveries.settle_retry(
                conn, delivery, next_due=next_due, outcome=outcome, reply=reply, now=now
            )
        case GiveUp(reason=reason, reply=reply):
            channels.resume(conn, channel, now=now)
            return deliveries.settle_dead(conn, delivery, reason, reply, now=now)
        case _:
            assert_never(settlement)


def _tell(delivery: ClaimedDelivery, settlement: Settlement, *, mine: bool) -> None:
    fields: dict[str, object] = {
        "delivery_id": delivery.id,
        "recipient": delivery.recipient_id,
        "kind": delivery.kind,
        "channel": delivery.channel,
    }
    if not mine:
        log.warning("delivery had passed to another worker", extra=fields)
        return
    match settlement:
        case Sent(receipt=receipt):
            log.info("alert delivered", extra={**fields, "reply": receipt.reply})
        case TryAgain(next_due=next_due, outcome=outcome, reply=reply):
            again = {"outcome": outcome, "reply": reply, "next_try": next_due.isoformat()}
            log.warning("delivery is tried again", extra={**fields, **again})
        case GiveUp(reason=reason, reply=reply):
            log.error("delivery is dead", extra={**fields, "reason": reason, "reply": reply})
        case PauseChannel(probe_at=probe_at, reason=reason):
            paused = {"reason": reason, "next_try": probe_at.isoformat()}
            log.error("channel is paused", extra={**fields, **paused})
        case _:
            assert_never(settlement)
