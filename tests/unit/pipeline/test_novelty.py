"""What of a body is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marsad.feeds.identity import assign_keys
from marsad.feeds.revision import revision
from marsad.model import IdentityPolicy, KnownItem, ParsedItem
from marsad.pipeline.novelty import Keyed, candidates_wanted, find_novelty
from marsad.store.items import Sighting
from tests.unit.feeds.samples import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def keyed(*items: tuple[str, str]) -> list[Keyed]:
    """(guid, title) of each item; its link is by its title."""
    parsed = [
        ParsedItem(
            guid=guid,
            revision=revision(title=title, summary="", content="", link=f"http://a.example/{title[:9]}"),
        )
        for guid, title in items
    ]
    return assign_keys(parsed, IdentityPolicy.AUTO)


def sighting(item: ParsedItem, *, ago: timedelta = timedelta(0), revision: int = 1) -> Sighting:
    return Sighting(hash=item.revision.hash, revision=revision, recorded_at=NOW - ago, last_seen_at=NOW - ago)


def known_as(items: list[Keyed], *, ago: timedelta = timedelta(0)) -> dict[str, Sighting]:
    return {key: sighting(item, ago=ago) for key, item in items}


def latest(items: list[Keyed], *, ago: timedelta = timedelta(0)) -> dict[KnownItem, Sighting]:
    return {
        KnownItem(key=key, hash=i.revision.hash, title=i.revision.title, link=i.revision.link): sighting(
            i, ago=ago
        )
        for key, i in items
    }


def test_known_items_are_new_no_more_and_other_text_is_a_change() -> None:
    before, now = keyed(("1", "One"), ("2", "Two")), keyed(("2", "Two, edited"), ("3", "Three"), ("1", "One"))
    found = find_novelty(now, known=known_as(before), latest={}, now=NOW)
    assert [key for key, _ in found.new] == ["guid:3"]
    assert [(key, item.revision.title) for key, item in found.changed] == [("guid:2", "Two, edited")]
    assert (found.renamed, found.seen, found.migrated) == ((), (), False)


def test_a_sighting_is_noted_once_a_day() -> None:
    items = keyed(("1", "One"), ("2", "Two"))
    known = known_as(items[:1], ago=DAY) | known_as(items[1:], ago=DAY - timedelta(seconds=1))
    assert find_novelty(items, known=known, latest={}, now=NOW).seen == ("guid:1",)


def test_a_renamed_item_is_not_new_and_may_have_changed() -> None:
    before = keyed(("1", "A title that is long"), ("2", "Another title"))
    now = keyed(("x", "A title that is long"), ("2", "Another title"), ("3", "Three"))
    found = find_novelty(now, known=known_as(before[1:]), latest=latest(before, ago=DAY), now=NOW)
    assert found.renamed == (("guid:1", "guid:x"),)
    assert found.seen == ("guid:x",)
    assert [key for key, _ in found.new] == ["guid:3"]
    assert found.changed == ()

    said = now[0][1].revision
    old = KnownItem(key="guid:1", hash="other", title=said.title, link=said.link)
    known = replace(sighting(now[0][1]), hash="other")
    edited = find_novelty(now[:1], known={}, latest={old: known}, now=NOW)
    assert [key for key, _ in edited.changed] == ["guid:x"]


@pytest.mark.parametrize(
    ("revision", "ago", "recorded"),
    [
        (9, timedelta(0), True),
        (10, 59 * MINUTE, False),
        (10, 60 * MINUTE, True),
        (12, 239 * MINUTE, False),
        (12, 240 * MINUTE, True),
        (10_000, 9999 * DAY, True),
    ],
)
def test_an_item_that_is_another_text_with_each_poll_gets_ever_fewer_revisions(
    revision: int, ago: timedelta, recorded: bool
) -> None:
    items = keyed(("1", "Read by 3 people"))
    known = {"guid:1": replace(sighting(items[0][1], ago=ago, revision=revision), hash="read by 2")}
    assert bool(find_novelty(items, known=known, latest={}, now=NOW).changed) is recorded


def test_a_migration_is_told() -> None:
    before = keyed(*((f"a{n}", f"{n} is a title of its own") for n in range(10)))
    now = keyed(*((f"b{n}", f"{n} is a title of its own") for n in range(10)))
    found = find_novelty(now, known={}, latest=latest(before), now=NOW)
    assert found.migrated
    assert (len(found.renamed), found.new) == (10, ())


def test_more_candidates_are_wanted_where_a_body_has_many_items() -> None:
    assert candidates_wanted([]) == 300
    assert candidates_wanted(keyed(*((str(n), str(n)) for n in range(1000)))) == 3000
