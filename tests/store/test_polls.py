"""T2: an item and its mentions, or neither; the validators with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from marsad.errors import NotFound, StoreRefused
from marsad.model import Arrival, Hit, Validators
from marsad.store import dialect, feeds, items, mentions
from marsad.store.database import Connection, Database
from marsad.store.items import Sighting
from marsad.store.mentions import hits_from_json, hits_to_json
from marsad.store.tables import dispositions, matching_failures, revisions
from tests.store.world import (
    MINUTE,
    NOW,
    feed,
    item,
    lease,
    match,
    poll,
    recipient,
    record,
    record_of,
    revision,
    sync,
    watch,
)

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def newsroom(store: Database) -> Database:
    """Feeds a and b, watches w and v, one recipient."""
    sync(
        store,
        feeds=[feed("a"), feed("b")],
        watches=[watch("w", "desk"), watch("v", "desk", when="daily 08:00")],
        recipients=[recipient("desk")],
    )
    return store


def places(conn: Connection) -> list[tuple[str, bool, bool]]:
    """(held reason or "", undecided, at once), in the order of recording."""
    rows = conn.execute(
        select(dispositions).order_by(dispositions.c.mention_id, dispositions.c.subscription_id)
    )
    return [(row.held_reason or "", row.decided_at is None, row.at_once) for row in rows]


def test_a_batch_records_every_feed_of_it(newsroom: Database) -> None:
    lease(newsroom)
    recorded = record(
        newsroom,
        record_of("a", item("1", "w", "v"), item("2"), title="Agency A"),
        record_of("b", item("1", "w")),
    )
    assert [(one.feed_id, one.new_items, one.mentions) for one in recorded] == [("a", 2, 2), ("b", 1, 1)]
    assert newsroom.query(feeds.load_feed, "a").title == "Agency A"
    shown = newsroom.query(mentions.load_mentions)
    assert [(one.feed_id, one.watch_id, one.title, one.revision) for one in shown] == [
        ("a", "w", "Ministry speaks of 1", 1),
        ("a", "v", "Ministry speaks of 1", 1),
        ("b", "w", "Ministry speaks of 1", 1),
    ]
    assert shown[0].hits == match("w").hits


def test_the_same_document_again_is_nothing_new(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "w"), item("2", "w"))
    again = poll(newsroom, "a", item("2", "w"), item("1", "w"), now=LATER)
    assert (again.new_items, again.new_revisions, again.mentions) == (0, 0, 0)
    assert len(newsroom.query(mentions.load_mentions)) == 2


def test_the_same_key_in_two_feeds_is_two_items(newsroom: Database) -> None:
    assert poll(newsroom, "a", item("1", "w")).new_items == 1
    assert poll(newsroom, "b", item("1", "w")).new_items == 1


def test_a_key_that_stands_twice_in_a_document_is_its_first_item(newsroom: Database) -> None:
    recorded = poll(newsroom, "a", item("1", "w", title="first"), item("1", "v", title="second"))
    assert (recorded.new_items, recorded.mentions) == (1, 1)
    assert [one.title for one in newsroom.query(mentions.load_mentions)] == ["first"]


def test_another_text_is_another_revision_and_a_mention_keeps_the_one_it_was_found_in(
    newsroom: Database,
) -> None:
    poll(newsroom, "a", item("1", "w", title="first"))
    edited = item("1", "v", title="second", is_new=False)
    recorded = poll(newsroom, "a", edited, now=LATER)
    assert (recorded.new_items, recorded.new_revisions, recorded.mentions) == (0, 1, 0)
    assert poll(newsroom, "a", edited, now=LATER + 15 * MINUTE).new_revisions == 0

    (mention,) = newsroom.query(mentions.load_mentions)
    assert (mention.title, mention.revision) == ("first", 1)
    shown = newsroom.query(items.load_item, mention.item_id)
    assert [(one.number, one.revision.title, one.recorded_at) for one in shown.revisions] == [
        (1, "first", NOW),
        (2, "second", LATER),
    ]
    assert shown.current.revision == revision("second")
    assert (shown.feed_id, shown.key, shown.first_seen_at) == ("a", "1", NOW)
    known = newsroom.query(items.load_known, "a", ["1", "2"])
    second, again = revision("second").hash, LATER + 15 * MINUTE
    assert known == {"1": Sighting(hash=second, revision=2, recorded_at=LATER, last_seen_at=again)}
    with pytest.raises(NotFound):
        newsroom.query(items.load_item, mention.item_id + 1000)


def test_a_revision_of_an_item_that_nobody_knows_is_left_out(newsroom: Database) -> None:
    recorded = poll(newsroom, "a", item("ghost", "w", is_new=False))
    assert (recorded.new_items, recorded.new_revisions) == (0, 0)


def test_every_field_of_a_revision_comes_back(newsroom: Database) -> None:
    full = revision("عنوان", published=NOW - MINUTE)
    found = item("1", "w", title="عنوان", published=NOW - MINUTE)
    assert found.revision == full
    poll(newsroom, "a", found)
    (mention,) = newsroom.query(mentions.load_mentions)
    assert newsroom.query(items.load_item, mention.item_id).current.revision == full


def test_known_keys_are_found_however_many_are_asked(newsroom: Database) -> None:
    poll(newsroom, "a", *(item(str(n)) for n in range(30)))
    known = newsroom.query(items.load_known, "a", [str(n) for n in range(20, 12_000)])
    assert sorted(known, key=int) == [str(n) for n in range(20, 30)]


def test_an_item_that_its_feed_renamed_keeps_its_mentions_and_is_found_by_its_new_key(
    newsroom: Database,
) -> None:
    poll(newsroom, "a", item("old", "w"), item("other"))
    poll(newsroom, "b", item("old"))
    lease(newsroom, now=LATER)
    renamed = replace(
        record_of("a", item("new", title="Edited", is_new=False)),
        renamed=(("old", "new"), ("nobody", "knows"), ("other", "other")),
    )
    (recorded,) = record(newsroom, renamed, now=LATER)
    assert (recorded.new_items, recorded.new_revisions) == (0, 1)
    assert [one.key for one in newsroom.query(items.load_latest, "a", limit=9)] == ["new", "other"]
    assert [one.key for one in newsroom.query(items.load_latest, "b", limit=9)] == ["old"]
    (mention,) = newsroom.query(mentions.load_mentions)
    assert newsroom.query(items.load_item, mention.item_id).key == "new"


def test_a_key_that_is_taken_is_not_given_twice(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "w"), item("2"))
    lease(newsroom, now=LATER)
    record(newsroom, replace(record_of("a"), renamed=(("1", "2"),)), now=LATER)
    assert {one.key for one in newsroom.query(items.load_latest, "a", limit=9)} == {"1", "2"}


def test_the_items_seen_last_come_first(newsroom: Database) -> None:
    poll(newsroom, "a", item("1"), item("2"), item("3"))
    poll(newsroom, "b", item("elsewhere"))
    lease(newsroom, now=LATER)
    seen = replace(record_of("a", item("4", title="Four")), seen_keys=("2", "nobody knows"))
    record(newsroom, seen, now=LATER)
    latest = list(newsroom.query(items.load_latest, "a", limit=3))
    assert [one.key for one in latest] == ["4", "2", "3"]
    four = revision("Four")
    assert (latest[0].hash, latest[0].title, latest[0].link) == (four.hash, four.title, four.link)
    known = newsroom.query(items.load_known, "a", ["1", "2"])
    assert {key: one.last_seen_at for key, one in known.items()} == {"1": NOW, "2": LATER}


def test_what_an_operator_should_know_of_a_body_is_kept_until_the_next_one(newsroom: Database) -> None:
    def note_after(notes: str | None, **more: Any) -> str:
        lease(newsroom)
        record(newsroom, replace(record_of("a", next_due=NOW, **more), notes=notes))
        return newsroom.query(feeds.load_feed, "a").notes

    assert note_after("encoding suspect") == "encoding suspect"
    assert note_after(None, outcome="timeout", succeeded=False) == "encoding suspect"
    assert note_after("") == ""


def test_a_first_body_that_came_in_part_is_a_success_but_no_first_contact(newsroom: Database) -> None:
    lease(newsroom)
    record(newsroom, replace(record_of("a"), ends_first_contact=False))
    status = newsroom.query(feeds.load_feed, "a")
    assert (status.first_contact_at, status.last_success_at) == (None, NOW)


def test_validators_are_kept_byte_for_byte_and_only_with_the_items(newsroom: Database) -> None:
    validators = Validators(etag='W/"a\xe9\xff"', last_modified="yesterday, maybe", body_hash="0" * 64)
    lease(newsroom)
    record(newsroom, record_of("a", item("1"), validators=validators))
    (leased,) = [one for one in lease(newsroom, now=LATER) if one.id == "a"]
    assert leased.validators == validators


def test_a_poll_without_validators_keeps_them_and_one_with_none_forgets_them(newsroom: Database) -> None:
    validators = Validators(etag="1", last_modified="2", body_hash="3")

    def leased_validators(now: timedelta) -> Validators:
        (found,) = [one for one in lease(newsroom, now=NOW + now) if one.id == "a"]
        return found.validators

    leased_validators(0 * MINUTE)
    record(newsroom, record_of("a", validators=validators))
    assert leased_validators(15 * MINUTE) == validators
    record(newsroom, record_of("a", succeeded=False, next_due=NOW))
    assert leased_validators(16 * MINUTE) == validators
    record(newsroom, record_of("a", validators=Validators(), next_due=NOW))
    assert leased_validators(17 * MINUTE) == Validators()


def test_first_contact_is_the_first_success(newsroom: Database) -> None:
    lease(newsroom)
    record(newsroom, record_of("a", succeeded=False, outcome="timeout", detail="30 s", failures=1))
    assert newsroom.query(feeds.load_feed, "a").first_contact_at is None
    lease(newsroom, now=LATER)
    record(newsroom, record_of("a"), now=LATER)
    status = newsroom.query(feeds.load_feed, "a")
    assert (status.first_contact_at, status.last_success_at, status.detail) == (LATER, LATER, "")
    lease(newsroom, now=LATER + 15 * MINUTE)
    record(newsroom, record_of("a"), now=LATER + 15 * MINUTE)
    status = newsroom.query(feeds.load_feed, "a")
    assert (status.first_contact_at, status.last_success_at) == (LATER, LATER + 15 * MINUTE)


def test_a_feed_that_moved_for_good_is_asked_there(newsroom: Database) -> None:
    lease(newsroom)
    record(newsroom, record_of("a", adopt_url="https://New.example/feed", next_due=NOW, moved_to=None))
    (found,) = lease(newsroom)
    assert (found.url, found.host) == ("https://New.example/feed", "new.example")
    assert found.configured_url == "https://a.example/rss"


def test_every_live_subscription_gets_its_place_with_the_mention(newsroom: Database) -> None:
    poll(
        newsroom,
        "a",
        item("1", "w", "v"),
        item("2", "w", "v", arrival=Arrival.CATCH_UP),
        item("3", "w", "v", arrival=Arrival.BEFORE_FIRST_CONTACT),
    )
    assert newsroom.query(places) == [
        ("", True, True),
        ("", True, False),
        ("", True, True),
        ("", True, True),
        ("before_first_contact", False, True),
        ("before_first_contact", False, False),
    ]


def test_a_value_that_the_database_refuses_takes_nothing_of_the_batch_with_it(
    newsroom: Database,
) -> None:
    lease(newsroom)
    good = record_of("a", item("1", "w"), validators=Validators(etag="1"))
    bad = record_of("b", item("1", "no such watch"), validators=Validators(etag="1"))
    with pytest.raises(StoreRefused):
        record(newsroom, good, bad)
    assert newsroom.query(mentions.load_mentions) == []
    assert record(newsroom, good)[0].mentions == 1
    with pytest.raises(StoreRefused):
        record(newsroom, bad)
    (still_mine,) = record(newsroom, record_of("b", outcome="internal", succeeded=False))
    assert not still_mine.lease_lost


def test_an_empty_batch_is_nothing(newsroom: Database) -> None:
    assert record(newsroom) == []


def test_an_unchanged_feed_costs_no_rows(newsroom: Database) -> None:
    lease(newsroom)
    (recorded,) = record(newsroom, record_of("a", outcome="not_modified"))
    assert (recorded.lease_lost, recorded.new_items) == (False, 0)


def test_a_batch_may_be_larger_than_a_statement(newsroom: Database) -> None:
    found = [item(str(n), "w") for n in range(dialect.CHUNK + 1)]
    recorded = poll(newsroom, "a", *found)
    assert (recorded.new_items, recorded.mentions) == (len(found), len(found))
    edited = [item(one.key, title=f"edited {one.key}", is_new=False) for one in found]
    assert poll(newsroom, "a", *edited, now=LATER).new_revisions == len(found)
    count = newsroom.query(
        lambda conn: conn.execute(select(func.count()).select_from(revisions)).scalar_one()
    )
    assert count == 2 * len(found)


def test_a_watch_that_failed_on_an_item_is_remembered_and_tried_again(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", "w", failed=[("v", "boom"), ("v", "boom again")]))
    (failure,) = newsroom.query(mentions.load_matching_failures, limit=9)
    assert (failure.watch_id, failure.error, failure.arrival) == ("v", "boom again", Arrival.LIVE)
    assert newsroom.query(mentions.load_matching_failures, limit=9, after=(failure.item_id, "v")) == []

    assert newsroom.run(mentions.record_retried, failure, match("v"), now=LATER)
    assert not newsroom.run(mentions.record_retried, failure, match("v"), now=LATER)
    assert [one.watch_id for one in newsroom.query(mentions.load_mentions)] == ["w", "v"]
    assert len(newsroom.query(places)) == 2
    assert newsroom.query(lambda conn: conn.execute(select(matching_failures)).all()) == []


def test_a_failure_of_a_watch_that_has_left_is_tried_no_more(newsroom: Database) -> None:
    poll(newsroom, "a", item("1", failed=[("v", "boom"), ("w", "boom")]))
    sync(newsroom, feeds=[feed("a"), feed("b")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
    assert [one.watch_id for one in newsroom.query(mentions.load_matching_failures, limit=9)] == ["w"]


def test_mentions_are_shown_a_page_at_a_time(newsroom: Database) -> None:
    poll(newsroom, "a", *(item(str(n), "w") for n in range(5)))
    poll(newsroom, "b", item("x", "v"), now=LATER)
    first = newsroom.query(mentions.load_mentions, limit=4)
    rest = newsroom.query(mentions.load_mentions, limit=4, after_id=first[-1].id)
    assert [one.title[-1] for one in first + rest] == ["0", "1", "2", "3", "4", "x"]
    assert [one.watch_id for one in newsroom.query(mentions.load_mentions, watch_id="v")] == ["v"]
    (one,) = newsroom.query(mentions.load_mentions, watch_id="w", item_id=first[0].item_id)
    assert (one.id, one.watch_version) == (first[0].id, "1")
    assert [one.feed_id for one in newsroom.query(mentions.load_mentions, since=LATER)] == ["b"]


def test_hits_survive_their_storage() -> None:
    hits: tuple[Hit, ...] = match("w").hits
    assert hits_from_json(hits_to_json(hits)) == hits
    assert "وزارة" in hits_to_json(hits)
