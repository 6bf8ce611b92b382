"""One term in one text, and how well that works on labelled sentences."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.matching import find
from marsad.matching.find import resolve_kind
from tests.shared_data import shared

ALPHABET = st.text(alphabet="abzABZ яЯёخروسيابلًُ0٢16'’.-,\n\"«»\u200f\u00ad\u0301$", max_size=60)


@given(st.sampled_from(["ar", "en", "ru", "et", ""]), ALPHABET, ALPHABET)
def test_spans_lie_in_the_text_and_nothing_raises(language, term, text):
    for kind in Kind:
        end = 0
        for start, stop in find(language, term, text, kind):
            assert end <= start < stop <= len(text)
            end = stop


@given(
    st.sampled_from(["ar", "en", "et", "ru"]),
    st.lists(
        st.from_regex(r"[A-Za-zé]{1,8}|[а-яЁ]{1,8}|[ء-غف-ي]{1,8}", fullmatch=True), min_size=1, max_size=3
    ).map(" ".join),
    st.sampled_from(list(Kind)),
)
@example("en", "US", Kind.KEYWORD)
@example("en", "Jan", Kind.NAME)
def test_a_term_finds_itself(language, term, kind):
    text = f"— {term} —"
    assert find(language, term, text, kind) == [(2, 2 + len(term))]


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match="noun"):
        find("en", "minister", "text", "noun")


@pytest.mark.parametrize(
    ("language", "term", "kind"),
    [
        ("en", "Turkey", Kind.NAME),
        ("en", "turkey", Kind.KEYWORD),
        ("en", "Ministry", Kind.KEYWORD),
        ("ar", "روسيا", Kind.NAME),
        ("ar", "سفارة", Kind.KEYWORD),
        ("ru", "Россия", Kind.NAME),
        ("en", "Acme", Kind.NAME),
    ],
)
def test_a_keyword_that_is_a_known_name_is_a_name(language, term, kind):
    assert resolve_kind(language, term, Kind.KEYWORD, aliases={"acme"}) is kind


def test_a_stated_kind_stays():
    assert resolve_kind("en", "ministry", Kind.PERSON) is Kind.PERSON


def test_english_on_labelled_sentences():
    counts: Counter[str] = Counter()
    with open(shared("data/languages/dev.items.jsonl"), encoding="utf-8") as lines:
        items = [item for line in lines if (item := json.loads(line))["lang"] == "en"]
    for item in items:
        spans = find("en", item["query"], item["text"])
        if not item["should_match"]:
            counts["false"] += bool(spans) and item["cls"] != "random"
            continue
        counts["all"] += 1
        labels = item["spans"]
        good = [span for span in spans if any(span[0] < label[3] and span[1] > label[2] for label in labels)]
        counts["found"] += bool(good)
        exact = {(label[0], label[1]) for label in labels} | {(label[2], label[3]) for label in labels}
        counts["exact"] += any(span in exact for span in good)
    assert counts["found"] / counts["all"] >= 0.96
    assert counts["found"] / (counts["found"] + counts["false"]) >= 0.98
    assert counts["exact"] == counts["found"]


def test_english_vectors():
    vectors = json.loads(shared("data/languages/vectors.json").read_text(encoding="utf-8"))
    for vector in vectors:
        if vector["lang"] == "en":
            spans = find("en", vector["query"], vector["text"], vector["kind"])
            assert [list(span) for span in spans] == vector["expect"], vector["id"]
