"""The channel to a mail server; the one import of aiosmtplib (design decision 6)."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_address
from typing import Literal

import aiosmtplib

from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    TransientSendError,
)
from marsad.model import Message, Receipt

TlsMode = Literal["starttls", "implicit", "none"]

_LONGEST_REPLY = 500
"""Characters of a server's reply that are kept; some send pages."""

# Replies about us, not about a message: authentication or encryption is wanted (RFC 4954, RFC 3207).
_CHANNEL_REPLIES = frozenset({530, 534, 535, 538})


class SmtpChannel:
    """Sends through one mail server with up to *connections* at a time, kept open between messages.

    *tls* is explicit and fails closed; a password is never sent without TLS but to loopback. *timeout* bounds
    every step of the dialogue.
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
        tls_context: ssl.SSLContext | None = None,
        timeout: timedelta = timedelta(seconds=30),
        connections: int = 2,
    ) -> None:
        if username is not None and tls == "none" and not _is_loopback(host):
            raise ValueError("a password is sent only over TLS")
        self._host = host
        self._port = port
        self._tls = tls
        self._username = username
        self._password = password
        self._tls_context = tls_context
        self._timeout = timeout.total_seconds()
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: Message) -> Receipt:
        """Send *message* in a transaction of its own; see `Channel.send` for what is raised."""
        async with self._slots, self._connection() as server:
            sender, recipient, options = _envelope(server, message)
            size = server.esmtp_extensions.get("size", "")
            if size.isdigit() and 0 < int(size) < len(message.data):
                raise MessageTooLarge(
                    f"the message has {len(message.data)} bytes, the server takes {size}", limit=int(size)
                )
            try:
                _, reply = await server.sendmail(sender, [recipient], message.data, mail_options=options)
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                raise classify(error) from error
        return Receipt(reply=_readable(reply))

    async def close(self) -> None:
        """Take leave of the server, without waiting for it for long."""
        while self._idle:
            await self._leave(self._idle.pop())

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        server = await self._reuse() or await self._connect()
        try:
            yield server
        except AmbiguousSendError:
            server.close()
            raise
        except SendError:
            # The transaction was reset, the dialogue goes on.
            self._keep(server)
            raise
        except BaseException:
            server.close()
            raise
        self._keep(server)

    def _keep(self, server: aiosmtplib.SMTP) -> None:
        if server.is_connected:
            self._idle.append(server)

    async def _reuse(self) -> aiosmtplib.SMTP | None:
        while self._idle:
            server = self._idle.pop()
            try:
                # Servers close idle connections; noticed only in DATA it would look as if the mail was lost.
                await server.noop()
            except (aiosmtplib.SMTPException, OSError):
                server.close()
                continue
            return server
        return None

    async def _connect(self) -> aiosmtplib.SMTP:
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            timeout=self._timeout,
            use_tls=self._tls == "implicit",
            start_tls=self._tls == "starttls",
            tls_context=self._tls_context,
        )
        try:
            await server.connect()
            if server.last_ehlo_response is None:
                await self._introduce(server)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            server.close()
            where = f"{self._host}:{self._port}"
            raise ChannelError(
                f"the mail server {where} cannot be used: {_told(error)}", reply=_reply_of(error)
            ) from error
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    async def _introduce(server: aiosmtplib.SMTP) -> None:
        try:
            await server.ehlo()
        except aiosmtplib.SMTPHeloError:
            await server.helo()

    async def _leave(self, server: aiosmtplib.SMTP) -> None:
        try:
            await server.quit(timeout=min(self._timeout, 2.0))
        except (aiosmtplib.SMTPException, OSError):
            server.close()


def classify(error: Exception) -> SendError:
    """Return what *error*, raised inside a mail transaction, means for the delivery.

    By the reply's class, not by the phase: 550 for one address says nothing about the channel, 535 does. A
    connection that ended anywhere in the transaction is ambiguous, as aiosmtplib raises the same inside DATA
    and after the final dot.
    """
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        # One recipient per transaction, so there is exactly one.
        return classify(error.recipients[0])
    detail, reply = _told(error), _reply_of(error)
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        if error.code in _CHANNEL_REPLIES:
            return ChannelError(detail, reply=reply)
        if error.code >= 500:
            return PermanentSendError(detail, reply=reply)
        return TransientSendError(detail, reply=reply)
    if isinstance(error, aiosmtplib.SMTPNotSupported | ValueError):
        return PermanentSendError(detail, reply=reply)
    return AmbiguousSendError(detail, reply=reply)


def _envelope(server: aiosmtplib.SMTP, message: Message) -> tuple[str, str, list[str]]:
    addresses = []
    for address in (message.sender, message.recipient):
        local, _, domain = address.rpartition("@")
        try:
            addresses.append(f"{local}@{domain.encode('idna').decode('ascii')}")
        except UnicodeError as error:
            raise PermanentSendError(f"{address} has a domain that cannot exist") from error
    sender, recipient = addresses
    if sender.isascii() and recipient.isascii():
        return sender, recipient, []
    if not server.supports_extension("smtputf8"):
        raise PermanentSendError(
            f"the mail server does not take addresses with letters beyond ASCII (SMTPUTF8): {recipient}"
        )
    return sender, recipient, ["SMTPUTF8"]


def _reply_of(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        return _readable(f"{error.code} {error.message}")
    return ""


def _told(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return "it did not answer in time"
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return "it closed the connection"
    return _reply_of(error) or _readable(str(error)) or type(error).__name__


def _readable(reply: str) -> str:
    """Return *reply* in one line without control characters, and not longer than anyone reads."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", reply).strip()[:_LONGEST_REPLY]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold().rstrip(".") == "localhost"
