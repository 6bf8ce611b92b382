"""From a due delivery to a real mail server, on both databases (design decision 6)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from marsad.channels.smtp import SmtpChannel
from marsad.model import (
    ClaimedDelivery,
    DeadReason,
    DeliveryContent,
    DeliveryState,
    Message,
)
from marsad.pipeline.dispatcher import Dispatcher
from marsad.pipeline.planner import plan_deliveries
from marsad.store import channels, contents
from marsad.store.contents import DeliveryStatus
from marsad.store.database import Database
from tests.servers.smtp_server import SmtpServer, running_smtp_server
from tests.store.world import NOW, feed, item, poll, recipient, sync, watch

HOUR = timedelta(hours=1)


def compose(content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None) -> Message:
    titles = "\r\n".join(story.revision.title for story in content.stories)
    data = f"Message-ID: {delivery.message_id}\r\n\r\n{titles}\r\n".encode()
    return Message(
        message_id=delivery.message_id,
        sender="marsad@example.org",
        recipient=delivery.address,
        data=data[:max_bytes],
    )


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with running_smtp_server() as server:
        yield server


@pytest.fixture
async def dispatcher(store: Database, server: SmtpServer, clock: Clock) -> AsyncIterator[Dispatcher]:
    """Two mails are due: to amal and to boris."""
    sync(
        store,
        feeds=[feed("a")],
        watches=[watch("hamas", "amal"), watch("gas", "boris")],
        recipients=[recipient("amal"), recipient("boris")],
        channel="smtp",
    )
    poll(store, "a", item("1", "hamas"), item("2", "gas"))
    store.run(plan_deliveries, now=NOW, message_id_domain="marsad.example")
    channel = SmtpChannel(
        host="127.0.0.1", port=server.port, tls="none", timeout=timedelta(seconds=1), connections=2
    )
    yield Dispatcher(
        database=store,
        channel=channel,
        compose=compose,
        worker="w1",
        retry_for=timedelta(days=1),
        connections=2,
        clock=clock,
        randomness=random.Random(1),  # noqa: S311 - jitter
    )
    await channel.close()


def states(store: Database) -> dict[str, DeliveryStatus]:
    return {one.recipient_id: one for one in store.query(contents.load_deliveries)}


async def test_what_is_due_is_sent_once(store: Database, server: SmtpServer, dispatcher: Dispatcher) -> None:
    assert await dispatcher.send_due() == 2
    assert {mail.recipient for mail in server.mails} == {"amal@example.org", "boris@example.org"}
    assert {one.state for one in states(store).values()} == {DeliveryState.SENT}
    assert await dispatcher.send_due() == 0


async def test_greylisting_is_waited_out(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, clock: Clock
) -> None:
    server.fault = "rcpt_450"
    await dispatcher.send_due()
    assert {one.state for one in states(store).values()} == {DeliveryState.DUE}
    server.fault = None
    assert await dispatcher.send_due() == 0
    clock.now += HOUR
    assert await dispatcher.send_due() == 2
    assert len(server.mails) == 2


async def test_retries_end_as_expired(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, clock: Clock
) -> None:
    server.fault = "rcpt_450"
    for _ in range(30):
        await dispatcher.send_due()
        clock.now += HOUR
    assert {one.dead_reason for one in states(store).values()} == {DeadReason.EXPIRED}


async def test_one_refused_recipient_is_dead_with_the_reply_and_the_other_is_told(
    store: Database, server: SmtpServer, dispatcher: Dispatcher
) -> None:
    server.fault, server.fault_recipient = "rcpt_550", "amal@example.org"
    await dispatcher.send_due()
    assert [mail.recipient for mail in server.mails] == ["boris@example.org"]
    amal = states(store)["amal"]
    assert (amal.state, amal.dead_reason) == (DeliveryState.DEAD, DeadReason.REFUSED)
    assert amal.reply.startswith("550")


@pytest.mark.parametrize("fault", ["drop_after_dot", "drop_in_data"])
async def test_a_dropped_connection_repeats_the_same_message_id(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, clock: Clock, fault: str
) -> None:
    server.fault = fault
    await dispatcher.send_due()
    server.fault = None
    clock.now += HOUR
    await dispatcher.send_due()
    copies = 2 if fault == "drop_after_dot" else 1
    ids = [mail.data.split(b"\r\n")[0] for mail in server.mails]
    assert sorted(ids.count(one) for one in set(ids)) == [copies, copies]
    assert {one.state for one in states(store).values()} == {DeliveryState.SENT}


async def test_a_server_that_is_down_pauses_the_channel_and_loses_nothing(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, clock: Clock
) -> None:
    server.fault = "greet_554"
    await dispatcher.send_due()
    paused = store.query(channels.load, "smtp")
    assert paused.paused_at is not None
    assert "554" in paused.reason
    assert {one.state for one in states(store).values()} == {DeliveryState.DUE}

    clock.now += timedelta(days=3)  # longer than retries last: their clock stands still
    before = server.connections
    assert await dispatcher.send_due() == 1
    assert server.connections == before + 1

    server.fault = None
    clock.now += HOUR
    assert await dispatcher.send_due() == 2
    assert store.query(channels.load, "smtp").paused_at is None
    assert {one.state for one in states(store).values()} == {DeliveryState.SENT}


async def test_a_mail_that_is_too_long_is_made_shorter(
    store: Database, server: SmtpServer, dispatcher: Dispatcher
) -> None:
    server.size = 60
    await dispatcher.send_due()
    assert {len(mail.data) for mail in server.mails} <= {60, 62}
    assert {one.state for one in states(store).values()} == {DeliveryState.SENT}


async def test_one_that_is_stopped_claims_nothing_more(dispatcher: Dispatcher, store: Database) -> None:
    dispatcher.stop()
    assert await dispatcher.send_due() == 0
    assert {one.state for one in states(store).values()} == {"due"}
