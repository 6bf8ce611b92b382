"""Mentions and their dispositions: where each went, for every subscription that existed at the time."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)

from marsad.model import (
    Arrival,
    Field,
    HeldReason,
    Hit,
    Match,
    Prominence,
    Schedule,
    ScheduleKind,
    Undecided,
)
from marsad.store import dialect
from marsad.store.database import Connection
from marsad.store.tables import (
    UtcTime,
    dispositions,
    feeds,
    items,
    matching_failures,
    mentions,
    recipients,
    revisions,
    subscriptions,
    watches,
)

# ── recording ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class FoundMatches:
    """What the matcher said of one revision of a recorded item."""

    item_id: int
    revision_id: int
    arrival: Arrival
    matches: tuple[Match, ...]
    failed_watches: tuple[tuple[str, str], ...]
    """(watch id, error)"""


def record_matches(conn: Connection, found: Sequence[FoundMatches], *, now: datetime) -> Counter[int]:
    """Record the mentions that are not there yet; return how many each item got.

    In the same transaction every live subscription of the watch gets its disposition: held at once where the
    item came before first contact, else undecided until a plan (T3) decides it. So a mention without a place
    for a subscriber cannot exist, whatever clocks say and whoever subscribes meanwhile (docs/adr/0007).
    """
    values = [
        {
            "item_id": one.item_id,
            "watch_id": match.watch_id,
            "revision_id": one.revision_id,
            "watch_name": match.watch_name,
            "watch_label": match.watch_label,
            "watch_version": match.watch_version,
            "prominence": match.prominence,
            "arrival": one.arrival,
            "hits": hits_to_json(match.hits),
            "found_at": now,
        }
        for one in found
        for match in one.matches
    ]
    recorded: Counter[int] = Counter()
    if values:
        rows = conn.execute(
            dialect.insert(conn, mentions)
            .on_conflict_do_nothing(index_elements=[mentions.c.item_id, mentions.c.watch_id])
            .returning(mentions.c.id, mentions.c.item_id),
            values,
        ).all()
        recorded.update(row.item_id for row in rows)
        for part in dialect.chunks([row.id for row in rows]):
            _insert_dispositions(conn, part, now)
    _record_failures(conn, found, now)
    return recorded


def _insert_dispositions(conn: Connection, mention_ids: Sequence[int], now: datetime) -> None:
    held = mentions.c.arrival == Arrival.BEFORE_FIRST_CONTACT
    conn.execute(
        insert(dispositions).from_select(
            ["subscription_id", "mention_id", "at_once", "held_reason", "decided_at"],
            select(
                subscriptions.c.id,
                mentions.c.id,
                or_(
                    subscriptions.c.schedule == ScheduleKind.INSTANT,
                    mentions.c.arrival == Arrival.CATCH_UP,
                ),
                case((held, literal(HeldReason.BEFORE_FIRST_CONTACT.value)), else_=null()),
                case((held, literal(now, UtcTime)), else_=null()),
            )
            .join(subscriptions, subscriptions.c.watch_id == mentions.c.watch_id)
            .where(mentions.c.id.in_(mention_ids), subscriptions.c.removed_at.is_(None)),
        )
    )


def _record_failures(conn: Connection, found: Sequence[FoundMatches], now: datetime) -> None:
    values = [
        {
            "item_id": one.item_id,
            "watch_id": watch_id,
            "arrival": one.arrival,
            "error": error,
            "failed_at": now,
        }
        for one in found
        for watch_id, error in dict(one.failed_watches).items()
    ]
    if values:
        statement = dialect.insert(conn, matching_failures)
        conn.execute(
            statement.on_conflict_do_update(
                index_elements=[matching_failures.c.item_id, matching_failures.c.watch_id],
                set_={"error": statement.excluded.error, "failed_at": statement.excluded.failed_at},
            ),
            values,
        )


@dataclass(frozen=True, kw_only=True)
class MatchingFailure:
    """A watch whose evaluation failed on an item: to be tried again when the watches have changed."""

    item_id: int
    watch_id: str
    arrival: Arrival
    """As it was when the item came: a mention found later arrives like that."""
    error: str
    failed_at: datetime


def load_matching_failures(
    conn: Connection, *, limit: int, after: tuple[int, str] = (0, "")
) -> list[MatchingFailure]:
    """Return failures of watches in force by (item, watch), from *after* on; an item's may be cut off."""
    key = tuple_(matching_failures.c.item_id, matching_failures.c.watch_id)
    rows = conn.execute(
        select(matching_failures)
        .join(watches, watches.c.id == matching_failures.c.watch_id)
        .where(watches.c.removed_at.is_(None), key > tuple_(literal(after[0]), literal(after[1])))
        .order_by(matching_failures.c.item_id, matching_failures.c.watch_id)
        .limit(limit)
    )
    return [
        MatchingFailure(
            item_id=row.item_id,
            watch_id=row.watch_id,
            arrival=Arrival(row.arrival),
            error=row.error,
            failed_at=row.failed_at,
        )
        for row in rows
    ]


