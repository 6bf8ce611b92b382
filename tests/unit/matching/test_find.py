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


@pytest.mark.parametrize(
    ("language", "recall", "precision"),
    [
        *[("ar", 0.95, 0.98), ("ru", 0.99, 0.98), ("en", 0.96, 0.98)],
        *[("zh", 0.98, 0.99), ("ja", 0.94, 0.99), ("th", 0.99, 0.99), ("ko", 0.94, 0.99)],
    ],
)
def test_labelled_sentences(language, recall, precision):
    """Recall, precision against look-alikes, and spans that are exactly a word, as labelled."""
    counts: Counter[str] = Counter()
    with open(shared("data/languages/dev.items.jsonl"), encoding="utf-8") as lines:
        items = [item for line in lines if (item := json.loads(line))["lang"] == language]
    for item in items:
        spans = find(language, item["query"], item["text"])
        if not item["should_match"]:
            counts["false"] += bool(spans) and item["cls"] != "random"
            continue
        counts["all"] += 1
        labels = item["spans"]
        good = [span for span in spans if any(span[0] < label[3] and span[1] > label[2] for label in labels)]
        counts["found"] += bool(good)
        exact = {(label[0], label[1]) for label in labels} | {(label[2], label[3]) for label in labels}
        counts["exact"] += any(span in exact for span in good)
    assert counts["found"] / counts["all"] >= recall
    assert counts["found"] / (counts["found"] + counts["false"]) >= precision
    assert counts["exact"] == counts["found"]


@pytest.mark.parametrize(("kind", "recall"), [("surname", 0.95), ("fullname", 0.93)])
def test_russian_names_in_running_news(kind, recall):
    found = labels = 0
    with open(shared("data/languages/factrueval.dev.jsonl"), encoding="utf-8") as lines:
        items = [item for line in lines if (item := json.loads(line))["kind"] == kind]
    for item in items:
        spans = find("ru", item["query"], item["text"])
        for start, end in item["spans"]:
            labels += 1
            found += any(one < end and other > start for one, other in spans)
    assert found / labels >= recall


@pytest.mark.parametrize("language", ["ar", "ru", "en", "zh", "ja", "ko"])
def test_vectors(language):
    vectors = json.loads(shared("data/languages/vectors.json").read_text(encoding="utf-8"))
    asked = [vector for vector in vectors if vector["lang"] == language]
    assert asked
    for vector in asked:
        spans = find(language, vector["query"], vector["text"], vector["kind"])
        assert [list(span) for span in spans] == vector["expect"], vector["id"]


@pytest.mark.parametrize(
    ("language", "kind", "term", "text", "expected"),
    [
        ("ar", "keyword", "سفارة", "وأغلقت السفارات أبوابها، ونقلت سفارتهم إلى القاهرة", "السفارات سفارتهم"),
        ("ar", "keyword", "وزير", "التقى الوزراء بوزيرين، لا بالوزارة", "الوزراء بوزيرين"),
        ("ar", "name", "روسيا", "وصل من روسيا، ولروسيا سفارة روسية", "روسيا ولروسيا"),
        ("ar", "keyword", "وزارة الخارجية", "لوزارة الخارجية، ووزارة خارجية", "لوزارة الخارجية"),
        ("ru", "keyword", "переговоры", "о переговорах и переговорщиках", "переговорах"),
        ("ru", "person", "Захарова", "с Захаровой, но не с Захаровым", "Захаровой"),
        ("ru", "keyword", "газ", "цены газа в Газе", "газа"),
        ("en", "keyword", "crisis", "Two crises, one critic", "crises"),
        ("en", "name", "Russia", "Russia's envoy spoke Russian", "Russia's"),
        ("en", "keyword", "US", "The U.S. asked us", "U.S."),
        ("zh", "keyword", "中国", "中國外長說，發展中國家的債務", "中國"),
        ("ja", "keyword", "ロシア", "ﾛｼｱ軍とベラルーシ、ロシアン", "ﾛｼｱ"),
        ("th", "keyword", "โรม", "กรุงโรมและไคโรมี", "โรม"),
        ("ko", "name", "미국", "미국으로부터 미국인들이", "미국으로부터"),
    ],
)
def test_a_few_of_our_own(language, kind, term, text, expected):
    found = [text[start:end] for start, end in find(language, term, text, kind)]
    assert " ".join(found) == expected
