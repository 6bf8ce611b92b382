"""Mail servers that are down, greylist, refuse, hang up or want another password (faults D)."""

# ruff: noqa: ASYNC240 - a test may write a file

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from marsad.channels.smtp import SmtpChannel
from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    ServerBusy,
    TransientSendError,
)
from marsad.model import Message
from tests.servers.smtp_server import FAULTS, SmtpServer, running_smtp_server

DATA = b"From: marsad@example.org\r\nTo: amal@example.org\r\nSubject: x\r\n\r\n.leading dot\r\n\r\nbody\r\n"


def message(recipient: str = "amal@example.org") -> Message:
    return Message(message_id="<1@x>", sender="marsad@example.org", recipient=recipient, data=DATA)


def channel_to(server: SmtpServer, *, tls: Path | None = None, **options: str) -> SmtpChannel:
    return SmtpChannel(
        host="localhost" if tls else "127.0.0.1",
        port=server.port,
        tls="starttls" if tls else "none",
        ca_file=tls,
        username=options.get("username"),
        password=options.get("password"),
        timeout=timedelta(seconds=1),
        answer_timeout=timedelta(seconds=1),
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
    assert receipt.reply == "250 queued 1"
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
        ("rcpt_421", ServerBusy),
        ("data_421", ServerBusy),
        ("data_552", MessageTooLarge),
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


@pytest.mark.parametrize(
    ("verb", "reply", "error"),
    [
        # The sender is ours, not the message's: one that is refused must not kill what is due.
        ("MAIL", "553 5.7.1 sender not owned by user", ChannelError),
        ("MAIL", "550 5.1.8 sender unknown", ChannelError),
        ("MAIL", "530 5.7.0 authentication required", ChannelError),
        ("MAIL", "452 4.3.1 insufficient storage", TransientSendError),
        ("MAIL", "552 5.3.4 too long", MessageTooLarge),
        ("RCPT", "530 5.7.0 authentication required", ChannelError),
        ("RCPT", "450 4.7.1 too many messages", TransientSendError),
        ("RCPT", "552 5.2.2 mailbox is full", PermanentSendError),
        ("RCPT", "554 5.7.1 policy", PermanentSendError),
        ("DATA", "451 4.3.0 later", TransientSendError),
        ("DATA", "554 no valid recipients", PermanentSendError),
        ("DATA", "250 what message?", TransientSendError),
        ("message", "451 4.3.0 scanner is down", TransientSendError),
        ("message", "554 5.6.0 spam", PermanentSendError),
        ("message", "552 5.7.0 forbidden content", PermanentSendError),
        ("message", "523 5.3.4 too long", MessageTooLarge),
        ("message", "354 go on", AmbiguousSendError),
        ("message", b"\xff\xfe\r\n", AmbiguousSendError),
        ("RCPT", b"\xff\xfe\r\n", TransientSendError),
        ("RCPT", b"999 hm\r\n", TransientSendError),
    ],
)
async def test_each_reply_is_about_the_recipient_the_message_or_the_channel(
    server: SmtpServer, channel: SmtpChannel, verb: str, reply: str | bytes, error: type[SendError]
) -> None:
    server.answers[verb] = reply
    with pytest.raises(error) as raised:
        await channel.send(message())
    assert raised.type is error
    if isinstance(reply, str) and error not in (AmbiguousSendError,) and reply != "250 what message?":
        assert raised.value.reply == reply
    assert server.mails == []
    server.answers.clear()
    await channel.send(message())
    assert len(server.mails) == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", ["drop_at", "hang_at"])
async def test_silence_is_ambiguous_only_once_the_message_was_given(
    server: SmtpServer, channel: SmtpChannel, verb: str, fault: str
) -> None:
    setattr(server, fault, verb)
    with pytest.raises(TransientSendError, match="before the message was given"):
        await channel.send(message())
    server.drop_at = server.hang_at = ""
    await channel.send(message())
    assert len(server.mails) == 1


@pytest.mark.parametrize("verb", ["greeting", "EHLO"])
@pytest.mark.parametrize("fault", ["drop_at", "hang_at"])
async def test_a_server_that_says_nothing_at_all_is_the_channels_fault(
    server: SmtpServer, channel: SmtpChannel, verb: str, fault: str
) -> None:
    setattr(server, fault, verb)
    with pytest.raises(ChannelError, match=r"closed the connection|did not answer in time"):
        await channel.send(message())


@pytest.mark.parametrize("reply", ["251 taken by a neighbour", "200 ok"])
async def test_any_positive_reply_means_accepted(
    server: SmtpServer, channel: SmtpChannel, reply: str
) -> None:
    server.answers = {"MAIL": reply, "RCPT": reply, "message": reply}
    assert (await channel.send(message())).reply == reply


async def test_a_connection_that_has_brought_enough_is_followed_by_another(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.most_per_connection = 2
    for _ in range(5):
        await channel.send(message())
    assert len(server.mails) == 5
    assert server.connections == 3


async def test_a_reply_in_latin_1_can_be_stored(server: SmtpServer, channel: SmtpChannel) -> None:
    server.answers["RCPT"] = "550 Empfänger unbekannt\r\n".encode("latin-1")
    with pytest.raises(PermanentSendError) as raised:
        await channel.send(message())
    assert raised.value.reply == "550 Empfänger unbekannt"


async def test_a_size_that_is_no_number_of_bytes_is_no_limit(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.answers["EHLO"] = f"250-test\r\n250 SIZE {'9' * 5000}"
    await channel.send(message())
    assert len(server.mails) == 1


async def test_dots_and_odd_line_ends_arrive_as_lines(server: SmtpServer, channel: SmtpChannel) -> None:
    data = b"Subject: x\r\n\r\n.\n.\r..\r\n.\r\nMAIL FROM:<spy@example.org>"
    await channel.send(replace(message(), data=data))
    assert server.mails[0].data == b"Subject: x\r\n\r\n.\r\n.\r\n..\r\n.\r\nMAIL FROM:<spy@example.org>\r\n"
    assert [line.split(" ")[0] for line in server.commands] == ["EHLO", "MAIL", "RCPT", "DATA"]


async def test_a_server_that_reads_nothing_keeps_no_connection_of_ours(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.deaf = True
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(AmbiguousSendError, match="did not answer in time"):
        await channel.send(replace(message(), data=b"x" * 30_000_000))
    for dialogue in list(server.dialogues):
        dialogue.cancel()
        with suppress(asyncio.CancelledError):
            await dialogue
    await asyncio.sleep(0)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA", "message"])
@pytest.mark.parametrize("endless", [b"250" + b"x" * 5_000_000, b"250-again\r\n" * 500_000])
async def test_a_reply_that_never_ends_costs_no_memory(
    server: SmtpServer, channel: SmtpChannel, verb: str, endless: bytes
) -> None:
    server.answers[verb] = endless
    with pytest.raises(SendError) as raised:
        await channel.send(message())
    assert isinstance(
        raised.value,
        {"EHLO": ChannelError, "message": AmbiguousSendError}.get(verb, TransientSendError),
    )
    assert len(str(raised.value)) < 1000


async def test_a_server_that_is_down_is_the_channels_fault(server: SmtpServer) -> None:
    channel = SmtpChannel(host="127.0.0.1", port=1, tls="none")
    with pytest.raises(ChannelError, match=r"^the mail server 127\.0\.0\.1:1 cannot be reached: Connection"):
        await channel.send(message())
    nowhere = SmtpChannel(host="mail.invalid", port=25, tls="none")
    with pytest.raises(ChannelError, match=r"mail\.invalid:25 cannot be found"):
        await nowhere.send(message())


async def test_we_introduce_ourselves_by_address(server: SmtpServer, channel: SmtpChannel) -> None:
    await channel.send(message())
    assert server.commands[0] == "EHLO [127.0.0.1]"


async def test_a_server_of_old_that_knows_no_ehlo_is_greeted_as_of_old(
    server: SmtpServer, channel: SmtpChannel
) -> None:
    server.answers["EHLO"] = "502 unknown command"
    await channel.send(message())
    assert [line.split(" ")[0] for line in server.commands] == ["EHLO", "HELO", "MAIL", "RCPT", "DATA"]


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


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


async def test_starttls_with_a_good_certificate_and_password(
    server: SmtpServer, authority: trustme.CA, ca_file: Path
) -> None:
    server.tls, server.password = _serving(authority, "localhost"), "sécret"
    channel = channel_to(server, tls=ca_file, username="u", password="sécret")
    await channel.send(message())
    await channel.close()
    assert len(server.mails) == 1
    verbs = [line.split(" ")[0] for line in server.commands]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


async def test_a_rejected_password_is_the_channels_fault_and_is_not_told(
    server: SmtpServer, authority: trustme.CA, ca_file: Path
) -> None:
    server.tls, server.password = _serving(authority, "localhost"), "changed"
    channel = channel_to(server, tls=ca_file, username="u", password="secret")
    with pytest.raises(ChannelError, match="rejects the user name or password: 535") as raised:
        await channel.send(message())
    assert "secret" not in str(raised.value)
    # Servers lock out who fails often: one guess a try, whatever mechanisms are offered.
    assert [line.split(" ")[0] for line in server.commands].count("AUTH") == 1


async def test_a_mechanism_that_is_offered_but_not_known_is_followed_by_another(
    server: SmtpServer, authority: trustme.CA, ca_file: Path
) -> None:
    server.tls = _serving(authority, "localhost")
    server.answers["AUTH"] = "504 5.5.4 unrecognized authentication type"
    channel = channel_to(server, tls=ca_file, username="u", password="secret")
    with pytest.raises(ChannelError, match="could not check the password: 504"):
        await channel.send(message())
    tried = [line.split(" ")[1] for line in server.commands if line.startswith("AUTH")]
    assert tried == ["PLAIN", "LOGIN", "CRAM-MD5"]


async def test_a_server_that_takes_no_password_is_told_none(server: SmtpServer) -> None:
    server.answers["EHLO"] = "250 test"
    channel = channel_to(server, username="u", password="secret")
    with pytest.raises(ChannelError, match="takes no user name and password"):
        await channel.send(message())
    assert [line.split(" ")[0] for line in server.commands] == ["EHLO"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("stripped_starttls", "offers no TLS"),
        ("wrong_host", "certificate that is not trusted: Hostname mismatch"),
        ("stranger", "certificate that is not trusted: unable to get local issuer"),
        ("refused", "turns us away: 454"),
        ("no_handshake", "no common TLS: wrong version number"),
    ],
)
async def test_without_proper_tls_nothing_is_said(
    server: SmtpServer, authority: trustme.CA, ca_file: Path, fault: str, told: str
) -> None:
    server.tls = _serving(authority, "other.example" if fault == "wrong_host" else "localhost")
    if fault in FAULTS:
        server.fault = fault
    if fault == "refused":
        server.answers["STARTTLS"] = "454 TLS not available"
    if fault == "stranger":
        trustme.CA().cert_pem.write_to_path(str(ca_file))
    with pytest.raises(ChannelError, match=told):
        await channel_to(server, tls=ca_file, username="u", password="secret").send(message())
    assert server.mails == []
    assert {line.split(" ")[0] for line in server.commands} <= {"EHLO", "STARTTLS"}


async def test_a_file_of_authorities_that_was_spoilt_is_the_channels_fault(
    server: SmtpServer, authority: trustme.CA, ca_file: Path
) -> None:
    server.tls = _serving(authority, "localhost")
    good = ca_file.read_bytes()
    channel = channel_to(server, tls=ca_file)
    ca_file.write_text("not a certificate")
    with pytest.raises(ChannelError, match=r"ca\.pem holds no certificate"):
        await channel.send(message())
    ca_file.write_bytes(good)
    await channel.send(message())
    await channel.close()


async def test_what_is_injected_before_the_handshake_is_not_heard(
    authority: trustme.CA, ca_file: Path
) -> None:
    """A reply in the clear, sent along with the go-ahead, must not answer the first command under TLS."""

    async def injecting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"250-test\r\n250 STARTTLS\r\n")
        await reader.readline()
        writer.write(b"220 go ahead\r\n250-injected\r\n250 SIZE 1\r\n")
        await writer.drain()
        await writer.start_tls(_serving(authority, "localhost"))
        while line := await reader.readline():
            writer.write(b"354 go on\r\n" if line == b"DATA\r\n" else b"250 ok\r\n")
            if line == b"DATA\r\n":
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken under TLS\r\n")
        writer.close()

    listener = await asyncio.start_server(injecting, "127.0.0.1", 0)
    channel = SmtpChannel(
        host="localhost",
        port=listener.sockets[0].getsockname()[1],
        tls="starttls",
        ca_file=ca_file,
        timeout=timedelta(seconds=2),
    )
    try:
        try:
            receipt = await channel.send(message())
        except ChannelError as error:
            assert "TLS" in str(error)  # noqa: PT017 - refusing the handshake would be as good
        else:
            assert receipt.reply == "250 taken under TLS"
    finally:
        await channel.close()
        listener.close()


def test_a_password_without_tls_is_refused_beyond_loopback() -> None:
    with pytest.raises(ValueError, match="TLS"):
        SmtpChannel(host="mail.example", port=25, tls="none", username="u", password="p")
