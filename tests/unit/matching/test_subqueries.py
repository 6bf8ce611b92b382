"""A watch as a part of another's query."""

from __future__ import annotations

from itertools import pairwise

import pytest

from marsad.matching.watchset import compile_watch_set
from tests.unit.matching.world import ENTITIES, compiled, expand, explained, item, match, mistakes, watch

KNOWN = (
    watch("@hamas OR talks", "topic"),
    watch("Moscow NEAR/3 visit", "near"),
    watch("watch:topic AND Moscow", "both"),
    watch("title:visit", "title"),
)


def found(query: str, text: str, title: str = "") -> list[str] | None:
    watches = compiled([watch(query, "asked"), *KNOWN])
    matches = {it.watch_id: it for it in match(watches, item(title, text)).matches}
    return [hit.text for hit in matches["asked"].hits] if "asked" in matches else None


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("watch:topic", "Hamas in talks", ["Hamas", "talks"]),
        ("watch:topic AND visit", "a visit for talks", ["visit", "talks"]),
        ("watch:topic AND visit", "a visit", None),
        ("visit NOT watch:topic", "a visit", ["visit"]),
        ("visit NOT watch:topic", "a visit of Hamas", None),
        ("watch:topic NEAR/2 aid", "talks on aid", ["talks", "aid"]),
        ("watch:near NEAR/2 aid", "visit to Moscow, aid", ["visit", "Moscow", "aid"]),
        ("aid EXCEPT watch:near", "aid", ["aid"]),
        ("watch:both", "Hamas in Moscow", ["Hamas", "Moscow"]),
        ("watch:both", "Hamas", None),
        ("title:watch:topic OR aid", "talks", None),
        ("watch:title OR aid", "aid", ["aid"]),
    ],
)
def test_a_watch_in_a_query(query, text, expected):
    assert found(query, text) == expected


def test_in_a_field_the_other_watch_is_looked_for_there():
    assert found("title:watch:topic", "talks on Hamas", "Hamas speaks") == ["Hamas"]
    assert found("watch:title", "visit", "A visit") == ["visit"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("watch:topics", 'column 1: no watch has the id "topics" (did you mean "topic"?)'),
        ("visit watch:xyz", 'column 7: no watch has the id "xyz"'),
        ("visit watch:bad", 'column 7: the watch "bad" cannot be used (see what is wrong with it)'),
        ("aid NEAR/3 watch:both", "column 12: watch:both cannot stand here: AND inside an operand of NEAR/3"),
        (
            "title:(aid OR watch:title)",
            "column 15: watch:title cannot stand here: title: stands inside",
        ),
        (
            "watch:asked OR aid",
            "comes back to itself: watch:asked → watch:asked (break the circle)",
        ),
        ("watch:back", "column 1: comes back to itself: watch:asked → watch:back → watch:asked"),
    ],
)
def test_mistakes(query, told):
    others = [*KNOWN, watch("visit AND (", "bad"), watch("visit OR watch:asked", "back")]
    lines = mistakes(watch(query, "asked"), others=others)
    own = [line for line in lines if line.startswith('watch "asked"')]
    assert len(own) == 1
    assert told in own[0]


def test_watches_that_name_each_other_by_the_thousand():
    chain = [watch("visit", "w0"), *(watch(f"watch:w{n} OR visit", f"w{n + 1}") for n in range(1500))]
    told = mistakes(*chain)
    assert "parts of the query stand more than 100 deep" in told[0]
    assert len(told) > 1000


def test_a_query_that_doubles_with_each_name_is_refused():
    doubling = [watch("aid OR talks", "w0")]
    doubling += [watch(f"watch:w{n} OR (watch:w{n} AND visit)", f"w{n + 1}") for n in range(40)]
    told = mistakes(*doubling)
    assert "column 1: with the watches it names, the query holds more than 2,000 terms" in told[0]


def test_what_cannot_be_read_is_told_once():
    assert mistakes(watch("watch:lost OR aid", "asked"), lost_watches={"lost"}) == []
    assert mistakes(watch("watch:any OR aid", "asked"), lost_watches=None) == []
    lines = mistakes(watch("@lost", "first"), watch("watch:first", "second"), lost_entities={"lost"})
    assert lines == []


def test_only_the_watches_that_are_asked_for_are_compiled():
    compilation = compile_watch_set([watch("watch:both", "asked")], ENTITIES, others=KNOWN, expand=expand)
    assert [it.definition.id for it in compilation.watch_set.watches] == ["asked"]
    assert match(compilation.watch_set, item("talks in Moscow")).matches


def test_the_version_changes_with_the_watch_that_is_named():
    def version(query: str) -> str:
        return compiled([watch("watch:other", "asked"), watch(query, "other")]).versions()["asked"]

    assert version("visit") == version("visit") != version("talks")


def test_why_not_leads_into_the_other_watch():
    why = explained("watch:both", "talks", others=KNOWN).why_not
    assert why == "Moscow: does not stand in it"


def test_long_ids_do_not_run_together():
    watches = [watch("aid", "a"), watch("talks", "a.b"), watch("visit", "a-b")]
    for first, second in pairwise(["watch:a", "watch:a.b", "watch:a-b", "watch:a"]):
        compiled([watch(f"{first} OR ({second})", "asked"), *watches])
