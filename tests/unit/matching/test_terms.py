"""Terms of many watches, found together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.language.base import Kind, TermForms
from marsad.language.registry import language_for
from marsad.language.tokens import tokenize
from marsad.matching.terms import TermIndex, find_term


def compiled(term: str, language: str = "en", kind: Kind = Kind.KEYWORD) -> TermForms:
    return language_for(language).expand(term, kind)


def hits(term: str, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in find_term(compiled(term), tokenize(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the foreign ministry said", ["foreign ministry"]),
        ("the foreign   ministry", ["foreign   ministry"]),
        ("foreign\u00a0ministry", ["foreign\u00a0ministry"]),
        ('foreign "ministry"', ['foreign "ministry']),
        ("foreign (ministry)", ["foreign (ministry"]),
        ("foreign — ministry", ["foreign — ministry"]),
        ("foreign/ministry", ["foreign/ministry"]),
        ("foreign-ministry", ["foreign-ministry"]),
        ("foreign, ministry", []),
        ("foreign: ministry", []),
        ("foreign. ministry", []),
        ("foreign; ministry", []),
        ("foreign\nministry", []),
        ("foreign trade ministry", []),
        ("ministry foreign", []),
        ("ministry", []),
    ],
)
def test_what_a_phrase_crosses(text, expected):
    assert hits("foreign ministry", text) == expected


def test_a_term_is_never_a_part_of_a_run_of_letters_and_digits():
    assert hits("16", "an F16, a 16 and a 16th") == ["16"]
    assert hits("cop", "COP31 and a cop") == ["cop"]


def test_tokens_of_a_hit_and_its_reason():
    text = tokenize("Two foreign ministries and Egypt’s envoy")
    index = TermIndex([("a", compiled("foreign ministry")), ("b", compiled("Egypt"))])
    found = index.positions(text)
    [ministry] = found["a"]
    assert (ministry.first, ministry.last) == (1, 2)
    assert ministry.reason == "plural of ministry"
    assert found["b"][0].reason == "possessive of Egypt"
    assert find_term(compiled("envoy"), text)[0].reason == "as typed"


def test_terms_that_share_an_id_share_their_hits_and_the_longest_counts():
    terms = ("foreign", "ministry", "foreign ministry", "envoy")
    index = TermIndex([("x", compiled(term)) for term in terms])
    text = "an envoy of the foreign ministry, the ministry"
    found = index.positions(tokenize(text))["x"]
    assert [text[hit.start : hit.end] for hit in found] == ["envoy", "foreign ministry", "ministry"]


def test_an_index_holds_terms_of_several_languages():
    index = TermIndex([("en", compiled("envoy")), ("et", compiled("envoy", "et"))])
    text = tokenize("an envoy")
    assert set(index.positions(text)) == {"en", "et"}
    assert index.languages == {"en", "et"}


def test_names_veto_by_language():
    gates = tokenize("Then Gates spoke")
    assert find_term(compiled("gate"), gates) != []
    assert find_term(compiled("gate"), gates, frozenset({"gates"})) == []


def test_a_term_without_words_is_never_found():
    assert find_term(compiled("…"), tokenize("… and so on")) == []


WORDS = [
    "minister",
    "Minister",
    "ministers",
    "foreign",
    "16",
    "F",
    "cease",
    "fire",
    "ceasefire",
    "US",
    "U.S.",
    "O'Brien",
]
SEPARATORS = [" ", " ", "-", ", ", ". ", "\n", "’s ", "", " «", "\u200f", "$"]
TERMS = ["minister", "foreign minister", "F-16", "cease-fire", "US", "O'Brien", "fire", "US minister"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    return "".join(
        draw(st.sampled_from(WORDS)) + draw(st.sampled_from(SEPARATORS))
        for _ in range(draw(st.integers(0, 12)))
    )


INDEX = TermIndex([(term, compiled(term)) for term in TERMS])


@given(texts())
@settings(max_examples=300)
def test_an_index_of_many_finds_what_each_term_finds_alone(text):
    together = INDEX.positions(tokenize(text))
    for term in TERMS:
        assert together.get(term, []) == find_term(compiled(term), tokenize(text))


@given(texts())
def test_hits_of_a_term_are_in_order_and_apart(text):
    for found in INDEX.positions(tokenize(text)).values():
        for before, after in pairwise(found):
            assert before.end <= after.start


def test_a_phrase_stands_beside_what_a_script_without_spaces_says():
    # 美 meets nothing by itself, so that its entry tells nothing of the words it may stand beside.
    for term, text in (("美 대선", "올해 美대선에서"), ("COP31 峰会", "今年COP31峰会上")):
        language = "ko" if "대" in term else "zh"
        forms = language_for(language).expand(term, Kind.KEYWORD)
        assert [text[it.start : it.end] for it in find_term(forms, tokenize(text))], term


PHRASES = [
    f"{first} {second}" for first in ("minister", "fire", "US") for second in ("foreign", "fire", "16")
]
OF_PHRASES = TermIndex([(term, compiled(term)) for term in PHRASES])


@given(st.lists(st.sampled_from(["minister", "ministers", "fire", "fires", "US", "foreign", "16"])))
def test_phrases_that_share_words_are_found_as_each_is_alone(words):
    text = tokenize(" ".join(words))
    together = OF_PHRASES.positions(text)
    for term in PHRASES:
        first, second = term.split()
        expected = [
            at
            for at in range(len(words) - 1)
            if words[at] in (first, f"{first}s") and words[at + 1] in (second, f"{second}s")
        ]
        if first != second:
            assert [it.first for it in together.get(term, [])] == expected, term
