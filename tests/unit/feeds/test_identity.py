"""An item stays the same item, and two items stay two."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.feeds.identity import assign_keys, canonical_link, recognise
from marsad.feeds.revision import revision
from marsad.model import IdentityPolicy, KnownItem, ParsedItem

AUTO = IdentityPolicy.AUTO


def item(
    guid: str | None = None, link: str | None = None, title: str = "", date: str = "", text: str = ""
) -> ParsedItem:
    written = revision(title=title, summary=text, content="", link=link, published_text=date)
    return ParsedItem(guid=guid, revision=written)


def keys(items: Sequence[ParsedItem], policy: IdentityPolicy = AUTO) -> list[str]:
    return [key for key, _ in assign_keys(items, policy)]


def known(items: Sequence[ParsedItem], policy: IdentityPolicy = AUTO) -> list[KnownItem]:
    return [
        KnownItem(key=key, hash=i.revision.hash, title=i.revision.title, link=i.revision.link)
        for key, i in assign_keys(items, policy)
    ]


def test_a_key_is_the_guid_else_the_link_else_title_and_date_else_the_text() -> None:
    items = [
        item("g1", "http://a.example/1", "One"),
        item(None, "http://a.example/2", "Two"),
        item(None, None, "Three", "Mon"),
        item(None, None, "", "", "only text"),
    ]
    assert keys(items)[:3] == ["guid:g1", "link:a.example/2", "title:Three Mon"]
    assert keys(items)[3].startswith("text:")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [(IdentityPolicy.LINK, "link:a.example/1"), (IdentityPolicy.TITLE, "title:One")],
)
def test_a_policy_overrides_a_guid_that_rotates(policy: IdentityPolicy, expected: str) -> None:
    assert keys([item("g1", "http://a.example/1", "One", "Mon")], policy) == [expected]
    assert keys([item("only a guid")], policy) == ["guid:only a guid"]


def test_one_guid_for_two_items_keeps_both_where_link_and_title_differ() -> None:
    first, second = item("g", "http://a.example/1", "One"), item("g", "http://a.example/2", "Two")
    assert len(set(keys([first, second]))) == 2
    assert set(keys([first, second])) == set(keys([second, first]))


def test_one_guid_for_two_items_without_links_keeps_both() -> None:
    assert len(keys([item("g", None, "One"), item("g", None, "Two")])) == 2


def test_items_that_all_have_the_link_of_their_page_are_told_apart_by_title() -> None:
    page = "http://a.example/news?utm_source=rss"
    items = [item(None, page, title) for title in ("One", "Two", "Three")]
    assert keys(items) == [f"link:a.example/news {title}" for title in ("One", "Two", "Three")]
    assert keys(items, IdentityPolicy.LINK) == ["link:a.example/news"], "unless the operator knows better"


def test_items_that_all_have_the_guid_of_their_page_are_told_apart_by_title_or_date() -> None:
    page = "http://a.example/news"
    titled = [item(page, page, title, day) for title, day in (("One", "Mon"), ("Two", "Tue"))]
    assert keys(titled) == [f"guid:{page} One", f"guid:{page} Two"]
    notes = [item(page, page, "", day, text) for day, text in (("Mon", "first"), ("Tue", "second"))]
    assert keys(notes) == [f"guid:{page} Mon", f"guid:{page} Tue"]
    assert len(keys([*notes, notes[0]])) == 2


def test_an_item_keeps_its_mentions_when_its_namesakes_come_and_go() -> None:
    page = "http://a.example/news"
    one, two = (item(page, page, title, day) for title, day in (("One", "Mon"), ("Two", "Tue")))
    alone, together = assign_keys([one], AUTO), assign_keys([one, two], AUTO)
    assert recognise(together, known_keys=(), latest=known([one])).renamed == ((alone[0][0], together[0][0]),)
    left = recognise(alone, known_keys=(), latest=known([one, two]))
    assert left.renamed == ((together[0][0], alone[0][0]),)


def test_one_item_said_twice_is_one() -> None:
    assert keys(
        [item("g", "http://a.example/1", "One"), item("g", "http://a.example/1", "One, corrected")]
    ) == ["guid:g"]
    assert keys([item("g", "http://a.example/1", "One"), item("g", "http://a.example/2", "One")]) == [
        "guid:g"
    ]


def test_a_long_guid_is_hashed_and_stays_apart() -> None:
    one, other = keys([item("g" * 5000)]), keys([item("g" * 5001)])
    assert one != other
    assert all(len(key) < 100 and key.startswith("guid:sha256:") for key in one + other)


@given(
    st.lists(
        st.builds(
            item,
            guid=st.sampled_from([None, "a", "b"]),
            link=st.sampled_from([None, "http://x.example/1", "http://x.example/2"]),
            title=st.sampled_from(["", "One", "Two"]),
            date=st.sampled_from(["", "Mon", "Tue"]),
            text=st.sampled_from(["first", "second"]),
        ),
        max_size=6,
    ),
    st.randoms(),
    st.sampled_from(list(IdentityPolicy)),
)
def test_the_order_of_items_changes_no_key(items, random, policy) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert set(keys(items, policy)) == set(keys(shuffled, policy))
    assert len(keys(items, policy)) == len(set(keys(items, policy)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.example/x", "https://www.a.example/x/"),
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/x?id=1&fbclid=abc#ref=rss", "https://a.example/x?id=1"),
        ("http://a.example:80/x", "https://a.example:443/x"),
    ],
)
def test_a_link_that_only_moved_is_the_same(one: str, other: str) -> None:
    assert canonical_link(one) == canonical_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/X", "https://a.example/x"),
        ("https://a.example/x#p1", "https://a.example/x#p2"),
        ("https://a.example:8080/x", "https://a.example/x"),
    ],
)
def test_a_link_to_something_else_is_another(one: str, other: str) -> None:
    assert canonical_link(one) != canonical_link(other)


def articles(
    count: int, *, guid: str = "g{}", link: str = "http://a.example/{}", text: str = ""
) -> list[ParsedItem]:
    return [
        item(guid.format(n), link.format(n), f"A report with the number {n}", text=text or f"text {n}")
        for n in range(count)
    ]


def test_guids_that_change_at_each_fetch_are_recognised_by_link_and_title() -> None:
    now = assign_keys(articles(3, guid="other{}"), AUTO)
    found = recognise(now, known_keys=(), latest=known(articles(3)))
    assert found.renamed == tuple((f"guid:g{n}", f"guid:other{n}") for n in range(3))
    assert not found.migrated


@pytest.mark.parametrize(
    "changes",
    [
        {"guid": "https://a.example/{}", "link": "https://www.a.example/{}?utm_source=rss"},
        {"guid": "new{}", "link": "https://b.example/other/{}/path"},
        {"guid": "new{}", "link": "https://b.example/{}", "text": "another teaser"},
    ],
    ids=["https and tracking", "another site", "another site and another summary"],
)
def test_a_feed_that_renames_all_its_items_sends_nothing(changes: dict[str, str]) -> None:
    now = assign_keys(articles(100, **changes), AUTO)
    found = recognise(now, known_keys=(), latest=known(articles(100)))
    assert found.migrated
    assert {new for _, new in found.renamed} == {key for key, _ in now}
    assert len({old for old, _ in found.renamed}) == 100


def test_new_items_among_renamed_ones_are_new() -> None:
    fresh = item("fresh", "https://b.example/fresh", "Something that never was here")
    now = assign_keys([fresh, *articles(9, guid="new{}", link="https://b.example/{}")], AUTO)
    found = recognise(now, known_keys=(), latest=known(articles(9)))
    assert found.migrated
    assert "guid:fresh" not in {new for _, new in found.renamed}


def test_ten_new_items_after_a_long_silence_are_ten_new_items() -> None:
    now = assign_keys(articles(10, guid="later{}", link="http://a.example/later/{}"), AUTO)
    before = known([item(f"g{n}", f"http://a.example/{n}", f"Old story {n}") for n in range(10)])
    found = recognise(now, known_keys=(), latest=before)
    assert (found.renamed, found.migrated) == ((), False)


def test_a_repeated_title_is_no_proof() -> None:
    before = known([item("g1", "http://a.example/1", "Morning news", text="a")])
    now = assign_keys([item("g2", "http://a.example/2", "Morning news", text="b")], AUTO)
    assert recognise(now, known_keys=(), latest=before).renamed == ()


def test_entries_of_a_live_page_stay_apart_while_both_are_there() -> None:
    first = item("e1", "http://a.example/live", "Live: the summit", text="10:00 doors open")
    second = item("e2", "http://a.example/live", "Live: the summit", text="11:00 they speak")
    now = assign_keys([first, second], AUTO)
    assert recognise(now, known_keys={"guid:e1"}, latest=known([first])).renamed == ()


def test_a_guid_that_begins_to_repeat_keeps_its_item() -> None:
    first, second = item("g", "http://a.example/1", "One"), item("g", "http://a.example/2", "Two")
    now = assign_keys([first, second], AUTO)
    found = recognise(now, known_keys=(), latest=known([first]))
    assert [old for old, _ in found.renamed] == ["guid:g"]
    assert len(found.renamed) == 1
