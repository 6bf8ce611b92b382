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
from marsad.store.deliveries import OpenCatchUp

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
    recorded = deliveries.record_plan(conn, planned, now=now, message_id_domain=message_id_domain)
    caught_up = deliveries.record_plan(
        conn, plan_late(recorded.late, now=now), now=now, message_id_domain=message_id_domain
    )
    more = len(undecided) >= BATCH
    closed = 0 if more else _close_catch_ups(conn, now, polling_ended=polling_ended)
    return PlanReport(deliveries=len({*recorded.ids, *caught_up.ids}), closed=closed, more=more)


def plan_at_once(undecided: Iterable[Undecided], *, now: datetime) -> list[Planned]:
    """Decide mentions of instant subscriptions: one mail per item, or all into the catch-up.

    All watches that one recipient has on one item share a delivery, whatever subscription they came by.
    """
    groups: dict[tuple[str, str, DeliveryKind, str], list[tuple[int, int]]] = defaultdict(list)
    for one in undecided:
        late = one.arrival is Arrival.CATCH_UP or now - one.found_at > STALE
        kind = DeliveryKind.CATCH_UP if late else DeliveryKind.INSTANT
        window = "" if late else str(one.item_id)
        groups[one.recipient_id, one.channel, kind, window].append((one.subscription_id, one.mention_id))
    return [
        _catch_up(recipient_id, channel, pairs, now)
        if kind is DeliveryKind.CATCH_UP
        else Planned(
            recipient_id=recipient_id,
            channel=channel,
            kind=kind,
            window=window,
            state=DeliveryState.DUE,
            due_at=now,
            decided=tuple(pairs),
        )
        for (recipient_id, channel, kind, window), pairs in groups.items()
    ]


def plan_late(late: Iterable[Planned], *, now: datetime) -> list[Planned]:
    """Decide mentions whose mail has gone, or may have: a recipient has one for an item, and for a window.

    An instant becomes part of the catch-up: mostly a watch that failed on many items, and was mended. What
    missed its digest waits for the next window: nothing is planned here.
    """
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for one in late:
        if one.kind is DeliveryKind.INSTANT:
            groups[one.recipient_id, one.channel].extend(one.decided)
    return [_catch_up(recipient_id, channel, pairs, now) for (recipient_id, channel), pairs in groups.items()]


def _catch_up(recipient_id: str, channel: str, pairs: Iterable[tuple[int, int]], now: datetime) -> Planned:
    return Planned(
        recipient_id=recipient_id,
        channel=channel,
        kind=DeliveryKind.CATCH_UP,
        window=f"{now:%Y-%m-%dT%H:%M:%S.%f}Z",
        state=DeliveryState.PLANNED,
        due_at=now + CATCH_UP_OPEN,
        decided=tuple(pairs),
    )


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
    never_tried = feeds.count_never_tried(conn)
    oldest_due = feeds.load_oldest_due(conn)

    def is_over(one: OpenCatchUp) -> bool:
        # A clock that was set back must not keep one open for longer than its 15 minutes.
        if polling_ended or not timedelta(0) <= now - one.planned_at < CATCH_UP_OPEN:
            return True
        # After a downtime every feed is overdue: one that was due when the catch-up was opened, and was not
        # asked since, may have as much to tell as one that is new.
        return never_tried == 0 and (oldest_due is None or oldest_due > one.planned_at)

    over = [one.id for one in catch_ups if is_over(one)]
    return deliveries.close_catch_ups(conn, over, now=now)
