"""Mail servers that are down, greylist, refuse, hang up or want another password (faults D)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import trustme

from marsad.channels.smtp import SmtpChannel
from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    TransientSendError,
)
from marsad.model import Message
from tests.servers.smtp_server import SmtpServer, running_smtp_server

DATA = b"From: marsad@example.org\r\nTo: amal@example.org\r\nSubject: x\r\n\r\n.leading dot\r\n\r\nbody\r\n"


def message(recipient: str = "amal@example.org") -> Message:
    return Message(message_id="<1@x>", sender="marsad@example.org", recipient=recipient, data=DATA)


def channel_to(server: SmtpServer, *, tls: ssl.SSLContext | None = None, **options: str) -> SmtpChannel:
    return SmtpChannel(
        host="localhost" if tls else "127.0.0.1",
        port=server.port,
        tls="starttls" if tls else "none",
        tls_context=tls,
        username=options.get("username"),
        password=options.get("password"),
        timeout=timedelta(seconds=1),
    )


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with running_smtp_server() as server:
        yield server


@pytest.fixture
async def channel(server: SmtpServer) -> AsyncIterator[SmtpChannel]:
    channel = channel_to(server)
    yield channel
    await channel.close()


async def test_a_mail_arrives_byte_for_byte_and_the_connection_is_used_again(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    receipt = await channel.send(message())
    await channel.send(message("boris@example.org"))
    assert receipt.reply == "queued 1"
    assert [mail.recipient for mail in server.mails] == ["amal@example.org", "boris@example.org"]
    assert server.mails[0].data == DATA
    assert server.connections == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("greet_421", ChannelError),
        ("greet_554", ChannelError),
        ("garbage", ChannelError),
        ("rcpt_450", TransientSendError),
        ("data_451", TransientSendError),
        ("rcpt_550", PermanentSendError),
        ("data_552", PermanentSendError),
        ("drop_in_data", AmbiguousSendError),
        ("drop_after_dot", AmbiguousSendError),
        ("silent_after_dot", AmbiguousSendError),
    ],
)
async def test_each_fault_is_what_its_reply_says(
    server: SmtpServer, channel: SmtpChannel, fault: str, error: type[SendError]
) -> None:
    server.fault = fault
    with pytest.raises(error) as raised:
        await channel.send(message())
    assert raised.type is error
    if fault[-3:].isdigit():
        assert raised.value.reply.startswith(fault[-3:])
    server.fault = None
    await channel.send(message())


async def test_a_refused_recipient_does_not_harm_the_next(server: SmtpServer, channel: SmtpChannel) -> None:
    server.fault, server.fault_recipient = "rcpt_550", "gone@example.org"
    with pytest.raises(PermanentSendError, match="550"):
        await channel.send(message("gone@example.org"))
    await channel.send(message())
    assert [mail.recipient for mail in server.mails] == ["amal@example.org"]
    assert server.connections == 1


async def test_a_server_that_is_down_is_the_channels_fault(server: SmtpServer) -> None:
    channel = SmtpChannel(host="127.0.0.1", port=1, tls="none")
    with pytest.raises(ChannelError, match=r"127\.0\.0\.1:1"):
        await channel.send(message())


async def test_a_server_that_never_stops_greeting_costs_no_memory(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.fault = "endless_reply"
    with pytest.raises(ChannelError) as raised:
        await channel.send(message())
    assert len(str(raised.value)) < 1000


async def test_a_connection_the_server_closed_meanwhile_is_opened_again(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    await channel.send(message())
    for dialogue in list(server.dialogues):
        dialogue.cancel()
    await channel.send(message())
    assert len(server.mails) == 2
    assert server.connections == 2


async def test_a_message_longer_than_the_server_takes_is_not_given(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.size = 20
    with pytest.raises(MessageTooLarge) as raised:
        await channel.send(message())
    assert raised.value.limit == 20
    assert server.mails == []


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    await channel.send(message("أمل@example.org"))
    assert server.mails[-1].recipient == "أمل@example.org"
    server.smtputf8 = False
    await channel.close()
    with pytest.raises(PermanentSendError, match="SMTPUTF8"):
        await channel.send(message("أمل@example.org"))


async def test_a_domain_beyond_ascii_is_sent_as_punycode(server: SmtpServer, channel: SmtpChannel) -> None:
    server.smtputf8 = False
    await channel.send(message("amal@пример.рф"))
    assert server.mails[-1].recipient == "amal@xn--e1afmkfd.xn--p1ai"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def _serving(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def _trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_starttls_with_a_good_certificate_and_password(
    server: SmtpServer, authority: trustme.CA
) -> None:
    server.tls = _serving(authority, "localhost")
    channel = channel_to(server, tls=_trusting(authority), username="u", password="secret")
    await channel.send(message())
    await channel.close()
    assert len(server.mails) == 1


async def test_a_rejected_password_is_the_channels_fault_and_is_not_told(
    server: SmtpServer, authority: trustme.CA
) -> None:
    server.tls, server.fault = _serving(authority, "localhost"), "auth_535"
    channel = channel_to(server, tls=_trusting(authority), username="u", password="secret")
    with pytest.raises(ChannelError, match="535") as raised:
        await channel.send(message())
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("fault", ["stripped_starttls", "wrong_host"])
async def test_without_proper_tls_nothing_is_said(
    server: SmtpServer, authority: trustme.CA, fault: str
) -> None:
    server.tls = _serving(authority, "other.example" if fault == "wrong_host" else "localhost")
    server.fault = fault if fault == "stripped_starttls" else None
    with pytest.raises(ChannelError):
        await channel_to(server, tls=_trusting(authority)).send(message())
    assert server.mails == []


def test_a_password_without_tls_is_refused_beyond_loopback() -> None:
    with pytest.raises(ValueError, match="TLS"):
        SmtpChannel(host="mail.example", port=25, tls="none", username="u", password="p")
