"""Tokens are found in the original: their offsets, their edges, and what stands between them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.tokens import Break, tokenize


def words(text: str) -> list[str]:
    return tokenize(text).words


def breaks(text: str) -> list[str]:
    return [token.before.name for token in tokenize(text).tokens[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoy arrived", ["The", "envoy", "arrived"]),
        ("Russia’s and Russia's", ["Russia’s", "and", "Russia's"]),
        ("the ministers’ plan, 'so called'", ["the", "ministers", "plan", "so", "called"]),
        ("U.S. and U.N. envoys", ["U.S.", "and", "U.N.", "envoys"]),
        ("В.В. Путин, В.В.Путин", ["В.В.", "Путин", "В.В.", "Путин"]),
        ("وكالة أ.ف.ب اليوم", ["وكالة", "أ.ف.ب", "اليوم"]),
        ("a cease-fire, a cease\u2011fire", ["a", "cease", "fire", "a", "cease", "fire"]),
        ("F-16, F16 and COP31", ["F", "16", "F", "16", "and", "COP", "31"]),
        ("#غزة_الآن @mfa_russia", ["غزة", "الآن", "mfa", "russia"]),
        (
            "press@mid.example, https://mid.example/ru",
            ["press", "mid", "example", "https", "mid", "example", "ru"],
        ),
        ("צה\"ל וארה״ב ז'קט", ['צה"ל', "וארה״ב", "ז'קט"]),
        ('he said "no"', ["he", "said", "no"]),
        ("Москва\u00a0— Минск", ["Москва", "Минск"]),
        ("محمدﷺ في", ["محمد", "في"]),
        ("لـروسيا ـ اليوم", ["لـروسيا", "اليوم"]),
        ("می\u200cخواهند", ["می\u200cخواهند"]),
        ("दिल्ली में", ["दिल्ली", "में"]),
        ("", []),
        ("— … ، 🙂", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected
    assert [token.text for token in tokenize(text).tokens] == expected


def test_ignorables_and_stray_marks_lie_outside_a_token():
    text = "\u200fلبنان\u200e ًأن Za\u00adkha\ufeffrova\u2069"
    assert [(token.start, token.end) for token in tokenize(text).tokens] == [(1, 6), (9, 11), (12, 23)]


def test_a_mark_after_a_letter_is_part_of_it():
    assert words("رئيسٌ جديدًا") == ["رئيسٌ", "جديدًا"]
    assert words("Мари\u0301я") == ["Мари\u0301я"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", ["SPACE"]),
        ("one\u00a0two", ["SPACE"]),
        ("one \u200ftwo", ["SPACE"]),
        ("one-two", ["NONE"]),
        ("F16", ["NONE"]),
        ("one - two", ["MARK"]),
        ("one—two", ["MARK"]),
        ('one "two" (three) «four»/five', ["MARK", "MARK", "MARK", "MARK"]),
        ("one, two: three، four", ["COMMA", "COMMA", "COMMA"]),
        ("one. Two! Three? Four… Five؟ Six。Seven; eight؛ nine", ["SENTENCE"] * 8),
        ("one\ntwo", ["BLOCK"]),
        ("one.\n\ntwo", ["BLOCK"]),
        ("Mr. Lee", ["SPACE"]),
        ("ул. Ленина, г. Москва", ["SPACE", "COMMA", "SPACE"]),
        ("J. D. Vance", ["SPACE", "SPACE"]),
        ("the U.S. embassy", ["SPACE", "SPACE"]),
        (
            "1,000.5 at 10:30 on 01.11.2023",
            ["MARK", "MARK", *["SPACE"] * 2, "MARK", "SPACE", "SPACE", "MARK", "MARK"],
        ),
        ("in 2023. Then", ["SPACE", "SENTENCE"]),
        ("see mid.example now", ["SPACE", "MARK", "SPACE"]),
        ("the end.Then", ["SPACE", "SENTENCE"]),
        ("дом «Мир». Потом", ["MARK", "SENTENCE"]),
        ("they left... Then", ["SPACE", "SENTENCE"]),
    ],
)
def test_what_stands_between_tokens(text, expected):
    assert breaks(text) == expected


def test_the_first_token_begins_a_block():
    assert tokenize(" . one").tokens[0].before is Break.BLOCK


def test_only_a_hyphen_or_nothing_glues():
    assert [token.glued for token in tokenize("a post-war F16 plan – B.C.Dee").tokens] == [
        *[False, False, True, False, True, False, False, False],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MINISTERS MEET IN CAIRO", True),
        ("МИНИСТР ПРИБЫЛ В КАИР", True),
        ("WHO chief meets EU and UN envoys", False),
        ("US", False),
        ("وزير الخارجية", False),
        ("", False),
    ],
)
def test_text_all_in_capitals(text, expected):
    assert tokenize(text).all_capitals is expected


@given(st.text())
def test_tokens_lie_in_the_text_in_order_and_hold_no_white_space(text):
    found = tokenize(text)
    end = 0
    for token in found.tokens:
        assert end <= token.start < token.end <= len(text)
        assert token.text == text[token.start : token.end]
        assert not re.search(r"\s", token.text)
        end = token.end
    assert found.words == [token.text for token in found.tokens]


@given(st.text(alphabet="aZя.ال'’-\u0301\u064b\u200f\u00ad \n1٢\"״א_,:ﷺ"))
def test_no_letter_is_lost(text):
    kept = "".join(tokenize(text).words)
    assert [c for c in text if c.isalnum() and c not in "ﷺ"] == [c for c in kept if c.isalnum()]


@pytest.mark.parametrize(
    "piece", ["a\u0301", "a.", "'", "a'", "\u200f", "1\u200f", "\u064b", 'א"', "a\u200f.", "."]
)
def test_hostile_repetition_takes_linear_time(piece):
    began = time.perf_counter()
    tokenize(piece * 200_000).tokens  # noqa: B018 (worked out when asked for)
    assert time.perf_counter() - began < 5


def test_a_text_without_capitals_is_told_from_a_few_small_words():
    assert tokenize("i am from mexico and glad").no_capitals
    assert not tokenize("mexico city").no_capitals
    assert not tokenize("i went to mexico with Jim").no_capitals
