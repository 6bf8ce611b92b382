"""Urdu: oblique cases and plurals of nouns and adjectives, and the plurals it took over from Arabic."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache
from typing import Final

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.persian import broken_plurals, written_apart_or_not
from marsad.language.spellings import Word, sequences, spellings
from marsad.language.wordlists import sections

_LETTERS: Final = str.maketrans(
    {
        letter: plain
        for plain, letters in {"ی": "ىي", "ک": "ك", "ه": "ہۃةۀۂ", "ا": "أإٱ", "و": "ؤ"}.items()
        for letter in letters
    }
)
"""One shape each; ے and ھ are letters of their own, which make other words."""
_INFLECTED: Final = frozenset({"inflected"})
_FEMININE: Final = ("ت", "ش", "س", "ک", "ل", "ر", "ن", "د", "ج", "چ", "ب", "پ", "گ", "ٹ", "ڑ", "م")


def fold_urdu(word: str) -> str:
    """Return the normal form of *word*: Arabic, Persian and Urdu letters are one, hamzas off a seat."""
    folded = fold(word)
    while (again := fold(folded.translate(_LETTERS))) != folded:
        folded = again
    return folded


class Urdu:
    code = "ur"
    script = "Arab"
    rules = 2

    def fold(self, word: str) -> str:
        return fold_urdu(word)

    def readings(self, word: str) -> tuple[Reading, ...]:
        return (Reading(fold_urdu(word)),)

    def expand(self, term: str, kind: Kind) -> TermForms:
        found = tuple(
            dict.fromkeys(joined for spelling in spellings(term) for joined in written_apart_or_not(spelling))
        )

        def forms_of(word: Word) -> tuple[Form, ...]:
            return tuple(_forms(word.text, kind))

        return TermForms(self.code, term, kind, sequences(found, forms_of))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        return not form.marks or reading.key not in names


def _forms(typed: str, kind: Kind) -> Iterator[Form]:
    key = fold_urdu(typed)
    yield Form(key, typed=typed)
    if not key.isalpha() or len(key) < 3:
        return
    for form, reason in _name_cases(key) if kind is not Kind.KEYWORD else _cases(key):
        yield Form(form, reason.format(typed), _INFLECTED, typed)


def _name_cases(key: str) -> Iterator[tuple[str, str]]:
    if key[-1] == "ه" or (key[-1] == "ا" and len(key) > 3):
        yield key[:-1] + "ے", "{} in the oblique case"


def _cases(key: str) -> Iterator[tuple[str, str]]:
    stem, last = key[:-1], key[-1]
    many = "plural of {}"
    if last in "اه":
        # لڑکا: لڑکے, لڑکوں; حملہ: حملے; a feminine in -ا: دوائیں, دواؤں
        yield stem + "ے", "{} in the oblique case or the plural"
        yield stem + "وں", many
        yield stem + "و", "{} as one is called"
        if last == "ا":
            yield stem + "ی", "feminine of {}"
            yield key + "ئیں", many
            yield key + "وں", many
            yield key + "ٔوں", many
        else:
            yield stem + "ات", many
            yield stem + "گان", many
    elif last == "ی":
        yield key + "اں", many
        yield key + "وں", many
    elif last == "و":
        yield key + "ں", many
        yield key + "وں", many
        yield key + "ئیں", many
    elif last == "ں":
        yield stem + "وں", many
        yield stem + "ئیں", many
        yield stem + "وں", many
    else:
        yield key + "وں", many
        if last in _FEMININE:
            yield key + "یں", many
        # Short words make others with these: میز میزان, رنگ رنگین, برس برسات.
        if len(key) > 3:
            yield key + "ات", many
        if len(key) > 4:
            yield key + "ان", many
            yield key + "ین", many
    for plural in (*_irregular().get(key, ()), *broken_plurals(key, fold_urdu)):
        yield plural, many
        yield plural + "وں", many


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    """Return plurals that Urdu has and Arabic has not, or not of this word."""
    entries = (map(fold_urdu, entry.split("=")) for entry in sections("ur_words.txt")["irregular plurals"])
    return {singular: tuple(plurals) for singular, *plurals in entries}
