"""The words of Marsad as values: frozen dataclasses and enums, nothing but the standard library.

Every instant is an aware `datetime` in UTC; every offset counts code points of the text it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

# ── configuration ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing that is wrong (or doubtful) in the configuration, told so that a person can mend it."""

    file: str
    """Path as the operator knows it, relative to the folder of marsad.toml."""
    key: str
    """Where in the file: `watch[3].query` or, where there is an id, `watch "hamas": query`."""
    problem: str
    hint: str = ""
    line: int | None = None
    column: int | None = None
    """Counts from 1: the column of a query in *key*, or of the line in the file."""

    def __str__(self) -> str:
        line = f":{self.line}" if self.line is not None else ""
        key = f" {self.key}:" if self.key else ""
        column = f" column {self.column}:" if self.column is not None else ""
        return f"{self.file}{line}:{key}{column} {self.problem}" + (f" ({self.hint})" if self.hint else "")


@dataclass(frozen=True, kw_only=True)
class FirstContact:
    """Which items of a feed's first successful poll are told: those dated within *window* before it."""

    window: timedelta | None
    """None tells all, dated or not; zero tells none."""

    @classmethod
    def parse(cls, text: str) -> FirstContact:
        """Read `"24h"`, `"7d"`, `"all"` or `"none"`; ValueError says what is accepted."""
        if text in ("all", "none"):
            return cls(window=None if text == "all" else timedelta(0))
        return cls(window=parse_duration(text))


class IdentityPolicy(StrEnum):
    """What tells the items of a feed apart (design decision 7)."""

    AUTO = "auto"
    """guid, else link, else title and date."""
    LINK = "link"
    """For feeds whose guids rotate."""
    TITLE = "title"
    """For feeds whose guids and links repeat."""


@dataclass(frozen=True, kw_only=True)
class FeedDefinition:
    id: str
    url: str
    """http, https, or a `file:` path relative to the configuration folder.

    May hold credentials: never log it raw."""
    name: str
    every: timedelta | None = None
    """Stated by the operator; None leaves it to the default, the tags and the publisher."""
    tags: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47 primary subtag, e.g. "ar"."""
    first_contact: FirstContact | None = None
    country: str | None = None
    """ISO 3166 code, e.g. "EG"."""
    rank: int | None = None
    """1 to 3, the most important first."""
    identity: IdentityPolicy = IdentityPolicy.AUTO
    headers: tuple[tuple[str, str], ...] = ()
    allow_private: bool = False


@dataclass(frozen=True, kw_only=True)
class EntityDefinition:
    id: str
    kind: str
    """person, organisation, place, product or other."""
    name: str
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(language, aliases) in the order of the file."""
    weak: tuple[tuple[str, tuple[str, ...]], ...] = ()
    with_query: str | None = None
    not_names: tuple[str, ...] = ()
    related: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Words that speak of it and are no names: adjectives, nationals. Found in all forms of a keyword."""
    weak_related: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Those that count only where weak names would."""
    not_related: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Words of others of that kind: hits that overlap them do not count."""
    country: str | None = None
    """ISO 3166 code: brings what the table of countries knows of it."""
    demonyms: bool = True
    """With a country: its adjectives and nationals too."""
    capital: bool = False
    """With a country: its capital and seats of power, as those who act for it."""


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ScheduleKind(StrEnum):
    INSTANT = "instant"
    HOURLY = "hourly"
    DIGEST = "digest"
    """At local times of some weekdays."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a subscription speaks."""

    kind: ScheduleKind
    days: frozenset[int] = frozenset()
    """Monday is 0."""
    times: tuple[time, ...] = ()
    """Local times of the recipient's zone, ascending."""
    text: str
    """The canonical spelling; equal schedules have equal text."""

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read `"instant"`, `"hourly"`, `"daily 07:30,13:00"`, `"sun-thu 08:00"` or `"mon,thu 09:00"`.

        ValueError says what is wrong and what is accepted.
        """
        words = text.casefold().split()
        if words in (["instant"], ["hourly"]):
            return cls(kind=ScheduleKind(words[0]), text=words[0])
        if len(words) < 2:
            raise ValueError(
                f'"{text}" is no schedule; write "instant", "hourly", "daily 07:30,13:00",'
                ' "sun-thu 08:00" or "mon,thu 09:00"'
            )
        days = frozenset(range(7)) if words[0] == "daily" else _parse_days(words[0])
        times: set[time] = set()
        for part in "".join(words[1:]).split(","):
            clock = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", part)
            if clock is None:
                raise ValueError(f'"{part}" is no time of day; write it as 07:30')
            times.add(time(int(clock[1]), int(clock[2])))
        ordered = tuple(sorted(times))
        name = "daily" if len(days) == 7 else ",".join(_WEEKDAYS[day] for day in sorted(days))
        return cls(
            kind=ScheduleKind.DIGEST,
            days=days,
            times=ordered,
            text=f"{name} " + ",".join(f"{at:%H:%M}" for at in ordered),
        )


def _parse_days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not all(end in _WEEKDAYS for end in ends):
            raise ValueError(
                f'"{part}" is no day; use mon tue wed thu fri sat sun, a range (sun-thu) or daily'
            )
        first, last = _WEEKDAYS.index(ends[0]), _WEEKDAYS.index(ends[-1])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days)


def parse_duration(text: str) -> timedelta:
    """Read `"90s"`, `"15 min"`, `"3h"`, `"7d"`, `"2w"`; ValueError says what is accepted."""
    match = re.fullmatch(r"\s*(\d{1,6})\s*(s|sec|m|min|h|d|w)\s*", text)
    if match is None:
        raise ValueError(f'"{text}" is no duration; write a number and a unit: 90s, 15m, 3h, 7d or 2w')
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2][0]]
    return timedelta(**{unit: int(match[1])})


@dataclass(frozen=True, kw_only=True)
class SendRule:
    """One `[[watch.send]]`: who hears of the watch, and when."""

    to: str
    """A recipient's id."""
    when: Schedule


