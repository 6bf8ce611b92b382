"""Korean: a noun with what hangs on it, and phrases that are written with spaces or without.

Compounds are off: 한국은행 is no form of 한국. 한국인, a Korean, is a word of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import product
from typing import Final

from marsad.language.base import Form, Kind, Reading, TermForms, Text
from marsad.language.fold import fold
from marsad.language.korean_chains import LONGEST, OF_ONE_SYLLABLE, chains, ending_of, titles
from marsad.language.spellings import Spelling, Word, capitals_match, sequences, spellings

_PERSON: Final = "person"
"""A mark of forms that a title may follow: 김영삼대통령은."""
_OTHER_WORDS: Final = frozenset({"경기도"})
"""Words that are spelled as another word and its particle, and are not meant by who watches that one."""
_MOST_WORDS: Final = 4
"""Words of a phrase whose spaces may be left out."""


class Korean:
    code = "ko"
    script = "Kore"
    rules = 2

    def fold(self, word: str) -> str:
        return fold(word)

    def expand(self, term: str, kind: Kind) -> TermForms:
        marks = frozenset({_PERSON}) if kind is Kind.PERSON else frozenset[str]()

        def forms_of(word: Word) -> tuple[Form, ...]:
            return (Form(self.fold(word.text), marks=marks, typed=word.text),)

        found = tuple(dict.fromkeys(it for spelling in spellings(term) for it in _joined(spelling)))
        hints = []
        if len(term) == 1 and ending_of(term):
            hints.append(
                f'"{term}" is one syllable: it is found with few particles, and other words look like it'
            )
        return TermForms(self.code, term, kind, sequences(found, forms_of), tuple(hints))

    def readings(self, word: str) -> tuple[Reading, ...]:
        key = self.fold(word)
        if not ending_of(key[-1:]):
            return (Reading(key),)
        return (Reading(key), *_without_particles(key))

    def admits(self, form: Form, reading: Reading, text: Text, position: int, names: Container[str]) -> bool:
        if reading.suffix:
            whole = reading.key + reading.suffix
            if whole in names or whole in _OTHER_WORDS:
                return False
            if reading.suffix.startswith(titles()) and _PERSON not in form.marks:
                return False
        return capitals_match(form.typed, text, position)


def _without_particles(key: str) -> Iterator[Reading]:
    known = chains()
    for size in range(1, min(LONGEST, len(key) - 1) + 1):
        chain = key[-size:]
        stem = key[:-size]
        if (
            chain in known
            and ending_of(stem[-1]) in known[chain]
            and (len(stem) > 1 or chain in OF_ONE_SYLLABLE)
        ):
            yield Reading(stem, suffix=chain)


def _joined(spelling: Spelling) -> Iterator[Spelling]:
    """Yield *spelling*, and with its words of Hangul written together: 정상 회담, 정상회담."""
    yield spelling
    hangul = [ending_of(word.text[:1]) != "" for word in spelling]
    if not 1 < len(spelling) <= _MOST_WORDS or not all(hangul):
        return
    for together in product((True, False), repeat=len(spelling) - 1):
        words = [spelling[0].text]
        for joins, word in zip(together, spelling[1:], strict=True):
            if joins:
                words[-1] += word.text
            else:
                words.append(word.text)
        yield tuple(Word(text, index == len(words) - 1) for index, text in enumerate(words))
