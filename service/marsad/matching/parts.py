"""Words as parts of compounds: Zentralbanken for bank, in the languages that write compounds as one word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from marsad.language.base import TermForms
from marsad.language.registry import language_for
from marsad.language.tokens import Text, runs_on
from marsad.matching.meeting import Place
from marsad.matching.remembered import LONGEST_WORD, Remembered

COMPOUNDING: Final = frozenset({"de", "nl", "sv", "da", "nb", "nn", "no", "is", "fi", "et", "hu", "ko"})
_LEAST: Final = 3
"""Letters of the other part of a compound: less is an ending."""
_LEAST_KOREAN: Final = 1
_REMEMBERED: Final = 1 << 15


class InnerWord(NamedTuple):
    id: int
    language: str
    typed: str
    base: str
    """Folded."""
    keys: frozenset[str]
    """Of its forms: the last part of a compound is inflected."""


def inner_word(identity: int, forms: TermForms) -> InnerWord:
    keys = {form.key for words in forms.sequences if len(words) == 1 for form in words[0]}
    base = language_for(forms.language).fold(forms.term)
    return InnerWord(identity, forms.language, forms.term, base, frozenset({*keys, base}))


class PartIndex:
    """Parts of compounds that any number of watches look for."""

    def __init__(self, words: Iterable[InnerWord]) -> None:
        self._words: dict[str, list[InnerWord]] = {}
        for word in words:
            self._words.setdefault(word.language, []).append(word)
        self._candidates = Remembered(self._look_up, _REMEMBERED)

    def __bool__(self) -> bool:
        return bool(self._words)

    def find(self, text: Text, field: int, found: dict[int, list[Place]]) -> None:
        """Add to *found* where each word stands in a compound, by its id, in order."""
        for position, candidates in enumerate(map(self._candidates.__getitem__, text.words)):
            if not candidates or runs_on(text.tokens, position):
                continue
            token = text.tokens[position]
            for word in candidates:
                at = position, position, token.start, token.end
                place = Place(field, *at, word.typed, "", word.language, f"a compound with {word.typed}")
                found.setdefault(word.id, []).append(place)

    def _look_up(self, token: str) -> tuple[InnerWord, ...]:
        if len(token) > LONGEST_WORD:
            return ()
        return tuple(dict.fromkeys(self._inside(token)))

    def _inside(self, token: str) -> Iterator[InnerWord]:
        for code, words in self._words.items():
            least = _LEAST_KOREAN if code == "ko" else _LEAST
            keys = {reading.key for reading in language_for(code).readings(token)}
            for word in words:
                if keys.isdisjoint(word.keys) and any(_holds(key, word, least) for key in keys):
                    yield word


def _holds(key: str, word: InnerWord, least: int) -> bool:
    """Tell whether *key* is a compound of *word* and at least *least* letters more at one side."""
    room = len(key) - least
    if any(len(form) <= room and key.endswith(form) for form in word.keys):
        return True
    at = key.find(word.base)
    while at >= 0:
        before, after = at, len(key) - at - len(word.base)
        if after >= least and (before == 0 or before >= least):
            return True
        at = key.find(word.base, at + 1)
    return False
