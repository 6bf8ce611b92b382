"""Why a watch mentions an item, and why not: the first thing that fails, and how near it came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marsad.matching.document import Source
from marsad.matching.explain import explain
from tests.unit.matching.world import NOW, SOURCE, compiled, explained, item, watch

ARABIC = item(
    "محادثة حول استقبال وفد «حماس» في موسكو",
    "قال السفير إن الوفد وصل. وأُجلي الروس من القطاع.\nولم يعلق المتحدث.",
    language="ar",
)


def test_why_it_is_found_with_each_hit_in_its_sentence():
    explanation = explained("@hamas AND الروس", ARABIC)
    assert explanation.found
    assert explanation.why_not == ""
    first, second = explanation.hits
    assert (first.hit.text, first.hit.reason, first.sentence) == ("حماس", "as typed", ARABIC.title)
    assert (second.hit.text, second.sentence) == ("الروس", "وأُجلي الروس من القطاع.")
    assert ARABIC.content[second.start :].startswith(second.sentence)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("@hamas NEAR/0 @moscow", '@hamas NEAR/0 @moscow: closest distance 1: "حماس" and "موسكو" (title)'),
        ("@moscow ONEAR/3 @hamas", "in the other order, closest distance 1:"),
        ("@moscow NEAR/9 القطاع", "they stand in different fields: title and content"),
        ("السفير SENT القطاع", 'in different sentences, closest distance 6: "السفير" and "القطاع"'),
        ("السفير PARA المتحدث", "they stand in different paragraphs"),
        ("السفير NEAR/9 المتحدث", "they stand in different paragraphs"),
        ("السفير NEAR/9 Berlin", "السفير NEAR/9 Berlin: Berlin: does not stand in it"),
        ("title:السفير", "title:السفير: stands in the content only"),
        ("summary:السفير", "summary:السفير: stands in the content only"),
        ("السفير AND @hamas AND حماسة", 'حماسة: does not stand in it; the nearest there is "حماس" (title)'),
        ("@moscow NOT @hamas", 'NOT @hamas: it is there: "حماس" (title)'),
        ("@moscow NOT (@hamas AND الروس)", 'it is there: "حماس" (title), "الروس" (content)'),
        ("Berlin OR Paris", "Berlin OR Paris: none of it stands in the item"),
        ("Berlin OR @hamas NEAR/0 @moscow", "none of it stands; @hamas NEAR/0 @moscow: closest distance 1"),
        ("@hamas lang:ru", "lang:ru: the item is in ar"),
        ("@hamas feed:kuna", 'feed:kuna: the item is of the feed "tass"'),
        ("@hamas tag:blog", "tag:blog: the feed has the tags wire, state"),
        ('"وفد حماس" EXCEPT "استقبال وفد حماس"', 'every hit of it is inside "استقبال وفد «حماس"'),
        ("@moscow NOT NEAR/3 @hamas", 'near another: "موسكو" and "حماس", distance 1'),
        ('"وزارة السفير"', 'only "السفير" of it stands there, without "وزارة" (content)'),
        ('"السفير الوفد"', "its words stand apart: 1 word between at the closest (content)"),
        ('"الوفد السفير"', "its words stand there in another order (content)"),
        ('"وصل وأجلي"', "punctuation stands between its words (content)"),
    ],
)
def test_why_not_and_how_near(query, why):
    assert why in explained(query, ARABIC).why_not


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        ("US", "He told us", '"us" differs from US by its capitals (content)'),
        ("gate", "Then Gates spoke", '"Gates" is a name by itself, and no form of gate'),
        ("16", "an F16", '"16" stands in a longer run of letters and digits'),
        (
            "lead:bomb",
            "word " * 70 + "bomb",
            "stands after the lead: word 71 of the content, of which the first 60",
        ),
        (
            "@zakharova",
            "Захарова приехала",
            'only weak names stand ("Захарова" (content)), and no strong one',
        ),
        ("@zakharova", "Захарова приехала", "nor does `with` hold: МИД OR"),
        ("@zakharova", "Екатерина Захарова", 'part of another\'s: "Екатерина Захарова" (content)'),
        ("@zakharova", "Захаров приехал", 'the nearest there is "Захаров" (content)'),
        ("title:@hamas", "Hamas spoke", "title:@hamas: stands in the content only"),
        ("minist* NEAR/3 visit", "The visitor", "minist*: does not stand in it"),
        ("minist*", "an administration", 'the nearest there is "administration"'),
        (
            '"foreign minist*"',
            "the ministry of foreign affairs",
            "its words stand there, but not side by side",
        ),
        ('"foreign minist*"', "the ministry", "foreign does not stand in it"),
        ('="US"', "the us team", 'the nearest there is "us"'),
    ],
)
def test_what_came_near_a_term(query, text, why):
    assert why in explained(query, text).why_not


def test_a_term_of_another_language_than_the_item():
    why = explained("تهران", item("تهران", language="ar"), languages=("fa",)).why_not
    assert why == "تهران: stands there as a word of fa, but the item is in ar"


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"feeds": ("kuna",)}, 'it does not watch the feed "tass"'),
        ({"tags": ("blog",)}, "the feed has none of its tags: blog"),
        ({"active_from": NOW + timedelta(hours=1)}, "it begins 2026-03-10 10:00 UTC"),
        ({"active_until": NOW}, "it ended 2026-03-10 09:00 UTC"),
    ],
)
def test_out_of_scope_is_told_whatever_the_text_says(keys, why):
    for query in ("@hamas", "Berlin"):
        explanation = explained(query, ARABIC, **keys)
        assert explanation.out_of_scope == explanation.why_not == why
        assert not explanation.found
        assert explanation.step.holds == (query == "@hamas")


def test_every_part_has_its_verdict():
    step = explained("@hamas AND (Berlin OR @moscow) NOT tag:blog", ARABIC).step
    assert (step.operator, step.holds) == ("AND", True)
    assert [(part.operator, part.told, part.holds) for part in step.parts] == [
        ("entity", "@hamas", True),
        ("OR", "Berlin OR @moscow", True),
        ("NOT", "NOT tag:blog", True),
    ]
    assert [part.holds for part in step.parts[1].parts] == [False, True]
    assert [hit.text for hit in step.parts[0].hits] == ["حماس"]


def test_a_watch_that_is_not_there():
    with pytest.raises(KeyError):
        explain(compiled([watch("@hamas")]), "other", ARABIC, SOURCE, now=NOW)


def test_a_source_without_tags():
    assert (
        explained("@hamas tag:blog", ARABIC, Source(feed_id="a")).why_not == "tag:blog: the feed has no tags"
    )
