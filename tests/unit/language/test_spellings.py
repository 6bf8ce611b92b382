"""How one term may be put together of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.spellings import spellings


def told(term: str) -> list[list[str]]:
    return [[word.text for word in spelling] for spelling in spellings(term)]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("minister", [["minister"]]),
        ("foreign ministry", [["foreign", "ministry"]]),
        ("cease-fire", [["cease", "fire"], ["ceasefire"]]),
        ("премьер-министр", [["премьер", "министр"], ["премьерминистр"]]),
        ("F-16", [["F", "16"]]),
        ("COP31", [["COP", "31"]]),
        ("J.D. Vance", [["JD", "Vance"], ["J", "D", "Vance"]]),
        ("В. В. Путин", [["ВВ", "Путин"], ["В", "В", "Путин"]]),
        ("J. Smith", [["J", "Smith"]]),
        ("US Navy", [["US", "Navy"], ["U", "S", "Navy"]]),
        ("U.S.", [["U.S."]]),
        ("«ХАМАС»", [["ХАМАС"]]),
        ("...", []),
        ("", []),
    ],
)
def test_spellings(term, expected):
    assert told(term) == expected


@given(st.text(alphabet="aB-. 'я1", max_size=60))
def test_alternatives_are_bounded_and_distinct(term):
    found = spellings(term)
    assert len(found) <= 16
    assert len(set(found)) == len(found)
    assert all(spelling and spelling[-1].last for spelling in found)
