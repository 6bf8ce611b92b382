"""Languages without rules of their own: the forms of their dictionary, no more."""

from __future__ import annotations

import pytest

from marsad.matching import find


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("nl", "verkiezing", "de verkiezingen, kiezer", ["verkiezingen"]),
        ("sv", "regering", "regeringens beslut, regera", ["regeringens"]),
        ("sv", "Kristersson", "Kristerssons tal, kristersson", ["Kristerssons"]),
        ("bg", "министър", "министърът и министрите, министерство", ["министърът", "министрите"]),
        ("sk", "veľvyslanec", "s veľvyslancom, veľvyslanectvo", ["veľvyslancom"]),
        ("ro", "ministru", "miniștrii, minister", ["miniștrii"]),
        ("ca", "eleccions", "l’elecció, les eleccions, electoral", ["elecció", "eleccions"]),
    ],
)
def test_a_word_has_the_forms_of_its_dictionary(language, term, text, expected):
    assert [text[start:end] for start, end in find(language, term, text)] == expected


def test_a_word_the_dictionary_does_not_know_stands_for_itself():
    assert find("nl", "kwantumvlo", "kwantumvlo kwantumvlooien") == [(0, 10)]
