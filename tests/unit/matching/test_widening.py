"""What a query would be with the related forms of its words."""

from __future__ import annotations

import pytest

from marsad.matching.grammar import parse_query
from marsad.matching.widening import with_related


@pytest.mark.parametrize(
    ("query", "wider"),
    [
        ("روسيا", "related:روسيا"),
        (
            'Russia AND (visit OR "foreign ministry")',
            'related:Russia AND (related:visit OR related:"foreign ministry")',
        ),
        ("@russia OR minist*", None),
        ("name:Moscow NOT title:talks", "name:Moscow NOT title:related:talks"),
        ('"minist* of defence"', None),
        ("related:Egypt", None),
    ],
)
def test_terms_get_it_and_nothing_else(query: str, wider: str | None) -> None:
    assert with_related(parse_query(query)) == wider
    if wider is not None:
        assert str(parse_query(wider))
