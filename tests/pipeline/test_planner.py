"""T3 on both databases: which mail a mention goes into, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marsad.model import Arrival, DeliveryKind, DeliveryState, Receipt
from marsad.pipeline.planner import CATCH_UP_OPEN, PlanReport, plan_deliveries
from marsad.store import contents, deliveries, mentions
from marsad.store.contents import DeliveryStatus
from marsad.store.database import Database
from tests.store.world import (
    DAY,
    MINUTE,
    NOW,
    claim,
    feed,
    item,
    lease,
    match,
    poll,
    recipient,
    record,
    record_of,
    sync,
    watch,
)

HOUR = timedelta(hours=1)


def plan(store: Database, *, now: datetime = NOW, polling_ended: bool = False) -> PlanReport:
    return store.run(
        plan_deliveries, now=now, message_id_domain="marsad.example", polling_ended=polling_ended
    )


def deliveries_of(store: Database) -> list[DeliveryStatus]:
    return store.query(contents.load_deliveries, limit=100)


@pytest.fixture
def newsroom(store: Database) -> Database:
    """One feed; two watches that tell amal at once, one that tells boris at 07:30 and 13:00 in Cairo."""
    sync(
        store,
        feeds=[feed("a")],
        watches=[
            watch("russia", "amal"),
            watch("hamas", "amal"),
            watch("gas", "boris", when="daily 07:30,13:00"),
        ],
        recipients=[recipient("amal"), recipient("boris")],
    )
    return store


def test_all_watches_of_one_recipient_on_one_item_are_one_mail(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "russia", "hamas"), item("2", "hamas"))
    assert plan(newsroom).deliveries == 2
    assert [one.kind for one in deliveries_of(newsroom)] == [DeliveryKind.INSTANT] * 2
    assert plan(newsroom, now=NOW + MINUTE).deliveries == 0


def test_a_digest_waits_for_its_window_and_takes_all_that_was_found_before(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "gas"), item("2", "gas"))  # 11:00 in Cairo
    window_end = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    assert plan(newsroom, now=window_end - MINUTE).deliveries == 0
    assert plan(newsroom, now=window_end).deliveries == 1
    (digest,) = deliveries_of(newsroom)
    assert (digest.kind, digest.state, digest.recipient_id) == (
        DeliveryKind.DIGEST,
        DeliveryState.DUE,
        "boris",
    )
    assert "13:00" in digest.window
    assert plan(newsroom, now=window_end + MINUTE).deliveries == 0


def test_a_digest_that_was_slept_through_is_told_once_in_the_latest_window(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "gas"))
    assert plan(newsroom, now=NOW + timedelta(days=3)).deliveries == 1
    assert len(deliveries_of(newsroom)) == 1


def test_what_came_at_first_contact_is_one_catch_up_that_closes_when_every_feed_was_asked(
    newsroom: Database,
) -> None:
    items = [item(str(n), "russia", arrival=Arrival.CATCH_UP) for n in range(3)]
    poll(newsroom, "a", *items)
    report = plan(newsroom)
    assert (report.deliveries, report.closed) == (1, 1)
    (catch_up,) = deliveries_of(newsroom)
    assert (catch_up.kind, catch_up.state) == (DeliveryKind.CATCH_UP, DeliveryState.DUE)


def test_a_catch_up_waits_for_a_feed_that_was_never_asked_but_not_for_ever(store: Database) -> None:
    sync(
        store,
        feeds=[feed("a"), feed("b")],
        watches=[watch("russia", "amal")],
        recipients=[recipient("amal")],
    )
    poll(store, "a", item("1", "russia", arrival=Arrival.CATCH_UP))
    assert plan(store).closed == 0
    assert deliveries_of(store)[0].state is DeliveryState.PLANNED
    assert plan(store, now=NOW + CATCH_UP_OPEN - MINUTE).closed == 0
    assert plan(store, now=NOW + CATCH_UP_OPEN).closed == 1


def downtime(store: Database, *ids: str) -> datetime:
    """Let every feed be asked once, then nothing happen for a night; return the morning."""
    sync(
        store,
        feeds=[feed(one) for one in ids],
        watches=[watch("russia", "amal")],
        recipients=[recipient("amal")],
    )
    for one in ids:
        poll(store, one)
    return NOW + 8 * HOUR


def test_after_a_downtime_a_catch_up_waits_until_every_overdue_feed_was_asked_again(store: Database) -> None:
    morning = downtime(store, "a", "b", "c")
    poll(store, "a", item("1", "russia", arrival=Arrival.CATCH_UP), now=morning)
    assert plan(store, now=morning).closed == 0
    poll(store, "b", item("2", "russia", arrival=Arrival.CATCH_UP), now=morning + MINUTE)
    assert plan(store, now=morning + MINUTE).closed == 0
    # A failed try counts: the dead host of one feed keeps nobody waiting.
    failed = record_of("c", outcome="dns", succeeded=False, next_due=morning + HOUR, now=morning + 2 * MINUTE)
    lease(store, now=morning + 2 * MINUTE)
    record(store, failed, now=morning + 2 * MINUTE)
    assert plan(store, now=morning + 2 * MINUTE).closed == 1
    (catch_up,) = deliveries_of(store)
    assert (catch_up.state, catch_up.mentions) == (DeliveryState.DUE, 2)


def test_an_overdue_feed_that_is_not_asked_keeps_a_catch_up_open_for_15_minutes(store: Database) -> None:
    morning = downtime(store, "a", "b")
    poll(store, "a", item("1", "russia", arrival=Arrival.CATCH_UP), now=morning)
    assert plan(store, now=morning).closed == 0
    assert plan(store, now=morning + CATCH_UP_OPEN - MINUTE).closed == 0
    assert plan(store, now=morning + CATCH_UP_OPEN).closed == 1


def test_a_feed_that_falls_due_later_keeps_no_catch_up_open(store: Database) -> None:
    sync(
        store,
        feeds=[feed("a"), feed("b")],
        watches=[watch("russia", "amal")],
        recipients=[recipient("amal")],
    )
    poll(store, "b")
    poll(store, "a", item("1", "russia", arrival=Arrival.CATCH_UP), now=NOW + MINUTE)
    assert plan(store, now=NOW + MINUTE).closed == 1


def test_what_missed_its_digest_waits_for_the_next_one(newsroom: Database) -> None:
    """A poll may commit what it found before the window's end only when the mail has gone already."""
    end = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    poll(newsroom, "a", item("1", "gas"))
    plan(newsroom, now=end)
    (told,) = claim(newsroom, now=end)
    poll(newsroom, "a", item("2", "gas"), now=end - MINUTE)
    assert plan(newsroom, now=end + MINUTE).deliveries == 0
    assert newsroom.run(deliveries.settle_sent, told, Receipt(reply="250"), now=end + MINUTE)
    assert plan(newsroom, now=end + HOUR).deliveries == 0
    next_end = datetime(2026, 3, 11, 5, 30, tzinfo=UTC)  # 07:30 in Cairo
    assert plan(newsroom, now=next_end).deliveries == 1
    second, first = deliveries_of(newsroom)
    assert (first.mentions, second.mentions) == (1, 1)
    assert (first.window[-16:], second.window[-16:]) == ("2026-03-10 13:00", "2026-03-11 07:30")


