"""Words to make texts of: lexemes of three scripts, ranked as words of a language are, by Zipf's law.

They come from the word lists and dictionaries the project has; of Arabic, which has the fewest, further nouns
are put together of roots and patterns. Nothing is copied from any text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final

from marsad.language.arabic_plurals import listed_nouns
from marsad.language.lexicon import lexicon
from marsad.language.wordlists import sections
from marsad.matching import stopwords

LANGUAGES: Final = ("ar", "ru", "en")
LEXEMES: Final = 13_000
"""Of a language that occur in texts: a newsroom's active vocabulary."""
_SHIFT: Final = 2.7
"""Mandelbrot's: what makes the most frequent words less so than 1 / rank."""
_LENGTHS: Final = range(4, 13)

_ALPHABETS: Final = {"ar": ("ء", "ي"), "ru": ("а", "ё"), "en": ("a", "z")}
_ROOTS: Final = "بتجحخدرزسشصضطعغفقكلمنه"
_PATTERNS: Final = (
    "م{}{}{}",
    "{}ا{}{}",
    "ت{}{}ي{}",
    "{}{}ا{}ة",
    "ا{}ت{}ا{}",
    "م{}{}و{}",
    "{}{}ي{}",
    "م{}ا{}{}ة",
)
_PROCLITICS: Final = (("", 38), ("ال", 30), ("وال", 8), ("و", 8), ("ب", 4), ("بال", 4), ("ل", 4), ("ف", 1))
_SUFFIXES: Final = (("", 84), ("ه", 5), ("ها", 5), ("هم", 3), ("ات", 3))


@dataclass(frozen=True)
class Lexeme:
    lemma: str
    forms: tuple[str, ...]
    """As they stand in texts, the lemma among them."""


class Words:
    """The words of one language: those that stand in every text, and lexemes by rank."""

    def __init__(self, language: str, lexemes: Sequence[Lexeme]) -> None:
        self.language = language
        common = [word for word in stopwords._STOP_WORDS if _written_in(language, word)]
        self.common = tuple(sorted(common, key=lambda word: (len(word), word)))
        self.lexemes = tuple(lexemes)
        ranked = len(self.common) + len(lexemes)
        self._weights = list(accumulate(1 / (rank + _SHIFT) for rank in range(1, ranked + 1)))

    def some(self, chance: random.Random, count: int, among: Sequence[Lexeme]) -> list[str]:
        """Return *count* words as they follow each other in a text.

        *among* stands at the ranks of all lexemes: as many, or fewer (then they come more often).
        """
        ranks = chance.choices(range(len(self._weights)), cum_weights=self._weights, k=count)
        first = len(self.common)
        return [
            self.common[rank] if rank < first else self.form(chance, among[(rank - first) % len(among)])
            for rank in ranks
        ]

    def form(self, chance: random.Random, lexeme: Lexeme) -> str:
        """Return a form of *lexeme*, with what is joined before and after it."""
        if self.language != "ar":
            # The lemma is the most frequent form.
            return lexeme.lemma if chance.random() < 0.4 else chance.choice(lexeme.forms)
        proclitic, suffix, stem = (
            _chosen(chance, _PROCLITICS),
            _chosen(chance, _SUFFIXES),
            chance.choice(lexeme.forms),
        )
        if suffix and "ال" in proclitic:
            suffix = ""
        return proclitic + (stem[:-1] + "ت" if suffix and stem.endswith("ة") else stem) + suffix


def _chosen(chance: random.Random, listed: Sequence[tuple[str, int]]) -> str:
    return chance.choices([it for it, _ in listed], [weight for _, weight in listed])[0]


@cache
def words(language: str) -> Words:
    """Return the words of *language*, the same in every run."""
    chance = random.Random(f"marsad {language}")  # noqa: S311 - texts, no secrets
    found: dict[str, Lexeme] = {}
    for lexeme in _arabic(chance) if language == "ar" else _of_dictionary(language, chance):
        found.setdefault(lexeme.lemma, lexeme)
        if len(found) == LEXEMES:
            break
    # Frequent words are short ones, more or less.
    return Words(language, sorted(found.values(), key=lambda it: len(it.lemma) + chance.uniform(0, 9)))


def _written_in(language: str, word: str) -> bool:
    first, last = _ALPHABETS[language]
    return all(first <= letter <= last for letter in word)


def _usable(language: str, word: str) -> bool:
    return len(word) in _LENGTHS and _written_in(language, word) and not stopwords.is_stop_word(word)


def _of_dictionary(language: str, chance: random.Random) -> Iterator[Lexeme]:
    dictionary = lexicon(language)
    blocks = list(range(len(dictionary._index.firsts)))
    chance.shuffle(blocks)
    for block in blocks:
        forms: dict[str, list[str]] = {}
        # Whole blocks of the dictionary, at random, are fast and hold whole paradigms.
        for word, its in dictionary._block(block).items():
            forms.setdefault(its.decode(), []).append(word.decode())
        for lemma, own in forms.items():
            listed = tuple(form for form in own if _usable(language, form))
            if lemma in listed and (len(listed) > 1 or language == "en"):
                yield Lexeme(lemma, listed)


def _arabic(chance: random.Random) -> Iterator[Lexeme]:
    for noun in sorted({*listed_nouns(), *sections("ar_words.txt")["words of their own"]}):
        if _usable("ar", noun):
            yield Lexeme(noun, (noun,))
    while True:
        noun = chance.choice(_PATTERNS).format(*chance.sample(_ROOTS, 3))
        if _usable("ar", noun):
            yield Lexeme(noun, (noun,))