@dataclass(frozen=True, kw_only=True)
class WatchDefinition:
    id: str
    name: str
    label: str
    """What may stand in a subject or header, as the name can be secret."""
    query: str
    """What to look for; where there are *lists*, the same on one line."""
    languages: tuple[str, ...] = ()
    """Empty: those of its feeds."""
    feeds: tuple[str, ...] = ()
    """Feed ids; empty: every feed."""
    tags: tuple[str, ...] = ()
    """Feeds with any of these tags; empty: every feed."""
    active_from: datetime | None = None
    active_until: datetime | None = None
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(`all_of`, `any` or `none`, its queries), where the query is written so."""
    all_items: bool = False
    """True where the query may ask about the source alone."""
    send: tuple[SendRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecipientDefinition:
    id: str
    address: str
    timezone: str
    """IANA name."""


# ── a poll ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What makes the next request conditional, byte for byte as the server sent it (latin-1 in `str`)."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """SHA-256, hex, of the body as it was parsed last (after decompression)."""


@dataclass(frozen=True, kw_only=True)
class Skips:
    """When a publisher asks not to be polled (RSS skipHours and skipDays): hours and days of UTC.

    Never all hours, nor all days."""

    hours: frozenset[int] = frozenset()
    """0 to 23."""
    days: frozenset[int] = frozenset()
    """Monday is 0."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A feed as the store leases it to one poll."""

    id: str
    url: str
    """Where to ask: the configured URL, or where it moved for good."""
    configured_url: str
    host: str
    name: str
    validators: Validators
    failures: float
    """Weight of consecutive failures, see `schedule.backoff`."""
    first_contact_at: datetime | None
    """When a poll first succeeded; None until then."""
    last_success_at: datetime | None
    moved_to: str | None = None
    """Where a permanent redirect points, and how many polls in a row it has worked."""
    moved_times: int = 0
    publisher_every: timedelta | None = None
    """What the feed itself asked for when it was parsed last (ttl, sy:updatePeriod)."""
    skips: Skips = Skips()
    """As the feed said when it was parsed last."""
    lease_expired: bool = False
    """True when a former worker's lease on it ran out."""


