"""From a due delivery to a real mail server, on both databases (design decision 6)."""

from __future__ import annotations

import asyncio
import email
import email.policy
import random
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.channels.base import Channel
from marsad.channels.smtp import SmtpChannel
from marsad.model import (
    Arrival,
    AttemptOutcome,
    ClaimedDelivery,
    DeadReason,
    DeliveryContent,
    DeliveryState,
    FoundItem,
    Message,
)
from marsad.pipeline.dispatcher import Compose, Dispatcher
from marsad.pipeline.mailing import composer
from marsad.pipeline.planner import plan_deliveries
from marsad.store import channels, contents, mentions
from marsad.store.contents import DeliveryStatus
from marsad.store.database import Database
from tests.servers.smtp_server import ReceivedMail, SmtpServer, running_smtp_server
from tests.store.world import MINUTE, NOW, feed, item, match, poll, recipient, sync, watch

HOUR = timedelta(hours=1)


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


def channel_to(server: SmtpServer) -> SmtpChannel:
    return SmtpChannel(
        host="127.0.0.1",
        port=server.port,
        tls="none",
        timeout=timedelta(seconds=1),
        answer_timeout=timedelta(seconds=1),
        connections=2,
    )


def dispatcher_to(
    channel: Channel, store: Database, clock: Clock, *, worker: str = "w1", compose: Compose | None = None
) -> Dispatcher:
    return Dispatcher(
        database=store,
        channel=channel,
        compose=compose or composer(sender="marsad@example.org", sender_name="Marsad"),
        worker=worker,
        retry_for=timedelta(days=1),
        connections=2,
        clock=clock,
        randomness=random.Random(1),  # noqa: S311 - jitter
    )


@pytest.fixture
async def channel(server: SmtpServer) -> AsyncIterator[SmtpChannel]:
    channel = channel_to(server)
    yield channel
    await channel.close()


@pytest.fixture
def dispatcher(newsroom: Database, channel: SmtpChannel, clock: Clock) -> Dispatcher:
    """Two mails are due: to amal and to boris."""
    poll(newsroom, "a", item("1", "hamas"), item("2", "gas"))
    newsroom.run(plan_deliveries, now=NOW, message_id_domain="marsad.example")
    return dispatcher_to(channel, newsroom, clock)


@pytest.fixture
def newsroom(store: Database) -> Database:
    sync(
        store,
        feeds=[feed("a")],
        watches=[watch("hamas", "amal"), watch("gas", "boris")],
        recipients=[recipient("amal"), recipient("boris")],
        channel="smtp",
    )
    return store


