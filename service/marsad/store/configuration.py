"""T0: the configuration becomes rows. What left the files gets `removed_at`; nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, Table, and_, exists, insert, or_, select, update

from marsad.model import (
    DeadReason,
    DeliveryKind,
    DeliveryState,
    EntityDefinition,
    FeedDefinition,
    HeldReason,
    RecipientDefinition,
    WatchDefinition,
)
from marsad.store.database import Connection
from marsad.store.dialect import chunks
from marsad.store.tables import (
    deliveries,
    dispositions,
    entities,
    feeds,
    recipients,
    subscriptions,
    watches,
)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Ids of one family, in the order of the files; a row that comes back counts as added."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What a start or reload changed."""

    feeds: Changes
    watches: Changes
    entities: Changes
    recipients: Changes
    new_subscriptions: tuple[tuple[str, str, str], ...]
    """(watch id, recipient id, schedule): they are told of what is recorded from now on."""
    dead_deliveries: int
    """Unsent deliveries of removed recipients."""


def sync_configuration(
    conn: Connection,
    *,
    feeds: Sequence[FeedDefinition],
    watches: Sequence[WatchDefinition],
    versions: Mapping[str, str],
    entities: Sequence[EntityDefinition],
    recipients: Sequence[RecipientDefinition],
    channel: str,
    now: datetime,
) -> SyncReport:
    """Make the rows say what the configuration says; return what changed.

    *versions* gives each watch's version, the hash of the watch and the entities it uses. Every message
    leaves by *channel*: unsent ones of a former channel move to it. Applied twice it changes nothing.
    """
    report_feeds = _sync_feeds(conn, feeds, now)
    report_entities = _sync_entities(conn, entities, now)
    # Before the subscriptions and deliveries that follow from it: a plan (T3) that holds these rows meanwhile
    # commits first, and its deliveries are seen below.
    report_recipients = _sync_recipients(conn, recipients, now)
    report_watches = _sync_watches(conn, watches, versions, now)
    _move_to_channel(conn, channel)
    new_subscriptions = _sync_subscriptions(conn, watches, channel, now)
    return SyncReport(
        feeds=report_feeds,
        watches=report_watches,
        entities=report_entities,
        recipients=report_recipients,
        new_subscriptions=new_subscriptions,
        dead_deliveries=_end_unsent(conn, now),
    )


def has_watch(conn: Connection, watch_id: str) -> bool:
    """Tell whether a watch has this id, or had it once."""
    return conn.execute(select(watches.c.id).where(watches.c.id == watch_id)).first() is not None


def host_of(url: str) -> str:
    """Return the host that limits and leases go by; "" for a file."""
    return (urlsplit(url).hostname or "").rstrip(".").casefold()


def _sync_rows(
    conn: Connection,
    table: Table,
    wanted: Mapping[str, dict[str, Any]],
    now: datetime,
    *,
    new: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    renewed: Callable[[Row[Any], dict[str, Any]], dict[str, Any]] | None = None,
    removed: dict[str, Any] | None = None,
) -> Changes:
    """Bring *table* to *wanted*, by id.

    *new* gives what else a new row says, *renewed* a changed one, *removed* one that left.
    """
    # Locked in the order of ids, as every writer of several rows does, so that no two wait for each other.
    stored = {row.id: row for row in conn.execute(select(table).order_by(table.c.id).with_for_update())}
    added: list[str] = []
    changed: list[str] = []
    removed_ids: list[str] = []
    inserts: list[dict[str, Any]] = []
    for row_id, values in wanted.items():
        row = stored.get(row_id)
        if row is None:
            more = new(values) if new else {}
            inserts.append({"id": row_id, "created_at": now, "removed_at": None, **values, **more})
            added.append(row_id)
            continue
        differs = any(getattr(row, column) != value for column, value in values.items())
        if not differs and row.removed_at is None:
            continue
        (added if row.removed_at is not None else changed).append(row_id)
        more = renewed(row, values) if renewed else {}
        conn.execute(update(table).where(table.c.id == row_id).values(removed_at=None, **values, **more))
    if inserts:
        conn.execute(insert(table), inserts)
    for row in stored.values():
        if row.id not in wanted and row.removed_at is None:
            removed_ids.append(row.id)
            conn.execute(update(table).where(table.c.id == row.id).values(removed_at=now, **(removed or {})))
    return Changes(added=tuple(added), changed=tuple(changed), removed=tuple(removed_ids))


_NO_LEASE: dict[str, Any] = {"lease_worker": None, "leased_until": None}


def _sync_feeds(conn: Connection, definitions: Sequence[FeedDefinition], now: datetime) -> Changes:
    def renewed(row: Row[Any], values: dict[str, Any]) -> dict[str, Any]:
        if row.configured_url == values["configured_url"] and row.removed_at is None:
            return {}
        # The operator changed the feed: it is asked again, at once, even where it had said that it is gone.
        again = {"stopped_at": None, "failures": 0.0, "due_at": now}
        if row.configured_url == values["configured_url"]:
            return again
        # A poll of the old URL that is still under way loses its lease, or its validators would be stored.
        return (
            again
            | _NO_LEASE
            | {
                "url": values["configured_url"],
                "host": host_of(values["configured_url"]),
                "etag": None,
                "last_modified": None,
                "body_hash": None,
                "moved_to": None,
                "moved_times": 0,
                "publisher_every": None,
                "skip_hours": None,
                "skip_days": None,
            }
        )

    def new(values: dict[str, Any]) -> dict[str, Any]:
        url = values["configured_url"]
        start = {"failures": 0.0, "detail": "", "notes": "", "due_at": now, "moved_times": 0}
        return start | {"url": url, "host": host_of(url)}

    return _sync_rows(
        conn,
        feeds,
        {feed.id: {"configured_url": feed.url, "name": feed.name} for feed in definitions},
        now,
        new=new,
        renewed=renewed,
        removed=_NO_LEASE,
    )


