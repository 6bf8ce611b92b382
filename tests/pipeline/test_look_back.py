"""T6: a new or changed watch is told, in the catch-up, of what was recorded lately, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.config.settings import PollSettings
from marsad.config.shapes import PollShape
from marsad.matching.watchset import compile_watch_set
from marsad.model import Arrival, FirstContact, WatchDefinition
from marsad.pipeline.in_force import InForce
from marsad.pipeline.judging import judging
from marsad.pipeline.look_back import look_back
from marsad.pipeline.planner import plan_deliveries
from marsad.store import configuration, contents, look_backs, mentions
from marsad.store.database import Database
from tests.store.world import DAY, NOW, feed, item, poll, recipient, watch

HOUR = timedelta(hours=1)
FEED = replace(feed("a"), language="en")


def in_force(*watches: WatchDefinition, window: str = "24h") -> InForce:
    shape = PollShape()
    settings = PollSettings(
        every=shape.every,
        concurrency=shape.concurrency,
        per_host=shape.per_host,
        timeout=shape.timeout,
        max_body=shape.max_body,
        first_contact=FirstContact.parse(window),
    )
    compiled = compile_watch_set(watches, feeds=[FEED])
    assert not compiled.mistakes
    return InForce(feeds={"a": FEED}, poll=settings, watch_set=compiled.watch_set)


def apply(store: Database, force: InForce, now) -> None:
    store.run(
        configuration.sync_configuration,
        feeds=[FEED],
        watches=[one.definition for one in force.watch_set.watches],
        versions=force.watch_set.versions(),
        entities=[],
        recipients=[recipient("desk")],
        channel="maildir",
        now=now,
    )


async def looked_back(store: Database, force: InForce, now, pauses=None) -> int:
    with judging() as judge:
        return await look_back(store, force, judge, clock=lambda: now, pauses=pauses)


def asking(query: str, watch_id: str = "new") -> WatchDefinition:
    return replace(watch(watch_id, "desk"), query=query)


def told(store: Database) -> dict[str, list[str]]:
    """Return the headlines of each watch's mentions."""
    found: dict[str, list[str]] = {}
    for one in store.query(mentions.load_mentions, limit=500):
        found.setdefault(one.watch_id, []).append(one.title)
    return found


@pytest.fixture
def archive(store: Database) -> Database:
    """A feed whose first contact was two days ago, with items of then, of yesterday and of today."""
    apply(store, in_force(asking("ministry", "old")), NOW - 2 * DAY)
    poll(
        store,
        "a",
        item("then", title="Talks of old", published=NOW - 20 * DAY, arrival=Arrival.BEFORE_FIRST_CONTACT),
        now=NOW - 2 * DAY,
    )
    poll(store, "a", item("missed", title="Talks two days ago"), now=NOW - 2 * DAY + HOUR)
    poll(store, "a", item("today", title="Talks today"), item("else", title="Weather"), now=NOW - HOUR)
    return store


class _Pauses:
    """Does something while a look-back waits for the polls under way, as they would."""

    def __init__(self, meanwhile: Callable[[], object], interrupted: bool = False) -> None:
        self._meanwhile = meanwhile
        self._interrupted = interrupted

    def interrupted(self) -> bool:
        return self._interrupted

    async def settle(self) -> None:
        self._meanwhile()


async def test_a_new_watch_finds_what_was_recorded_within_its_window(archive: Database) -> None:
    force = in_force(asking("ministry", "old"), asking("talks"))
    apply(archive, force, NOW)
    assert await looked_back(archive, force, NOW) == 1
    assert told(archive)["new"] == ["Talks today"]
    archive.run(plan_deliveries, now=NOW, message_id_domain="example.org", polling_ended=True)
    (delivery,) = archive.query(contents.load_deliveries)
    assert (delivery.kind, delivery.recipient_id, delivery.mentions) == ("catch_up", "desk", 1)


async def test_all_that_it_finds_is_told_in_one_mail_however_long_the_search_takes(archive: Database) -> None:
    many = (item(f"many {number}", title=f"Talks {number}") for number in range(500))
    poll(archive, "a", *many, now=NOW)
    force = in_force(asking("ministry", "old"), asking("talks"))
    apply(archive, force, NOW)

    class Planning(_Pauses):
        """A planner at work beside the search."""

        def interrupted(self) -> bool:
            archive.run(plan_deliveries, now=NOW, message_id_domain="example.org")
            return False

    assert await looked_back(archive, force, NOW, Planning(lambda: None)) == 501
    archive.run(plan_deliveries, now=NOW, message_id_domain="example.org")
    (delivery,) = archive.query(contents.load_deliveries)
    assert (delivery.kind, delivery.mentions) == ("catch_up", 501)


@pytest.mark.parametrize(
    ("window", "titles"),
    [
        ("none", []),
        ("3d", ["Talks two days ago", "Talks today"]),
        ("all", ["Talks of old", "Talks two days ago", "Talks today"]),
    ],
)
async def test_first_contact_says_how_far_it_looks_back(archive: Database, window, titles) -> None:
    force = in_force(asking("ministry", "old"), asking("talks"), window=window)
    apply(archive, force, NOW)
    assert await looked_back(archive, force, NOW) == len(titles)
    assert told(archive).get("new", []) == titles


async def test_it_looks_back_once_and_again_only_when_it_has_changed(archive: Database) -> None:
    force = in_force(asking("ministry", "old"), asking("talks"))
    apply(archive, force, NOW)
    assert await looked_back(archive, force, NOW) == 1
    assert archive.query(look_backs.load_pending) == {}
    assert await looked_back(archive, force, NOW) == 0
    wider = in_force(asking("ministry", "old"), asking("talks OR weather"))
    apply(archive, wider, NOW)
    assert await looked_back(archive, wider, NOW) == 1
    assert sorted(told(archive)["new"]) == ["Talks today", "Weather"]


async def test_what_a_poll_under_way_records_is_not_missed(archive: Database) -> None:
    force = in_force(asking("ministry", "old"), asking("talks"))
    apply(archive, force, NOW)
    late = item("late", title="Talks of tonight")  # judged by the former watches
    pauses = _Pauses(lambda: poll(archive, "a", late, now=NOW + timedelta(minutes=1)))
    assert await looked_back(archive, force, NOW, pauses) == 2
    assert sorted(told(archive)["new"]) == ["Talks of tonight", "Talks today"]


async def test_one_that_is_interrupted_is_done_again(archive: Database) -> None:
    force = in_force(asking("ministry", "old"), asking("talks"))
    apply(archive, force, NOW)
    assert await looked_back(archive, force, NOW, _Pauses(lambda: None, interrupted=True)) == 0
    assert set(archive.query(look_backs.load_pending)) == {"old", "new"}
    assert await looked_back(archive, force, NOW) == 1
