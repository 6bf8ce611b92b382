"""A watch written as lists is the same tree as its query on one line."""

from __future__ import annotations

import pytest

from tests.unit.matching.world import compiled, found, item, match, watch

LISTS = (
    ("all_of", ("@moscow", "title:summit")),
    ("any", ("talks", "visit // a comment", "aid OR food")),
    ("none", ("football", "chess")),
)
QUERY = "@moscow AND title:summit AND (talks OR visit OR aid OR food) AND NOT (football OR chess)"


def test_it_is_the_same_tree():
    asked = compiled([watch("said otherwise", "lists", lists=LISTS), watch(QUERY, "query")])
    first, second = asked.watches
    assert first.query.root == second.query.root
    assert str(first.query) == QUERY


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("summit", "a visit to Moscow", ["summit", "visit", "Moscow"]),
        ("summit", "Moscow", None),
        ("news", "a visit to Moscow", None),
        ("summit", "a visit to Moscow for chess", None),
        ("summit", "food for Moscow", ["summit", "food", "Moscow"]),
    ],
)
def test_what_lists_find(title, text, expected):
    assert found("", item(title, text), lists=LISTS) == expected


def test_one_list_alone():
    for key in ("any", "all_of"):
        assert found("", "a visit", lists=((key, ("visit",)),)) == ["visit"]
    assert found("", "a visit", lists=(("all_of", ("visit AND trip", "talks")),)) is None
    watches = compiled([watch("", lists=(("none", ("visit",)),), all_items=True)])
    assert match(watches, item("a trip")).matches
    assert not match(watches, item("a visit")).matches
