"""The tables, one word per thing; `migrations/` builds the same, which a test compares on both databases.

Ids of feeds, watches, entities and recipients are the operator's own; everything else has a surrogate key.
Nothing is ever deleted: what leaves the configuration gets `removed_at`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)

from marsad.model import (
    Arrival,
    AttemptOutcome,
    DeadReason,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Prominence,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcTime(TypeDecorator[datetime]):
    """An instant: microseconds since 1970 in UTC on every database, an aware `datetime` in Python."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive time: whose zone it is in is not for the database to guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Duration(TypeDecorator[timedelta]):
    """A span of time: microseconds on every database, a `timedelta` in Python."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else value * _MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by themselves only in a column that says INTEGER.
_Surrogate = BigInteger().with_variant(Integer, "sqlite")


def _one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("configured_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text),
    Column("language", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("failures", Float, nullable=False),
    Column("outcome", Text),
    Column("detail", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("first_contact_at", UtcTime),
    Column("tried_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("due_at", UtcTime, nullable=False),
    Column("moved_to", Text),
    Column("moved_times", Integer, nullable=False),
    Column("publisher_every", Duration),
    Column("skip_hours", Text),
    Column("skip_days", Text),
    Column("stopped_at", UtcTime),
    Column("lease_worker", Text),
    Column("leased_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    CheckConstraint("(lease_worker IS NULL) = (leased_until IS NULL)", name="lease"),
)
_polled = "removed_at IS NULL AND stopped_at IS NULL"
Index(
    "ix_feeds_due",
    feeds.c.due_at,
    feeds.c.id,
    sqlite_where=text(_polled),
    postgresql_where=text(_polled),
)
Index(
    "ix_feeds_leased",
    feeds.c.host,
    sqlite_where=text("lease_worker IS NOT NULL"),
    postgresql_where=text("lease_worker IS NOT NULL"),
)

items = Table(
    "items",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("feed_id", Text, ForeignKey("feeds.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("feed_id", "key"),
    Index("ix_items_feed_id_last_seen_at_id", "feed_id", "last_seen_at", "id"),
    Index("ix_items_first_seen_at", "first_seen_at"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("item_id", BigInteger, ForeignKey("items.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("language", Text),
    Column("link", Text),
    Column("published_at", UtcTime),
    Column("published_text", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("categories", Text, nullable=False, server_default="[]"),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("item_id", "number"),
)

watches = Table(
    "watches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("looked_back", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
)

entities = Table(
    "entities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
)

recipients = Table(
    "recipients",
    metadata,
    Column("id", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("watch_id", Text, ForeignKey("watches.id"), nullable=False),
    Column("recipient_id", Text, ForeignKey("recipients.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    UniqueConstraint("watch_id", "recipient_id", "channel", "schedule"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("item_id", BigInteger, ForeignKey("items.id"), nullable=False),
    Column("watch_id", Text, ForeignKey("watches.id"), nullable=False),
    Column("revision_id", BigInteger, ForeignKey("revisions.id"), nullable=False),
    Column("watch_name", Text, nullable=False),
    Column("watch_label", Text, nullable=False),
    Column("watch_version", Text, nullable=False),
    Column("prominence", Text, nullable=False),
    Column("arrival", Text, nullable=False),
    Column("hits", Text, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    UniqueConstraint("item_id", "watch_id"),
    Index("ix_mentions_watch_id_id", "watch_id", "id"),
    Index("ix_mentions_found_at", "found_at"),
    _one_of("prominence", Prominence),
    _one_of("arrival", Arrival),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("recipient_id", Text, ForeignKey("recipients.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("window", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("dead_reason", Text),
    Column("message_id", Text, nullable=False, unique=True),
    Column("planned_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("first_attempt_at", UtcTime),
    Column("paused_before", Duration),
    Column("lease_worker", Text),
    Column("leased_until", UtcTime),
    Column("lease_attempt_id", BigInteger),
    Column("settled_at", UtcTime),
    Column("reply", Text, nullable=False),
    UniqueConstraint("recipient_id", "channel", "kind", "window"),
    _one_of("kind", DeliveryKind),
    _one_of("state", DeliveryState),
    _one_of("dead_reason", DeadReason),
    CheckConstraint("(state = 'dead') = (dead_reason IS NOT NULL)", name="dead"),
    CheckConstraint("(state IN ('sent', 'dead')) = (settled_at IS NOT NULL)", name="settled"),
    CheckConstraint("state <> 'planned' OR kind = 'catch_up'", name="planned"),
    CheckConstraint("lease_worker IS NULL OR (state = 'due' AND leased_until IS NOT NULL)", name="lease"),
)
Index(
    "ix_deliveries_due",
    deliveries.c.channel,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=text("state = 'due'"),
    postgresql_where=text("state = 'due'"),
)
_open_catch_up = "kind = 'catch_up' AND state = 'planned'"
Index(
    "uq_deliveries_open_catch_up",
    deliveries.c.recipient_id,
    deliveries.c.channel,
    unique=True,
    sqlite_where=text(_open_catch_up),
    postgresql_where=text(_open_catch_up),
)
Index("ix_deliveries_state", deliveries.c.state, deliveries.c.id)

dispositions = Table(
    "dispositions",
    metadata,
    Column("subscription_id", BigInteger, ForeignKey("subscriptions.id"), primary_key=True),
    Column("mention_id", BigInteger, ForeignKey("mentions.id"), primary_key=True, index=True),
    Column("at_once", Boolean, nullable=False),
    Column("delivery_id", BigInteger, ForeignKey("deliveries.id"), index=True),
    Column("held_reason", Text),
    Column("decided_at", UtcTime),
    _one_of("held_reason", HeldReason),
    CheckConstraint(
        "(decided_at IS NULL AND delivery_id IS NULL AND held_reason IS NULL)"
        " OR (decided_at IS NOT NULL AND (delivery_id IS NULL) <> (held_reason IS NULL))",
        name="decided",
    ),
)
Index(
    "ix_dispositions_undecided_at_once",
    dispositions.c.mention_id,
    dispositions.c.subscription_id,
    sqlite_where=text("decided_at IS NULL AND at_once"),
    postgresql_where=text("decided_at IS NULL AND at_once"),
)
Index(
    "ix_dispositions_undecided",
    dispositions.c.subscription_id,
    dispositions.c.mention_id,
    sqlite_where=text("decided_at IS NULL"),
    postgresql_where=text("decided_at IS NULL"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("delivery_id", BigInteger, ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("worker", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", Text),
    Column("reply", Text, nullable=False),
    _one_of("outcome", AttemptOutcome),
    CheckConstraint("ended_at IS NULL OR outcome IS NOT NULL", name="ended"),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("paused_at", UtcTime),
    Column("reason", Text, nullable=False),
    Column("probe_at", UtcTime),
    Column("paused_total", Duration, nullable=False),
    CheckConstraint("(paused_at IS NULL) = (probe_at IS NULL)", name="paused"),
)

workers = Table(
    "workers",
    metadata,
    Column("id", _Surrogate, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("started_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("trouble", Text, nullable=False, server_default=""),
)

matching_failures = Table(
    "matching_failures",
    metadata,
    Column("item_id", BigInteger, ForeignKey("items.id"), primary_key=True),
    Column("watch_id", Text, ForeignKey("watches.id"), primary_key=True),
    Column("arrival", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("failed_at", UtcTime, nullable=False),
    _one_of("arrival", Arrival),
)

archive_progress = Table(
    "archive_progress",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("item_id", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
)

# What the two databases have for the same: under which keys the words of an item may be met.
_ARCHIVE_INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE archive_index"
        " USING fts5(keys, content='', detail='none', columnsize=0, tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE archive_index (item_id BIGINT PRIMARY KEY, keys TSVECTOR NOT NULL)",
        "CREATE INDEX ix_archive_index_keys ON archive_index USING gin (keys)",
    ),
}
for _dialect, _statements in _ARCHIVE_INDEX.items():
    for _statement in _statements:
        event.listen(metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