def record_retried(conn: Connection, failure: MatchingFailure, match: Match | None, *, now: datetime) -> bool:
    """Settle a *failure* that evaluated well this time, on the item's current revision; True if it mentions.

    A failure that fails again stays as it is.
    """
    conn.execute(
        delete(matching_failures).where(
            matching_failures.c.item_id == failure.item_id,
            matching_failures.c.watch_id == failure.watch_id,
        )
    )
    if match is None:
        return False
    revision_id: int = conn.execute(
        select(revisions.c.id)
        .join(items, and_(items.c.id == revisions.c.item_id, items.c.revision == revisions.c.number))
        .where(items.c.id == failure.item_id)
    ).scalar_one()
    found = FoundMatches(
        item_id=failure.item_id,
        revision_id=revision_id,
        arrival=failure.arrival,
        matches=(match,),
        failed_watches=(),
    )
    return record_matches(conn, [found], now=now)[failure.item_id] > 0


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Mentions that wait for the windows of one recipient's digest."""

    recipient_id: str
    timezone: str
    channel: str
    schedule: Schedule
    oldest_found_at: datetime


def load_undecided(conn: Connection, *, limit: int) -> list[Undecided]:
    """Return mentions that wait for no window (instants and catch-ups), oldest first; one item's whole.

    They stay undecided for others until this transaction ends, so plan in the same one (T3). At least *limit*
    where there are as many; the last item's are complete, so that it becomes one mail.
    """
    dialect.wait_for_turn(conn, dialect.Turn.PLAN)
    now = and_(dispositions.c.decided_at.is_(None), dispositions.c.at_once)
    query = _undecided(now)
    rows = conn.execute(query.limit(limit)).all()
    found = [_to_undecided(row) for row in rows]
    if len(found) == limit:
        last = found[-1]
        rest = conn.execute(query.where(mentions.c.item_id == last.item_id))
        known = {(one.subscription_id, one.mention_id) for one in found}
        found += [
            one for one in map(_to_undecided, rest) if (one.subscription_id, one.mention_id) not in known
        ]
    return found


def load_waiting(conn: Connection) -> list[Waiting]:
    """Return the digests for which mentions wait, with the oldest of each: is its window over?"""
    oldest = (
        select(func.min(mentions.c.found_at))
        .join(dispositions, dispositions.c.mention_id == mentions.c.id)
        .where(
            dispositions.c.subscription_id == subscriptions.c.id,
            dispositions.c.decided_at.is_(None),
            dispositions.c.at_once.is_(False),
        )
        .correlate(subscriptions)
        .scalar_subquery()
    )
    of_subscription = (
        select(
            subscriptions.c.recipient_id,
            subscriptions.c.channel,
            subscriptions.c.schedule,
            oldest.label("oldest"),
        )
        .where(subscriptions.c.schedule != ScheduleKind.INSTANT)
        .subquery()
    )
    rows = conn.execute(
        select(
            of_subscription.c.recipient_id,
            recipients.c.timezone,
            of_subscription.c.channel,
            of_subscription.c.schedule,
            func.min(of_subscription.c.oldest, type_=UtcTime).label("oldest"),
        )
        .join(recipients, recipients.c.id == of_subscription.c.recipient_id)
        .where(of_subscription.c.oldest.is_not(None))
        .group_by(
            of_subscription.c.recipient_id,
            recipients.c.timezone,
            of_subscription.c.channel,
            of_subscription.c.schedule,
        )
        .order_by(of_subscription.c.recipient_id, of_subscription.c.channel, of_subscription.c.schedule)
    )
    return [
        Waiting(
            recipient_id=row.recipient_id,
            timezone=row.timezone,
            channel=row.channel,
            schedule=_schedule(row.schedule),
            oldest_found_at=row.oldest,
        )
        for row in rows
    ]


def load_undecided_digest(conn: Connection, waiting: Waiting, *, before: datetime) -> list[Undecided]:
    """Return all that waits for this digest and was recorded before *before*, the end of its window.

    Like `load_undecided`: plan in the same transaction.
    """
    dialect.wait_for_turn(conn, dialect.Turn.PLAN)
    rows = conn.execute(
        _undecided(and_(dispositions.c.decided_at.is_(None), dispositions.c.at_once.is_(False))).where(
            subscriptions.c.recipient_id == waiting.recipient_id,
            subscriptions.c.channel == waiting.channel,
            subscriptions.c.schedule == waiting.schedule.text,
            mentions.c.found_at < before,
        )
    )
    return [_to_undecided(row) for row in rows]


# The same few texts, in every row.
_schedule = functools.lru_cache(maxsize=1024)(Schedule.parse)


def _undecided(which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            dispositions.c.subscription_id,
            dispositions.c.mention_id,
            mentions.c.item_id,
            mentions.c.arrival,
            mentions.c.found_at,
            subscriptions.c.recipient_id,
            subscriptions.c.channel,
            subscriptions.c.schedule,
            recipients.c.timezone,
            recipients.c.removed_at.is_not(None).label("recipient_removed"),
        )
        .join(mentions, mentions.c.id == dispositions.c.mention_id)
        .join(subscriptions, subscriptions.c.id == dispositions.c.subscription_id)
        .join(recipients, recipients.c.id == subscriptions.c.recipient_id)
        .where(which)
        .order_by(dispositions.c.mention_id, dispositions.c.subscription_id)
    )


