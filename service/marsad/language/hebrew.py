"""Hebrew: the forms of a noun or a name, with what is joined before it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from enum import StrEnum
from functools import cache
from typing import Final

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.hebrew_clitics import (
    ARTICLE,
    HIDES_ARTICLE,
    is_of_another,
    is_own_word,
    look_alikes,
    parts_of,
    readings,
)
from marsad.language.hebrew_forms import fold_hebrew, irregular_plurals, paradigm, spellings_of
from marsad.language.spellings import Word, sequences, spellings

_TWO_LETTERS: Final = 2


class Mark(StrEnum):
    """Conditions on a token, checked by `Hebrew.admits`."""

    BARE = "bare"
    """No article before it."""
    INFLECTED = "inflected"
    SHORT = "short"
    """Of two letters: nothing joined before it but the article, and ו or ש before that."""
    INNER = "inner"
    """Inside a phrase: nothing before it but the article."""
    HIDDEN_ARTICLE = "hidden article"
    """Typed with the article: without it only after ב כ ל, which hide it."""


class Hebrew:
    code = "he"
    script = "Hebr"
    rules = 3

    def fold(self, word: str) -> str:
        return fold_hebrew(word)

    def readings(self, word: str) -> tuple[Reading, ...]:
        return readings(word)

    def expand(self, term: str, kind: Kind) -> TermForms:
        hints: list[str] = []

        found: list[tuple[tuple[Form, ...], ...]] = []
        for spelling in spellings(term):
            first, alone = spelling[0], len(spelling) == 1

            def forms_of(word: Word, first: Word = first, alone: bool = alone) -> tuple[Form, ...]:
                return tuple(_forms(word.text, kind, alone=alone, inner=word is not first, hints=hints))

            found += sequences([spelling], forms_of)
        return TermForms(self.code, term, kind, tuple(dict.fromkeys(found)), tuple(dict.fromkeys(hints)))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        marks = form.marks
        parts = parts_of(reading)
        article = bool(parts) and parts[-1].endswith(ARTICLE)
        if Mark.BARE in marks and article:
            return False
        if parts:
            if Mark.INNER in marks and parts != [ARTICLE]:
                return False
            if Mark.SHORT in marks and parts[-1] not in ("ו", ARTICLE):
                return False
        if Mark.HIDDEN_ARTICLE in marks and not (parts and parts[-1] in HIDES_ARTICLE):
            return False
        if not parts and Mark.INFLECTED not in marks:
            return True
        whole = fold_hebrew(text.tokens[position].text)
        return whole == form.typed or not (
            whole in names or (Mark.INFLECTED in marks and reading.key in names)
        )


def _forms(typed: str, kind: Kind, *, alone: bool, inner: bool, hints: list[str]) -> Iterator[Form]:
    key = fold_hebrew(typed)
    marks = {Mark.INNER} if inner else set()
    if alone and len(key) <= _TWO_LETTERS:
        marks.add(Mark.SHORT)
    if kind is not Kind.KEYWORD or not any(map(str.isalpha, key)):
        for spelled in spellings_of(key):
            yield Form(spelled, "", _one(frozenset(marks)), key)
    else:
        article = key[:1] if _has_article(key) else ""
        stem = key[len(article) :]
        left_out = []
        # What may have an article comes first: רוסים is the plural of רוסי, and hardly one of theirs.
        for ending in sorted(paradigm(stem), key=lambda each: each.bare):
            if article and ending.bare:
                continue
            own = set(marks)
            if ending.bare:
                own.add(Mark.BARE)
            if ending.reason and ending.key not in spellings_of(stem):
                own.add(Mark.INFLECTED)
                if _is_another_word(ending.key, stem):
                    left_out.append(ending.key)
                    continue
            yield Form(article + ending.key, ending.reason, _one(frozenset(own)), key)
        if left_out:
            told = " ".join(dict.fromkeys(left_out))
            hints.append(f"{told}: left out, as nearly always another word than a form of {typed}")
    if not inner and _has_article(key):
        hidden = _one(frozenset(marks | {Mark.HIDDEN_ARTICLE}))
        yield Form(key[1:], "", hidden, key)


def _has_article(key: str) -> bool:
    return key.startswith(ARTICLE) and len(key) > 3 and not is_own_word(key)


def _is_another_word(form: str, key: str) -> bool:
    listed = irregular_plurals()
    if form == key or form in listed.get(key, ()) or key in listed.get(form, ()):
        return False
    return form in look_alikes() or is_of_another(form, key)


@cache
def _one(marks: frozenset[Mark]) -> frozenset[str]:
    """Return *marks*, the same object for all forms that have them: forms are many, kinds of them few."""
    return marks
