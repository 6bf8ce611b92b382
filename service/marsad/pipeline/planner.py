"""T3: mentions become deliveries, the promise to tell someone. One transaction, its decisions pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from marsad import schedule
from marsad.model import (
    Arrival,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Planned,
    Undecided,
)
from marsad.store import deliveries, feeds, mentions
from marsad.store.database import Connection

STALE = timedelta(hours=3)
"""What was found longer ago than this is no instant any more but part of a catch-up (design decision 8)."""

CATCH_UP_OPEN = timedelta(minutes=15)
"""The longest that a catch-up waits for feeds which have not been asked yet (design decision 8)."""

BATCH = 500
"""Mentions that one transaction decides: it stays short, and the next follows at once."""


@dataclass(frozen=True, kw_only=True)
class PlanReport:
    """What one transaction planned."""

    deliveries: int
    """Created or joined."""
    closed: int
    """Catch-ups that became due."""
    more: bool
    """True where undecided instants remain: plan again at once."""


def plan_deliveries(
    conn: Connection, *, now: datetime, message_id_domain: str, polling_ended: bool = False
) -> PlanReport:
    """Put every mention whose time has come into a delivery, and close the catch-ups that are complete.

    *polling_ended* (`run --once`) says that no feed will be asked any more: nothing is worth waiting for.
    """
    undecided = mentions.load_undecided(conn, limit=BATCH)
    for pairs in _of_removed_recipients(undecided):
        mentions.hold(conn, pairs, HeldReason.RECIPIENT_REMOVED, now=now)
    planned = plan_at_once([one for one in undecided if not one.recipient_removed], now=now)
    planned += _plan_digests(conn, now)
    ids = deliveries.record_plan(conn, planned, now=now, message_id_domain=message_id_domain)
    more = len(undecided) >= BATCH
    closed = 0 if more else _close_catch_ups(conn, now, polling_ended=polling_ended)
    return PlanReport(deliveries=len(ids), closed=closed, more=more)


def plan_at_once(undecided: Iterable[Undecided], *, now: datetime) -> list[Planned]:
    """Decide mentions of instant subscriptions: one mail per item, or all into the catch-up.

    All watches that one recipient has on one item share a delivery, whatever subscription they came by.
    """
    groups: dict[tuple[str, str, DeliveryKind, str], list[tuple[int, int]]] = defaultdict(list)
    for one in undecided:
        late = one.arrival is Arrival.CATCH_UP or now - one.found_at > STALE
        kind = DeliveryKind.CATCH_UP if late else DeliveryKind.INSTANT
        window = f"{now:%Y-%m-%dT%H:%M:%S.%f}Z" if late else str(one.item_id)
        groups[one.recipient_id, one.channel, kind, window].append((one.subscription_id, one.mention_id))
    return [
        Planned(
            recipient_id=recipient_id,
            channel=channel,
            kind=kind,
            window=window,
            state=DeliveryState.PLANNED if kind is DeliveryKind.CATCH_UP else DeliveryState.DUE,
            due_at=now + CATCH_UP_OPEN if kind is DeliveryKind.CATCH_UP else now,
            decided=tuple(pairs),
        )
        for (recipient_id, channel, kind, window), pairs in groups.items()
    ]


def _of_removed_recipients(undecided: Sequence[Undecided]) -> list[list[tuple[int, int]]]:
    pairs = [(one.subscription_id, one.mention_id) for one in undecided if one.recipient_removed]
    return [pairs] if pairs else []


def _plan_digests(conn: Connection, now: datetime) -> list[Planned]:
    planned: list[Planned] = []
    for waiting in mentions.load_waiting(conn):
        window = schedule.closed_window(waiting.schedule, ZoneInfo(waiting.timezone), now)
        if window is None or waiting.oldest_found_at >= window.end:
            continue
        decided = mentions.load_undecided_digest(conn, waiting, before=window.end)
        if decided:
            planned.append(
                Planned(
                    recipient_id=waiting.recipient_id,
                    channel=waiting.channel,
                    kind=DeliveryKind.DIGEST,
                    window=window.key,
                    state=DeliveryState.DUE,
                    due_at=now,
                    decided=tuple((one.subscription_id, one.mention_id) for one in decided),
                )
            )
    return planned


def _close_catch_ups(conn: Connection, now: datetime, *, polling_ended: bool) -> int:
    catch_ups = deliveries.load_open_catch_ups(conn)
    if not catch_ups:
        return 0
    complete = polling_ended or feeds.count_never_tried(conn) == 0
    # A clock that was set back must not keep one open for longer than its 15 minutes.
    over = [
        one.id for one in catch_ups if complete or not timedelta(0) <= now - one.planned_at < CATCH_UP_OPEN
    ]
    return deliveries.close_catch_ups(conn, over, now=now)
