"""No text and no query costs more than a moment, and what is not looked at is at the far end."""

from __future__ import annotations

import random
from functools import cache
from itertools import islice
from time import process_time

import pytest

from marsad.matching.document import MOST_SUMMARY, MOST_TEXT, MOST_TITLE, Document
from marsad.matching.explain import explain
from marsad.matching.meeting import MOST_PLACES
from marsad.matching.overlaps import apart, not_inside
from marsad.matching.places import Place
from marsad.matching.remembered import LONGEST_WORD
from tests.bench.hostile import QUERIES, SOURCE, items, texts, watch_set
from tests.unit.matching.world import NOW, compiled, found, item

HOSTILE = watch_set()
_MOMENT = 0.5
"""Seconds of the processor: ten times what it takes and more, as machines are busy."""


@pytest.mark.parametrize("size", [600, 6_000])
def test_texts_made_to_take_long_do_not_and_hide_nothing(size: int):
    for name, text in items(size):
        begun = process_time()
        result = HOSTILE.match(text, SOURCE, now=NOW)
        assert process_time() - begun < _MOMENT, name
        assert result.failed == (), name
        assert result == HOSTILE.match_without_index(text, SOURCE, now=NOW), name


@cache
def long_texts() -> tuple[tuple[str, str], ...]:
    """Return some texts of fifteen megabytes: to make them takes longer than to match them."""
    return tuple(islice(texts(15_000_000), 0, None, 7))


@pytest.mark.parametrize("query", QUERIES)
def test_one_watch_on_a_text_of_fifteen_megabytes(query: str):
    one = compiled(query, ()) if "@" not in query else HOSTILE
    for name, text in long_texts():
        begun = process_time()
        assert one.match(item(content=text, language="en"), SOURCE, now=NOW).failed == ()
        assert process_time() - begun < _MOMENT, name


def test_what_stands_far_into_a_text_is_not_looked_at():
    far = "word " * (MOST_TEXT // 5)
    assert found("gas", f"gas {far}") == ["gas"]
    assert found("gas", f"{far}gas") is None
    assert found("gas", item(far, "gas")) == ["gas"]
    assert [len(it) for it in Document(item(far, far, summary=far), SOURCE).originals[:3]] == [
        MOST_TITLE,
        MOST_SUMMARY,
        MOST_TEXT,
    ]


def test_an_explanation_says_what_is_not_looked_at():
    text = "word " * (MOST_TEXT // 5) + "gas"
    told = explain(compiled("gas", ()), "w", item(content=text), SOURCE, now=NOW)
    assert told.why_not.endswith("(of its content the first 50,000 of 50,003 characters are looked at)"), (
        told.why_not
    )
    assert explain(compiled("gas", ()), "w", item("oil"), SOURCE, now=NOW).cut == ""


def test_no_term_stands_more_often_than_counts():
    hits = found("gas OR oil", "gas oil " * (2 * MOST_PLACES))
    assert hits is not None
    assert hits == ["gas", "oil"] * MOST_PLACES
    assert found('"gas oil"', "gas oil " * (2 * MOST_PLACES)) == ["gas oil"] * MOST_PLACES


def test_a_word_longer_than_any_is_none():
    assert found("gas*", f"gas{'s' * (LONGEST_WORD - 3)}, gas") == ["gas" + "s" * (LONGEST_WORD - 3), "gas"]
    assert found("gas*", f"gas{'s' * (LONGEST_WORD - 2)}, gas") == ["gas"]


def _place(start: int, end: int, field: int = 0) -> Place:
    return Place(field, start, end - 1, start, end, "t", "", "en", "")


@pytest.mark.parametrize("seed", range(200))
def test_overlaps_are_those_that_a_look_at_each_would_find(seed: int):

    chance = random.Random(seed)  # noqa: S311

    def some() -> list[Place]:
        starts = [(chance.randrange(12), chance.randrange(2)) for _ in range(chance.randrange(6))]
        return [_place(start, start + chance.randint(1, 5), field) for start, field in starts]

    one, two = some(), some()
    assert apart(one, two) == [
        it
        for it in one
        if not any(o.field == it.field and o.start < it.end and it.start < o.end for o in two)
    ]
    assert not_inside(one, two) == [
        it
        for it in one
        if not any(
            o.field == it.field
            and o.start <= it.start
            and it.end <= o.end
            and (o.start, o.end) != (it.start, it.end)
            for o in two
        )
    ]
