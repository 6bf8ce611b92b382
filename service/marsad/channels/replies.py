"""What a mail server's reply, or its silence, means for a message or the channel: pure (docs/adr/0006)."""

from __future__ import annotations

import os
import re
import socket
import ssl
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from marsad.errors import (
    AmbiguousSendError,
    ChannelError,
    MessageTooLarge,
    PermanentSendError,
    SendError,
    ServerBusy,
    TransientSendError,
)

LONGEST_REPLY: Final = 500
"""Characters of a server's reply that are kept; some send pages."""

ABOUT_US: Final = frozenset({530, 534, 535, 538})
"""Authentication or encryption is wanted (RFC 4954, RFC 3207): no message is to blame."""

_ENHANCED: Final = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})\b")


class Step(Enum):
    """Where in the transaction a reply came."""

    MAIL = auto()
    """The sender, and with the SIZE and SMTPUTF8 options what kind of message follows."""
    RCPT = auto()
    DATA = auto()
    """Before any of the message was given."""
    MESSAGE = auto()
    """The answer to the whole message: from here on silence is ambiguous."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    code: int
    """-1 where what came was no SMTP at all."""
    text: str

    def __str__(self) -> str:
        return one_line(f"{self.code} {self.text}" if self.code > 0 else self.text)

    @property
    def positive(self) -> bool:
        """By its first digit alone (RFC 5321 §4.2): 250 and 251 are the same to a sender."""
        return 200 <= self.code <= 299

    @property
    def subject(self) -> str:
        """Subject and detail of the enhanced status code, "2.2" of "5.2.2" (RFC 3463); "" without one."""
        found = _ENHANCED.match(self.text.lstrip())
        return found[1] if found else ""


def refusal(step: Step, reply: Reply, *, sender: str, size: int, smtputf8: bool = False) -> SendError:
    """Return what *reply*, which is not the hoped-for one, to *step* means.

    By the reply's class, not by the phase, but for 5xx to MAIL: only the sender has been named by then.
    *size* is that of the message in bytes; *smtputf8* says that MAIL named the extension. A ChannelError is
    to be read after the server's name.
    """
    said = str(reply)
    if reply.code == 421:
        return ServerBusy(f"the mail server asks to be left alone: {said}", reply=said)
    if 400 <= reply.code <= 499:
        return TransientSendError(said, reply=said)
    if not 500 <= reply.code <= 599:
        return _nonsense(step, said)
    if reply.code in ABOUT_US:
        return ChannelError(f"wants a user name and a password, or TLS: {said}", reply=said)
    if _is_about_size(reply):
        # What it takes it does not say: a quarter is reached in few steps, and nobody reads more.
        return MessageTooLarge(said, limit=size // 4, reply=said)
    if step is Step.MAIL and not smtputf8:
        return ChannelError(f"does not take mail from {sender}: {said}", reply=said)
    return PermanentSendError(said, reply=said)


def interrupted(step: Step, error: Exception) -> SendError:
    """Return what it means that after *step* nothing came, but the *error* of a connection."""
    if step is Step.MESSAGE:
        return AmbiguousSendError(f"the mail server {interruption(error)} after the message was given")
    return TransientSendError(f"the mail server {interruption(error)} before the message was given")


def interruption(error: Exception) -> str:
    """Return what became of a dialogue, to be read after the server's name."""
    if isinstance(error, TimeoutError):
        return "did not answer in time"
    if isinstance(error, ConnectionError):
        return "closed the connection"
    return one_line(str(error)) or type(error).__name__


def hindrance(error: Exception) -> str:
    """Return why there is no connection, to be read after the server's name."""
    # aiosmtplib says what it was doing, and keeps the system's own error as the cause.
    told = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(told, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not trusted: {one_line(told.verify_message)}"
    if isinstance(told, ssl.SSLError):
        return f"and we found no common TLS: {one_line((told.reason or str(told)).replace('_', ' ').lower())}"
    if isinstance(told, socket.gaierror):
        return f"cannot be found: {one_line(told.strerror or str(told))}"
    # Where a name has several addresses, asyncio tells all failures in one text, without a number.
    known = re.search(r"\[Errno (\d+)\]", str(told))
    number = getattr(told, "errno", None) or (int(known[1]) if known else None)
    if isinstance(told, TimeoutError) or (isinstance(told, ConnectionError) and not number):
        return interruption(told)
    words = os.strerror(number) if number else one_line(str(told))
    return f"cannot be reached: {words or type(told).__name__}"


def one_line(text: str) -> str:
    """Return *text* in one line without control characters, and not longer than anyone reads.

    A server may answer in Latin-1, which arrives as surrogates that no database takes.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", text).strip()[:LONGEST_REPLY]


def _nonsense(step: Step, said: str) -> SendError:
    told = f"the mail server answers what makes no sense here: {said}"
    return AmbiguousSendError(told) if step is Step.MESSAGE else TransientSendError(told)


def _is_about_size(reply: Reply) -> bool:
    """552 is said of a message that is too long and of a mailbox that is full (X.2.2); some say 5.7.0."""
    if reply.subject in ("3.4", "2.3"):
        return True
    return reply.code == 552 and (not reply.subject or reply.subject.startswith("3."))
