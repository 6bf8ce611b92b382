"""T1: a feed is worked on by one worker at a time, and a host by no more than it allows."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marsad.errors import NotFound
from marsad.model import Skips
from marsad.store import feeds, polls
from marsad.store.database import Database
from tests.store.world import (
    DAY,
    LEASE,
    MINUTE,
    NOW,
    feed,
    item,
    lease,
    record,
    record_of,
    sync,
    uncommitted,
    wait_until_blocked_or_done,
)


def ids(leased: list[Any]) -> list[str]:
    return [one.id for one in leased]


def test_due_feeds_are_leased_longest_overdue_first(store: Database) -> None:
    sync(store, feeds=[feed("new")], now=NOW + MINUTE)
    sync(store, feeds=[feed("new"), feed("b"), feed("a")], now=NOW)
    assert lease(store, now=NOW - MINUTE) == []
    assert ids(lease(store, limit=2, now=NOW + MINUTE)) == ["a", "b"]
    assert ids(lease(store, worker="w2", now=NOW + MINUTE)) == ["new"]
    assert lease(store, worker="w3", now=NOW + MINUTE) == []


def test_a_host_is_asked_by_no_more_than_it_allows_whoever_asks(store: Database) -> None:
    same = [feed(one, url=f"https://agency.example/{one}") for one in "abcd"]
    sync(store, feeds=[*same, feed("other")])
    assert ids(lease(store, per_host=1)) == ["a", "other"]
    assert lease(store, worker="w2", per_host=1) == []
    assert ids(lease(store, worker="w2", per_host=3)) == ["b", "c"]
    record(store, record_of("a"))
    assert ids(lease(store, worker="w2", per_host=3)) == ["d"]


def test_a_feed_that_is_postponed_is_nobodys_until_then(store: Database) -> None:
    sync(store, feeds=[feed("a"), feed("b")])
    lease(store, worker="w1")
    assert store.run(feeds.postpone_feeds, "w2", {"a": NOW + MINUTE}) == 0
    assert store.run(feeds.postpone_feeds, "w1", {"a": NOW + MINUTE, "b": NOW + DAY}) == 2
    assert store.run(feeds.postpone_feeds, "w1", {}) == 0
    assert lease(store, worker="w2") == []
    assert ids(lease(store, worker="w2", now=NOW + MINUTE)) == ["a"]


def test_a_week_of_days_to_skip_is_no_clock_that_was_set_back(store: Database) -> None:
    sync(store, feeds=[feed("plain"), feed("skips")])
    lease(store)
    in_three_days = record_of("plain", next_due=NOW + 3 * DAY)
    skips = Skips(hours=frozenset({0, 23}), days=frozenset({5}))
    record(store, in_three_days, replace(in_three_days, feed_id="skips", skips=skips))
    assert ids(lease(store)) == ["plain"]
    assert lease(store, now=NOW - 4 * DAY) == []
    (found,) = lease(store, now=NOW - 6 * DAY)
    assert (found.id, found.skips) == ("skips", skips)


def test_a_host_that_rests_has_no_feed_that_is_due(store: Database) -> None:
    same = [feed(one, url=f"https://agency.example/{one}") for one in "abcd"]
    sync(store, feeds=[*same, feed("other")])
    lease(store, limit=1)
    record(store, record_of("a", next_due=NOW + DAY))
    lease(store, limit=1)  # b is under way
    assert store.run(feeds.rest_host, "agency.example", until=NOW + MINUTE) == 2
    assert ids(lease(store, worker="w2", per_host=9)) == ["other"]
    assert ids(lease(store, worker="w2", per_host=9, now=NOW + MINUTE)) == ["c", "d"]
    assert store.query(feeds.load_feed, "a").due_at == NOW + DAY


def test_one_slow_host_does_not_hold_up_the_others(store: Database) -> None:
    storm = [feed(f"a{n}", url=f"https://storm.example/{n}") for n in range(50)]
    sync(store, feeds=storm, now=NOW - DAY)
    sync(store, feeds=[*storm, feed("z1"), feed("z2")])
    assert ids(lease(store, limit=3)) == ["a0", "z1", "z2"]


def test_a_lease_that_ran_out_is_taken_over_and_says_so(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    (first,) = lease(store, worker="w1")
    assert not first.lease_expired
    assert lease(store, worker="w2", now=NOW + LEASE - timedelta(microseconds=1)) == []
    (second,) = lease(store, worker="w2", now=NOW + LEASE)
    assert second.lease_expired


def test_a_late_writer_changes_nothing(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    lease(store, worker="slow")
    lease(store, worker="fast", now=NOW + LEASE)
    (late,) = record(store, record_of("a", item("1"), worker="slow", next_due=NOW + DAY))
    assert (late.lease_lost, late.new_items) == (True, 0)
    (kept,) = record(store, record_of("a", item("1"), worker="fast"))
    assert (kept.lease_lost, kept.new_items) == (False, 1)
    assert store.query(feeds.load_next_due) == NOW + 15 * MINUTE


def test_what_is_given_back_is_due_as_before(store: Database) -> None:
    sync(store, feeds=[feed("a"), feed("b")])
    lease(store, worker="w1")
    assert store.query(feeds.load_next_due) is None
    assert store.run(feeds.release_feeds, "w2", ["a", "b"]) == 0
    assert store.run(feeds.release_feeds, "w1", ["a"]) == 1
    assert store.query(feeds.load_next_due) == NOW
    assert ids(lease(store, worker="w2")) == ["a"]


def test_a_clock_that_was_set_back_stops_no_feed(store: Database) -> None:
    sync(store, feeds=[feed("a"), feed("b")], now=NOW + 10 * DAY)
    assert ids(lease(store)) == ["a", "b"]
    record(store, record_of("a", next_due=NOW + DAY), record_of("b", next_due=NOW + DAY + MINUTE))
    assert ids(lease(store)) == ["b"]


def test_a_feed_that_is_gone_is_not_asked_until_somebody_says_so(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    lease(store)
    record(store, record_of("a", outcome="gone", detail="410", succeeded=False, stop=True))
    assert lease(store, now=NOW + DAY) == []
    assert store.query(feeds.load_next_due) is None
    assert store.query(feeds.load_feed, "a").stopped_at == NOW
    assert store.run(feeds.make_due, ["a", "no such"], NOW) == 1
    assert ids(lease(store)) == ["a"]


def test_a_failed_try_counts_as_tried(store: Database) -> None:
    sync(store, feeds=[feed("a"), feed("b")])
    assert store.query(feeds.count_never_tried) == 2
    lease(store)
    record(store, record_of("a", outcome="dns", detail="no such host", succeeded=False, failures=0.25))
    assert store.query(feeds.count_never_tried) == 1
    status = store.query(feeds.load_feed, "a")
    assert (status.outcome, status.detail, status.failures) == ("dns", "no such host", 0.25)
    assert (status.tried_at, status.first_contact_at, status.last_success_at) == (NOW, None, None)
    with pytest.raises(NotFound):
        store.query(feeds.load_feed, "c")


def test_the_oldest_due_time_is_that_of_a_feed_in_force(store: Database) -> None:
    assert store.query(feeds.load_oldest_due) is None
    sync(store, feeds=[feed("a"), feed("b"), feed("c")])
    assert store.query(feeds.load_oldest_due) == NOW
    lease(store)
    assert store.query(feeds.load_oldest_due) == NOW, "until what it said is recorded"
    record(store, record_of("a"), record_of("b", next_due=NOW + DAY), record_of("c", stop=True))
    assert store.query(feeds.load_oldest_due) == NOW + 15 * MINUTE
    sync(store, feeds=[feed("b"), feed("c")])
    assert store.query(feeds.load_oldest_due) == NOW + DAY


def test_without_a_time_the_servers_clock_counts(store: Database) -> None:
    sync(store, feeds=[feed("a")], now=NOW - 7000 * DAY)
    sync(store, feeds=[feed("a"), feed("b")], now=NOW + 7000 * DAY)
    leased = store.run(
        feeds.lease_due_feeds, worker="w", limit=9, per_host=1, lease_for=LEASE, longest=70_000 * DAY
    )
    assert ids(leased) == ["a"]


def test_workers_that_lease_at_once_share_no_feed_and_respect_hosts(postgres_url: str) -> None:
    hosts = 8
    everything = [feed(f"f{n}", url=f"https://h{n % hosts}.example/{n}") for n in range(120)]
    held: Counter[str] = Counter()
    most: Counter[str] = Counter()
    polled: list[str] = []
    guard = threading.Lock()
    with Database.open(postgres_url) as store:
        sync(store, feeds=everything)

        def work(worker: str) -> None:
            while True:
                leased = lease(store, worker=worker, limit=4, per_host=2)
                with guard:
                    for one in leased:
                        held[one.host] += 1
                        most[one.host] = max(most[one.host], held[one.host])
                        polled.append(one.id)
                    done = len(polled) == len(everything)
                if not leased and done:
                    return
                with guard:
                    for one in leased:
                        held[one.host] -= 1
                record(store, *(record_of(one.id, worker=worker) for one in leased))

        with ThreadPoolExecutor(4) as workers:
            list(workers.map(work, [f"w{n}" for n in range(4)]))
    assert sorted(polled) == sorted(one.id for one in everything)
    assert max(most.values()) <= 2


def test_a_host_is_not_asked_twice_while_a_lease_is_being_committed(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        sync(store, feeds=[feed(one, url=f"https://agency.example/{one}") for one in ("a", "b")])
        store.run(feeds.make_due, ["b"], NOW + MINUTE)
        with ThreadPoolExecutor(1) as thread:
            leasing = {"limit": 9, "per_host": 1, "lease_for": LEASE, "longest": DAY, "now": NOW}
            with uncommitted(store, feeds.lease_due_feeds, worker="w1", **leasing):
                store.run(feeds.make_due, ["b"], NOW - MINUTE)
                second = thread.submit(lease, store, worker="w2")
                wait_until_blocked_or_done(store, second)
            assert second.result() == []


def test_a_feed_that_is_being_recorded_is_left_alone_and_waited_for_by_nobody(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        sync(store, feeds=[feed("a"), feed("b")])
        lease(store, worker="slow", limit=1)
        late = [record_of("a", worker="slow")]
        with uncommitted(store, polls.record_polls, records=late, now=NOW):
            assert ids(lease(store, worker="w2", now=NOW + LEASE)) == ["b"]
        assert lease(store, worker="w2", now=NOW + LEASE) == []


def _lease_all(url: str, worker: str, found: Any) -> None:
    with Database.open(url) as store:
        while leased := lease(store, worker=worker, limit=3, per_host=1000):
            found.put([(worker, one.id) for one in leased])
    found.put(None)


def test_processes_that_lease_at_once_share_no_feed(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        sync(store, feeds=[feed(f"f{n}") for n in range(60)])
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    processes = [context.Process(target=_lease_all, args=(postgres_url, f"w{n}", found)) for n in range(3)]
    for process in processes:
        process.start()
    try:
        leased: list[str] = []
        ended = 0
        while ended < len(processes):
            batch = found.get(timeout=60)
            ended += batch is None
            leased += [feed_id for _, feed_id in batch or []]
    finally:
        for process in processes:
            process.join(30)
            process.close()
        found.close()
        found.join_thread()
    assert sorted(leased) == sorted(f"f{n}" for n in range(60))
