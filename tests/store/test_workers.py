"""Leases of workers who are dead are taken at once; those of the living are not."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from marsad.model import Receipt
from marsad.store import contents, deliveries, schema, workers
from marsad.store.counts import load_counts
from marsad.store.database import Connection, Database
from marsad.store.workers import Presence
from tests.postgres import Postgres
from tests.store.world import (
    MINUTE,
    NOW,
    claim,
    feed,
    item,
    lease,
    plan,
    poll,
    recipient,
    record,
    record_of,
    sync,
    watch,
)


@pytest.fixture
def busy(store: Database) -> Database:
    """Worker w1 holds feed a and a delivery; feed b is free."""
    sync(store, feeds=[feed("a"), feed("b")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
    poll(store, "b", item("1", "w"))
    plan(store)
    lease(store, limit=1)
    return store


def test_a_daemon_that_starts_frees_what_its_predecessor_held(busy: Database) -> None:
    (former,) = claim(busy)
    assert busy.run(workers.free_all_leases, now=NOW) == 2
    assert [one.id for one in lease(busy, worker="w2", limit=1)] == ["a"]
    (again,) = claim(busy, worker="w2")
    assert (again.id, again.failures, again.message_id) == (former.id, 1, former.message_id)
    assert not busy.run(deliveries.settle_sent, former, Receipt(reply="250"), now=NOW)
    _, attempts = busy.query(contents.load_delivery, former.id)
    assert [(one.outcome, one.ended_at) for one in attempts] == [("ambiguous", None), (None, None)]
    assert record(busy, record_of("a"))[0].lease_lost
    assert not record(busy, record_of("a", worker="w2"))[0].lease_lost


def test_a_worker_that_ends_gives_back_its_own_and_nothing_else(busy: Database) -> None:
    lease(busy, worker="w2")
    (held,) = claim(busy, worker="w2")
    assert busy.run(workers.free_leases, "w1", now=NOW) == 1
    assert busy.run(deliveries.settle_sent, held, Receipt(reply="250"), now=NOW)


def ended(conn: Connection) -> list[str]:
    rows = conn.execute(text("SELECT name FROM workers WHERE ended_at IS NOT NULL ORDER BY name"))
    return list(rows.scalars())


def test_on_postgresql_a_dead_workers_leases_are_taken_at_once(postgres_url: str) -> None:
    with Database.open(postgres_url) as one, Database.open(postgres_url) as other:
        alive, dead = Presence(one, "alive"), Presence(other, "dead")
        assert alive.renew(now=NOW)
        assert not alive.renew(now=NOW)
        assert dead.renew(now=NOW)
        sync(one, feeds=[feed("a"), feed("b")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
        poll(one, "a", item("1", "w"), item("2", "w"))
        plan(one)
        lease(one, worker="alive", limit=1)
        (kept,) = claim(one, worker="alive", limit=1)
        (lost,) = claim(other, worker="dead", limit=1)
        assert one.run(workers.free_leases_of_dead, now=NOW) == []

        dead.end()
        assert one.run(workers.free_leases_of_dead, now=NOW) == ["dead"]
        assert one.run(workers.free_leases_of_dead, now=NOW) == []
        assert [again.id for again in claim(one, worker="alive")] == [lost.id]
        assert one.run(deliveries.settle_sent, kept, Receipt(reply="250"), now=NOW)
        alive.end()


def test_a_worker_whose_session_was_cut_announces_itself_again(postgres: Postgres, postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        presence = Presence(store, "w1")
        presence.renew(now=NOW)
        (session,) = store.query(
            lambda conn: conn.execute(text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")).scalars()
        )
        postgres.execute(f"SELECT pg_terminate_backend({session}, 5000)")
        assert store.run(workers.free_leases_of_dead, now=NOW) == ["w1"]
        assert store.query(ended) == ["w1"]
        assert presence.renew(now=NOW)
        assert store.query(ended) == []
        assert store.run(workers.free_leases_of_dead, now=NOW) == []
        presence.end()
        assert store.run(workers.free_leases_of_dead, now=NOW) == ["w1"]


def test_on_sqlite_the_files_lock_is_proof_enough(sqlite_url: str) -> None:
    with Database.open(sqlite_url) as store:
        schema.prepare(store)
        presence = Presence(store, "w1")
        assert not presence.renew(now=NOW)
        assert store.run(workers.free_leases_of_dead, now=NOW) == []
        presence.end()


def test_the_counts_add_up(busy: Database) -> None:
    poll(busy, "b", item("2", "w", failed=[("w", "boom")]), now=NOW + 15 * MINUTE)
    counts = busy.query(load_counts, now=NOW + 15 * MINUTE)
    assert (counts.feeds, counts.feeds_due, counts.feeds_failing) == (2, 1, 0)
    assert (counts.items, counts.mentions, counts.undecided, counts.matching_failures) == (2, 2, 1, 1)
    assert counts.deliveries == {"planned": 0, "due": 1, "sent": 0, "dead": 0}
    lease(busy, limit=1)
    record(busy, record_of("a", succeeded=False, outcome="dns"))
    assert busy.query(load_counts, now=NOW).feeds_failing == 1
