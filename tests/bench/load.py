"""A load for the matcher: items of 600 characters in three scripts, and watches as a newsroom has them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from marsad.model import Revision, WatchDefinition
from tests.bench.words import LANGUAGES, Lexeme, words

ITEM: Final = 600
"""Characters of title and content together."""
_TITLE: Final = 80
_COLLOCATIONS: Final = 4_000
"""Pairs of words of a language that often stand side by side: what phrases are made of."""
_WATCHED_FROM: Final = 150
"""Nobody watches the most frequent words."""
_ALIASES: Final = 4


@dataclass(frozen=True)
class _Topic:
    """What texts of a language are about."""

    watched: tuple[Lexeme, ...]
    unwatched: tuple[Lexeme, ...]
    collocations: tuple[tuple[Lexeme, Lexeme], ...]


class Load:
    """Makes items and watches that fit each other; the same ones in every run."""

    def __init__(self, seed: str = "load") -> None:
        self._chance = random.Random(seed)  # noqa: S311 - texts, no secrets
        self._topics = {language: _topic(language) for language in LANGUAGES}

    def items(self, count: int, *, silent: bool = False) -> list[Revision]:
        """Return *count* items, a third in each language; *silent* ones hold no word that is watched."""
        return [self._item(LANGUAGES[number % len(LANGUAGES)], silent=silent) for number in range(count)]

    def watches(self, count: int) -> list[WatchDefinition]:
        """Return *count* watches: single terms, phrases, Booleans, lists of aliases, NEAR."""
        return [
            WatchDefinition(id=f"w{number}", name=f"Watch {number}", label=f"w{number}", query=self._query())
            for number in range(count)
        ]

    # ── items ───────────────────────────────────────────────────────────────────────────────────

    def _item(self, language: str, *, silent: bool) -> Revision:
        topic = self._topics[language]
        among = topic.unwatched if silent else topic.watched
        title = self._sentence(language, among, () if silent else topic.collocations, _TITLE).rstrip(".")
        content = ""
        while (left := ITEM - len(title) - len(content)) > 20:
            content += self._sentence(language, among, () if silent else topic.collocations, left) + (
                "\n" if self._chance.random() < 0.2 else " "
            )
        return Revision(
            title=title,
            summary="",
            content=content.strip(),
            author="",
            language=language,
            link=None,
            published=None,
            hash="0",
        )

    def _sentence(
        self,
        language: str,
        among: Sequence[Lexeme],
        collocations: Sequence[tuple[Lexeme, Lexeme]],
        most: int,
    ) -> str:
        chance = self._chance
        of_language = words(language)
        found = of_language.some(chance, chance.randint(7, 18), among)
        if collocations and chance.random() < 0.5:
            pair = collocations[int(len(collocations) * chance.random() ** 2)]
            found += [of_language.form(chance, lexeme) for lexeme in pair]
        if chance.random() < 0.25:
            found.insert(chance.randrange(len(found)), str(chance.randint(2, 40_000)))
        text = ""
        for number, word in enumerate(found):
            shown = word.capitalize() if number == 0 or chance.random() < 0.03 else word
            if chance.random() < 0.03:
                shown = f"«{shown}»"
            if len(text) + len(shown) + 2 > most:
                break
            text += (", " if number and chance.random() < 0.06 else " " * bool(number)) + shown
        return text + "."

    # ── watches ─────────────────────────────────────────────────────────────────────────────────

    def _query(self) -> str:
        chance = self._chance
        language = chance.choice(LANGUAGES)
        term = self._lemma
        kind = chance.random()
        if kind < 0.40:
            return term(language)
        if kind < 0.60:
            return f'"{self._pair(language)}"'
        if kind < 0.70:
            return f"{term(language)} AND ({term(language)} OR {term(language)})"
        if kind < 0.80:
            return f"{term(language)} NOT {term(language)}"
        if kind < 0.90:
            aliases = [term(code) for code in LANGUAGES]
            aliases += [f'"{self._pair(language)}"' for _ in range(_ALIASES - len(aliases))]
            return " OR ".join(aliases)
        first, second = self._pair(language).split()
        return f"{first} NEAR/{chance.randint(2, 12)} {second}"

    def _lemma(self, language: str) -> str:
        lexemes = self._topics[language].watched
        return lexemes[self._chance.randrange(_WATCHED_FROM, len(lexemes))].lemma

    def _pair(self, language: str) -> str:
        first, second = self._chance.choice(self._topics[language].collocations)
        return f"{first.lemma} {second.lemma}"


def _topic(language: str) -> _Topic:
    """Return the words of *language* in two halves, of which one is watched, with the ranks of both alike."""
    lexemes = words(language).lexemes
    chance = random.Random(f"topic {language}")  # noqa: S311 - texts, no secrets
    watched = lexemes[::2]
    # Endings may join the halves (an Arabic ب may be of the word, or before it): no word of the one has the
    # stem of a word of the other.
    stems = {form for lexeme in watched for form in lexeme.forms}
    unwatched = tuple(it for it in lexemes[1::2] if stems.isdisjoint(it.forms))
    pairs = tuple((chance.choice(watched), chance.choice(watched)) for _ in range(_COLLOCATIONS))
    return _Topic(watched, unwatched, pairs)
