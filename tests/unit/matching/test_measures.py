"""How many hits, and how much they weigh together."""

from __future__ import annotations

import pytest

from tests.unit.matching.world import compiled, explained, found, item, match


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("count(talks) >= 2", "talks", None),
        ("count(talks) >= 2", "talks on talks", ["talks", "talks"]),
        ("count(talks OR visit) >= 2", "talks in a visit", ["talks", "visit"]),
        ("count(@hamas) >= 2", "حماس وحركة المقاومة الإسلامية", ["حماس", "وحركة المقاومة الإسلامية"]),
        ("count(@hamas) >= 2", "ХАМАС", None),
        ("count(talks NEAR/1 Moscow) >= 3", "talks in Moscow", None),
        ("count(talks NEAR/1 Moscow) >= 2", "talks in Moscow", ["talks", "Moscow"]),
        ("count(talks EXCEPT «peace talks») >= 2", "peace talks, talks", None),
        ('count("peace talks" OR talks) >= 2', "peace talks", None),
        ("count(talks) >= 2 AND visit", "talks, talks", None),
        ("visit NOT count(talks) >= 2", "a visit for talks", ["visit"]),
        ("visit NOT count(talks) >= 2", "a visit for talks on talks", None),
    ],
)
def test_count(query, text, expected):
    assert found(query, text) == expected


def test_what_a_feed_says_twice_counts_once():
    line = "The ministry spoke of Moscow today"
    assert found("count(ministry) >= 2", item(line, f"{line}\nMore of it.", summary=line)) is None
    assert found("count(ministry) >= 2", item(line, f"{line}\nThe ministry again.")) is not None
    assert found("title:count(ministry) >= 2", item("ministry", "ministry")) is None


SCORE = "score(3: brucell*, 2: (outbreak OR вспышка OR تفشي), 1: farm NEAR/3 closed, -5: football) >= 5"


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        (SCORE, "brucellosis outbreak", ["brucellosis", "outbreak"]),
        (SCORE, "вспышка brucellosis", ["вспышка", "brucellosis"]),
        (SCORE, "brucellosis, brucellosis", None),
        (SCORE, "brucellosis: farm closed", None),
        (
            SCORE,
            "an outbreak of brucellosis: a farm was closed",
            ["outbreak", "brucellosis", "farm", "closed"],
        ),
        (SCORE, "brucellosis outbreak at a football club", None),
        ("score(2: talks, 1: tag:wire) >= 3", "talks", ["talks"]),
        ("score(2: talks, 1: tag:blog) >= 3", "talks", None),
        ("score(2: (talks AND visit), 1: Moscow) >= 3", "talks in Moscow", None),
        (
            "score(2: (talks AND visit), 1: Moscow) >= 3",
            "talks on a visit to Moscow",
            ["talks", "visit", "Moscow"],
        ),
        ("score(1: talks, 1: NOT visit) >= 2", "talks", ["talks"]),
        ("score(1: talks, 1: NOT visit) >= 2", "talks and visit", None),
    ],
)
def test_score(query, text, expected):
    assert found(query, text) == expected


def test_only_what_can_reach_the_score_is_looked_at():
    watches = compiled("score(3: talks, -2: visit) >= 3")
    assert not match(watches, item("visit")).matches
    (watch,) = watches.watches
    assert watch.plan.anchors is not None
    assert len(watch.plan.anchors) == 1


@pytest.mark.parametrize(
    ("query", "text", "why"),
    [
        ("count(talks) >= 3", "talks and talks", 'count(talks) >= 3: 2 of 3 hits: "talks" (content)'),
        ("count(talks) >= 3", "visit", "count(talks) >= 3: talks: does not stand in it"),
        (SCORE, "outbreak at a football club", "-3 of 5: 2 for outbreak OR вспышка OR تفشي, -5 for football"),
        (SCORE, "visit", "0 of 5: none of it holds"),
    ],
)
def test_why_not(query, text, why):
    assert why in explained(query, text).why_not
