"""What a word says by itself, without the text around it."""

from __future__ import annotations

from collections.abc import Container

import pytest

from marsad.language.base import Form, Kind, Reading, Text
from marsad.language.other import OtherLanguage
from marsad.language.registry import language_for
from marsad.language.tokens import Break, tokenize
from marsad.matching.alone import admits_alone
from marsad.matching.remembered import Remembered


@pytest.mark.parametrize(
    ("language", "term", "word", "verdict"),
    [
        ("en", "envoy", "envoys", True),
        ("en", "Egypt", "egypt", None),  # in a text without capitals it is
        ("en", "US", "us", None),  # a dollar sign may follow
        ("ru", "посол", "послами", True),
        ("ru", "посол", "Послами", True),
        ("ar", "روسيا", "لروسيا", True),
        ("ar", "إعلام", "أعلام", False),
    ],
)
def test_most_words_say_all_there_is_to_know(language: str, term: str, word: str, verdict: bool | None):
    rules = language_for(language)
    readings = {reading.key: reading for reading in rules.readings(word)}
    ((forms,),) = rules.expand(term, Kind.KEYWORD).sequences[:1]
    form = next(form for form in forms if form.key in readings)
    assert admits_alone(rules, form, readings[form.key], word, frozenset()) is verdict


class Curious(OtherLanguage):
    """A language that looks at one thing more."""

    def __init__(self, look: str) -> None:
        super().__init__("xx", "Latn")
        self._look = look

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        scope = {"text": text, "position": position, "tokens": text.tokens, "Break": Break}
        eval(self._look, scope)  # noqa: S307 - the expressions are below
        return True


@pytest.mark.parametrize(
    "look",
    [
        "text.original",
        "text.words",
        "text.parts",
        "text.edges",
        "text.unspaced",
        "len(tokens)",
        "tokens[0]",
        "tokens[position - 1]",
        "tokens[position + 1].text",
        "tokens[position:]",
        "list(tokens)",
        "tokens[position].start",
        "tokens[position].before >= Break.SENTENCE",
        "tokens[position].glued",
        "position or 1",
        "position == 0",
        "position > 0",
        "0 < position",
        "not position",
        "1 + position",
    ],
)
def test_what_lies_beyond_the_word_is_noticed(look: str):
    language = Curious(look)
    (reading,) = language.readings("envoy")
    assert admits_alone(language, Form("envoy"), reading, "envoy", ()) is None
    text = tokenize("An envoy, they say")
    assert language.admits(Form("envoy"), reading, text, 1, ())


@pytest.mark.parametrize("look", ["tokens[position].text", "text.all_capitals", "text.no_capitals", "names"])
def test_the_word_and_how_its_text_is_capitalised_are_known(look: str):
    language = Curious("None" if look == "names" else look)
    (reading,) = language.readings("envoy")
    assert admits_alone(language, Form("envoy"), reading, "envoy", ()) is True


def test_what_is_remembered_is_bounded_and_the_latest():
    asked: list[int] = []

    def work(number: int) -> int:
        asked.append(number)
        return -number

    known = Remembered(work, 10)
    for number in range(1000):
        assert known[number] == -number
        assert known[number // 10 * 10] == -(number // 10 * 10)
    assert asked.count(990) == 1
    assert len(known) <= 10
    assert len(known._former) <= 10
    # Every ten an old one again, and no more.
    assert len(asked) < 1200