class FetchProblem(StrEnum):
    """Why a feed could not be polled. Shown in status and logs; a metric label."""

    DNS = "dns"
    REFUSED_ADDRESS = "refused_address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    NOT_FOUND = "not_found"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    HTTP_ERROR = "http_error"
    PROTOCOL = "protocol"
    NOT_A_FEED = "not_a_feed"
    UNREADABLE = "unreadable"
    FILE = "file"
    INTERNAL = "internal"
    """Our own fault: the poll raised. The log has the traceback."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A body arrived whole, or as much of it as the server sent."""

    body: bytes
    """Decompressed, at most `max_body` bytes."""
    url: str
    """Where the body came from after redirects: what its relative links are relative to."""
    content_type: str | None
    charset: str | None
    """From Content-Type."""
    validators: Validators
    """ETag and Last-Modified of this response, and the hash of *body*; to be stored only with its items."""
    permanent_url: str | None = None
    """Set where every hop was 301 or 308: the feed has moved there."""
    max_age: timedelta | None = None
    """From Cache-Control or Expires (relative to the server's own Date), at most a day."""
    truncated: bool = False
    """Shorter than announced, or the gzip stream ended early: take its items, store no validators."""


@dataclass(frozen=True, kw_only=True)
class NotModified:
    """304, or a body whose hash is the known one."""

    max_age: timedelta | None = None
    permanent_url: str | None = None
    validators: Validators | None = None
    """New validators of an unchanged body; None keeps the old ones."""


@dataclass(frozen=True, kw_only=True)
class FetchFailed:
    problem: FetchProblem
    detail: str
    """For people; no credentials, no user-info of a URL."""
    status: int | None = None
    retry_after: timedelta | None = None
    weight: float = 1.0
    """How much it counts in `schedule.backoff`.

    0.25 a temporary failure (DNS, 429), 0.5 a soft one (404, 5xx), else 1."""
    forget_validators: bool = False
    """True where the next request must be unconditional (a 304 that nobody asked for)."""


FetchOutcome = Fetched | NotModified | FetchFailed


@dataclass(frozen=True, kw_only=True)
class Revision:
    """The immutable text of an item at one time. Text is plain: markup gone, blocks separated by "\\n"."""

    title: str
    summary: str
    content: str
    """Empty where it would repeat the summary."""
    author: str
    language: str | None
    """As the item or its feed states it (primary subtag); None where neither does."""
    link: str | None
    """Absolute http or https, or None."""
    published: datetime | None
    published_text: str = ""
    """As the feed wrote it."""
    hash: str
    """SHA-256, hex, of title, summary and content: another hash is another revision."""
    categories: tuple[str, ...] = ()
    """What the feed files the item under; none twice, in its order."""


@dataclass(frozen=True, kw_only=True)
class ParsedItem:
    guid: str | None
    revision: Revision


@dataclass(frozen=True, kw_only=True)
class KnownItem:
    """An item as it is stored, as far as it takes to recognise it under another key."""

    key: str
    hash: str
    """Of its current revision."""
    title: str
    link: str | None


@dataclass(frozen=True, kw_only=True)
class ParsedFeed:
    title: str
    language: str | None
    items: tuple[ParsedItem, ...]
    """In document order."""
    every: timedelta | None = None
    """What the publisher asks for, at most a day: the longer of ttl and sy:updatePeriod."""
    skips: Skips = Skips()
    partial: bool = False
    """The document ends before its root does: its complete items are here, its validators must not be stored.

    One that is whole but not well-formed is not partial: the next body will be no better."""
    notes: tuple[str, ...] = ()
    """What an operator should know: encoding suspect, control characters removed."""


