"""Names everybody knows."""

from __future__ import annotations

import pytest

from marsad.language.names import fold_name, is_name, known_names


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Turkey"),
        ("en", "The Hague"),
        ("en", "Saint Petersburg"),
        ("ru", "Нидерланды"),
        ("ru", "Эр-Рияд"),
        ("ar", "ألمانيا"),
        ("ar", "بكين"),
        ("fr", "Allemagne"),
    ],
)
def test_territories_and_places_are_names(language, name):
    assert is_name(language, name)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "turkey"), ("en", "Ministry"), ("ar", "وزارة"), ("xx", "x")]
)
def test_other_words_are_none(language, word):
    assert not is_name(language, word)


def test_an_alias_is_a_name():
    aliases = {fold_name("en", "Acme Corp.")}
    assert is_name("en", "ACME corp", aliases)
    assert not is_name("en", "Acme", aliases)


def test_persons_veto_but_make_no_term_a_name():
    # بوش is a president, سلام a prime minister, and also peace.
    assert fold_name("ar", "سلام") in known_names("ar")
    assert not is_name("ar", "سلام")


def test_veto_names_are_single_folded_words():
    for language in ("ar", "ru", "en"):
        names = known_names(language)
        assert len(names) > 500
        assert all(name and " " not in name for name in names)
