"""T0: what the files say becomes rows, and what left them is not forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marsad.model import (
    Arrival,
    DeadReason,
    DeliveryState,
    EntityDefinition,
    Receipt,
    Validators,
)
from marsad.store import contents, deliveries, feeds, mentions
from marsad.store.configuration import Changes, host_of
from marsad.store.database import Connection, Database
from marsad.store.tables import dispositions
from tests.store.world import (
    MINUTE,
    NOW,
    claim,
    feed,
    item,
    lease,
    match,
    plan,
    poll,
    recipient,
    record,
    record_of,
    sync,
    watch,
)

LATER = NOW + timedelta(hours=1)
DESK = recipient("desk")


def held(conn: Connection) -> list[tuple[int, int, str]]:
    rows = conn.execute(
        select(dispositions.c.subscription_id, dispositions.c.mention_id, dispositions.c.held_reason).where(
            dispositions.c.held_reason.is_not(None)
        )
    )
    return [(row.subscription_id, row.mention_id, row.held_reason) for row in rows]


def count_dispositions(conn: Connection) -> int:
    return len(conn.execute(select(dispositions.c.mention_id)).all())


def test_a_first_start_adds_everything_and_a_second_changes_nothing(store: Database) -> None:
    definitions = {
        "feeds": [feed("b"), feed("a")],
        "watches": [watch("w", "desk"), watch("v", "desk", "editor", when="daily 08:00")],
        "entities": [EntityDefinition(id="un", kind="organisation", name="UN")],
        "recipients": [DESK, recipient("editor")],
    }
    report = sync(store, **definitions)  # type: ignore[arg-type]
    assert report.feeds == Changes(added=("b", "a"))
    assert report.watches == Changes(added=("w", "v"))
    assert report.entities == Changes(added=("un",))
    assert report.recipients == Changes(added=("desk", "editor"))
    assert report.new_subscriptions == (
        ("w", "desk", "instant"),
        ("v", "desk", "daily 08:00"),
        ("v", "editor", "daily 08:00"),
    )
    again = sync(store, **definitions, now=LATER)  # type: ignore[arg-type]
    assert not any((again.feeds, again.watches, again.entities, again.recipients))
    assert again.new_subscriptions == ()
    assert [one.due_at for one in store.query(feeds.load_feeds)] == [NOW, NOW]


def test_another_url_under_the_same_id_keeps_the_history_and_is_asked_unconditionally(
    store: Database,
) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"))
    lease(store, now=LATER)
    record(
        store,
        record_of(
            "a",
            validators=Validators(etag='"1"', last_modified="x", body_hash="y"),
            moved_to="https://new.example/",
            stop=True,
            failures=3,
            now=LATER,
        ),
    )
    moved = feed("a", url="https://Elsewhere.example:8443/feed")
    assert sync(store, feeds=[moved], now=LATER).feeds == Changes(changed=("a",))

    (leased,) = lease(store, now=LATER)
    assert (leased.url, leased.host) == ("https://Elsewhere.example:8443/feed", "elsewhere.example")
    assert leased.validators == Validators()
    assert (leased.moved_to, leased.failures, leased.first_contact_at) == (None, 0, NOW)
    (recorded,) = record(store, record_of("a", item("1", "w"), now=LATER))
    assert recorded.new_items == 0


def test_a_poll_of_the_old_url_that_is_under_way_is_not_recorded(store: Database) -> None:
    sync(store, feeds=[feed("a"), feed("b")])
    lease(store)
    sync(store, feeds=[feed("a", url="https://elsewhere.example/")])
    recorded = record(
        store, record_of("a", item("1"), validators=Validators(etag="old")), record_of("b", item("1"))
    )
    assert [one.lease_lost for one in recorded] == [True, True]
    (leased,) = lease(store)
    assert leased.validators.etag is None


def test_a_feed_that_left_is_not_polled_and_one_that_returns_knows_its_items(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    poll(store, "a", item("1"))
    assert sync(store, feeds=[]).feeds == Changes(removed=("a",))
    assert lease(store, now=LATER) == []
    assert store.query(feeds.load_feeds) == []
    assert sync(store, feeds=[feed("a")], now=LATER).feeds == Changes(added=("a",))
    assert poll(store, "a", item("1"), item("2"), now=LATER).new_items == 1


def test_a_feed_whose_name_changes_keeps_its_due_time_and_validators(store: Database) -> None:
    sync(store, feeds=[feed("a")])
    lease(store)
    record(store, record_of("a", validators=Validators(etag="1"), next_due=LATER))
    assert sync(store, feeds=[feed("a", name="Agency")]).feeds == Changes(changed=("a",))
    assert lease(store) == []
    (leased,) = lease(store, now=LATER)
    assert (leased.name, leased.validators.etag) == ("Agency", "1")


def test_a_changed_watch_keeps_its_subscriptions(store: Database) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"))
    report = sync(
        store, feeds=[feed("a")], watches=[watch("w", "desk", name="N")], recipients=[DESK], version="2"
    )
    assert report.watches == Changes(changed=("w",))
    assert report.new_subscriptions == ()
    assert len(plan(store)) == 1


def test_a_subscriber_is_told_of_nothing_that_was_recorded_before(store: Database) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"))
    both = [DESK, recipient("editor")]
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk", "editor")], recipients=both, now=LATER)
    plan(store, now=LATER)
    assert [one.recipient_id for one in claim(store, now=LATER)] == ["desk"]
    poll(store, "a", item("2", "w"), now=LATER)
    plan(store, now=LATER)
    assert sorted(one.recipient_id for one in claim(store, now=LATER)) == ["desk", "editor"]


def test_a_subscription_that_returns_is_not_owed_what_came_meanwhile(store: Database) -> None:
    def with_watches(*watches: str, now: timedelta) -> object:
        sends = [watch(one, "desk") for one in watches]
        return sync(
            store, feeds=[feed("a")], watches=sends, recipients=[DESK], now=NOW + now
        ).new_subscriptions

    with_watches("w", "v", now=0 * MINUTE)
    with_watches("v", now=1 * MINUTE)
    # A poll that was matched with the former watches is still recorded.
    poll(store, "a", item("1", "w"), now=NOW + 2 * MINUTE)
    assert with_watches("w", "v", now=3 * MINUTE) == (("w", "desk", "instant"),)
    assert plan(store) == []
    poll(store, "a", item("2", "w"), now=NOW + 30 * MINUTE)
    assert len(plan(store)) == 1


def test_recorded_mentions_of_a_removed_watch_and_feed_still_go_out_under_their_name(
    store: Database,
) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"))
    sync(store, recipients=[DESK])
    (delivery_id,) = plan(store)
    content = store.query(contents.load_content, delivery_id, max_stories=9)
    assert content.stories[0].mentions[0].watch_name == "name of w"
    assert len(claim(store)) == 1


def test_nothing_waits_for_a_removed_recipient(store: Database) -> None:
    feeds_, watches = [feed("a")], [watch("w", "desk", "gone"), watch("d", "gone", when="daily 08:00")]
    everyone = [DESK, recipient("gone")]
    sync(store, feeds=feeds_, watches=watches, recipients=everyone)
    poll(store, "a", item("1", "w"), item("2", "w", arrival=Arrival.CATCH_UP))
    assert len(plan(store)) == 4
    poll(store, "a", item("3", "w", "d"), now=LATER)

    report = sync(store, feeds=feeds_, watches=[watch("w", "desk")], recipients=[DESK], now=LATER)
    assert report.recipients.removed == ("gone",)
    assert report.dead_deliveries == 2
    assert [reason for _, _, reason in store.query(held)] == ["recipient_removed"] * 2
    plan(store, now=LATER)
    dead = store.query(contents.load_deliveries, state=DeliveryState.DEAD)
    assert {(one.recipient_id, one.dead_reason) for one in dead} == {("gone", DeadReason.RECIPIENT_REMOVED)}
    assert {one.recipient_id for one in claim(store, now=LATER)} == {"desk"}
    assert store.query(mentions.load_waiting) == []


def test_a_mail_on_its_way_to_a_removed_recipient_is_told_as_it_ended(store: Database) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"), item("2", "w"))
    plan(store)
    sent, lost = claim(store)
    sync(store)
    assert store.run(deliveries.settle_sent, sent, Receipt(reply="250"), now=NOW)
    assert claim(store, worker="w2", now=LATER) == []
    status, (attempt,) = store.query(contents.load_delivery, lost.id)
    assert (status.dead_reason, attempt.outcome, attempt.ended_at) == (
        DeadReason.RECIPIENT_REMOVED,
        "ambiguous",
        None,
    )


def test_a_changed_address_is_used_for_what_is_not_sent_yet(store: Database) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[DESK])
    poll(store, "a", item("1", "w"))
    plan(store)
    moved = recipient("desk", address="new@example.org")
    assert sync(store, watches=[watch("w", "desk")], recipients=[moved]).recipients.changed == ("desk",)
    assert [one.address for one in claim(store)] == ["new@example.org"]


def test_what_is_not_sent_yet_leaves_by_the_new_channel(store: Database) -> None:
    setting = {"feeds": [feed("a")], "watches": [watch("w", "desk"), watch("v", "desk")]}
    sync(store, **setting, recipients=[DESK])  # type: ignore[arg-type]
    poll(store, "a", item("1", "w"), item("2", "w", arrival=Arrival.CATCH_UP), item("3", "v"))
    planned = plan(store)
    poll(store, "a", item("4", "w"), now=LATER)
    report = sync(store, **setting, recipients=[DESK], channel="smtp")  # type: ignore[arg-type]
    assert report.new_subscriptions == ()
    plan(store, now=LATER)
    assert store.run(deliveries.close_catch_ups, planned, now=LATER) == 1
    assert claim(store, now=LATER) == []
    assert len(claim(store, channel="smtp", now=LATER)) == 4


def test_a_message_whose_window_has_left_by_the_new_channel_leaves_too(store: Database) -> None:
    setting = {"feeds": [feed("a")], "recipients": [DESK]}
    both = [watch("w", "desk"), watch("v", "desk")]
    sync(store, **setting, watches=both, channel="smtp")  # type: ignore[arg-type]
    poll(store, "a", item("1", "w", failed=[("v", "boom")]))
    plan(store)
    (claimed,) = claim(store, channel="smtp")
    store.run(deliveries.settle_sent, claimed, Receipt(reply="250"), now=NOW)
    sync(store, **setting, watches=both, channel="maildir")  # type: ignore[arg-type]
    (failure,) = store.query(mentions.load_matching_failures, limit=9)
    assert store.run(mentions.record_retried, failure, match("v"), now=NOW)
    plan(store)
    sync(store, **setting, watches=both, channel="smtp")  # type: ignore[arg-type]
    (second,) = claim(store, channel="smtp")
    assert second.window == f"{claimed.window}+maildir"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example./rss", "news.example"),
        ("http://user:secret@a.example:8080/x", "a.example"),
        ("file:sample.xml", ""),
        ("http://[::1]/x", "::1"),
    ],
)
def test_a_host_is_what_limits_go_by(url: str, host: str) -> None:
    assert host_of(url) == host
