"""T3 to T5: a mention becomes one delivery, is tried by one worker at a time, and ends as sent or dead."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from marsad.errors import NotFound
from marsad.model import (
    Arrival,
    AttemptOutcome,
    ClaimedDelivery,
    DeadReason,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Planned,
    Receipt,
)
from marsad.store import channels, contents, deliveries, mentions
from marsad.store.counts import load_counts
from marsad.store.database import Connection, Database
from marsad.store.deliveries import RecordedPlan
from marsad.store.tables import dispositions
from tests.store.world import (
    DAY,
    LEASE,
    MINUTE,
    NOW,
    claim,
    feed,
    item,
    lease,
    match,
    plan,
    plan_in,
    plan_instants,
    poll,
    recipient,
    record,
    record_of,
    sync,
    uncommitted,
    wait_until_blocked_or_done,
    watch,
)

LATER = NOW + timedelta(hours=1)
OK = Receipt(reply="250 queued")


@pytest.fixture
def desk(store: Database) -> Database:
    """One feed; watches w and v (at once) and d (a digest) for one recipient, w also for another."""
    sync(
        store,
        feeds=[feed("a")],
        watches=[
            watch("w", "desk", "editor"),
            watch("v", "desk"),
            watch("d", "desk", when="daily 08:00"),
        ],
        recipients=[recipient("desk"), recipient("editor")],
    )
    return store


def settle_sent(store: Database, claimed: ClaimedDelivery, *, now: object = NOW) -> bool:
    return store.run(deliveries.settle_sent, claimed, OK, now=NOW)


def retry(store: Database, claimed: ClaimedDelivery, *, after: timedelta = 5 * MINUTE) -> bool:
    return store.run(
        deliveries.settle_retry,
        claimed,
        next_due=NOW + after,
        outcome=AttemptOutcome.RETRY,
        reply="450 later",
        now=NOW,
    )


def undecided(conn: Connection) -> int:
    return len(
        conn.execute(select(dispositions.c.mention_id).where(dispositions.c.decided_at.is_(None))).all()
    )


# ── planning ─────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_recorded_twice_changes_nothing(desk: Database) -> None:
    poll(desk, "a", item("1", "w", "v"))
    planned = plan_instants(desk.run(mentions.load_undecided, limit=9), now=NOW)
    domain = {"now": NOW, "message_id_domain": "marsad.example"}
    first = desk.run(deliveries.record_plan, planned, **domain)  # type: ignore[arg-type]
    assert len(first.ids) == 2
    again = desk.run(deliveries.record_plan, planned, **domain)  # type: ignore[arg-type]
    assert again == RecordedPlan(ids=[], late=[])
    assert len(desk.query(contents.load_deliveries)) == 2


def test_message_ids_are_fixed_with_the_plan_and_differ(desk: Database) -> None:
    poll(desk, "a", item("1", "w"))
    plan(desk)
    found = {one.message_id for one in desk.query(contents.load_deliveries)}
    assert len(found) == 2
    assert all(re.fullmatch(r"<[0-9a-f]{32}\.delivery@marsad\.example>", one) for one in found)


def test_a_later_mention_joins_a_delivery_that_nobody_has_tried(desk: Database) -> None:
    poll(desk, "a", item("1", "v", failed=[("w", "boom")]))
    (first,) = plan(desk)
    (failure,) = desk.query(mentions.load_matching_failures, limit=9)
    desk.run(mentions.record_retried, failure, match("w"), now=NOW)
    assert first in plan(desk)
    (story,) = desk.query(contents.load_content, first, max_stories=9).stories
    assert [one.watch_id for one in story.mentions] == ["v", "w"]


def test_a_later_mention_of_a_tried_delivery_is_late_and_stays_undecided(desk: Database) -> None:
    poll(desk, "a", item("1", "v", failed=[("w", "boom")]))
    plan(desk)
    claim(desk)
    (failure,) = desk.query(mentions.load_matching_failures, limit=9)
    desk.run(mentions.record_retried, failure, match("w"), now=NOW)
    found = [one for one in desk.run(mentions.load_undecided, limit=9) if one.recipient_id == "desk"]
    planned = plan_instants(found, now=NOW)
    recorded = desk.run(deliveries.record_plan, planned, now=NOW, message_id_domain="x.example")
    assert recorded == RecordedPlan(ids=[], late=planned)
    assert desk.query(undecided) == 2


def test_a_later_mention_of_an_item_that_was_told_is_part_of_the_catch_up(desk: Database) -> None:
    poll(desk, "a", item("1", "v", failed=[("w", "boom"), ("d", "boom")]))
    plan(desk)
    (claimed,) = claim(desk)
    retry(desk, claimed, after=0 * MINUTE)
    for failure in desk.query(mentions.load_matching_failures, limit=9):
        desk.run(mentions.record_retried, failure, match(failure.watch_id), now=NOW)
    plan(desk)
    told = [one.kind for one in desk.query(contents.load_deliveries) if one.recipient_id == "desk"]
    assert told == [DeliveryKind.CATCH_UP, DeliveryKind.INSTANT]
    (story,) = desk.query(contents.load_content, claimed.id, max_stories=9).stories
    assert [one.watch_id for one in story.mentions] == ["v"]


def test_one_catch_up_is_open_for_a_recipient_however_its_window_is_called(desk: Database) -> None:
    poll(desk, "a", item("1", "v", arrival=Arrival.CATCH_UP))
    (first,) = plan(desk, now=NOW)
    poll(desk, "a", item("2", "v", "d", arrival=Arrival.CATCH_UP), now=LATER)
    assert plan(desk, now=LATER) == [first]
    (open_one,) = desk.query(deliveries.load_open_catch_ups)
    assert (open_one.id, open_one.recipient_id, open_one.planned_at) == (first, "desk", NOW)
    assert claim(desk, now=LATER) == []

    assert desk.run(deliveries.close_catch_ups, [first], now=LATER) == 1
    assert desk.run(deliveries.close_catch_ups, [first], now=LATER) == 0
    poll(desk, "a", item("3", "v", arrival=Arrival.CATCH_UP), now=LATER + LEASE + 15 * MINUTE)
    (second,) = plan(desk, now=LATER + LEASE + 15 * MINUTE)
    assert second != first
    (claimed,) = claim(desk, now=LATER)
    assert claimed.kind is DeliveryKind.CATCH_UP
    assert len(desk.query(contents.load_content, first, max_stories=9).stories) == 2


def test_digests_wait_without_holding_up_instants(desk: Database) -> None:
    poll(desk, "a", *(item(str(n), "d") for n in range(20)))
    poll(desk, "a", item("late", "v"), now=LATER)
    found = desk.run(mentions.load_undecided, limit=5)
    assert [one.found_at for one in found] == [LATER]
    (waiting,) = desk.query(mentions.load_waiting)
    assert (waiting.recipient_id, waiting.schedule.text, waiting.oldest_found_at) == (
        "desk",
        "daily 08:00",
        NOW,
    )
    assert waiting.timezone == "Africa/Cairo"


def test_a_digest_takes_what_was_recorded_before_the_end_of_its_window(desk: Database) -> None:
    poll(desk, "a", item("1", "d"), now=NOW)
    poll(desk, "a", item("2", "d"), now=LATER)
    (waiting,) = desk.query(mentions.load_waiting)

    def plan_digest(conn: Connection) -> list[int]:
        found = mentions.load_undecided_digest(conn, waiting, before=LATER)
        assert len(found) == 1
        digest = Planned(
            recipient_id="desk",
            channel="maildir",
            kind=DeliveryKind.DIGEST,
            window="daily 08:00 2026-03-10",
            state=DeliveryState.DUE,
            due_at=LATER,
            decided=tuple((one.subscription_id, one.mention_id) for one in found),
        )
        return deliveries.record_plan(conn, [digest], now=LATER, message_id_domain="x.example").ids

    (digest_id,) = desk.run(plan_digest)
    content = desk.query(contents.load_content, digest_id, max_stories=9)
    assert (content.kind, content.window) == (DeliveryKind.DIGEST, "daily 08:00 2026-03-10")
    assert [one.revision.title[-1] for one in content.stories] == ["1"]
    (waiting,) = desk.query(mentions.load_waiting)
    assert waiting.oldest_found_at == LATER


def test_a_limited_plan_takes_an_item_whole(desk: Database) -> None:
    poll(desk, "a", item("1", "w", "v"), item("2", "w", "v"))
    found = desk.run(mentions.load_undecided, limit=1)
    assert len({one.item_id for one in found}) == 1
    assert len(found) == 3


def test_what_is_held_is_held_once(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    (one,) = desk.run(mentions.load_undecided, limit=9)
    pair = (one.subscription_id, one.mention_id)
    assert desk.run(mentions.hold, [pair], HeldReason.MUTED, now=NOW) == 1
    assert desk.run(mentions.hold, [pair], HeldReason.SILENCED, now=NOW) == 0
    assert desk.run(mentions.hold, [], HeldReason.SILENCED, now=NOW) == 0
    assert plan(desk) == []


def test_planners_that_work_at_once_make_one_mail_of_an_item(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        watches = [watch(one, "desk") for one in "abcdef"]
        sync(store, feeds=[feed("f")], watches=watches, recipients=[recipient("desk")])
        poll(store, "f", *(item(str(n), *"abcdef") for n in range(30)))
        with ThreadPoolExecutor(4) as planners:
            results = planners.map(lambda _: store.run(plan_in, now=NOW, limit=7), range(60))
            created = [one for result in results for one in result]
        assert len(created) == len(set(created)) == 30
        shown = store.query(contents.load_deliveries)
        assert {one.mentions for one in shown} == {6}
        assert store.query(undecided) == 0


def plan_newest(conn: Connection, *, now: datetime) -> list[int]:
    """Plan the newest mention, without a look at those that another planner may have in hand."""
    subscription_id, mention_id = conn.execute(
        select(dispositions.c.subscription_id, dispositions.c.mention_id).order_by(
            dispositions.c.mention_id.desc()
        )
    ).first() or (0, 0)
    planned = Planned(
        recipient_id="desk",
        channel="maildir",
        kind=DeliveryKind.CATCH_UP,
        window="another",
        state=DeliveryState.PLANNED,
        due_at=now,
        decided=((subscription_id, mention_id),),
    )
    return deliveries.record_plan(conn, [planned], now=now, message_id_domain="x.example").ids


def test_planners_that_meet_share_one_open_catch_up(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        sync(store, feeds=[feed("f")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
        poll(store, "f", item("1", "w", arrival=Arrival.CATCH_UP))
        with ThreadPoolExecutor(1) as thread:
            with uncommitted(store, plan_in, now=NOW):
                poll(store, "f", item("2", "w", arrival=Arrival.CATCH_UP), now=LATER)
                second = thread.submit(store.run, plan_newest, now=LATER)
                wait_until_blocked_or_done(store, second)
            (joined,) = second.result()
        assert [one.id for one in store.query(deliveries.load_open_catch_ups)] == [joined]
        assert len(store.query(contents.load_content, joined, max_stories=9).stories) == 2


def test_a_plan_and_a_recipients_removal_at_once_leave_nothing_waiting(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        for round_ in range(5):
            name = f"desk{round_}"
            setting = {"feeds": [feed("f")], "watches": [watch("w", name)]}
            sync(store, **setting, recipients=[recipient(name)])  # type: ignore[arg-type]
            now = NOW + round_ * timedelta(hours=1)
            poll(store, "f", *(item(f"{round_}-{n}", "w") for n in range(20)), now=now)
            with ThreadPoolExecutor(2) as both:
                planning = both.submit(plan, store)
                removing = both.submit(sync, store, feeds=[feed("f")])
                planning.result()
                removing.result()
            assert store.query(undecided) == 0
            states = {one.state for one in store.query(contents.load_deliveries)}
            assert states <= {DeliveryState.DEAD}


# ── claiming and settling ────────────────────────────────────────────────────────────────────────


def test_a_delivery_is_claimed_by_one_worker_with_one_attempt(desk: Database) -> None:
    poll(desk, "a", item("1", "v"), item("2", "v"))
    plan(desk)
    assert desk.query(deliveries.load_next_due, "maildir") == NOW
    assert claim(desk, now=NOW - MINUTE) == []
    (first,) = claim(desk, limit=1)
    (second,) = claim(desk, worker="w2")
    assert first.id < second.id
    assert (first.failures, first.first_attempt_at, first.worker) == (0, NOW, "w1")
    assert claim(desk, channel="smtp") == []
    assert desk.query(deliveries.load_next_due, "maildir") is None
    _, attempts = desk.query(contents.load_delivery, second.id)
    assert [(one.worker, one.started_at, one.outcome) for one in attempts] == [("w2", NOW, None)]


def test_claims_at_once_share_no_delivery(postgres_url: str) -> None:
    with Database.open(postgres_url) as store:
        sync(store, feeds=[feed("f")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
        poll(store, "f", *(item(str(n), "w") for n in range(60)))
        plan(store)
        with ThreadPoolExecutor(4) as workers:
            results = workers.map(lambda n: claim(store, worker=f"w{n}", limit=3), range(60))
            claimed = [one.id for result in results for one in result]
        assert len(claimed) == len(set(claimed)) == 60


def test_an_attempt_whose_lease_ran_out_is_ambiguous_and_its_worker_is_fenced(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    plan(desk)
    (slow,) = claim(desk, worker="slow")
    assert claim(desk, worker="fast", now=NOW + LEASE - timedelta(seconds=1)) == []
    (fast,) = claim(desk, worker="fast", now=NOW + LEASE)
    assert (fast.id, fast.message_id, fast.failures) == (slow.id, slow.message_id, 1)
    assert fast.first_attempt_at == NOW

    assert not settle_sent(desk, slow)
    assert not retry(desk, slow)
    assert not desk.run(deliveries.settle_dead, slow, DeadReason.REFUSED, "550", now=NOW)
    assert not desk.run(deliveries.settle_channel_failed, slow, reply="", now=NOW)
    assert settle_sent(desk, fast)
    assert not settle_sent(desk, fast)
    status, attempts = desk.query(contents.load_delivery, slow.id)
    assert (status.state, status.tries, status.reply) == (DeliveryState.SENT, 2, "250 queued")
    assert [(one.outcome, one.ended_at) for one in attempts] == [("ambiguous", None), ("sent", NOW)]


def test_a_worker_that_claims_anew_cannot_settle_its_former_attempt(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    plan(desk)
    (former,) = claim(desk)
    (current,) = claim(desk, now=NOW + LEASE)
    assert not settle_sent(desk, former)
    assert settle_sent(desk, current)


def test_a_temporary_refusal_is_tried_again_in_its_time(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    plan(desk)
    (first,) = claim(desk)
    assert retry(desk, first, after=5 * MINUTE)
    assert claim(desk, now=NOW + 4 * MINUTE) == []
    (second,) = claim(desk, now=NOW + 5 * MINUTE)
    assert (second.failures, second.first_attempt_at) == (1, NOW)
    status, (attempt, _) = desk.query(contents.load_delivery, first.id)
    assert (status.reply, attempt.outcome, attempt.ended_at) == ("450 later", "retry", NOW)


def test_a_retry_time_that_a_clock_set_back_put_far_ahead_counts_as_due(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    plan(desk)
    (first,) = claim(desk)
    retry(desk, first, after=30 * DAY)
    assert len(claim(desk)) == 1


def test_a_refusal_for_good_is_shown_and_can_be_tried_by_hand(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    (delivery_id,) = plan(desk)
    (claimed,) = claim(desk)
    assert desk.run(deliveries.retry_delivery, delivery_id, now=NOW) is False, "it is being sent"
    assert desk.run(deliveries.settle_dead, claimed, DeadReason.REFUSED, "550 no such user", now=NOW)
    (shown,) = desk.query(contents.load_deliveries, state=DeliveryState.DEAD)
    assert (shown.dead_reason, shown.reply, shown.settled_at) == (
        DeadReason.REFUSED,
        "550 no such user",
        NOW,
    )
    counts = desk.query(load_counts, now=NOW)
    assert counts.deliveries == {"planned": 0, "due": 0, "sent": 0, "dead": 1}
    assert claim(desk, now=NOW + DAY) == []

    assert desk.run(deliveries.retry_delivery, delivery_id, now=LATER)
    (again,) = claim(desk, now=LATER)
    assert (again.message_id, again.failures, again.first_attempt_at) == (claimed.message_id, 0, LATER)
    assert settle_sent(desk, again)
    assert desk.run(deliveries.retry_delivery, delivery_id, now=LATER) is False
    with pytest.raises(NotFound, match="there is no delivery 999"):
        desk.run(deliveries.retry_delivery, 999, now=NOW)


def test_a_delivery_tried_by_hand_is_not_joined_by_later_mentions(desk: Database) -> None:
    poll(desk, "a", item("1", "v", failed=[("d", "boom"), ("w", "boom")]))
    (delivery_id,) = plan(desk)
    (claimed,) = claim(desk)
    desk.run(deliveries.settle_dead, claimed, DeadReason.EXPIRED, "450", now=NOW)
    desk.run(deliveries.retry_delivery, delivery_id, now=NOW)
    for failure in desk.query(mentions.load_matching_failures, limit=9):
        desk.run(mentions.record_retried, failure, match(failure.watch_id), now=NOW)
    assert delivery_id not in plan(desk)


def test_deliveries_are_listed_newest_first_a_page_at_a_time(desk: Database) -> None:
    poll(desk, "a", *(item(str(n), "v") for n in range(5)))
    planned = plan(desk)
    first = desk.query(contents.load_deliveries, limit=3)
    rest = desk.query(contents.load_deliveries, limit=3, before_id=first[-1].id)
    assert [one.id for one in first + rest] == planned[::-1]
    with pytest.raises(NotFound):
        desk.query(contents.load_delivery, 999)


# ── content ──────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_tells_the_newest_stories_and_counts_the_rest(desk: Database) -> None:
    found = [item(str(n), "v", arrival=Arrival.CATCH_UP, published=NOW - n * MINUTE) for n in range(5)]
    future = item("future", "v", arrival=Arrival.CATCH_UP, published=NOW + 700 * DAY)
    undated = item("undated", "v", arrival=Arrival.CATCH_UP)
    poll(desk, "a", *found[::-1], undated, future)
    (delivery_id,) = plan(desk)
    content = desk.query(contents.load_content, delivery_id, max_stories=5)
    assert [one.revision.title.rpartition(" ")[2] for one in content.stories] == [
        "future",
        "undated",
        "0",
        "1",
        "2",
    ]
    assert content.omitted == 2
    assert content.timezone == "Africa/Cairo"
    with pytest.raises(NotFound):
        desk.query(contents.load_content, 999, max_stories=5)


def test_a_source_is_told_by_the_operators_name_else_by_its_own_title_else_by_its_id(store: Database) -> None:
    sync(
        store,
        feeds=[feed("a", name="Our name"), feed("b"), feed("c")],
        watches=[watch("w", "desk")],
        recipients=[recipient("desk")],
    )
    lease(store)
    titles = {"a": "Its own title", "b": "Its own title", "c": None}
    record(store, *(record_of(one, item(one, "w"), title=title) for one, title in titles.items()))
    plan(store)
    told = {
        story.feed_id: story.feed_name
        for delivery in store.query(contents.load_deliveries)
        for story in store.query(contents.load_content, delivery.id, max_stories=9).stories
    }
    assert told == {"a": "Our name", "b": "Its own title", "c": "c"}


def test_a_mention_that_two_subscriptions_bring_is_told_once(store: Database) -> None:
    daily = watch("w", "desk", when="daily 08:00")
    both = replace(daily, send=daily.send + watch("w", "desk").send)
    sync(store, feeds=[feed("a")], watches=[both], recipients=[recipient("desk")])
    poll(store, "a", item("1", "w", arrival=Arrival.CATCH_UP))
    (delivery_id,) = plan(store)
    content = store.query(contents.load_content, delivery_id, max_stories=5)
    assert [len(one.mentions) for one in content.stories] == [1]
    assert content.omitted == 0
    assert [one.mentions for one in store.query(contents.load_deliveries)] == [1]


# ── the channel's own trouble ────────────────────────────────────────────────────────────────────


def test_a_paused_channel_sends_nothing_but_its_probe(desk: Database) -> None:
    poll(desk, "a", *(item(str(n), "v") for n in range(3)))
    plan(desk)
    claimed = claim(desk)
    probe_at = NOW + 10 * MINUTE
    for one in claimed:
        assert desk.run(deliveries.settle_channel_failed, one, reply="535 no", now=NOW)
    assert desk.run(channels.pause, "maildir", "535 password rejected", probe_at=probe_at, now=NOW)
    assert not desk.run(channels.pause, "maildir", "535 still", probe_at=probe_at, now=NOW + MINUTE)
    state = desk.query(channels.load, "maildir")
    assert (state.paused_at, state.reason, state.probe_at) == (NOW, "535 still", probe_at)

    assert claim(desk, now=NOW + 9 * MINUTE) == []
    (probe,) = claim(desk, now=probe_at)
    assert probe.failures == 0
    assert claim(desk, worker="w2", now=probe_at) == [], "one probe at a time"
    assert probe.paused_since_first_attempt == 10 * MINUTE

    assert desk.run(channels.resume, "maildir", now=probe_at)
    assert not desk.run(channels.resume, "maildir", now=probe_at)
    assert settle_sent(desk, probe)
    assert len(claim(desk, now=LATER)) == 2


def test_a_probe_that_nobody_settled_is_followed_by_another(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    plan(desk)
    desk.run(channels.pause, "maildir", "down", probe_at=NOW, now=NOW)
    assert len(claim(desk)) == 1
    (again,) = claim(desk, worker="w2", now=NOW + LEASE)
    assert again.failures == 1


def test_time_that_a_channel_was_paused_does_not_count_against_a_delivery(desk: Database) -> None:
    poll(desk, "a", item("1", "v"))
    desk.run(channels.pause, "maildir", "before the first try", probe_at=NOW, now=NOW - DAY)
    desk.run(channels.resume, "maildir", now=NOW - DAY / 2)
    plan(desk)
    (first,) = claim(desk)
    assert first.paused_since_first_attempt == timedelta(0)
    retry(desk, first, after=0 * MINUTE)
    for begin in (1, 11):
        desk.run(channels.pause, "maildir", "down", probe_at=NOW + DAY, now=NOW + begin * MINUTE)
        desk.run(channels.resume, "maildir", now=NOW + (begin + 5) * MINUTE)
    (second,) = claim(desk, now=NOW + 20 * MINUTE)
    assert second.paused_since_first_attempt == 10 * MINUTE
    retry(desk, second, after=0 * MINUTE)
    # A fresh start by hand forgets former pauses too.
    assert desk.run(deliveries.retry_delivery, second.id, now=LATER)
    (third,) = claim(desk, now=LATER)
    assert third.paused_since_first_attempt == timedelta(0)


def test_a_channel_that_was_never_paused_is_not(desk: Database) -> None:
    state = desk.query(channels.load, "smtp")
    assert (state.paused_at, state.paused_until(NOW)) == (None, timedelta(0))
