"""Which languages there are, and which a term may be of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.registry import language_for, languages_of, script_of
from marsad.matching import find


def test_a_code_is_read_as_feeds_write_it():
    assert language_for("en-GB") is language_for("EN") is language_for("en_us")


def test_a_language_nobody_knows_is_matched_by_the_folded_whole_word():
    rules = language_for("xx")
    assert rules.code == "xx"
    assert find("xx", "tere", "Tere, TERE ja teretulnud") == [(0, 4), (6, 10)]
    assert find("xx", "Tere", "tere Tere") == [(5, 9)]
    assert find("xx", "tere ja", "tere, ja tere «ja»") == [(9, 17)]
    assert find("et", "õ", "o õ") == [(2, 3)]


@pytest.mark.parametrize(
    ("term", "script"),
    [
        ("روسيا", "Arab"),
        ("Россия", "Cyrl"),
        ("Russia", "Latn"),
        ("Ἀθήνα", "Grek"),
        ("ארה״ב", "Hebr"),
        ("31", ""),
    ],
)
def test_script_of_a_term(term, script):
    assert script_of(term) == script


@pytest.mark.parametrize(
    ("term", "languages"),
    [
        ("روسيا", ("ar", "fa")),
        ("Россия", ("ru", "sr")),
        ("Russia", ("en", "sr")),
        ("2026", ("ar", "en", "ru", "fa", "sr")),
        ("Ἀθήνα", ("",)),
    ],
)
def test_languages_a_term_may_be_of(term, languages):
    assert languages_of(term, ["ar", "en-US", "ru", "fa", "sr"]) == languages


@given(st.sampled_from(["en", "et", ""]), st.text(max_size=40), st.sampled_from(list(Kind)))
def test_no_term_raises_and_no_word_has_a_key_twice(language, term, kind):
    forms = language_for(language).expand(term, kind)
    for sequence in forms.sequences:
        for word in sequence:
            keys = [form.key for form in word]
            assert len(keys) == len(set(keys))


@given(st.sampled_from(["en", "et"]), st.text(max_size=20))
def test_folding_twice_changes_nothing(language, word):
    rules = language_for(language)
    assert rules.fold(rules.fold(word)) == rules.fold(word)
