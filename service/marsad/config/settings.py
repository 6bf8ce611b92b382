"""What a configuration says, checked and typed: frozen, so that a reload swaps it whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr

from marsad.config.files import Stamp
from marsad.config.places import Places
from marsad.model import (
    EntityDefinition,
    FeedDefinition,
    FirstContact,
    Mistake,
    RecipientDefinition,
    WatchDefinition,
)


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    contact: str
    """How a publisher can reach the operator; stands in the user agent. May be empty."""
    timezone: str
    """IANA name: of recipients that name none, and of `from` and `until` of watches."""
    state: Path
    """Absolute; the folder of everything the service writes."""


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    url: str = field(repr=False)
    """`sqlite:///` and an absolute path, or `postgresql://…`, perhaps with a password: never log it."""
    file: Path | None
    """The SQLite file, absolute; None for PostgreSQL."""


@dataclass(frozen=True, kw_only=True)
class PollSettings:
    every: timedelta
    concurrency: int
    """Polls at one time, of all hosts."""
    per_host: int
    timeout: timedelta
    """Of one poll, from name look-up to the last byte of the body."""
    max_body: int
    """Bytes of a body after decompression."""
    first_contact: FirstContact


class ChannelName(StrEnum):
    MAILDIR = "maildir"
    SMTP = "smtp"


class Tls(StrEnum):
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    host: str
    port: int
    tls: Tls
    username: str | None
    password: SecretStr | None
    """There where, and only where, there is a username."""
    ca_file: Path | None
    """Trusted instead of the system's authorities."""
    timeout: timedelta
    """Of each step of the dialogue."""
    connections: int
    """At one time."""


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    channel: ChannelName
    sender: str
    """The bare address: envelope sender, and From."""
    sender_name: str
    """The name beside it in From."""
    retry_for: timedelta
    maildir: Path
    """Absolute; where the channel `maildir` delivers."""
    smtp: SmtpSettings | None
    """There where, and only where, the channel is smtp."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    folder: Path
    """Absolute; that of marsad.toml. Relative paths and `file:` feeds are relative to it."""
    service: ServiceSettings
    store: StoreSettings
    poll: PollSettings
    mail: MailSettings
    feeds: tuple[FeedDefinition, ...]
    entities: tuple[EntityDefinition, ...]
    packs: tuple[str, ...]
    """Names of the packs of entities that ship with Marsad, of which watches may use any."""
    watches: tuple[WatchDefinition, ...]
    recipients: tuple[RecipientDefinition, ...]
    warnings: tuple[Mistake, ...] = ()
    """What is accepted but doubtful."""
    places: Places = field(default_factory=Places, compare=False, repr=False)
    """Where watches and entities are written: for mistakes found in queries and names."""
    stamp: Stamp = field(default=(), compare=False, repr=False)
    """The files as they were just before they were read; see `watch_files`."""