@dataclass(frozen=True, kw_only=True)
class Unparsed:
    """A body that is no feed, or that the parser could not finish."""

    problem: FetchProblem
    """NOT_A_FEED or UNREADABLE."""
    detail: str


ParseOutcome = ParsedFeed | Unparsed


# ── a mention ────────────────────────────────────────────────────────────────────────────────────


class Field(StrEnum):
    """The fields of a revision that are matched, in the order in which a reader meets them."""

    TITLE = "title"
    SUMMARY = "summary"
    CONTENT = "content"
    AUTHOR = "author"


class Prominence(StrEnum):
    HEADLINE = "headline"
    LEAD = "lead"
    """Title, summary and the first 60 tokens of the content."""
    BODY = "body"


class Hit(NamedTuple):
    """One span of a revision's text, and what matched it: `getattr(revision, field)[start:end] == text`.

    A tuple, as is `Match`, for there may be hundreds in an item (docs/adr/0021).
    """

    field: Field
    start: int
    end: int
    text: str
    term: str
    """The term or alias as it was typed."""
    entity: str | None
    """Id of the entity whose alias it is."""
    language: str
    reason: str
    """For people: `ل + روسيا`, `Захаровой: a case of Захарова`, `as typed`."""


class WatchSaid(NamedTuple):
    """What a mention says of its watch."""

    id: str
    version: str
    """Hash of the watch and the entities it uses."""
    name: str
    label: str


class Match(NamedTuple):
    """A watch found in a text, before it is recorded."""

    watch: WatchSaid
    prominence: Prominence
    hits: tuple[Hit, ...]
    """By field, then start. Empty only where a watch asks about the source alone."""

    @property
    def watch_id(self) -> str:
        return self.watch.id

    @property
    def watch_version(self) -> str:
        return self.watch.version

    @property
    def watch_name(self) -> str:
        return self.watch.name

    @property
    def watch_label(self) -> str:
        return self.watch.label


class Arrival(StrEnum):
    """How a mention came, which decides whether it may be told at once (design decision 8)."""

    LIVE = "live"
    CATCH_UP = "catch_up"
    BEFORE_FIRST_CONTACT = "before_first_contact"


@dataclass(frozen=True, kw_only=True)
class FoundItem:
    """An item of a poll that is new, or whose text has changed, with what was found in it."""

    key: str
    revision: Revision
    is_new: bool
    """False: a further revision of a known item; it is stored, not matched."""
    arrival: Arrival
    matches: tuple[Match, ...] = ()
    failed_watches: tuple[tuple[str, str], ...] = ()
    """(watch id, error) of watches whose evaluation failed on this item."""


