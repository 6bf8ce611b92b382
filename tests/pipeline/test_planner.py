"""T3 on both databases: which mail a mention goes into, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marsad.model import Arrival, DeliveryKind, DeliveryState
from marsad.pipeline.planner import CATCH_UP_OPEN, PlanReport, plan_deliveries
from marsad.store import contents
from marsad.store.contents import DeliveryStatus
from marsad.store.database import Database
from tests.store.world import MINUTE, NOW, feed, item, poll, recipient, sync, watch

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
