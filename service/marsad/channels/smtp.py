"""The channel to a mail server; the one import of aiosmtplib (design decision 6)."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

import aiosmtplib

from marsad.channels.links import ascii_domain
from marsad.channels.replies import (
    ABOUT_US,
    Reply,
    Step,
    hindrance,
    interrupted,
    interruption,
    one_line,
    refusal,
)
from marsad.errors import (
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
)
from marsad.model import Message, Receipt

TlsMode = Literal["starttls", "implicit", "none"]

ANSWER_TIMEOUT: Final = timedelta(minutes=5)
"""How long a server may think about a whole message: scanners take minutes, and whoever does not wait sends
it twice (RFC 5321 §4.5.3.2.6 wants ten)."""

_LEAVE_S: Final = 2.0
"""Of a farewell that nothing depends on."""

_MECHANISMS: Final = ("plain", "login", "cram-md5")
"""The simplest first: where a password may go out at all, it is under TLS."""

_NO_MECHANISM: Final = frozenset({500, 501, 502, 504})
"""Replies to AUTH about the mechanism, not about the password; after any other no second guess is made, as
servers lock those out who fail often."""


class SmtpChannel:
    """Sends through one mail server with up to *connections* at a time, kept open from message to message.

    *tls* is explicit and fails closed; a password is never sent without TLS but to loopback. Certificates
    are those of the authorities in *ca_file*, else of the system's. *timeout* bounds every step of the
    dialogue, *answer_timeout* the server's answer to a whole message.
    """

    name = "smtp"

    def __init__(
        self,
        *,
        host: str,
        port: int,
        tls: TlsMode,
        username: str | None = None,
        password: str | None = None,
        ca_file: Path | None = None,
        timeout: timedelta = timedelta(seconds=30),
        answer_timeout: timedelta = ANSWER_TIMEOUT,
        connections: int = 2,
    ) -> None:
        if username is not None and tls == "none" and not _is_loopback(host):
            raise ValueError("a password is sent only over TLS")
        self._host = host
        self._port = port
        self._tls = tls
        self._username = username
        self._password = password or ""
        self._ca_file = ca_file
        self._timeout = timeout.total_seconds()
        self._answer_timeout = answer_timeout.total_seconds()
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: Message) -> Receipt:
        """Send *message* in a transaction of its own; see `Channel.send` for what is raised."""
        async with self._slots:
            try:
                while self._idle:
                    try:
                        return await self._transact(self._idle.pop(), message)
                    except _ConnectionIsOver:
                        # Servers close idle connections, and those that have brought enough. No harm done.
                        continue
                return await self._transact(await self._open(), message, fresh=True)
            except ChannelError as error:
                told = f"the mail server {self._host}:{self._port} {error.detail}"
                raise ChannelError(told, reply=error.reply) from error.__cause__

    async def close(self) -> None:
        """Take leave of the server, without waiting for it for long; the next message comes back to it."""
        while self._idle:
            await self._leave(self._idle.pop())

    # ── a transaction ───────────────────────────────────────────────────────────────────────────

    async def _transact(self, server: aiosmtplib.SMTP, message: Message, *, fresh: bool = False) -> Receipt:
        """Send *message* by *server*, which is kept or closed; _ConnectionIsOver unless it is *fresh*."""
        kept = False
        try:
            receipt = await self._say(server, message, fresh=fresh)
            kept = True
            return receipt
        except SendError:
            # After a refusal the dialogue goes on; after silence nobody knows where it stands.
            kept = await self._reset(server)
            raise
        finally:
            if kept:
                self._idle.append(server)
            else:
                _drop(server)

    async def _say(self, server: aiosmtplib.SMTP, message: Message, *, fresh: bool) -> Receipt:
        sender, recipient, smtputf8 = _envelope(server, message)
        size = len(message.data)
        limit = server.esmtp_extensions.get("size", "")
        if re.fullmatch("[0-9]{1,20}", limit) and 0 < int(limit) < size:
            raise MessageTooLarge(
                f"the message has {size} bytes, the mail server takes {limit}", limit=int(limit)
            )
        options = [f"SIZE={size}"] if server.supports_extension("size") else []
        options += ["SMTPUTF8"] if smtputf8 else []
        encoding = "utf-8" if smtputf8 else "ascii"

        step = Step.MAIL
        try:
            reply = await _reply(server.mail(sender, options=options, encoding=encoding))
            if not fresh and reply.code == 421:
                raise _ConnectionIsOver
            if reply.positive:
                step = Step.RCPT
                reply = await _reply(server.rcpt(recipient, encoding=encoding))
                if reply.positive:
                    step = Step.DATA
                    reply = await _reply(server.execute_command(b"DATA"))
                    if reply.code == 354 and server.protocol is not None:
                        # The library's own DATA does not tell on which side of this line it failed.
                        server.protocol.write(_content(message.data))
                        step = Step.MESSAGE
                        answer = server.protocol.read_response(timeout=self._answer_timeout)
                        reply = await _reply(answer)
                        if reply.positive:
                            return Receipt(reply=str(reply))
        except (aiosmtplib.SMTPException, OSError) as error:
            _drop(server)
            if step is Step.MAIL and not fresh and not isinstance(error, TimeoutError):
                raise _ConnectionIsOver from error
            raise interrupted(step, error) from error
        except ValueError as error:
            raise PermanentSendError(f"{recipient} cannot be said in SMTP: {error}") from error
        if reply.code == 421 or not 400 <= reply.code <= 599:
            _drop(server)
        raise refusal(step, reply, sender=sender, size=size, smtputf8=smtputf8)

    async def _reset(self, server: aiosmtplib.SMTP) -> bool:
        """End the transaction; tell whether the connection can be used for another."""
        if not server.is_connected:
            return False
        try:
            await server.rset(timeout=min(self._timeout, _LEAVE_S))
        except (aiosmtplib.SMTPException, OSError):
            return False
        return True

    async def _leave(self, server: aiosmtplib.SMTP) -> None:
        try:
            await server.quit(timeout=min(self._timeout, _LEAVE_S))
        except (aiosmtplib.SMTPException, OSError):
            server.close()

    # ── a connection ────────────────────────────────────────────────────────────────────────────

    async def _open(self) -> aiosmtplib.SMTP:
        """Return a connection with TLS and password as configured.

        Whatever hinders it is a ChannelError, to be read after the server's name.
        """
        context = None if self._tls == "none" else await asyncio.to_thread(self._trusted)
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._timeout,
            use_tls=self._tls == "implicit",
            start_tls=False,
            tls_context=context,
            # Not asked for: the library would look this machine's name up, for as long as that takes.
            local_hostname="localhost",
        )
        opened = False
        try:
            await self._introduce(server)
            opened = True
        finally:
            if not opened:
                _drop(server)
        return server

    def _trusted(self) -> ssl.SSLContext:
        # Read for each connection: authorities are renewed while we run.
        try:
            return ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            told = f"cannot be trusted: {self._ca_file} holds no certificate"
            raise ChannelError(told) from error

    async def _introduce(self, server: aiosmtplib.SMTP) -> None:
        try:
            await server.connect()
            await self._greet(server)
            if self._tls == "starttls":
                if not server.supports_extension("starttls"):
                    raise ChannelError("offers no TLS (STARTTLS), and without it nothing is sent")
                await server.starttls()
                await self._greet(server)
        except aiosmtplib.SMTPResponseException as error:
            said = str(Reply(code=error.code, text=error.message))
            if error.code < 0:
                raise ChannelError(f"does not speak SMTP: {said}") from error
            raise ChannelError(f"turns us away: {said}", reply=said) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise ChannelError(hindrance(error)) from error
        if self._username is not None:
            await self._log_in(server, self._username)

    async def _greet(self, server: aiosmtplib.SMTP) -> None:
        name = _own_name(server)
        try:
            await server.ehlo(hostname=name)
        except aiosmtplib.SMTPHeloError as error:
            if error.code < 500:
                raise
            await server.helo(hostname=name)

    async def _log_in(self, server: aiosmtplib.SMTP, username: str) -> None:
        offered = [name for name in _MECHANISMS if name in server.supported_auth_methods]
        if not offered:
            raise ChannelError("takes no user name and password (AUTH)" + self._where_it_would())
        reply = Reply(code=-1, text="")
        try:
            for mechanism in offered:
                log_in = {
                    "plain": server.auth_plain,
                    "login": server.auth_login,
                    "cram-md5": server.auth_crammd5,
                }[mechanism]
                reply = await _reply(log_in(username, self._password))
                if reply.positive:
                    return
                if reply.code not in _NO_MECHANISM:
                    break
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise ChannelError(f"could not check the password: {interruption(error)}") from error
        said = str(reply)
        if reply.code in ABOUT_US:
            raise ChannelError(f"rejects the user name or password: {said}", reply=said)
        raise ChannelError(f"could not check the password: {said}", reply=said)

    def _where_it_would(self) -> str:
        return ' as long as tls = "none"' if self._tls == "none" else ""


class _ConnectionIsOver(Exception):
    """A connection that was kept open has ended before anything was said by it."""


def _drop(server: aiosmtplib.SMTP) -> None:
    """Close the connection at once: by `close` alone it stays for as long as the other side reads nothing."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    server.close()