def test_a_digest_that_nobody_has_tried_yet_takes_what_was_committed_late(newsroom: Database) -> None:
    end = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    poll(newsroom, "a", item("1", "gas"))
    plan(newsroom, now=end)
    poll(newsroom, "a", item("2", "gas"), now=end - MINUTE)
    assert plan(newsroom, now=end + MINUTE).deliveries == 1
    (digest,) = deliveries_of(newsroom)
    assert digest.mentions == 2


def test_a_recipient_who_moves_west_gets_no_second_digest_for_the_day(store: Database) -> None:
    def living_in(zone: str) -> None:
        sync(
            store,
            feeds=[feed("a")],
            watches=[watch("gas", "boris", when="daily 07:30")],
            recipients=[replace(recipient("boris"), timezone=zone)],
            now=NOW - 2 * DAY,
        )

    living_in("Asia/Tokyo")
    poll(store, "a", item("1", "gas"), now=datetime(2026, 3, 9, 21, 0, tzinfo=UTC))
    plan(store, now=datetime(2026, 3, 9, 22, 30, tzinfo=UTC))  # 07:30 of 10 March in Tokyo
    assert len(claim(store, now=datetime(2026, 3, 9, 22, 31, tzinfo=UTC))) == 1
    living_in("America/New_York")
    poll(store, "a", item("2", "gas"), now=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
    assert plan(store, now=datetime(2026, 3, 10, 12, 0, tzinfo=UTC)).deliveries == 0  # 08:00 there
    assert plan(store, now=datetime(2026, 3, 11, 12, 0, tzinfo=UTC)).deliveries == 1
    assert [one.mentions for one in deliveries_of(store)] == [1, 1]


def test_a_watch_that_is_mended_tells_what_it_missed_in_one_mail(newsroom: Database) -> None:
    poll(newsroom, "a", *(item(str(n), "russia", failed=[("hamas", "boom")]) for n in range(20)))
    plan(newsroom)
    assert len(claim(newsroom)) == 20
    for failure in newsroom.query(mentions.load_matching_failures, limit=99):
        newsroom.run(mentions.record_retried, failure, match("hamas"), now=NOW + MINUTE)
    plan(newsroom, now=NOW + MINUTE)
    found = deliveries_of(newsroom)
    assert [one.kind for one in found].count(DeliveryKind.INSTANT) == 20
    assert [one.mentions for one in found if one.kind is DeliveryKind.CATCH_UP] == [20]


def test_the_end_of_polling_closes_a_catch_up(store: Database) -> None:
    sync(
        store,
        feeds=[feed("a"), feed("b")],
        watches=[watch("russia", "amal")],
        recipients=[recipient("amal")],
    )
    poll(store, "a", item("1", "russia", arrival=Arrival.CATCH_UP))
    assert plan(store, polling_ended=True).closed == 1


def test_a_mention_that_waited_for_hours_is_no_instant_any_more(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "russia"), item("2", "hamas"))
    plan(newsroom, now=NOW + 3 * HOUR + MINUTE)
    (only,) = deliveries_of(newsroom)
    assert only.kind is DeliveryKind.CATCH_UP


def test_a_removed_recipient_is_told_nothing(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "russia"))
    sync(newsroom, feeds=[feed("a")], now=NOW + MINUTE)
    assert plan(newsroom, now=NOW + MINUTE).deliveries == 0
    assert deliveries_of(newsroom) == []
