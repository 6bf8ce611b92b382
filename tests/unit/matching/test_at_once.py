"""Watches that a term decides alone, beside those that take an evaluation: the same is found of both."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from marsad.matching.at_once import decided
from marsad.matching.bundles import CompiledWatch
from marsad.matching.document import Document
from marsad.matching.matcher import WatchSet
from marsad.matching.places import Found
from marsad.matching.vocabulary import Index

from .world import NOW, SOURCE, compiled, item, match, watch


@pytest.mark.parametrize(
    ("query", "terms", "spoilers"),
    [
        ("envoy", 1, 0),
        ('"foreign minister"', 1, 0),
        ("envoy OR minister OR посол", 3, 0),
        ("envoy NOT minister", 1, 1),
        ("(envoy OR посол) NOT minister NOT (visit OR talks)", 2, 3),
    ],
)
def test_what_terms_decide(query, terms, spoilers):
    found = decided(compiled(query).watch("w").plan)
    assert found is not None
    assert (len(found.terms), len(found.spoilers)) == (terms, spoilers)


@pytest.mark.parametrize(
    "query",
    ["envoy AND minister", "title:envoy", "envoy NEAR/3 talks", "@hamas", "envoy NOT feed:a", "minist*"],
)
def test_what_no_term_decides(query):
    assert decided(compiled(query).watch("w").plan) is None


QUERIES = (
    "envoy",
    "envoy OR minister",
    "envoy NOT minister",
    "envoy NOT envoy",
    "(envoy OR talks) NOT visit",
    "envoy AND minister",
    "envoy AND (talks OR visit)",
    "envoy NEAR/2 minister",
    "author:envoy OR talks",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An envoy spoke", [0, 1, 2, 4]),
        ("The minister spoke", [1]),
        ("An envoy, a minister", [0, 1, 4, 5, 7]),
        ("An envoy in talks on a visit", [0, 1, 2, 6, 8]),
        ("Talks", [4, 8]),
        ("Nothing", []),
    ],
)
def test_each_is_found_in_the_order_of_the_configuration(text, expected):
    # The watches of some feeds share plans with those of all; both must be found.
    everywhere = [watch(query, f"w{number}") for number, query in enumerate(QUERIES)]
    here = [watch(query, f"here{number}", feeds=(SOURCE.feed_id,)) for number, query in enumerate(QUERIES)]
    elsewhere = [watch(query, f"else{number}", feeds=("other",)) for number, query in enumerate(QUERIES)]
    watch_set = compiled([*reversed(everywhere), *elsewhere, *here])
    found = [it.watch_id for it in match(watch_set, item(title=text, language="en")).matches]
    assert found == [*(f"w{it}" for it in reversed(expected)), *(f"here{it}" for it in expected)]


def test_a_term_of_the_author_decides_nothing():
    watch_set = compiled([watch("envoy"), watch("author:envoy", "author"), watch("talks NOT envoy", "talks")])
    by_envoy = item(title="Talks", author="Envoy", language="en")
    assert [it.watch_id for it in match(watch_set, by_envoy).matches] == ["author", "talks"]


class Faulty(Index):
    """Tells of one term that it stands where nothing is."""

    number: int

    def find(self, document: Document, fields: Iterable[int]) -> Found:
        found = super().find(document, fields)
        return {
            term: [it._replace(field=9) for it in its] if term == self.number else its
            for term, its in found.items()
        }


def test_a_term_that_fails_costs_no_other_watch_its_mention():
    whole = compiled([watch("envoy", "a"), watch("talks", "b"), watch("envoy OR minister", "c")])
    index = whole.layer_of("a").index
    faulty = Faulty(index._terms, index._patterns, index._expressions, index._parts)
    plans = decided(whole.watch("a").plan)
    assert plans is not None
    (faulty.number,) = plans.terms
    watches: tuple[CompiledWatch, ...] = whole.watches
    result = WatchSet(watches, {}, faulty).match(item(title="Envoy in talks"), SOURCE, now=NOW)
    assert [it.watch_id for it in result.matches] == ["b"]
    assert [identity for identity, _ in result.failed] == ["a", "c"]
