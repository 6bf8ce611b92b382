"""Deliveries on their way: T3 plans them, T4 claims them, T5 settles them. What they say is in `contents`."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Row, and_, func, insert, or_, select, update

from marsad.errors import NotFound
from marsad.model import (
    AttemptOutcome,
    ClaimedDelivery,
    DeadReason,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Planned,
    Receipt,
)
from marsad.store import channels, dialect, mentions
from marsad.store.database import Connection
from marsad.store.tables import attempts, deliveries, recipients

# ── T3: planning ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class OpenCatchUp:
    """A catch-up that mentions still join."""

    id: int
    recipient_id: str
    channel: str
    planned_at: datetime
    """When its first mention was put into it."""


@dataclass(frozen=True, kw_only=True)
class RecordedPlan:
    """What a plan came to."""

    ids: list[int]
    """Of the deliveries that were created or joined, each once."""
    late: list[Planned]
    """What came too late: the delivery of that key may have been sent, its mentions stay undecided."""


def record_plan(
    conn: Connection, planned: Sequence[Planned], *, now: datetime, message_id_domain: str
) -> RecordedPlan:
    """Put mentions into deliveries, created or joined.

    A delivery is joined only while nobody has tried to send it: no version of a mail that may have arrived
    tells more than another. An open catch-up is joined whatever its window is called. Pairs that are decided
    by now are left alone, so a plan recorded twice changes nothing; those of a recipient who was removed
    meanwhile are held.
    """
    dialect.wait_for_turn(conn, dialect.Turn.PLAN)
    # Recipients before dispositions, as T0 does: two that lock in different orders wait for each other.
    live = _lock_live_recipients(conn, sorted({one.recipient_id for one in planned}))
    open_pairs = mentions.select_undecided(conn, [pair for one in planned for pair in one.decided])
    touched: dict[int, None] = {}
    late: list[Planned] = []
    for one in planned:
        pairs = [pair for pair in dict.fromkeys(one.decided) if pair in open_pairs]
        if not pairs:
            continue
        open_pairs.difference_update(pairs)
        if one.recipient_id not in live:
            mentions.hold(conn, pairs, HeldReason.RECIPIENT_REMOVED, now=now)
            continue
        delivery_id = _create_or_join(conn, one, now=now, message_id_domain=message_id_domain)
        if delivery_id is None:
            late.append(replace(one, decided=tuple(pairs)))
            continue
        mentions.assign(conn, pairs, delivery_id, now=now)
        touched[delivery_id] = None
    return RecordedPlan(ids=list(touched), late=late)


def _lock_live_recipients(conn: Connection, ids: Sequence[str]) -> set[str]:
    """Return those that are not removed; they are not while this transaction lasts."""
    live: set[str] = set()
    for part in dialect.chunks(ids):
        rows = conn.execute(
            select(recipients.c.id)
            .where(recipients.c.id.in_(part), recipients.c.removed_at.is_(None))
            .order_by(recipients.c.id)
            .with_for_update(read=True)
        )
        live.update(row.id for row in rows)
    return live


def _create_or_join(conn: Connection, one: Planned, *, now: datetime, message_id_domain: str) -> int | None:
    """Return the delivery for *one*; None where the only one of its key has been tried."""
    same_key = and_(
        deliveries.c.recipient_id == one.recipient_id,
        deliveries.c.channel == one.channel,
        deliveries.c.kind == one.kind,
    )
    # Locked, so that no claim comes between: `tries` stays what it is until the mentions are in.
    joinable = and_(
        same_key,
        deliveries.c.tries == 0,
        deliveries.c.state.in_([DeliveryState.PLANNED, DeliveryState.DUE]),
    )
    if one.kind is DeliveryKind.CATCH_UP:
        joined = conn.execute(
            select(deliveries.c.id)
            .where(joinable, deliveries.c.state == DeliveryState.PLANNED)
            .with_for_update()
        ).scalar()
        if joined is not None:
            return int(joined)
    else:
        joined = conn.execute(
            select(deliveries.c.id).where(joinable, deliveries.c.window == one.window).with_for_update()
        ).scalar()
        if joined is not None:
            return int(joined)
    for window in _windows(one):
        created = conn.execute(
            dialect.insert(conn, deliveries)
            .values(
                recipient_id=one.recipient_id,
                channel=one.channel,
                kind=one.kind,
                window=window,
                state=one.state,
                message_id=f"<{uuid.uuid4().hex}.delivery@{message_id_domain}>",
                planned_at=now,
                due_at=one.due_at,
                tries=0,
                failures=0,
                reply="",
            )
            .on_conflict_do_nothing(
                index_elements=[
                    deliveries.c.recipient_id,
                    deliveries.c.channel,
                    deliveries.c.kind,
                    deliveries.c.window,
                ]
            )
            .returning(deliveries.c.id)
        ).scalar()
        if created is not None:
            return int(created)
    return None


def _windows(one: Planned) -> Iterator[str]:
    """Yield the windows under which *one* may be created: of a catch-up, which has none, any number."""
    yield one.window
    if one.kind is DeliveryKind.CATCH_UP:
        for number in itertools.count(1):
            yield f"{one.window}+{number}"


def load_open_catch_ups(conn: Connection) -> list[OpenCatchUp]:
    """Return the catch-ups that mentions still join, oldest first."""
    rows = conn.execute(
        select(deliveries.c.id, deliveries.c.recipient_id, deliveries.c.channel, deliveries.c.planned_at)
        .where(deliveries.c.kind == DeliveryKind.CATCH_UP, deliveries.c.state == DeliveryState.PLANNED)
        .order_by(deliveries.c.id)
    )
    return [
        OpenCatchUp(id=row.id, recipient_id=row.recipient_id, channel=row.channel, planned_at=row.planned_at)
        for row in rows
    ]


def close_catch_ups(conn: Connection, ids: Sequence[int], *, now: datetime) -> int:
    """Make these open catch-ups due at *now*; return how many were open."""
    return sum(
        conn.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(part), deliveries.c.state == DeliveryState.PLANNED)
            .values(state=DeliveryState.DUE, due_at=now)
        ).rowcount
        for part in dialect.chunks(ids)
    )


# ── T4: claiming ─────────────────────────────────────────────────────────────────────────────────


def claim_due(
    conn: Connection,
    *,
    worker: str,
    channel: str,
    limit: int,
    lease_for: timedelta,
    longest: timedelta = timedelta(days=1),
    now: datetime | None = None,
) -> list[ClaimedDelivery]:
    """Lease up to *limit* due deliveries of *channel* to *worker* and open an attempt for each (T4).

    Where a former lease ran out, its attempt ends as ambiguous, without a time of its end, as nobody knows
    it, and counts as a failure. While the channel is paused there is nothing to claim, but one delivery when
    its probe time has come. A due time more than *longest* ahead counts as due: the clock was set back. What
    was due to a recipient who is removed by now becomes dead. *now* is the database server's where it is
    None.
    """
    now = now or dialect.server_now(conn)
    state = channels.load_for_claim(conn, channel)
    if state.paused_at is not None:
        if state.probe_at is not None and now < state.probe_at <= now + longest:
            return []
        limit = 1
    due = conn.execute(
        select(
            deliveries,
            recipients.c.address,
            recipients.c.timezone,
            recipients.c.removed_at.is_not(None).label("recipient_removed"),
        )
        .join(recipients, recipients.c.id == deliveries.c.recipient_id)
        .where(
            deliveries.c.state == DeliveryState.DUE,
            deliveries.c.channel == channel,
            or_(deliveries.c.due_at <= now, deliveries.c.due_at > now + longest),
            or_(deliveries.c.lease_worker.is_(None), deliveries.c.leased_until <= now),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    ).all()
    claimed = []
    for row in due:
        ambiguous = _end_without_result(conn, row)
        if row.recipient_removed:
            conn.execute(
                update(deliveries)
                .where(deliveries.c.id == row.id)
                .values(**_NO_LEASE, **_dead(DeadReason.RECIPIENT_REMOVED, now))
            )
            continue
        claimed.append(_claim(conn, row, worker, state, row.failures + ambiguous, lease_for, now))
    if claimed and state.paused_at is not None:
        # Until it is settled, or its lease is over, nobody else probes.
        channels.put_off_probe(conn, channel, probe_at=now + lease_for)
    return claimed


def _claim(
    conn: Connection,
    row: Row[Any],
    worker: str,
    state: channels.ChannelState,
    failures: int,
    lease_for: timedelta,
    now: datetime,
) -> ClaimedDelivery:
    attempt_id: int = conn.execute(
        insert(attempts)
        .values(delivery_id=row.id, worker=worker, started_at=now, reply="")
        .returning(attempts.c.id)
    ).scalar_one()
    first_attempt_at = row.first_attempt_at or now
    paused_before = state.paused_until(now) if row.first_attempt_at is None else row.paused_before
    conn.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id)
        .values(
            tries=deliveries.c.tries + 1,
            failures=failures,
            first_attempt_at=first_attempt_at,
            paused_before=paused_before,
            lease_worker=worker,
            leased_until=now + lease_for,
            lease_attempt_id=attempt_id,
        )
    )
    return ClaimedDelivery(
        id=row.id,
        attempt_id=attempt_id,
        worker=worker,
        recipient_id=row.recipient_id,
        address=row.address,
        timezone=row.timezone,
        channel=row.channel,
        kind=DeliveryKind(row.kind),
        window=row.window,
        message_id=row.message_id,
        planned_at=row.planned_at,
        failures=failures,
        first_attempt_at=first_attempt_at,
        paused_since_first_attempt=state.paused_until(now) - paused_before,
        channel_paused_for=state.paused_for(now),
    )


_NO_LEASE: dict[str, Any] = {"lease_worker": None, "leased_until": None, "lease_attempt_id": None}


def _dead(reason: DeadReason, now: datetime) -> dict[str, Any]:
    return {"state": DeliveryState.DEAD, "dead_reason": reason, "settled_at": now}


def _end_without_result(conn: Connection, row: Row[Any]) -> int:
    if row.lease_worker is None:
        return 0
    return conn.execute(
        update(attempts)
        .where(attempts.c.id == row.lease_attempt_id, attempts.c.outcome.is_(None))
        .values(outcome=AttemptOutcome.AMBIGUOUS, reply="the worker ended without a result")
    ).rowcount


def free_deliveries(conn: Connection, workers: Sequence[str] | None = None) -> int:
    """Take the deliveries from *workers* who are known to have ended, None for all; return how many.

    As with a lease that ran out: their attempts end as ambiguous.
    """
    query = select(deliveries).where(
        deliveries.c.state == DeliveryState.DUE, deliveries.c.lease_worker.is_not(None)
    )
    if workers is not None:
        query = query.where(deliveries.c.lease_worker.in_(workers))
    leased = conn.execute(query.order_by(deliveries.c.id).with_for_update()).all()
    for row in leased:
        ambiguous = _end_without_result(conn, row)
        conn.execute(
            update(deliveries)
            .where(deliveries.c.id == row.id)
            .values(failures=deliveries.c.failures + ambiguous, **_NO_LEASE)
        )
    return len(leased)


# ── T5: settling ─────────────────────────────────────────────────────────────────────────────────


def settle_sent(conn: Connection, claimed: ClaimedDelivery, receipt: Receipt, *, now: datetime) -> bool:
    """Mark *claimed* sent; False, and nothing changes, if its lease has passed to someone else."""
    return _settle(
        conn,
        claimed,
        AttemptOutcome.SENT,
        receipt.reply,
        now,
        state=DeliveryState.SENT,
        settled_at=now,
    )


def settle_retry(
    conn: Connection,
    claimed: ClaimedDelivery,
    *,
    next_due: datetime,
    outcome: AttemptOutcome,
    reply: str,
    now: datetime,
) -> bool:
    """Make *claimed* due again at *next_due*, with one more failure; False if its lease has passed on.

    *outcome* is RETRY, or AMBIGUOUS where the message may have been accepted.
    """
    return _settle(conn, claimed, outcome, reply, now, due_at=next_due, failures=deliveries.c.failures + 1)


def settle_dead(
    conn: Connection, claimed: ClaimedDelivery, reason: DeadReason, reply: str, *, now: datetime
) -> bool:
    """Give *claimed* up, for *reason*; False if its lease has passed on."""
    return _settle(conn, claimed, AttemptOutcome.DEAD, reply, now, **_dead(reason, now))


def settle_channel_failed(conn: Connection, claimed: ClaimedDelivery, *, reply: str, now: datetime) -> bool:
    """Make *claimed* due again at once, as the channel failed; False if its lease has passed on.

    It does not count as a failure of the delivery. Pause the channel in the same transaction.
    """
    return _settle(conn, claimed, AttemptOutcome.CHANNEL_FAILED, reply, now, due_at=now)


def _settle(
    conn: Connection,
    claimed: ClaimedDelivery,
    outcome: AttemptOutcome,
    reply: str,
    now: datetime,
    **values: Any,
) -> bool:
    # The attempt, not the worker's name, is the fence: the same worker may have claimed it anew.
    settled: CursorResult[Any] = conn.execute(
        update(deliveries)
        .where(deliveries.c.id == claimed.id, deliveries.c.lease_attempt_id == claimed.attempt_id)
        .values(reply=reply, **_NO_LEASE, **values)
    )
    if settled.rowcount == 0:
        return False
    conn.execute(
        update(attempts)
        .where(attempts.c.id == claimed.attempt_id)
        .values(ended_at=now, outcome=outcome, reply=reply)
    )
    return True


# ── by hand ──────────────────────────────────────────────────────────────────────────────────────


def retry_delivery(conn: Connection, delivery_id: int, *, now: datetime) -> bool:
    """Make a dead or waiting delivery due now, with a fresh time to keep trying; NotFound.

    Its channel, if it is paused, is probed soon. False, and nothing changes, where it was sent, is open, is
    being sent, or its recipient is removed.
    """
    channel = conn.execute(select(deliveries.c.channel).where(deliveries.c.id == delivery_id)).scalar()
    if channel is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    live = select(recipients.c.id).where(recipients.c.removed_at.is_(None))
    retried = conn.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state.in_([DeliveryState.DEAD, DeliveryState.DUE]),
            deliveries.c.lease_worker.is_(None),
            deliveries.c.recipient_id.in_(live),
        )
        .values(
            state=DeliveryState.DUE,
            dead_reason=None,
            settled_at=None,
            due_at=now,
            failures=0,
            first_attempt_at=None,
            paused_before=None,
        )
    )
    if retried.rowcount:
        channels.probe_soon(conn, channel, now=now)
    return retried.rowcount > 0


def load_next_due(conn: Connection, channel: str) -> datetime | None:
    """Return when the next unclaimed delivery of *channel* is due; None where there is none."""
    next_due: datetime | None = conn.execute(
        select(deliveries.c.due_at)
        .where(
            deliveries.c.channel == channel,
            deliveries.c.state == DeliveryState.DUE,
            deliveries.c.lease_worker.is_(None),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(1)
    ).scalar()
    return next_due


def count_by_state(conn: Connection) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state, states without any included."""
    counts = dict.fromkeys(DeliveryState, 0)
    rows = conn.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    counts.update((DeliveryState(state), count) for state, count in rows)
    return counts
