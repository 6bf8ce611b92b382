"""What sounds like a name in texts: windows of words, what is joined to them, and what is none of it."""

from __future__ import annotations

import pytest

from marsad.language.common import is_common_word
from marsad.language.soundalikes import Soundalikes
from marsad.model import Revision


def revision(title: str, language: str | None, content: str = "") -> Revision:
    return Revision(
        title=title,
        summary="",
        content=content,
        author="",
        language=language,
        link=None,
        published=None,
        hash="",
    )


def found(name: str, *texts: tuple[str, str | None], to: str = "ru ar en") -> dict[str, int]:
    search = Soundalikes(name, to.split())
    for text, language in texts:
        search.add(revision(text, language), "a")
    return {it.spelling: it.items for it in search.candidates(most=5)}


def test_forms_of_one_name_are_one_candidate() -> None:
    texts = [("Захаровой", "ru"), ("Захарову", "ru"), ("вместе с Захаровой", "ru")]
    assert found("Zakharova", *texts) == {"Захаровой": 3}


def test_what_is_joined_to_a_name_is_taken_off() -> None:
    assert found("Лавров", ("وأكد لافروف", "ar"), ("وللافروف موقف", "ar")) == {"لافروف": 2}
    assert found("Лавров", ("Lavrov’s plane", "en"), ("LAVROV said", "en")) == {"Lavrov": 2}


def test_a_full_name_is_found_in_both_orders_and_not_across_a_sentence() -> None:
    assert found("Sergey Lavrov", ("Сергей Лавров", "ru"), ("Лавров Сергей", "ru")).keys() == {
        "Сергей Лавров",
        "Лавров Сергей",
    }
    assert found("Sergey Lavrov", ("Ушёл Сергей. Лавров пришёл", "ru")) == {}


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("Lavrov", "Лавров відповів", "uk"),  # Ukrainian spelling was not asked for
        ("Lavrov", "лавров много", "ru"),  # no capital
        ("Lavrov", "Павлова", "ru"),
        ("中国", "中国", "zh"),
        ("", "Лавров", "ru"),
    ],
)
def test_what_is_not_meant_is_not_found(name: str, text: str, language: str) -> None:
    assert found(name, (text, language)) == {}


def test_a_repeated_text_counts_once_and_two_contexts_are_enough() -> None:
    search = Soundalikes("Lavrov", ["ru"])
    for _ in range(3):
        search.add(revision("Лавров", "ru", "Лавров сказал"), "a")
    (candidate,) = search.candidates(most=5)
    assert (candidate.items, candidate.forms, len(candidate.contexts)) == (3, (("Лавров", 3),), 2)


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("ru", "Победа", True),
        ("ru", "Захарова", False),
        ("en", "Sanctions", True),
        ("en", "Zakharova", False),
        ("ar", "سفير", True),
        ("ar", "زاخاروفا", False),
        ("de", "Haus", False),
    ],
)
def test_common_words(language: str, name: str, expected: bool) -> None:
    assert is_common_word(language, name) is expected
