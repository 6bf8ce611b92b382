"""Mail servers in trouble, from a recorded mention to what `marsad status` and `marsad deliveries` say.

Everything is real: the configuration, both databases, the planner and the dispatcher, a mail server on
loopback, the command line. Only time is ours.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad import config
from marsad.cli import marsad
from marsad.pipeline.dispatcher import Dispatcher
from marsad.pipeline.mailing import channel_of, composer
from marsad.pipeline.planner import plan_deliveries
from marsad.store.database import Database
from tests.servers.smtp_server import SmtpServer, running_smtp_server
from tests.store.world import feed, item, poll, recipient, sync, watch

MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"


class Desk:
    """A newsroom whose two readers, amal and boris, are told of two items by a mail server."""

    def __init__(self, folder: Path, store: Database, server: SmtpServer) -> None:
        self.folder = folder
        self.store = store
        self.server = server
        self.now = datetime.now(UTC)
        self.write()

    def write(self, *, port: int | None = None, password: str = "") -> None:
        url = self.store_url
        login = 'username = "u"\npassword_file = "password"\n' if password else ""
        (self.folder / "password").write_text(password)
        (self.folder / "password").chmod(0o600)
        (self.folder / "marsad.toml").write_text(
            f"[store]\nurl = {json.dumps(url)}\n"
            '[mail]\nchannel = "smtp"\nfrom = "Marsad <marsad@example.org>"\nretry_for = "1d"\n'
            f'[mail.smtp]\nhost = "127.0.0.1"\nport = {port or self.server.port}\ntls = "none"\n'
            f'timeout = "1s"\n{login}'
        )
        (self.folder / "feeds.toml").write_text('[[feed]]\nid = "a"\nurl = "https://a.example/rss"\n')

    @property
    def store_url(self) -> str:
        return (self.folder / "store-url").read_text()

    def find(self) -> None:
        poll(self.store, "a", item("1", "hamas"), item("2", "gas"), now=self.now)
        self.store.run(plan_deliveries, now=self.now, message_id_domain="example.org")

    async def send(self) -> int:
        """Send what is due, by a service that has just been started on today's configuration."""
        settings = config.load(self.folder)
        dispatcher = Dispatcher(
            database=self.store,
            channel=channel_of(settings),
            compose=composer(sender=settings.mail.sender, sender_name=settings.mail.sender_name),
            worker="w1",
            retry_for=settings.mail.retry_for,
            connections=2,
            clock=lambda: self.now,
            randomness=random.Random(1),  # noqa: S311 - jitter
        )
        return await dispatcher.send_due()

    async def says(self, *arguments: str) -> str:
        """Return what the command line prints, in this process: starting another takes a second each time."""
        with quiet_logging():
            shown = await asyncio.to_thread(
                CliRunner().invoke, marsad, ["--config", str(self.folder), *arguments]
            )
        assert shown.exit_code == 0, shown.output
        return shown.stdout

    def arrived(self) -> list[str]:
        return sorted(mail.recipient for mail in self.server.mails)

    def message_ids(self) -> list[str]:
        return [str(message_from_bytes(mail.data)["Message-ID"]) for mail in self.server.mails]


