"""NEAR and its like: how many words may stand between, in which order, across what."""

from __future__ import annotations

import pytest

from marsad.matching.meeting import MOST_PLACES
from tests.unit.matching.world import found, item


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("talks NEAR/0 Moscow", "talks Moscow", ["talks", "Moscow"]),
        ("talks NEAR/0 Moscow", "talks in Moscow", None),
        ("talks NEAR/1 Moscow", "talks in Moscow", ["talks", "Moscow"]),
        ("talks NEAR/1 Moscow", "Moscow had talks", ["Moscow", "talks"]),
        ("talks ONEAR/1 Moscow", "Moscow had talks", None),
        ("talks ONEAR/1 Moscow", "talks in Moscow", ["talks", "Moscow"]),
        ("talks NEAR Moscow", "talks one two three four Moscow", ["talks", "Moscow"]),
        ("talks NEAR Moscow", "talks one two three four five Moscow", None),
        # sentences are crossed, blocks and fields are not
        ("talks NEAR/9 Moscow", "The talks ended. In Moscow it snowed.", ["talks", "Moscow"]),
        ("talks NEAR/9 Moscow", "The talks ended.\nIn Moscow it snowed.", None),
        ("talks SENT Moscow", "Of talks in the city of Moscow.", ["talks", "Moscow"]),
        ("talks SENT Moscow", "The talks ended. In Moscow it snowed.", None),
        ("talks PARA Moscow", "The talks ended. Much later, in Moscow, it snowed.", ["talks", "Moscow"]),
        ("talks PARA Moscow", "The talks ended.\nIn Moscow it snowed.", None),
        # each with what is near it
        ("talks NEAR/1 Moscow", "talks in Moscow, and far away more talks", ["talks", "Moscow"]),
        ("talks NEAR/1 talks", "talks", None),
        ("talks NEAR/1 talks", "talks and talks", ["talks", "talks"]),
        ('"peace talks" NEAR/2 peace', "peace talks", None),
        ('"peace talks" NEAR/2 peace', "peace talks for peace", ["peace talks", "peace"]),
        # chains share the operand between
        ("aid NEAR/1 talks NEAR/1 Moscow", "aid and talks in Moscow", ["aid", "talks", "Moscow"]),
        ("aid NEAR/1 talks NEAR/1 Moscow", "aid and talks, then more talks in Moscow", None),
        ("aid NEAR/9 talks ONEAR/1 Moscow", "talks in Moscow on aid", ["talks", "Moscow", "aid"]),
        # groups and groups of NEAR
        (
            "(talks OR visit) NEAR/1 Moscow",
            "visit to Moscow, before other talks elsewhere in the world",
            ["visit", "Moscow"],
        ),
        ("(talks NEAR/1 Moscow) NEAR/3 aid", "talks in Moscow were on aid", ["talks", "Moscow", "aid"]),
        ("(talks NEAR/1 Moscow) NEAR/3 aid", "talks in Paris, aid to Moscow", None),
        ('"foreign ministry"~1', "ministry of foreign affairs", ["ministry", "foreign"]),
        ('"foreign ministry"~0', "ministry of foreign affairs", None),
        # exceptions
        ("talks NOT NEAR/1 Moscow", "talks in Moscow", None),
        ("talks NOT NEAR/1 Moscow", "talks in Moscow, and not so few talks elsewhere", ["talks"]),
        ("Georgia EXCEPT «Georgia Tech»", "Georgia Tech won", None),
        ("Georgia EXCEPT «Georgia Tech»", "Georgia Tech in Georgia", ["Georgia"]),
        ("(talks OR visit) EXCEPT «peace talks»", "peace talks and a visit", ["visit"]),
        ("talks EXCEPT «peace talks» EXCEPT «trade talks»", "peace talks, trade talks", None),
        ("talks NOT NEAR/1 (Moscow OR Paris)", "talks in Paris", None),
        ("(aid NEAR/1 talks) NOT NEAR/1 Moscow", "aid for talks in Moscow", None),
        # hyphens, clitics and marks between
        ("cease NEAR/0 fire", "cease-fire", ["cease", "fire"]),
        ("محادثات NEAR/1 موسكو", "المحادثات (في) موسكو", ["المحادثات", "موسكو"]),
        ("переговоры NEAR/1 Москва", "переговоры — в Москве", ["переговоры", "Москве"]),
    ],
)
def test_nearness(query, text, expected):
    assert found(query, text) == expected


@pytest.mark.parametrize("query", ["talks NEAR/100 Moscow", "talks SENT Moscow", "talks PARA Moscow"])
def test_nothing_but_lead_crosses_fields(query):
    assert found(query, item("talks", "Moscow", summary="talks")) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("aid AND talks", ["aid", "talks"]),
        ("aid OR Berlin", ["aid"]),
        ("aid OR talks", ["aid", "talks"]),
        ("aid NOT Berlin", ["aid"]),
        ("aid NOT talks", None),
        ("aid NOT (talks AND Berlin)", ["aid"]),
        ("aid NOT (talks OR Berlin)", None),
        ("(aid OR Berlin) (talks OR Paris)", ["aid", "talks"]),
        ("aid OR talks Berlin", ["aid"]),
        ("(aid NOT Berlin) OR Paris", ["aid"]),
        ("aid AND (Berlin OR NOT_THERE)", None),
        ("talks OR talk OR (talk NEAR/3 Moscow)", ["talks", "Moscow"]),
    ],
)
def test_hits_are_those_of_the_branches_that_hold(query, expected):
    assert found(query, "aid for talks in Moscow") == expected


def test_many_places_cost_little():
    text = item(content="talks Moscow aid visit " * 3000)
    hits = found("talks NEAR/100 Moscow NEAR/100 aid NEAR/100 visit NOT NEAR/3 absent", text)
    assert hits is not None
    assert len(hits) == 4 * MOST_PLACES, "and no more, whatever the text"
