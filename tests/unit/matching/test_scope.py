"""Where a watch looks: fields, lead, sources, languages, feeds, tags, from and until."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from marsad.matching.document import Source
from marsad.matching.explain import explain
from marsad.model import FeedDefinition
from tests.unit.matching.world import (
    NOW,
    SOURCE,
    compiled,
    entity,
    explained,
    found,
    item,
    match,
    mistakes,
    watch,
)

ITEM = item("minister visit", "the ministry and Moscow", summary="a summit", author="Jane Doe")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title:minister", ["minister"]),
        ("title:ministry", None),
        ("content:(ministry NEAR/3 @moscow)", ["ministry", "Moscow"]),
        ("summary:summit title:visit", ["visit", "summit"]),
        ("summary:summit AND title:summit", None),
        ("author:Jane minister", ["minister", "Jane"]),
        ("Jane", None),
        ('author:"Jane Doe" AND visit', ["visit", "Jane Doe"]),
        ("title:(minister OR ministry)", ["minister"]),
        ("minister NEAR/9 summit", None),
        ("lead:Moscow", ["Moscow"]),
        ("minister NOT title:visit", None),
        ("minister NOT content:visit", ["minister"]),
    ],
)
def test_a_field_is_looked_at_alone(query, expected):
    assert found(query, ITEM) == expected


def test_the_lead_is_title_summary_and_the_first_60_tokens():
    inside = " ".join(["word"] * 59 + ["bomb", "later"])
    assert found("lead:bomb", inside) == ["bomb"]
    assert found("lead:later", inside) is None
    assert found("later", inside) == ["later"]
    assert found("lead:(bomb NEAR/3 later)", inside) is None
    assert found('lead:"bomb later"', inside) is None
    assert found("lead:bomb", item("bomb")) == found("lead:bomb", item(summary="bomb")) == ["bomb"]
    assert found("lead:(title OR later)", item("title", inside)) == ["title"]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("minister feed:tass", True),
        ("minister feed:kuna", False),
        ("minister -feed:kuna", True),
        ("minister tag:wire", True),
        ("minister tag:blog", False),
        ("minister (tag:blog OR feed:tass)", True),
        ("minister lang:en", True),
        ("minister lang:ru", False),
        ("minister NOT lang:ru", True),
        ("summit feed:tass OR absent", True),
    ],
)
def test_what_a_query_asks_of_the_source(query, matches):
    assert (found(query, ITEM, SOURCE) is not None) == matches


@pytest.mark.parametrize(
    ("query", "link", "matches"),
    [
        ("minister site:tass.com", "https://tass.com/1", True),
        ("minister site:tass.com", "https://www.tass.com/1", True),
        ("minister site:tass.com", "http://news.TASS.com:80/1", True),
        ("minister site:tass.com", "https://notatass.com/1", False),
        ("minister site:news.tass.com", "https://tass.com/1", False),
        ("minister site:tass.com", None, False),
        ("minister -site:tass.com", None, True),
        ("minister site:кремль.рф", "https://xn--e1ajeds9e.xn--p1ai/1", True),
        ("minister site:tass.com", "https://[broken/", False),
        ("minister country:RU", None, True),
        ("minister country:EG", None, False),
        ("minister rank:1", None, True),
        ("minister (rank:2 OR rank:3)", None, False),
    ],
)
def test_what_a_query_asks_of_the_link_and_the_feed(query, link, matches):
    source = Source(feed_id="tass", country="RU", rank=1)
    assert (found(query, replace(ITEM, link=link), source) is not None) == matches


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("minister category:politics", True),
        ('minister category:"middle east"', True),
        ("minister category:middle", False),
        ("minister -category:سياسة", True),
        ("minister category:Sport", False),
    ],
)
def test_what_the_feed_files_an_item_under(query, matches):
    filed = replace(ITEM, categories=("Politics", "Middle East"))
    assert (found(query, filed) is not None) == matches


def test_why_a_category_is_another():
    filed = replace(ITEM, categories=("Politics", "Middle East"))
    why = explained("minister category:Sport", filed).why_not
    assert why == "category:Sport: the item is filed under Politics, Middle East"
    assert explained("minister category:Sport", ITEM).why_not == "category:Sport: the item has no categories"


def test_a_feed_that_says_neither_country_nor_rank():
    assert found("minister country:RU", ITEM) is None
    assert found("minister -rank:1", ITEM) == ["minister"]


def test_why_a_source_is_another():
    source = Source(feed_id="tass", country="RU", rank=1)
    linked = replace(ITEM, link="https://tass.com/1")
    for query, why in (
        ("site:ria.ru", "the item links to tass.com"),
        ("country:EG", "the feed is of RU"),
        ("rank:2", "the feed has the rank 1"),
    ):
        assert explained(f"minister {query}", linked, source).why_not == f"{query}: {why}"
    for query, why in (
        ("site:ria.ru", "the item has no link"),
        ("country:EG", "the feed names no country"),
        ("rank:2", "the feed has no rank"),
    ):
        assert explained(f"minister {query}", ITEM).why_not == f"{query}: {why}"


def test_a_country_or_rank_that_no_feed_has_is_a_mistake():
    feeds = [FeedDefinition(id="tass", url="https://tass.com/rss", name="TASS", country="RU", rank=1)]
    assert mistakes(watch("minister country:RU rank:1"), feeds=feeds) == []
    told = mistakes(watch("minister country:EG rank:3"), feeds=feeds)
    assert 'no feed has the country "EG" (write country into the feeds of feeds.toml)' in told[0]
    assert 'no feed has the rank "3"' in told[1]


@pytest.mark.parametrize(
    ("asked", "matches"),
    [
        ("date:2026-03-09", True),
        ("date:2026-03-10", False),
        ("date:2026-03-09..2026-03-10", True),
        ("date:2026-03-10..", False),
        ("date:..2026-03-09", True),
        ("date:..2026-03-08", False),
        ("date:7d", True),
        ("date:3h", False),
        ("-date:3h", True),
    ],
)
def test_when_an_item_was_published_else_seen(asked, matches):
    # In Cairo it is the 9th until 22:00 UTC.
    published, asked_at = NOW - timedelta(hours=12), NOW.astimezone(ZoneInfo("Africa/Cairo"))
    watches = compiled([watch(f"minister {asked}")], searched_at=asked_at)
    dated, seen = replace(ITEM, published=published), Source(feed_id="tass", seen_at=published)
    for text, source in ((dated, SOURCE), (ITEM, seen), (dated, Source(feed_id="tass", seen_at=NOW))):
        assert bool(match(watches, text, source).matches) == matches


def test_dates_are_for_searches():
    (told,) = mistakes(watch("minister date:7d"))
    assert "column 10: date:7d is for searches of the archive (a watch has from and until)" in told
    watches = compiled([watch("minister date:7d")], searched_at=NOW)
    assert explain(watches, "w", ITEM, SOURCE, now=NOW).why_not == "date:7d: the item has no date"
    old = replace(ITEM, published=NOW - timedelta(days=9))
    assert explain(watches, "w", old, SOURCE, now=NOW).why_not == "date:7d: the item is of 2026-03-01"


def test_an_item_without_a_language_may_be_of_any_of_its_script():
    text = "visite du ministre"
    assert found("visite lang:fr", text) == ["visite"]
    assert found("visite lang:ru", text) is None
    assert found("visite lang:fr", text, Source(feed_id="a", language="de")) is None
    assert found("visite lang:fr", item(text, language="fr"), Source(feed_id="a", language="de")) == [
        "visite"
    ]


def test_a_stated_language_that_the_letters_contradict_is_not_believed():
    assert found("حماس lang:ar", item("وفد حماس", language="en")) == ["حماس"]
    assert found("حماس lang:en", item("وفد حماس", language="en")) is None


def test_terms_take_the_forms_of_the_items_language():
    # gift is a present in English and poison in German, where it has other plurals.
    assert found("gift", item("gifts", language="en")) == ["gifts"]
    assert found("gift", item("gifts", language="tr")) == ["gifts"], (
        "in a language nobody named, all are tried"
    )
    assert found("gift", item("gifts", language="tr"), languages=("en",)) is None
    assert found("تهران", item("تهران", language="fa"), languages=("ar",)) is None


@pytest.mark.parametrize(
    ("keys", "matches"),
    [
        ({}, True),
        ({"feeds": ("tass", "kuna")}, True),
        ({"feeds": ("kuna",)}, False),
        ({"tags": ("wire",)}, True),
        ({"tags": ("blog", "state")}, True),
        ({"tags": ("blog",)}, False),
        ({"feeds": ("tass",), "tags": ("blog",)}, False),
        ({"active_from": NOW}, True),
        ({"active_from": NOW + timedelta(seconds=1)}, False),
        ({"active_until": NOW + timedelta(seconds=1)}, True),
        ({"active_until": NOW}, False),
    ],
)
def test_the_scope_of_a_watch(keys, matches):
    assert (found("minister", ITEM, **keys) is not None) == matches


def test_only_some_watches_are_asked():
    watches = compiled([watch("minister", "a"), watch("visit", "b")])
    assert [it.watch_id for it in watches.match(ITEM, SOURCE, now=NOW, only={"b"}).matches] == ["b"]


def test_matches_come_in_the_order_of_the_configuration():
    watches = compiled([watch("visit", "b"), watch("minister", "a"), watch("@moscow", "c")])
    assert [it.watch_id for it in match(watches, ITEM).matches] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ministry", ["headline", "lead", "body"]),
        ("title:absent OR content:ministry", [None, "lead", "body"]),
    ],
)
def test_prominence(query, expected):
    texts = (item("the ministry"), item(content="the ministry"), item(content="word " * 60 + "ministry"))
    told = [match(compiled(query), text).matches for text in texts]
    assert [found[0].prominence if found else None for found in told] == expected


def test_what_a_feed_says_twice_is_told_once():
    line = "The foreign minister arrived in the city of Moscow"
    text = item(line, f"{line}\nThe minister left.", summary=line)
    (mention,) = match(compiled("minister NEAR/9 @moscow OR left"), text).matches
    assert [(str(hit.field), hit.text) for hit in mention.hits] == [
        ("title", "minister"),
        ("title", "Moscow"),
        ("content", "left"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("feed:tass", []),
        ("feed:kuna", None),
        ("tag:wire NOT Berlin", []),
        ("NOT minister", None),
        ("feed:tass OR minister", ["minister"]),
        ("watch:all AND minister", ["minister"]),
    ],
)
def test_a_watch_on_all_items_needs_no_term(query, expected):
    others = [watch("feed:tass", "all", all_items=True)]
    watches = compiled([watch(query, all_items=True)], others=others)
    matches = match(watches, ITEM).matches
    assert [[hit.text for hit in it.hits] for it in matches] == ([expected] if expected is not None else [])


def test_a_watch_that_names_one_on_all_items_needs_a_term_of_its_own():
    others = [watch("feed:tass", "all", all_items=True)]
    assert "watch:all could match without any term" in mistakes(watch("watch:all"), others=others)[0]
    assert mistakes(watch("watch:all minister"), others=others) == []


def test_an_author_that_a_condition_asks_for_is_looked_at():
    who = entity("who", names={"en": ["John Smith"]}, weak={"en": ["Smith"]}, with_query="author:Jane")
    watches = compiled([watch("@who")], [who])
    assert match(watches, item("Smith", author="Jane Doe")).matches
    assert not match(watches, item("Smith", author="Joan Doe")).matches