@contextmanager
def quiet_logging() -> Iterator[None]:
    """Take back what a command sets up for a process of its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture
async def desk(store: Database, store_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "store-url").write_text(store_url)
    async with running_smtp_server() as server:
        desk = Desk(folder, store, server)
        sync(
            store,
            feeds=[feed("a")],
            watches=[watch("hamas", "amal"), watch("gas", "boris")],
            recipients=[recipient("amal"), recipient("boris")],
            channel="smtp",
            now=desk.now,
        )
        desk.find()
        yield desk


def line_of(text: str, who: str) -> str:
    return next(line for line in text.splitlines() if f" to {who} " in line)


async def test_a_server_that_is_down_for_six_hours(desk: Desk) -> None:
    desk.write(port=1)
    for _ in range(6 * 6):
        await desk.send()
        desk.now += timedelta(minutes=10)
    status = await desk.says("status")
    assert re.search(
        rf"channel     smtp: paused since {MOMENT}: the mail server 127\.0\.0\.1:1 cannot be reached:"
        rf" Connection refused; next try {MOMENT}\n",
        status,
    )
    assert "0 planned, 2 due, 0 sent, 0 dead" in status
    listed = await desk.says("deliveries")
    assert re.search(
        rf"due  instant to amal by smtp  1 mention  \d+ tries, waits for smtp, tried next {MOMENT}:"
        r" the mail server 127\.0\.0\.1:1 cannot be reached: Connection refused\n",
        listed,
    )
    desk.write()
    desk.now += timedelta(minutes=1)
    assert await desk.send() == 2
    assert desk.arrived() == ["amal@example.org", "boris@example.org"]
    status = await desk.says("status")
    assert "channel     smtp: open" in status
    assert "0 planned, 0 due, 2 sent, 0 dead" in status
    assert re.search(rf"sent {MOMENT}: 250 queued", await desk.says("deliveries", "--state", "sent"))


async def test_a_server_that_greylists(desk: Desk) -> None:
    desk.server.fault = "greylist"
    assert await desk.send() == 2
    assert desk.server.mails == []
    listed = await desk.says("deliveries")
    for who in ("amal", "boris"):
        assert re.fullmatch(
            rf"\d+  due  instant to {who} by smtp  1 mention  1 try, next {MOMENT}: 450 4\.2\.0 greylisted,"
            " try again later",
            line_of(listed, who),
        )
    assert "channel     smtp: open" in await desk.says("status")
    desk.now += timedelta(minutes=2)
    assert await desk.send() == 2
    assert desk.arrived() == ["amal@example.org", "boris@example.org"]
    assert "2 tries, sent" in line_of(await desk.says("deliveries"), "amal")


async def test_a_recipient_who_is_refused_while_the_other_is_told(desk: Desk) -> None:
    desk.server.fault, desk.server.fault_recipient = "rcpt_550", "amal@example.org"
    await desk.send()
    assert desk.arrived() == ["boris@example.org"]
    dead = await desk.says("deliveries", "--state", "dead")
    assert re.fullmatch(
        rf"\d+  dead \(refused\)  instant to amal by smtp  1 mention  1 try, given up {MOMENT}:"
        r" 550 refused amal@example\.org\n",
        dead,
    )
    assert "1 sent, 1 dead" in await desk.says("status")
    desk.now += timedelta(days=1)
    assert await desk.send() == 0, "a refusal is final"
    # The mailbox is there by now: by hand it is tried again.
    desk.server.fault = None
    number = dead.split()[0]
    assert await desk.says("deliveries", "retry", number) == f"delivery {number} is due now\n"
    assert await desk.send() == 1
    assert desk.arrived() == ["amal@example.org", "boris@example.org"]


async def test_a_connection_that_ends_after_the_final_dot(desk: Desk) -> None:
    desk.server.fault = "drop_after_dot"
    await desk.send()
    listed = await desk.says("deliveries")
    assert re.search(
        rf"due  instant to amal .* 1 try, next {MOMENT}: the mail server closed the connection after the"
        " message was given\n",
        listed,
    )
    shown = await desk.says("deliveries", "show", line_of(listed, "amal").split()[0])
    assert "ambiguous  by w1: the mail server closed the connection" in shown
    desk.server.fault = None
    desk.now += timedelta(minutes=2)
    assert await desk.send() == 2
    desk.now += timedelta(days=1)
    assert await desk.send() == 0
    copies = desk.message_ids()
    assert sorted(copies.count(one) for one in set(copies)) == [2, 2]
    assert re.search(r"Message-ID: (<\S+>)", shown)[1] in copies  # type: ignore[index]
    assert len({mail.data for mail in desk.server.mails}) == 2, "each copy is the same"


async def test_a_connection_that_ends_inside_the_message(desk: Desk) -> None:
    desk.server.fault = "drop_in_data"
    await desk.send()
    assert desk.server.mails == []
    assert "after the message was given" in await desk.says("deliveries")
    desk.server.fault = None
    desk.now += timedelta(minutes=2)
    assert await desk.send() == 2
    assert desk.arrived() == ["amal@example.org", "boris@example.org"]


async def test_a_password_that_is_rejected_until_it_is_mended(desk: Desk) -> None:
    desk.server.password = "new secret"
    desk.write(password="old secret")
    for _ in range(12):
        await desk.send()
        desk.now += timedelta(minutes=5)
    status = await desk.says("status")
    assert re.search(
        rf"channel     smtp: paused since {MOMENT}: the mail server 127\.0\.0\.1:\d+ rejects the user name or"
        rf" password: 535 5\.7\.8 wrong password; next try {MOMENT}\n",
        status,
    )
    assert "old secret" not in status + await desk.says("deliveries")
    assert "0 planned, 2 due, 0 sent, 0 dead" in status
    assert desk.server.mails == []
    desk.write(password="new secret")
    assert await desk.send() == 2
    assert desk.arrived() == ["amal@example.org", "boris@example.org"]
    assert "channel     smtp: open" in await desk.says("status")


async def test_a_retry_by_hand_while_the_channel_is_paused_says_what_it_waits_for(desk: Desk) -> None:
    desk.server.fault = "greet_554"
    await desk.send()
    said = await desk.says("deliveries", "retry", "1")
    assert re.fullmatch(rf"delivery 1 is due; waits for smtp, tried next {MOMENT}\n", said)


async def test_retries_that_end_are_shown_as_expired(desk: Desk) -> None:
    desk.server.fault = "rcpt_450"
    for _ in range(30):
        await desk.send()
        desk.now += timedelta(hours=1)
    dead = await desk.says("deliveries", "--state", "dead")
    assert re.search(r"dead \(expired\)  instant to amal by smtp .* 450 refused amal@example\.org\n", dead)
    assert "0 sent, 2 dead" in await desk.says("status")
