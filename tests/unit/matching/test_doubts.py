"""What can hardly be meant is pointed out, with its column; what is plain is not."""

from __future__ import annotations

import pytest

from marsad.matching.doubts import doubts
from marsad.matching.grammar import parse_query
from marsad.matching.watchset import compile_watch_set
from tests.unit.matching.world import expand, watch


@pytest.mark.parametrize(
    ("query", "column", "told"),
    [
        (
            "government",
            1,
            '"government" stands in a great many items (join it with another term by AND',
        ),
        ("Moscow OR title:год", 17, '"год" stands in a great many items'),
        ("Moscow OR (talks OR الحكومة)", 21, '"الحكومة" stands in a great many items'),
        ("Moscow NOT Moscow", 1, "Moscow is asked for, and not to be there: nothing can match (remove one)"),
        ("visit AND (aid NOT (talks OR aid)) NOT visit", 1, "visit is asked for, and not to be there"),
        ("visit OR trip OR visit", 18, "visit stands twice (remove one)"),
        ("@hamas visit @hamas", 14, "@hamas stands twice"),
        ("visit OR (visit AND Moscow)", 11, "visit AND Moscow adds nothing: visit alone finds it already"),
        ("title:visit NEAR/3 content:Moscow", 20, "title:visit and content:Moscow stand in different fields"),
        ("visit feed:kuna", 7, "the watch never looks at feed:kuna (see its feeds)"),
    ],
)
def test_what_is_doubtful(query, column, told):
    (doubt,) = doubts(parse_query(query), feeds=("tass",))
    assert told in str(doubt)
    assert doubt.column == column


@pytest.mark.parametrize(
    "query",
    [
        "government AND visit",
        "government NEAR/5 visit",
        '"government visit"',
        "visit NOT government",
        "Government",
        "visit feed:tass",
        "visit OR (trip AND Moscow)",
        "lead:visit NEAR/3 content:Moscow",
        "title:visit NEAR/3 title:Moscow",
        "visit AND (feed:kuna OR feed:tass)",
    ],
)
def test_what_is_plain(query):
    assert list(doubts(parse_query(query), feeds=("tass",))) == []


def test_they_are_told_when_a_watch_is_compiled():
    compilation = compile_watch_set([watch("visit OR visit")], expand=expand)
    assert [str(it) for it in compilation.warnings] == [
        'watches.toml: watch "w": query: column 10: visit stands twice (remove one)'
    ]
    assert len(compilation.watch_set) == 1