async def _reply(step: Awaitable[aiosmtplib.SMTPResponse]) -> Reply:
    """Return what the server said to *step*, be it welcome or not."""
    try:
        response = await step
    except aiosmtplib.SMTPResponseException as error:
        return Reply(code=error.code, text=error.message)
    return Reply(code=response.code, text=response.message)


def _envelope(server: aiosmtplib.SMTP, message: Message) -> tuple[str, str, bool]:
    """Return sender and recipient with ASCII domains, and whether one of them takes SMTPUTF8."""
    try:
        sender = ascii_domain(message.sender)
    except ValueError as error:
        raise ChannelError(f"cannot be given the sender {one_line(message.sender)}: {error}") from error
    try:
        recipient = ascii_domain(message.recipient)
    except ValueError as error:
        raise PermanentSendError(f"{one_line(message.recipient)}: {error}") from error
    if server.supports_extension("smtputf8"):
        return sender, recipient, not (sender.isascii() and recipient.isascii())
    told = "does not take addresses with letters beyond ASCII (SMTPUTF8)"
    if not sender.isascii():
        raise ChannelError(f"{told}: {sender}")
    if not recipient.isascii():
        raise PermanentSendError(f"the mail server {told}: {recipient}")
    return sender, recipient, False


def _content(data: bytes) -> bytes:
    """Return *data* as it goes over the wire: whole lines, dots doubled, one at the end (RFC 5321 §4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data).removesuffix(b"\r\n") + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines) + b".\r\n"


def _own_name(server: aiosmtplib.SMTP) -> str:
    """Return how we introduce ourselves: by address, as a name may be none that others can look up.

    Hosts in containers are called a3f9c2, which strict servers answer with 5xx (RFC 5321 §4.1.3).
    """
    try:
        address = ip_address(str(server.get_transport_info("sockname")[0]).partition("%")[0])
    except (aiosmtplib.SMTPException, ValueError, TypeError, IndexError):
        return "localhost"
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold().rstrip(".") == "localhost"