def _to_undecided(row: Any) -> Undecided:
    return Undecided(
        subscription_id=row.subscription_id,
        mention_id=row.mention_id,
        item_id=row.item_id,
        recipient_id=row.recipient_id,
        recipient_removed=row.recipient_removed,
        timezone=row.timezone,
        channel=row.channel,
        schedule=_schedule(row.schedule),
        arrival=Arrival(row.arrival),
        found_at=row.found_at,
    )


def hold(conn: Connection, decided: Sequence[tuple[int, int]], reason: HeldReason, *, now: datetime) -> int:
    """Hold these (subscription, mention) pairs, for *reason*; return how many were undecided until now."""
    return _decide(conn, decided, delivery_id=None, reason=reason, now=now)


def assign(conn: Connection, decided: Sequence[tuple[int, int]], delivery_id: int, *, now: datetime) -> int:
    """Put these (subscription, mention) pairs into a delivery; return how many were undecided until now."""
    return _decide(conn, decided, delivery_id=delivery_id, reason=None, now=now)


def _decide(
    conn: Connection,
    decided: Sequence[tuple[int, int]],
    *,
    delivery_id: int | None,
    reason: HeldReason | None,
    now: datetime,
) -> int:
    if not decided:
        return 0
    return conn.execute(
        update(dispositions)
        .where(
            dispositions.c.subscription_id == bindparam("subscription"),
            dispositions.c.mention_id == bindparam("mention"),
            dispositions.c.decided_at.is_(None),
        )
        .values(delivery_id=delivery_id, held_reason=reason, decided_at=now),
        [{"subscription": subscription, "mention": mention} for subscription, mention in decided],
    ).rowcount


def select_undecided(conn: Connection, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of (subscription, mention) *pairs* that nobody has decided yet."""
    found: set[tuple[int, int]] = set()
    for part in dialect.chunks(list(pairs)):
        rows = conn.execute(
            select(dispositions.c.subscription_id, dispositions.c.mention_id)
            .where(
                tuple_(dispositions.c.subscription_id, dispositions.c.mention_id).in_(part),
                dispositions.c.decided_at.is_(None),
            )
            .with_for_update()
        )
        found.update((row.subscription_id, row.mention_id) for row in rows)
    return found


# ── showing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class RecordedMention:
    """A mention with its item, as `marsad mentions` shows it."""

    id: int
    watch_id: str
    watch_name: str
    watch_version: str
    item_id: int
    feed_id: str
    feed_name: str
    title: str
    link: str | None
    revision: int
    """Number of the revision in which it was found."""
    prominence: Prominence
    arrival: Arrival
    hits: tuple[Hit, ...]
    found_at: datetime


def load_mentions(
    conn: Connection,
    *,
    watch_id: str | None = None,
    item_id: int | None = None,
    since: datetime | None = None,
    after_id: int = 0,
    limit: int = 500,
) -> list[RecordedMention]:
    """Return a page of mentions in the order they were recorded; the next is *after* the last one's id."""
    query = (
        select(
            mentions,
            items.c.feed_id,
            feeds.c.name.label("feed_name"),
            revisions.c.title,
            revisions.c.link,
            revisions.c.number,
        )
        .join(items, items.c.id == mentions.c.item_id)
        .join(feeds, feeds.c.id == items.c.feed_id)
        .join(revisions, revisions.c.id == mentions.c.revision_id)
        .where(mentions.c.id > after_id)
        .order_by(mentions.c.id)
        .limit(limit)
    )
    if watch_id is not None:
        query = query.where(mentions.c.watch_id == watch_id)
    if item_id is not None:
        query = query.where(mentions.c.item_id == item_id)
    if since is not None:
        query = query.where(mentions.c.found_at >= since)
    return [
        RecordedMention(
            id=row.id,
            watch_id=row.watch_id,
            watch_name=row.watch_name,
            watch_version=row.watch_version,
            item_id=row.item_id,
            feed_id=row.feed_id,
            feed_name=row.feed_name,
            title=row.title,
            link=row.link,
            revision=row.number,
            prominence=Prominence(row.prominence),
            arrival=Arrival(row.arrival),
            hits=hits_from_json(row.hits),
            found_at=row.found_at,
        )
        for row in conn.execute(query)
    ]


# ── hits as text ─────────────────────────────────────────────────────────────────────────────────


def hits_to_json(hits: Sequence[Hit]) -> str:
    return json.dumps([hit._asdict() for hit in hits], ensure_ascii=False, separators=(",", ":"))


def hits_from_json(text: str) -> tuple[Hit, ...]:
    return tuple(Hit(**{**hit, "field": Field(hit["field"])}) for hit in json.loads(text))