def _sync_entities(conn: Connection, definitions: Sequence[EntityDefinition], now: datetime) -> Changes:
    wanted = {entity.id: {"kind": entity.kind, "name": entity.name} for entity in definitions}
    return _sync_rows(conn, entities, wanted, now)


def _sync_recipients(conn: Connection, definitions: Sequence[RecipientDefinition], now: datetime) -> Changes:
    wanted = {one.id: {"address": one.address, "timezone": one.timezone} for one in definitions}
    return _sync_rows(conn, recipients, wanted, now)


def _sync_watches(
    conn: Connection, definitions: Sequence[WatchDefinition], versions: Mapping[str, str], now: datetime
) -> Changes:
    wanted = {
        watch.id: {
            "name": watch.name,
            "label": watch.label,
            "query": watch.query,
            "version": versions[watch.id],
        }
        for watch in definitions
    }
    return _sync_rows(conn, watches, wanted, now)


def _sync_subscriptions(
    conn: Connection, definitions: Sequence[WatchDefinition], channel: str, now: datetime
) -> tuple[tuple[str, str, str], ...]:
    stored = {
        (row.watch_id, row.recipient_id, row.schedule): row
        for row in conn.execute(select(subscriptions).where(subscriptions.c.channel == channel))
    }
    wanted = dict.fromkeys(
        (watch.id, rule.to, rule.when.text) for watch in definitions for rule in watch.send
    )
    new = []
    for key in wanted:
        row = stored.get(key)
        if row is None:
            watch_id, recipient_id, schedule = key
            conn.execute(
                insert(subscriptions).values(
                    watch_id=watch_id,
                    recipient_id=recipient_id,
                    channel=channel,
                    schedule=schedule,
                    since=now,
                    removed_at=None,
                )
            )
            new.append(key)
        elif row.removed_at is not None:
            # What was recorded while it was off is not owed: a row is written for it only from now on.
            conn.execute(
                update(subscriptions).where(subscriptions.c.id == row.id).values(since=now, removed_at=None)
            )
            new.append(key)
    gone = [row.id for key, row in stored.items() if key not in wanted and row.removed_at is None]
    for part in chunks(gone):
        conn.execute(update(subscriptions).where(subscriptions.c.id.in_(part)).values(removed_at=now))
    return tuple(new)


def _move_to_channel(conn: Connection, channel: str) -> None:
    """Let subscriptions and unsent messages of another channel leave by *channel*: there is one at a time."""
    conn.execute(update(subscriptions).where(subscriptions.c.channel != channel).values(channel=channel))
    there = deliveries.alias()
    elsewhere = and_(
        deliveries.c.channel != channel,
        deliveries.c.state.in_([DeliveryState.PLANNED, DeliveryState.DUE]),
        deliveries.c.lease_worker.is_(None),
    )
    taken = exists().where(
        there.c.recipient_id == deliveries.c.recipient_id,
        there.c.channel == channel,
        there.c.kind == deliveries.c.kind,
        or_(
            there.c.window == deliveries.c.window,
            and_(
                there.c.kind == DeliveryKind.CATCH_UP,
                there.c.state == DeliveryState.PLANNED,
                deliveries.c.state == DeliveryState.PLANNED,
            ),
        ),
    )
    # A message of the same window has already left by the new channel: this one has other mentions, so it
    # leaves too, under a window of its own.
    conn.execute(
        update(deliveries)
        .where(elsewhere, taken)
        .values(
            window=deliveries.c.window + "+" + deliveries.c.channel,
            state=DeliveryState.DUE,
            channel=channel,
        )
    )
    conn.execute(update(deliveries).where(elsewhere).values(channel=channel))


def _end_unsent(conn: Connection, now: datetime) -> int:
    """Let nothing wait for a removed recipient; return how many deliveries died of it.

    One that is being sent right now is left to its worker; when that fails, `claim_due` ends it.
    """
    gone = select(recipients.c.id).where(recipients.c.removed_at.is_not(None))
    subscribed = select(subscriptions.c.id).where(subscriptions.c.recipient_id.in_(gone))
    conn.execute(
        update(dispositions)
        .where(dispositions.c.decided_at.is_(None), dispositions.c.subscription_id.in_(subscribed))
        .values(held_reason=HeldReason.RECIPIENT_REMOVED, decided_at=now)
    )
    ended = conn.execute(
        update(deliveries)
        .where(
            deliveries.c.recipient_id.in_(gone),
            deliveries.c.state.in_([DeliveryState.PLANNED, DeliveryState.DUE]),
            deliveries.c.lease_worker.is_(None),
        )
        .values(state=DeliveryState.DEAD, dead_reason=DeadReason.RECIPIENT_REMOVED, settled_at=now)
    )
    return ended.rowcount
