"""Words found by how they are written: exact ones, prefixes, words with letters left open, any case."""

from __future__ import annotations

import time

import pytest

from tests.unit.matching.world import explained, found, item


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        # exactly as typed
        ('="US"', "The US, the U.S., us and US's", ["US"]),
        ("exact:visit", "a visit, Visit, visits", ["visit"]),
        ("exact:«foreign visit»", "foreign visit, Foreign visit, foreign visits", ["foreign visit"]),
        ("exact:عُمان", "عُمان وعمان", ["عُمان"]),
        ("exact:визит", "визит, визита", ["визит"]),
        ("exact:16", "F16, 16", ["16"]),
        ("exact:cease-fire", "cease-fire, cease fire, ceasefire", ["cease-fire"]),
        # prefixes
        ("minist*", "Ministry, ministers, administer", ["Ministry", "ministers"]),
        ("Minist*", "Ministry, ministers", ["Ministry"]),
        ("استدع*", "واستدعت الوزارة السفير، والاستدعاء", ["واستدعت", "والاستدعاء"]),
        ("прибы*", "прибыл и Прибытие", ["прибыл", "Прибытие"]),
        ('"foreign minist*"', "foreign ministers, foreign, ministers", ["foreign ministers"]),
        ('"minist* of affairs"', "ministry of affairs", ["ministry of affairs"]),
        # letters left open
        ("wom?n", "woman, Women, womn, womaan, womanly", ["woman", "Women"]),
        ("wom?n*", "womanly women", ["womanly", "women"]),
        ("Wom?n", "woman, Women", ["Women"]),
        ("?inister", "minister, sinister, administer", ["minister", "sinister"]),
        ("organi?ation*", "organisations, organization, organation", ["organisations", "organization"]),
        ("Ал?ксандр", "Алксандр и Александр", ["Александр"]),
        ("مسؤو?ون", "المسؤولون ومسؤولون", ["المسؤولون", "ومسؤولون"]),
        ("f?rê?", "forêt, forets", ["forêt"]),
        ('"wom?n minist*"', "women ministers", ["women ministers"]),
        # regular expressions
        (r"/colou?r/", "colour, colors, Color", ["colour", "color"]),
        (r"/colou?r/i", "Color", ["Color"]),
        (r"/\bcolou?r\b/", "colours, color", ["color"]),
        (r"/\bمحمد \w+/", "قال محمد علي، ومحمد عمر", ["محمد علي"]),
        (r"/Захаров\w*/", "Захаровой, Захарова", ["Захаровой", "Захарова"]),
        (r"/[٠-٩\d]{2} ?قتيل/", "سقط ١٢ قتيلا و34 قتيلا", ["١٢ قتيل", "34 قتيل"]),
        (r"/\S+@\S+/", "write to a@b.example now", ["a@b.example"]),
        (r"/F-?\s?16/", "F16, F 16 and F-16", ["F16", "F 16", "F-16"]),
        (r"/talks/ NEAR/2 Moscow", "talks in Moscow", ["talks", "Moscow"]),
        (r"title:/talks/ OR visit", "talks and a visit", ["visit"]),
        (r"/[]x]yz/", "a xyz", ["xyz"]),
        (r"/ !+/", "wow !!!", None),
        # any case
        ("anycase:Apple", "apple, APPLE, Apples, pineapple", ["apple", "APPLE", "Apples"]),
        ("anycase:NATO", "Nato, nato, NATO", ["Nato", "nato", "NATO"]),
        ("anycase:US", "us, US, Us", ["us", "US", "Us"]),
        ('anycase:"Apple Watch"', "apple watches", ["apple watches"]),
        ("anycase:МИД", "мид, МИДа", ["мид", "МИДа"]),
    ],
)  # fmt: skip
def test_how_words_are_written(query, text, expected):
    assert found(query, text) == expected


def test_a_regular_expression_finds_offsets_of_characters_whatever_stands_before():
    text = "😀 \ud800 é ﷺ 𝒜 россия"
    assert found("/росс../", text) == ["россия"]


def test_a_regular_expression_takes_time_that_grows_with_the_text_alone():
    text = "a" * 20_000 + " " + "ab " * 9_000
    begun = time.process_time()
    assert found("/(a+)+x/", text) is None
    assert found("/(a|aa)+$/", text + "b") is None
    hits = found("/ab/", text)
    assert hits is not None
    assert len(hits) == 1_000
    assert time.process_time() - begun < 10


def test_case_in_turkish():
    assert found("anycase:IŞIK", item("ışık", language="tr"), languages=("tr",)) == ["ışık"]


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        ("wom?n", "the wombat", 'wom?n: does not stand in it; the nearest there is "wombat"'),
        (
            "anycase:Apple",
            "pineapple",
            'does not stand in it; the nearest there is "pineapple"',
        ),
    ],
)
def test_why_not(query, text, why):
    assert why in explained(query, text).why_not