@dataclass(frozen=True, kw_only=True)
class PollRecord:
    """All that one poll changes: recorded in one transaction, or not at all (T2)."""

    feed_id: str
    worker: str
    started_at: datetime
    outcome: str
    """"fetched", "not_modified", or a `FetchProblem`."""
    detail: str
    """"" where all is well; else for people."""
    next_due: datetime
    failures: float
    succeeded: bool
    validators: Validators | None
    """None keeps what is stored."""
    found: tuple[FoundItem, ...] = ()
    seen_keys: tuple[str, ...] = ()
    """Keys of known items that stand in the body, as far as their last sighting is to be noted anew."""
    renamed: tuple[tuple[str, str], ...] = ()
    """(old key, new key) of known items that the feed calls otherwise now: only their keys change."""
    ends_first_contact: bool = True
    """False where a feed's first body came only in part: what the next one adds is a first contact too."""
    notes: str | None = None
    """What an operator should know of the body; None keeps what was noted of the last one."""
    title: str | None = None
    language: str | None = None
    moved_to: str | None = None
    moved_times: int = 0
    adopt_url: str | None = None
    """Set when a permanent redirect has proved itself: ask there from now on."""
    stop: bool = False
    """410: ask no more until the operator changes the feed."""
    publisher_every: timedelta | None = None
    skips: Skips = Skips()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one word of an item must be for a watch to mention it: one of *keys*, or begin like one."""

    keys: frozenset[str]
    """Of readings of the word, see `language.keys`."""
    beginnings: frozenset[str] = frozenset()


Conjunction = tuple[Wanted, ...]
"""An item has a word for each."""

Narrowing = tuple[tuple[Conjunction, ...], ...]
"""What an item must have to be mentioned: of each of these, one of the conjunctions."""


# ── a delivery ───────────────────────────────────────────────────────────────────────────────────


class DeliveryKind(StrEnum):
    INSTANT = "instant"
    DIGEST = "digest"
    CATCH_UP = "catch_up"


class DeliveryState(StrEnum):
    PLANNED = "planned"
    """A catch-up that is still open."""
    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


class DeadReason(StrEnum):
    REFUSED = "refused"
    EXPIRED = "expired"
    RECIPIENT_REMOVED = "recipient_removed"
    UNSENDABLE = "unsendable"


class HeldReason(StrEnum):
    BEFORE_FIRST_CONTACT = "before_first_contact"
    SILENCED = "silenced"
    MUTED = "muted"
    EDIT_IGNORED = "edit_ignored"
    RECIPIENT_REMOVED = "recipient_removed"


class AttemptOutcome(StrEnum):
    """How a try ended; one without an outcome whose lease is over is ambiguous."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    CHANNEL_FAILED = "channel_failed"
    AMBIGUOUS = "ambiguous"
    """The connection ended after the message may have been accepted."""


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """A mention that a subscription has yet to be told of (T3)."""

    subscription_id: int
    mention_id: int
    item_id: int
    recipient_id: str
    recipient_removed: bool
    timezone: str
    channel: str
    schedule: Schedule
    arrival: Arrival
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Where undecided mentions go: one delivery, created or joined."""

    recipient_id: str
    channel: str
    kind: DeliveryKind
    window: str
    state: DeliveryState
    """PLANNED for an open catch-up, else DUE."""
    due_at: datetime
    decided: tuple[tuple[int, int], ...]
    """(subscription id, mention id)."""


@dataclass(frozen=True, kw_only=True)
class ClaimedDelivery:
    """A delivery that this worker may send once, with an attempt opened for it (T4)."""

    id: int
    attempt_id: int
    worker: str
    recipient_id: str
    address: str
    timezone: str
    channel: str
    kind: DeliveryKind
    window: str
    message_id: str
    """With its angle brackets; fixed when the delivery was planned."""
    planned_at: datetime
    failures: int
    """Tries that ended in retry or without a known result, before this one."""
    first_attempt_at: datetime
    paused_since_first_attempt: timedelta
    """How long the channel has been paused since then: `retry_for` stands still meanwhile."""
    channel_paused_for: timedelta
    """How long it is paused by now, and this is a probe; zero where it is open."""


@dataclass(frozen=True, kw_only=True)
class MentionView:
    """A mention as a reader is told of it."""

    watch_id: str
    watch_name: str
    watch_label: str
    prominence: Prominence
    hits: tuple[Hit, ...]
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoryView:
    """An item in a mail, with every mention of it that this delivery tells."""

    item_id: int
    feed_id: str
    feed_name: str
    revision: Revision
    """The revision in which the hits were found."""
    mentions: tuple[MentionView, ...]


@dataclass(frozen=True, kw_only=True)
class DeliveryContent:
    kind: DeliveryKind
    window: str
    timezone: str
    stories: tuple[StoryView, ...]
    """Newest first by published, else by first seen."""
    omitted: int = 0
    """Stories that exist beyond *stories* and are only counted."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a channel sends: one recipient, bytes composed by us."""

    message_id: str
    sender: str
    """Envelope sender."""
    recipient: str
    """Envelope recipient."""
    data: bytes
    """RFC 5322 message with CRLF line ends."""
    subject: str = field(default="")
    """For logs of people who ask for it; never logged by default."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The channel has the message; *reply* is the server's last line, or where a file was written."""

    reply: str
