"""Words found by how they are written, not by their forms: exact ones, and prefixes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from marsad.language.base import Form, Reading
from marsad.language.registry import language_for
from marsad.language.tokens import IGNORABLE, Break, Text, goes_on, runs_on, tokenize
from marsad.matching.meeting import MOST_PLACES, Place
from marsad.matching.remembered import LONGEST_WORD, Remembered

_IGNORED: Final = re.compile(f"[{IGNORABLE}]+")
_REMEMBERED: Final = 1 << 15
"""Token texts of which the candidates are remembered."""


class ExactWords(NamedTuple):
    """A word or phrase as typed: its tokens, written as `_written`, and whether a hyphen joins each."""

    id: int
    typed: str
    words: tuple[str, ...]
    glued: tuple[bool, ...]


class Stem(NamedTuple):
    """The folded beginning of words of one language."""

    id: int
    language: str
    typed: str
    key: str


class Wild(NamedTuple):
    """A word of one language with letters left open."""

    id: int
    language: str
    typed: str
    length: int
    """Of the words, or of their beginnings."""
    pattern: re.Pattern[str]
    """Of the folded word."""

    @property
    def is_open(self) -> bool:
        return self.typed.endswith("*")


def exact_words(identity: int, text: str) -> ExactWords:
    tokens = tokenize(text).tokens
    return ExactWords(
        identity,
        text,
        tuple(_written(token.text) for token in tokens),
        tuple(token.glued for token in tokens),
    )


def stem(identity: int, language: str, typed: str) -> Stem:
    return Stem(identity, language, typed, language_for(language).fold(typed))


_ANY_LETTER: Final = "\ue000"
"""Stands for `?` while a word is folded: no language folds it, or takes it for a letter of its own."""


def wild(identity: int, language: str, typed: str) -> Wild:
    folded = language_for(language).fold(typed.removesuffix("*").replace("?", _ANY_LETTER))
    pattern = re.escape(folded).replace(_ANY_LETTER, r"[^\W\d_]")
    return Wild(identity, language, typed, len(folded), re.compile(pattern))


class PatternIndex:
    """Exact words and stems of any number of watches, found in one pass over the words of a text."""

    def __init__(
        self,
        exacts: Iterable[ExactWords],
        stems: Iterable[Stem],
        wildcards: Iterable[Wild],
        names: Mapping[str, Container[str]],
    ) -> None:
        self._exacts: dict[str, list[ExactWords]] = {}
        for exact in exacts:
            self._exacts.setdefault(exact.words[0], []).append(exact)
        self._stems: dict[str, dict[str, list[Stem]]] = {}
        for it in stems:
            self._stems.setdefault(it.language, {}).setdefault(it.key, []).append(it)
        self._lengths = {code: sorted({len(key) for key in keys}) for code, keys in self._stems.items()}
        self._wildcards: dict[str, dict[int, list[Wild]]] = {}
        """By language and length; those that are open at the end under minus their length."""
        for one in wildcards:
            by_length = self._wildcards.setdefault(one.language, {})
            by_length.setdefault(-one.length if one.is_open else one.length, []).append(one)
        self._names = names
        self._candidates = Remembered(self._look_up, _REMEMBERED)

    def __bool__(self) -> bool:
        return bool(self._exacts or self._stems or self._wildcards)

    def pattern(self, number: int) -> ExactWords | Stem | Wild | None:
        """Return the pattern of this id. Looks through all: not for use on every text."""
        for exacts in self._exacts.values():
            for exact in exacts:
                if exact.id == number:
                    return exact
        for by_key in self._stems.values():
            for stems in by_key.values():
                for it in stems:
                    if it.id == number:
                        return it
        for by_length in self._wildcards.values():
            for wildcards in by_length.values():
                for one in wildcards:
                    if one.id == number:
                        return one
        return None

    def find(self, text: Text, field: int, found: dict[int, list[Place]]) -> None:
        """Add to *found* where each pattern stands in *text*, by its id, in order."""
        tries: dict[int, int] = {}
        for position, candidates in enumerate(map(self._candidates.__getitem__, text.words)):
            for candidate in candidates:
                tried = tries[candidate.id] = tries.get(candidate.id, 0) + 1
                if tried > MOST_PLACES or len(found.get(candidate.id, ())) >= MOST_PLACES:
                    continue
                if isinstance(candidate, ExactWords):
                    place = _meet(candidate, text, position, field)
                else:
                    place = self._begins(candidate, text, position, field)
                if place is None:
                    continue
                places = found.setdefault(candidate.id, [])
                if not places or places[-1].last < position or places[-1].field != field:
                    places.append(place)

    def _look_up(self, word: str) -> tuple[ExactWords | Stem | Wild, ...]:
        if len(word) > LONGEST_WORD:
            return ()
        found: dict[ExactWords | Stem | Wild, None] = dict.fromkeys(self._exacts.get(_written(word), ()))
        for code, keys in self._stems.items():
            for reading in language_for(code).readings(word):
                for length in self._lengths[code]:
                    if length > len(reading.key):
                        break
                    found.update(dict.fromkeys(keys.get(reading.key[:length], ())))
        for code, by_length in self._wildcards.items():
            for reading in language_for(code).readings(word):
                found.update(
                    dict.fromkeys(it for it in _of_length(by_length, reading.key) if _fits(it, reading))
                )
        return tuple(found)

    def _begins(self, wanted: Stem | Wild, text: Text, position: int, field: int) -> Place | None:
        language = language_for(wanted.language)
        token = text.tokens[position]
        if runs_on(text.tokens, position):
            return None
        for reading in language.readings(token.text):
            if not _fits(wanted, reading):
                continue
            # What stands before the first open letter tells whether a capital was typed, or a mark.
            form = Form(reading.key, typed=wanted.typed.partition("?")[0] or reading.key)
            if language.admits(form, reading, text, position, self._names.get(wanted.language, ())):
                reason = _shown(wanted)
                if reading.prefix:
                    reason = f"{reading.prefix} + {reason}"
                start, typed, code = token.start + reading.skip, _shown(wanted), wanted.language
                return Place(field, position, position, start, token.end, typed, "", code, reason)
        return None


def _of_length(by_length: Mapping[int, Iterable[Wild]], key: str) -> Iterator[Wild]:
    """Yield the wildcards that a word of the length of *key* may fit."""
    for length, group in by_length.items():
        if length == len(key) or -len(key) <= length < 0:
            yield from group


def _fits(wanted: Stem | Wild, reading: Reading) -> bool:
    if isinstance(wanted, Stem):
        return reading.key.startswith(wanted.key)
    match = wanted.pattern.match if wanted.is_open else wanted.pattern.fullmatch
    return match(reading.key) is not None


def _shown(wanted: Stem | Wild) -> str:
    return wanted.typed if isinstance(wanted, Wild) else f"{wanted.typed}*"


@lru_cache(maxsize=8192)
def _written(word: str) -> str:
    """Return *word* as it is compared exactly: composed, without ignorable characters."""
    return word if word.isascii() else unicodedata.normalize("NFC", _IGNORED.sub("", word))


def _meet(wanted: ExactWords, text: Text, first: int, field: int) -> Place | None:
    tokens, count = text.tokens, len(wanted.words)
    last = first + count - 1
    if last >= len(tokens) or runs_on(tokens, first) or goes_on(tokens, last + 1):
        return None
    for offset in range(1, count):
        token = tokens[first + offset]
        if (
            _written(token.text) != wanted.words[offset]
            or token.before > Break.MARK
            or token.glued != wanted.glued[offset]
        ):
            return None
    start, end = tokens[first].start, tokens[last].end
    return Place(field, first, last, start, end, wanted.typed, "", "", "exactly as typed")
