"""From a configuration to mail that really leaves: the channel it names, the sender it names."""

from __future__ import annotations

import email
import email.policy
import random
import ssl
from pathlib import Path

import trustme

from marsad.channels.base import Channel
from marsad.channels.maildir import MaildirChannel
from marsad.channels.smtp import SmtpChannel
from marsad.config import Settings
from marsad.model import DeliveryState
from marsad.pipeline.dispatcher import Dispatcher
from marsad.pipeline.mailing import channel_of, composer
from marsad.pipeline.planner import plan_deliveries
from marsad.store import contents
from marsad.store.database import Database
from tests.servers.smtp_server import SmtpServer, running_smtp_server
from tests.store.world import NOW, feed, item, poll, recipient, sync, watch
from tests.unit.config_folder import load


def dispatcher_of(settings: Settings, channel: Channel, store: Database) -> Dispatcher:
    """One mail is due: to amal, by the channel that *settings* name."""
    sync(
        store,
        feeds=[feed("a")],
        watches=[watch("hamas", "amal")],
        recipients=[recipient("amal")],
        channel=settings.mail.channel,
    )
    poll(store, "a", item("1", "hamas"))
    store.run(plan_deliveries, now=NOW, message_id_domain="marsad.example")
    return Dispatcher(
        database=store,
        channel=channel,
        compose=composer(
            sender=settings.mail.sender,
            sender_name=settings.mail.sender_name,
            contact=settings.service.contact,
        ),
        worker="w1",
        retry_for=settings.mail.retry_for,
        connections=1,
        clock=lambda: NOW,
        randomness=random.Random(1),  # noqa: S311 - jitter
    )


async def test_without_a_mail_server_the_alert_is_a_file_that_mail_readers_open(
    store: Database, tmp_path: Path
) -> None:
    main = '[service]\ncontact = "press@example.org"\n[mail]\nfrom = "مرصد <marsad@example.org>"\n'
    settings = load(tmp_path / "config", {"marsad.toml": main})
    channel = channel_of(settings)
    assert isinstance(channel, MaildirChannel)
    await dispatcher_of(settings, channel, store).send_due()
    (file,) = (settings.mail.maildir / "new").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    (delivery,) = store.query(contents.load_deliveries)
    assert mail["Message-ID"] == delivery.message_id
    assert mail["From"] == "مرصد <marsad@example.org>"
    assert mail["To"] == "amal@example.org"
    assert mail["Subject"] == "label of hamas: Ministry speaks of 1"
    assert mail["Date"].datetime == NOW
    text = mail.get_body(("plain",))
    assert text is not None
    assert "press@example.org" in text.get_content()


async def test_the_named_server_gets_it_over_tls_from_an_authority_of_ones_own(
    store: Database, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "password").write_text("secret\n")
    (tmp_path / "password").chmod(0o600)
    server = SmtpServer(tls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    assert server.tls is not None
    authority.issue_cert("localhost").configure_cert(server.tls)
    async with running_smtp_server(server):
        main = (
            '[mail]\nchannel = "smtp"\nfrom = "marsad@example.org"\n[mail.smtp]\nhost = "localhost"\n'
            f'port = {server.port}\nusername = "u"\npassword_file = "../password"\nca_file = "../ca.pem"\n'
        )
        settings = load(tmp_path / "config", {"marsad.toml": main})
        channel = channel_of(settings)
        assert isinstance(channel, SmtpChannel)
        await dispatcher_of(settings, channel, store).send_due()
        await channel.close()
    assert [mail.recipient for mail in server.mails] == ["amal@example.org"]
    assert [one.state for one in store.query(contents.load_deliveries)] == [DeliveryState.SENT]
