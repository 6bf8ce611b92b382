"""Hindi: oblique cases and plurals of nouns and adjectives; the spellings of one nasal and one consonant."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Final

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.spellings import Word, capitals_match, sequences, spellings

_NUKTA: Final = "\u093c"
_ANUSVARA: Final = "ं"
_ONE_LETTER: Final = str.maketrans(
    {"ँ": _ANUSVARA, _NUKTA: None, "ऍ": "ए", "ऑ": "ओ", "ॉ": "ो", "ॅ": "े", "ऎ": "ए", "ॆ": "े"}
)
"""Marks that writers leave out or choose as they like: बाँध = बांध, ज़मीन = जमीन, कॉलेज = कोलेज."""
_NASAL: Final = re.compile("[ङञणनम]\u094d(?=[क-घच-झट-ढत-धप-भ])")
"""A nasal before a consonant is also written as a dot: हिन्दी = हिंदी."""
_GLIDE: Final = re.compile("(?<=[^\\W\u094d])य([ेी])")
_VOWEL: Final = {"े": "ए", "ी": "ई"}
"""लिये = लिए, नयी = नई, गये = गए."""
_MATRAS: Final = "ािीुूृेैोौंः"
_INFLECTED: Final = frozenset({"inflected"})


def fold_hindi(word: str) -> str:
    """Return the normal form of *word*: one nasal mark, no nukta, and no glide before ए and ई."""
    folded = _NASAL.sub(_ANUSVARA, fold(word).translate(_ONE_LETTER))
    return _GLIDE.sub(lambda match: _VOWEL[match[1]], folded) if "य" in folded else folded


class Hindi:
    code = "hi"
    script = "Deva"
    rules = 2

    def fold(self, word: str) -> str:
        return fold_hindi(word)

    def readings(self, word: str) -> tuple[Reading, ...]:
        return (Reading(fold_hindi(word)),)

    def expand(self, term: str, kind: Kind) -> TermForms:
        def forms_of(word: Word) -> tuple[Form, ...]:
            return tuple(_forms(word.text, kind))

        return TermForms(self.code, term, kind, sequences(spellings(term), forms_of))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        if not capitals_match(form.typed, text, position):
            return False
        return not form.marks or reading.key not in names


def _forms(typed: str, kind: Kind) -> Iterator[Form]:
    key = fold_hindi(typed)
    yield Form(key, typed=typed)
    if kind is not Kind.KEYWORD or len(key) < 2 or not "\u0900" <= key[-1] <= "\u097f" or key[-1].isdecimal():
        return
    for form, reason in _cases(key):
        yield Form(fold_hindi(form), reason.format(typed), _INFLECTED, typed)


def _cases(key: str) -> Iterator[tuple[str, str]]:
    stem, last = key[:-1], key[-1]
    many = "plural of {}"
    if last == "ा":
        # लड़का: लड़के, लड़कों, लड़की; a feminine: भाषा, भाषाएं, भाषाओं
        yield stem + "े", "{} in the oblique case or the plural"
        yield stem + "ों", many
        yield stem + "ो", "{} as one is called"
        yield stem + "ी", "feminine of {}"
        for ending in ("एं", "ओं", "यें"):
            yield key + ending, many
    elif last == "आ":
        for ending in ("ए", "एं", "ओं"):
            yield stem + ending, many
        for ending in ("एं", "ओं"):
            yield key + ending, many
    elif last in "ीि":
        for ending in ("ियां", "ियों", "ियो"):
            yield stem + ending, many
        if last == "ि":
            yield key + "एं", many
    elif last == "ई":
        for ending in ("इयां", "इयों"):
            yield stem + ending, many
    elif last in "ूु":
        for ending in ("ुओं", "ुएं"):
            yield stem + ending, many
    elif last == "ऊ":
        yield stem + "उओं", many
    elif last == _ANUSVARA:
        yield from ((form, reason) for form, reason in _cases(stem) if form != key)
    elif last in "ेैोौए":
        yield key + "ओं", many
    elif last not in _MATRAS and last != "\u094d":
        yield key + "ों", many
        yield key + "ें", many
