"""Channels: whether messages may leave, and how long they could not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marsad.store import dialect
from marsad.store.database import Connection
from marsad.store.tables import attempts, channels, deliveries

PROBE_REST = timedelta(minutes=1)
"""The shortest time between two probes, whoever asks for them."""


@dataclass(frozen=True, kw_only=True)
class ChannelState:
    name: str
    paused_at: datetime | None = None
    """None where messages may leave."""
    reason: str = ""
    """Why it is or was paused, for people."""
    probe_at: datetime | None = None
    """When one delivery may be tried while the channel is paused."""
    paused_total: timedelta = timedelta(0)
    """Of all pauses that are over."""

    def paused_until(self, now: datetime) -> timedelta:
        """Return how long the channel has been paused in all, up to *now*."""
        if self.paused_at is None:
            return self.paused_total
        return self.paused_total + self.paused_for(now)

    def paused_for(self, now: datetime) -> timedelta:
        """Return how long the pause lasts that is not over; zero where there is none."""
        # A clock that was set back takes nothing off.
        return timedelta(0) if self.paused_at is None else max(now - self.paused_at, timedelta(0))


def load(conn: Connection, channel: str) -> ChannelState:
    """Return the state of *channel*; one that was never paused is not."""
    return _load(conn, channel, lock=False)


def pause(conn: Connection, channel: str, reason: str, *, probe_at: datetime, now: datetime) -> bool:
    """Let nothing leave by *channel*, but one delivery to probe it at *probe_at*; True if it was not paused.

    A pause that goes on keeps its beginning and gets the new reason.
    """
    state = _lock(conn, channel)
    conn.execute(
        update(channels)
        .where(channels.c.name == channel)
        .values(paused_at=state.paused_at or now, reason=reason, probe_at=probe_at)
    )
    return state.paused_at is None


def resume(conn: Connection, channel: str, *, now: datetime) -> bool:
    """Let messages leave by *channel* again; False if it was not paused."""
    state = _lock(conn, channel)
    if state.paused_at is None:
        return False
    conn.execute(
        update(channels)
        .where(channels.c.name == channel)
        .values(paused_at=None, probe_at=None, paused_total=state.paused_until(now))
    )
    return True


def load_for_claim(conn: Connection, channel: str) -> ChannelState:
    """Return the state of *channel*, which nobody else changes before this transaction ends."""
    return _load(conn, channel, lock=True)


def put_off_probe(conn: Connection, channel: str, *, probe_at: datetime) -> None:
    """Let nobody probe *channel* before *probe_at*, if it is paused."""
    conn.execute(
        update(channels)
        .where(channels.c.name == channel, channels.c.paused_at.is_not(None))
        .values(probe_at=probe_at)
    )


def probe_soon(conn: Connection, channel: str, *, now: datetime) -> None:
    """Let a paused *channel* be probed at *now*, as somebody may have mended it, if not *probe_at* is sooner.

    But not within a minute of the last try: a service that is restarted again and again must not try a wrong
    password each time, as servers lock out who fails often.
    """
    state = _load(conn, channel, lock=False)
    if state.paused_at is None:
        return
    last_try: datetime | None = conn.execute(
        select(attempts.c.started_at)
        .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
        .where(deliveries.c.channel == channel)
        .order_by(attempts.c.id.desc())
        .limit(1)
    ).scalar()
    soon = now if last_try is None else max(now, last_try + PROBE_REST)
    conn.execute(
        update(channels)
        .where(channels.c.name == channel, channels.c.paused_at.is_not(None), channels.c.probe_at > soon)
        .values(probe_at=soon)
    )


def _lock(conn: Connection, channel: str) -> ChannelState:
    conn.execute(
        dialect.insert(conn, channels)
        .values(name=channel, reason="", paused_total=timedelta(0))
        .on_conflict_do_nothing(index_elements=[channels.c.name])
    )
    return _load(conn, channel, lock=True)


def _load(conn: Connection, channel: str, *, lock: bool) -> ChannelState:
    query = select(channels).where(channels.c.name == channel)
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return ChannelState(name=channel)
    return ChannelState(
        name=row.name,
        paused_at=row.paused_at,
        reason=row.reason,
        probe_at=row.probe_at,
        paused_total=row.paused_total,
    )
