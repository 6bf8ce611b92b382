"""What holds for every query and every text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.errors import WatchSyntaxError
from marsad.matching.grammar import parse_query
from marsad.matching.query import Query
from tests.unit.matching.strategies import hostile, item_sources, items, queries, texts
from tests.unit.matching.world import compiled, item, watch
from tests.unit.matching.world import match as found_in

SYNTAX = st.lists(
    st.sampled_from(
        [*'()"«»@=:-*~/#,،ab5 \n', "AND ", "OR ", "NOT ", "NEAR/3 ", "title:", "روس", "а", "term "]
    ),
    max_size=40,
).map("".join)


def read(query: str) -> Query | WatchSyntaxError:
    try:
        return parse_query(query)
    except WatchSyntaxError as refused:
        return refused


@given(queries)
def test_a_query_written_out_reads_back_as_the_same(query):
    first = parse_query(query)
    written = str(first)
    again = parse_query(written)
    assert again == first
    assert str(again) == written


@given(st.one_of(SYNTAX, hostile))
@example("‹a› \ufeff\u202eb")
@example('"a"b" c')
def test_any_text_is_a_query_or_a_mistake_with_a_column(query):
    match read(query):
        case Query() as good:
            assert all(1 <= warning.column <= len(query) for warning in good.warnings)
            assert parse_query(str(good)) == good
        case WatchSyntaxError() as refused:
            assert 1 <= refused.column <= len(query) + 1
            assert refused.problem


@given(st.lists(queries, min_size=1, max_size=4), items(), item_sources)
def test_the_index_hides_nothing_and_every_verdict_explains_itself(asked, revision, source):
    watches = [watch(query, f"w{number}") for number, query in enumerate(asked)]
    found_in(compiled(watches), revision, source)  # asserts all of it


PROBES = compiled(
    [
        watch(query, f"w{number}")
        for number, query in enumerate(
            [
                "@zakharova NEAR/5 (министр OR minister OR وزير)",
                "روس OR روسيا OR @moscow",
                '"foreign minist*" EXCEPT visit',
                'lead:(US OR ="us") NOT author:визит',
                "газ SENT визит",
                "content:@hamas PARA @moscow",
            ]
        )
    ]
)


@given(hostile, hostile, st.sampled_from([None, "ar", "ru", "en", "zz", ""]))
@example("ا" * 5000, "\u0301" * 5000, "ar")
@example("\x00\ud800", "'" * 3000, None)
@example("a.b." * 2000, "1,0" * 2000, "en")
def test_no_text_makes_the_matcher_raise(title, content, language):
    found_in(PROBES, item(title, content, summary=content, author=title, language=language))


@given(texts(longest=30), st.integers(1, 6))
def test_text_that_is_said_again_is_told_once(text, times):
    once = found_in(PROBES, item(text)).matches
    again = found_in(PROBES, item(text, "\n".join([text] * times), summary=text)).matches
    assert {found.watch_id for found in once} <= {found.watch_id for found in again}


@pytest.mark.parametrize("length", [20_001, 1_000_000])
def test_a_query_that_is_too_long_is_refused_at_once(length):
    with pytest.raises(WatchSyntaxError, match="more than 20,000") as caught:
        parse_query("a1 " * (length // 3 + 1))
    assert caught.value.column == 20_001
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("query", ["(" * 9_990 + "term" + ")" * 9_990, "(" * 10_000, "title:(" * 2_500])
def test_parentheses_nested_by_the_thousand_are_refused(query):
    with pytest.raises(WatchSyntaxError, match="deep") as caught:
        parse_query(query)
    assert 40 <= caught.value.column <= 41 * 7


@pytest.mark.parametrize(
    "query",
    [
        "NOT " * 4_000 + "term",
        "-" * 15_000 + "term",
        "term " + "NEAR/3 term " * 1_500,
        "term " + "EXCEPT term " * 1_500,
        "term OR " * 1_900 + "term",
        "title:" * 3_000 + "term",
        '"' * 19_999,
        "term~" * 3_000,
    ],
)
def test_long_chains_of_operators_are_read_or_refused_but_never_crash(query):
    match read(query):
        case Query() as good:
            assert parse_query(str(good)) == good
            found_in(compiled([watch(query)]), item("term one"))
        case WatchSyntaxError() as refused:
            assert 1 <= refused.column <= len(query)