def due(store: Database, *found: FoundItem, now: datetime = NOW) -> None:
    poll(store, "a", *found, now=now)
    store.run(plan_deliveries, now=now, message_id_domain="marsad.example")


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something on the other side of a socket."""
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - the server of these tests has no event for it
            await asyncio.sleep(0.01)


def message_ids(server: SmtpServer) -> list[str]:
    return [str(email.message_from_bytes(mail.data)["Message-ID"]) for mail in server.mails]


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
    ids = message_ids(server)
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
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    found = [item(str(n), "hamas", arrival=Arrival.CATCH_UP) for n in range(20)]
    due(newsroom, *found)
    server.size = 20_000
    await dispatcher_to(channel, newsroom, clock).send_due()
    (mail,) = server.mails
    assert 10_000 < len(mail.data) <= 20_000
    told = plain(mail).replace("*", "")
    assert all(re.search(rf"Ministry speaks of {n}\b", told) for n in range(20))
    assert "in short" in told
    assert states(newsroom)["amal"].state is DeliveryState.SENT


async def test_a_server_that_does_not_say_what_it_takes_gets_ever_shorter_mails(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas", arrival=Arrival.CATCH_UP) for n in range(30)))
    server.hidden_size = 15_000
    await dispatcher_to(channel, newsroom, clock).send_due()
    (mail,) = server.mails
    assert len(mail.data) <= 15_000
    assert "stories, counted only" in plain(mail) or "in short" in plain(mail)
    assert states(newsroom)["amal"].tries == 1


async def test_a_mail_that_is_too_long_at_any_length_is_dead_with_the_servers_words(
    store: Database, server: SmtpServer, dispatcher: Dispatcher
) -> None:
    server.hidden_size = 10
    await dispatcher.send_due()
    assert {one.dead_reason for one in states(store).values()} == {DeadReason.REFUSED}
    assert {one.reply for one in states(store).values()} == {"552 message too long"}


async def test_a_limit_of_messages_is_not_met_by_asking_faster(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas") for n in range(40)))
    server.answers["RCPT"] = "450 4.7.1 too many messages"
    dispatcher = dispatcher_to(channel, newsroom, clock)
    assert await dispatcher.send_due() <= 8
    assert await dispatcher.send_due() == 0
    tried = 0
    for _ in range(60):
        clock.now += timedelta(seconds=1)
        tried += await dispatcher.send_due()
    assert 10 <= tried <= 20
    assert newsroom.query(channels.load, "smtp").paused_at is None
    server.answers.clear()
    clock.now += timedelta(seconds=10)
    assert await dispatcher.send_due() >= 20, "at full speed again"


async def test_each_of_many_greylisted_recipients_gets_the_mail_within_minutes(
    store: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    people = [f"r{n}" for n in range(12)]
    sync(
        store,
        feeds=[feed("a")],
        watches=[watch("hamas", *people)],
        recipients=[recipient(one) for one in people],
        channel="smtp",
    )
    due(store, item("1", "hamas"))
    server.fault = "greylist"
    dispatcher = dispatcher_to(channel, store, clock)
    for _ in range(180):
        await dispatcher.send_due()
        clock.now += timedelta(seconds=1)
    assert len(server.mails) == 12
    assert {one.tries for one in states(store).values()} == {2}


async def test_a_server_that_takes_leave_of_all_is_left_alone_for_a_minute(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas") for n in range(9)))
    server.answers["RCPT"] = "421 4.3.2 going down"
    dispatcher = dispatcher_to(channel, newsroom, clock)
    assert await dispatcher.send_due() <= 2
    paused = newsroom.query(channels.load, "smtp")
    assert paused.paused_at == NOW
    assert "421 4.3.2 going down" in paused.reason
    assert {one.state for one in newsroom.query(contents.load_deliveries)} == {DeliveryState.DUE}
    server.answers.clear()
    assert await dispatcher.send_due() == 0
    clock.now += timedelta(minutes=2)
    assert await dispatcher.send_due() == 9


@pytest.mark.parametrize("fault", ["internal", "silence"])
async def test_a_probe_that_learns_nothing_of_the_server_leaves_the_channel_paused(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock, fault: str
) -> None:
    due(newsroom, item("1", "hamas"), item("2", "gas"))
    server.fault = "greet_554"
    await dispatcher_to(channel, newsroom, clock).send_due()
    server.fault = None

    def broken(content: DeliveryContent, delivery: ClaimedDelivery, *, max_bytes: int | None) -> Message:
        raise KeyError("a defect of ours")

    if fault == "silence":
        server.drop_at = "MAIL"
    dispatcher = dispatcher_to(channel, newsroom, clock, compose=broken if fault == "internal" else None)
    clock.now += timedelta(minutes=5)
    assert await dispatcher.send_due() == 1, "one probe"
    state = newsroom.query(channels.load, "smtp")
    assert state.paused_at == NOW
    assert state.probe_at is not None
    assert clock.now < state.probe_at < clock.now + timedelta(minutes=6)
    assert server.mails == []

    server.drop_at = ""
    clock.now += timedelta(minutes=10)
    assert await dispatcher_to(channel, newsroom, clock).send_due() == 2
    assert len(server.mails) == 2


async def test_a_rejected_password_keeps_all_due_with_one_probe_at_a_time_until_it_is_mended(
    newsroom: Database, server: SmtpServer, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas") for n in range(9)))
    server.password = "new"

    def channel_with(password: str) -> SmtpChannel:
        return SmtpChannel(host="127.0.0.1", port=server.port, tls="none", username="u", password=password)

    dispatcher = dispatcher_to(channel_with("old"), newsroom, clock)
    for _ in range(2 * 60 * 60 // 5):
        await dispatcher.send_due()
        clock.now += timedelta(seconds=5)
    guesses = sum(command.startswith("AUTH") for command in server.commands)
    assert guesses <= 12, "in two hours: servers lock out who fails often"
    paused = newsroom.query(channels.load, "smtp")
    assert "rejects the user name or password: 535 5.7.8 wrong password" in paused.reason
    assert {one.state for one in newsroom.query(contents.load_deliveries)} == {DeliveryState.DUE}
    # The operator mends the password: a new configuration, a new dispatcher, no waiting for the next probe.
    assert paused.probe_at is not None
    assert paused.probe_at > clock.now + timedelta(minutes=2)
    clock.now += timedelta(minutes=1)
    channel = channel_with("new")
    assert await dispatcher_to(channel, newsroom, clock).send_due() == 9
    assert len(server.mails) == 9


async def test_a_service_that_is_restarted_again_and_again_guesses_once_a_minute(
    newsroom: Database, server: SmtpServer, clock: Clock
) -> None:
    due(newsroom, item("1", "hamas"))
    server.password = "new"
    for _ in range(30):
        channel = SmtpChannel(host="127.0.0.1", port=server.port, tls="none", username="u", password="old")
        await dispatcher_to(channel, newsroom, clock).send_due()
        clock.now += timedelta(seconds=10)
    assert sum(command.startswith("AUTH") for command in server.commands) <= 6


async def test_a_server_that_is_gone_for_longer_than_retries_last_gets_everything(
    newsroom: Database, server: SmtpServer, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas") for n in range(3)))
    server.fault = "rcpt_450"
    channel = channel_to(server)
    dispatcher = dispatcher_to(channel, newsroom, clock)
    await dispatcher.send_due()  # the clock of retries runs from here on
    gone = SmtpChannel(host="127.0.0.1", port=1, tls="none")
    dispatcher = dispatcher_to(gone, newsroom, clock)
    for _ in range(6 * 60 * 8):
        clock.now += timedelta(minutes=1)
        await dispatcher.send_due()
    server.fault = None
    clock.now += timedelta(minutes=31)
    assert await dispatcher_to(channel, newsroom, clock).send_due() == 3
    assert len(server.mails) == 3


async def test_nothing_to_send_uses_up_no_probe(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    newsroom.run(channels.pause, "smtp", "down", probe_at=NOW, now=NOW - HOUR)
    dispatcher = dispatcher_to(channel, newsroom, clock)
    assert await dispatcher.send_due() == 0
    due(newsroom, item("1", "hamas"))
    assert await dispatcher.send_due() == 1


async def test_two_workers_probe_a_paused_channel_one_at_a_time(
    postgres_url: str, server: SmtpServer, clock: Clock
) -> None:
    with Database.open(postgres_url) as one, Database.open(postgres_url) as other:
        sync(
            one,
            feeds=[feed("a")],
            watches=[watch("hamas", "amal")],
            recipients=[recipient("amal")],
            channel="smtp",
        )
        due(one, *(item(str(n), "hamas") for n in range(9)))
        one.run(channels.pause, "smtp", "down", probe_at=NOW, now=NOW)
        server.hang_at = "greeting"
        workers = [
            dispatcher_to(channel_to(server), store, clock, worker=f"w{n}")
            for n, store in enumerate((one, other))
        ]
        for _ in range(60):
            async with asyncio.TaskGroup() as both:
                for worker in workers:
                    both.create_task(worker.send_due())
            clock.now += timedelta(seconds=30)
        assert server.connections <= 6, "in half an hour, as one worker alone"
        server.hang_at = ""
        clock.now += HOUR
        async with asyncio.TaskGroup() as both:
            for worker in workers:
                both.create_task(worker.send_due())
        await workers[0].send_due()
        assert len(server.mails) == len(set(message_ids(server))) == 9


async def test_a_send_that_takes_too_long_as_a_whole_may_have_arrived(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marsad.pipeline.dispatcher.SEND_TIMEOUT", timedelta(milliseconds=300))
    server.hang_at = "RCPT"
    await dispatcher.send_due()
    for one in states(store).values():
        _, (attempt,) = store.query(contents.load_delivery, one.id)
        assert attempt.outcome is AttemptOutcome.AMBIGUOUS


async def test_an_accepted_mail_is_recorded_as_soon_as_the_database_is_back(
    store: Database, server: SmtpServer, dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marsad.pipeline.dispatcher._SETTLE_AGAIN", timedelta(milliseconds=20))
    hide, show = ("ALTER TABLE attempts RENAME TO away", "ALTER TABLE away RENAME TO attempts")
    server.answers["RCPT"] = "250 ok"
    server.hang_at = "DATA"
    sending = asyncio.create_task(dispatcher.send_due())
    await until(lambda: sum(line == "DATA" for line in server.commands) == 2)
    await store.transaction(lambda conn: conn.execute(text(hide)))
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(sending), 2)
    assert not sending.done(), "it keeps what it knows, and tries again"
    await store.transaction(lambda conn: conn.execute(text(show)))
    assert await sending == 2
    for one in states(store).values():
        _, (attempt,) = store.query(contents.load_delivery, one.id)
        assert attempt.outcome is AttemptOutcome.RETRY


async def test_one_mail_that_cannot_be_settled_does_not_cut_off_another(
    sqlite_url: str, sqlite_template: Path, server: SmtpServer, clock: Clock, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "marsad.db")
    with Database.open(sqlite_url) as store:
        sync(
            store,
            feeds=[feed("a")],
            watches=[watch("hamas", "amal"), watch("gas", "boris")],
            recipients=[recipient("amal"), recipient("boris")],
            channel="smtp",
        )
        due(store, item("1", "hamas"), item("2", "gas"))
        refuse = (
            "CREATE TRIGGER refuse BEFORE UPDATE ON deliveries WHEN NEW.state = 'dead'"
            " BEGIN SELECT RAISE(ABORT, 'a defect'); END"
        )
        store.run(lambda conn: conn.execute(text(refuse)))
        server.fault, server.fault_recipient = "rcpt_550", "amal@example.org"
        server.slow_answer = 0.5
        with pytest.raises(ExceptionGroup, match="could not be settled"):
            await dispatcher_to(channel_to(server), store, clock).send_due()
        assert states(store)["boris"].state is DeliveryState.SENT


async def test_after_a_stop_nothing_is_claimed(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    due(newsroom, *(item(str(n), "hamas") for n in range(9)))
    dispatcher = dispatcher_to(channel, newsroom, clock)
    server.slow_answer = 0.2
    sending = asyncio.create_task(dispatcher.send_due())
    await until(lambda: bool(server.mails))
    dispatcher.stop()
    assert await sending == 2
    assert len(server.mails) == 2
    assert await dispatcher.send_due() == 0


async def test_a_repeated_mail_is_the_same_to_the_byte(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock, store_url: str
) -> None:
    sync(
        newsroom,
        feeds=[feed("a")],
        watches=[watch("hamas", "amal"), watch("russia", "amal")],
        recipients=[recipient("amal")],
        channel="smtp",
    )
    due(newsroom, item("1", "hamas", failed=[("russia", "boom")]))
    server.fault = "drop_after_dot"
    await dispatcher_to(channel, newsroom, clock).send_due()
    # Another watch finds the item meanwhile, the item is edited, the program is started again.
    (failure,) = newsroom.query(mentions.load_matching_failures, limit=9)
    newsroom.run(mentions.record_retried, failure, match("russia"), now=NOW)
    due(newsroom, item("1", title="Ministry takes it back", is_new=False), now=NOW + 15 * MINUTE)
    clock.now += HOUR
    server.fault = None
    with Database.open(store_url) as again:
        await dispatcher_to(channel, again, clock).send_due()
    assert sorted(message_ids(server).count(one) for one in set(message_ids(server))) == [1, 2]
    assert len({mail.data for mail in server.mails}) == 2
    assert sum("Catch-up" in plain(mail) for mail in server.mails) == 1
    assert {one.state for one in newsroom.query(contents.load_deliveries)} == {DeliveryState.SENT}


async def test_a_repeated_mail_goes_to_todays_address_with_what_it_told_before(
    newsroom: Database, server: SmtpServer, channel: SmtpChannel, clock: Clock
) -> None:
    due(newsroom, item("1", "hamas"))
    server.fault = "drop_after_dot"
    dispatcher = dispatcher_to(channel, newsroom, clock)
    await dispatcher.send_due()
    moved = replace(recipient("amal", address="amal@new.example"), timezone="Asia/Tokyo")
    sync(
        newsroom,
        feeds=[feed("a")],
        watches=[watch("hamas", "amal")],
        recipients=[moved],
        channel="smtp",
        now=NOW + MINUTE,
    )
    server.fault = None
    clock.now += HOUR
    await dispatcher.send_due()
    assert [mail.recipient for mail in server.mails] == ["amal@example.org", "amal@new.example"]
    assert len(set(message_ids(server))) == 1
    before, after = map(plain, server.mails)
    assert "Ministry" in after
    assert before.splitlines()[0] == after.splitlines()[0]
    assert "Asia/Tokyo" in after


def plain(mail: ReceivedMail) -> str:
    parsed = email.message_from_bytes(mail.data, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body(("plain",))
    assert part is not None
    return str(part.get_content())
