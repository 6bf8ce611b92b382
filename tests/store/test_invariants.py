"""Whatever happens, in whatever order, nothing is lost and nothing is told twice (I1, I3, I4)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from marsad.model import (
    Arrival,
    AttemptOutcome,
    ClaimedDelivery,
    DeadReason,
    DeliveryState,
    Planned,
    Receipt,
)
from marsad.store import channels, configuration, deliveries, feeds, polls, workers
from marsad.store.database import Connection, Database
from marsad.store.mentions import load_undecided_digest, load_waiting
from marsad.store.tables import dispositions, subscriptions
from marsad.store.tables import mentions as mentions_table
from tests.postgres import Postgres
from tests.store.world import DAY, LEASE, NOW, feed, item, plan_in, recipient, record_of, watch

RECIPIENTS = ("desk", "editor")
WATCHES = ("w", "v")
WORKERS = ("w1", "w2")
SCHEDULES = ("instant", "daily 08:00")
HOUR = timedelta(hours=1)

subsets = st.sets(st.sampled_from(RECIPIENTS))
steps = st.one_of(
    st.tuples(
        st.just("sync"),
        subsets,
        st.dictionaries(st.sampled_from(WATCHES), st.tuples(subsets, st.sampled_from(SCHEDULES))),
        st.sampled_from(["smtp", "maildir"]),
    ),
    st.tuples(
        st.just("poll"),
        st.sampled_from(WORKERS),
        st.lists(
            st.tuples(
                st.integers(0, 6),
                st.sets(st.sampled_from(WATCHES)),
                st.sampled_from(Arrival),
                st.booleans(),
            ),
            max_size=4,
        ),
        st.booleans(),
    ),
    st.tuples(st.just("plan")),
    st.tuples(st.just("digest")),
    st.tuples(st.just("close")),
    st.tuples(st.just("claim"), st.sampled_from(WORKERS)),
    st.tuples(
        st.just("settle"),
        st.integers(0, 20),
        st.sampled_from(["sent", "retry", "ambiguous", "dead", "channel", "crash"]),
    ),
    st.tuples(st.just("resume")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("wait"), st.sampled_from([LEASE, HOUR])),
)


class Newsroom:
    """Runs steps, and remembers what it promised and what the mail server saw."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.now = NOW
        self.channel = "maildir"
        self.claimed: list[ClaimedDelivery] = []
        self.promised: set[tuple[int, int]] = set()
        """(subscription, mention) that existed together."""
        self.arrived: list[str] = []
        """Message-IDs, as often as the mail server accepted them."""
        self.told: dict[int, set[tuple[int, int]]] = {}
        """What each delivery told when it was tried first."""
        self.sync(set(RECIPIENTS), {"w": (set(RECIPIENTS), "instant")}, "maildir")

    def sync(self, to: set[str], sends: dict[str, tuple[set[str], str]], channel: str) -> None:
        self.channel = channel
        definitions = [watch(one, *sorted(who & to), when=when) for one, (who, when) in sends.items()]
        configuration.sync_configuration(
            self.conn,
            feeds=[feed("a")],
            watches=definitions,
            versions=dict.fromkeys(sends, "1"),
            entities=[],
            recipients=[recipient(one) for one in sorted(to)],
            channel=channel,
            now=self.now,
        )

    def poll(self, worker: str, found: list[tuple[int, set[str], Arrival, bool]], lost: bool) -> None:
        """Poll feed a; *lost*: its lease runs out and another worker polls it in between."""
        known = {row.id for row in self.conn.execute(text("SELECT id FROM watches"))}
        items = [
            item(str(key), *sorted(watches & known), arrival=arrival, is_new=is_new)
            for key, watches, arrival, is_new in found
        ]
        self.lease(worker)
        if lost:
            self.now += LEASE
            self.lease("other")
            polls.record_polls(self.conn, [record_of("a", worker="other")], now=self.now)
        record = record_of("a", *items, worker=worker, next_due=self.now)
        live = set(
            self.conn.execute(
                select(subscriptions.c.id).where(subscriptions.c.removed_at.is_(None))
            ).scalars()
        )
        before = set(self.conn.execute(select(mentions_table.c.id)).scalars())
        (recorded,) = polls.record_polls(self.conn, [record], now=self.now)
        assert recorded.lease_lost == lost
        again = polls.record_polls(self.conn, [record], now=self.now)
        assert again[0].lease_lost, "a poll is recorded once"
        new = self.conn.execute(
            select(mentions_table.c.id, subscriptions.c.id)
            .join(subscriptions, subscriptions.c.watch_id == mentions_table.c.watch_id)
            .where(mentions_table.c.id.not_in(before), subscriptions.c.id.in_(live))
        )
        self.promised |= {(subscription, mention) for mention, subscription in new}

    def lease(self, worker: str) -> None:
        feeds.make_due(self.conn, ["a"], self.now)
        leased = feeds.lease_due_feeds(
            self.conn, worker=worker, limit=1, per_host=1, lease_for=LEASE, longest=HOUR, now=self.now
        )
        assert [one.id for one in leased] == ["a"]

    def plan(self) -> None:
        plan_in(self.conn, now=self.now)

    def digest(self) -> None:
        for waiting in load_waiting(self.conn):
            found = load_undecided_digest(self.conn, waiting, before=self.now + HOUR)
            planned = Planned(
                recipient_id=waiting.recipient_id,
                channel=waiting.channel,
                kind="digest",  # type: ignore[arg-type]
                window=f"{waiting.schedule.text} {self.now:%Y-%m-%d}",
                state=DeliveryState.DUE,
                due_at=self.now,
                decided=tuple((one.subscription_id, one.mention_id) for one in found),
            )
            deliveries.record_plan(self.conn, [planned], now=self.now, message_id_domain="x.example")

    def close(self) -> None:
        opened = [one.id for one in deliveries.load_open_catch_ups(self.conn)]
        deliveries.close_catch_ups(self.conn, opened, now=self.now)

    def claim(self, worker: str) -> None:
        claimed = deliveries.claim_due(
            self.conn, worker=worker, channel=self.channel, limit=3, lease_for=LEASE, now=self.now
        )
        self.claimed += claimed
        for one in claimed:
            self.told.setdefault(one.id, self.content(one.id))

    def content(self, delivery_id: int) -> set[tuple[int, int]]:
        rows = self.conn.execute(
            select(dispositions.c.subscription_id, dispositions.c.mention_id).where(
                dispositions.c.delivery_id == delivery_id
            )
        )
        return {(row.subscription_id, row.mention_id) for row in rows}

    def settle(self, which: int, how: str) -> None:
        if not self.claimed:
            return
        one = self.claimed.pop(which % len(self.claimed))
        accepted = how in ("sent", "ambiguous", "crash")
        if accepted:
            self.arrived.append(one.message_id)
        match how:
            case "sent":
                deliveries.settle_sent(self.conn, one, Receipt(reply="250"), now=self.now)
            case "retry" | "ambiguous":
                deliveries.settle_retry(
                    self.conn,
                    one,
                    next_due=self.now,
                    outcome=AttemptOutcome(how),
                    reply="",
                    now=self.now,
                )
            case "dead":
                deliveries.settle_dead(self.conn, one, DeadReason.REFUSED, "550", now=self.now)
            case "channel":
                if deliveries.settle_channel_failed(self.conn, one, reply="535", now=self.now):
                    channels.pause(self.conn, one.channel, "535", probe_at=self.now + LEASE, now=self.now)

    def resume(self) -> None:
        channels.resume(self.conn, self.channel, now=self.now)

    def restart(self) -> None:
        workers.free_all_leases(self.conn, now=self.now)

    def wait(self, span: timedelta) -> None:
        self.now += span

    def check(self) -> None:
        places = {
            (row.subscription_id, row.mention_id): row for row in self.conn.execute(select(dispositions))
        }
        # No version of a mail that may have arrived tells more, or less, than another.
        assert all(self.content(one) == told for one, told in self.told.items())
        # I1: a place for every mention and every subscription of its time, and no other.
        assert set(places) == self.promised
        # I4: an open catch-up at most, dead with its reason, decided in one way: the database's own checks.
        tried = self.conn.execute(
            text(
                "SELECT d.message_id, d.state, sum(CASE WHEN a.outcome IS NULL OR a.outcome = 'ambiguous'"
                " THEN 1 ELSE 0 END) AS unsettled, count(a.id) AS tries FROM deliveries d"
                " LEFT JOIN attempts a ON a.delivery_id = d.id GROUP BY d.id, d.message_id, d.state"
            )
        ).all()
        # I3: what arrived is of a delivery of ours, and not more often than its attempts allow.
        known = {row.message_id: row for row in tried}
        for message_id in set(self.arrived):
            assert self.arrived.count(message_id) <= 1 + known[message_id].unsettled
        # What is sent has arrived.
        assert {row.message_id for row in tried if row.state == "sent"} <= set(self.arrived)
        empty = self.conn.execute(
            text(
                "SELECT id FROM deliveries WHERE id NOT IN (SELECT delivery_id FROM dispositions"
                " WHERE delivery_id IS NOT NULL)"
            )
        ).all()
        assert empty == []
        windows = self.conn.execute(
            text("""SELECT id FROM deliveries WHERE kind <> 'catch_up' AND "window" LIKE '%+%'""")
        ).all()
        assert windows == [], "one mail for an item, and for a window"

    def drain(self) -> None:
        """Let everything come to its end: then every place is decided and every delivery settled."""
        self.restart()
        self.resume()
        for _ in range(3):
            self.plan()
            self.digest()
            self.close()
            # What missed its digest waits for the next day's.
            self.now += DAY
        self.claimed.clear()
        while True:
            self.claim("w1")
            if not self.claimed:
                break
            while self.claimed:
                self.settle(0, "sent")
        self.check()
        undecided = self.conn.execute(
            select(dispositions.c.mention_id).where(dispositions.c.decided_at.is_(None))
        ).all()
        assert undecided == []
        states = set(self.conn.execute(text("SELECT state FROM deliveries")).scalars())
        assert states <= {"sent", "dead"}


class Undo(Exception):
    """Ends the transaction of an example: the next one begins with an empty database."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One database for all examples, each of which is undone."""
    with _database(request) as database:
        yield database


@contextmanager
def _database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(template="marsad_template") as url, Database.open(url) as database:
            yield database
        return
    folder = Path(tempfile.mkdtemp(prefix="marsad-test-"))
    try:
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "marsad.db")
        with Database.open_file(folder / "marsad.db") as database:
            yield database
    finally:
        shutil.rmtree(folder)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=5, max_size=40))
def test_nothing_is_lost_and_nothing_told_twice_whatever_happens(
    shared_store: Database, happening: list[tuple[object, ...]]
) -> None:
    def run(conn: Connection) -> None:
        newsroom = Newsroom(conn)
        for name, *arguments in happening:
            getattr(newsroom, str(name))(*arguments)
        newsroom.check()
        newsroom.drain()
        raise Undo

    with pytest.raises(Undo):
        shared_store.run(run)
