"""Where terms stand in text without spaces: a substring of tokens, looked up by its first two."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from operator import add
from typing import Final, NamedTuple, cast

from marsad.language.base import JOINED, Break, Form, Text, UnspacedLanguage
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.language.tokens import Token, goes_on, runs_on

_REMEMBERED: Final = 1 << 14
"""Tokens of which the folded form is remembered, per language."""
_LONG: Final = 3
"""Tokens from which on a term may be typed apart in a text: 岸田 文雄."""


class _Term(NamedTuple):
    number: int
    form: Form
    tokens: list[str]
    """Folded."""
    gaps: frozenset[int]
    """Before which of its tokens something stood as it was typed."""


class UnspacedHit(NamedTuple):
    number: int
    """Of the term."""
    first_token: int
    last_token: int
    form: Form


class UnspacedTerms:
    """The terms of one language that are written without spaces."""

    def __init__(self, language: UnspacedLanguage) -> None:
        self._language = language
        self._folded: dict[str, str] = {}
        """What tokens fold to, remembered."""
        self._of_one: dict[str, list[_Term]] = {}
        """Terms of one token, by it."""
        self._by_start: dict[str, list[_Term]] = {}
        """Longer ones, by their first two tokens, put together."""
        self._starts: set[str] = set()
        """The first tokens of these."""

    def add(self, number: int, form: Form) -> None:
        pieces = form.key.replace(" ", f"{JOINED} ").split(JOINED)
        gaps = frozenset(index for index, piece in enumerate(pieces) if piece.startswith(" "))
        tokens = tokens_of(form)
        term = _Term(number, form, tokens, gaps)
        if len(tokens) == 1:
            self._of_one.setdefault(tokens[0], []).append(term)
        else:
            self._by_start.setdefault(tokens[0] + tokens[1], []).append(term)
            self._starts.add(tokens[0])

    def forms(self, numbers: Container[int]) -> Iterator[Form]:
        """Yield the forms of the terms of these numbers. Looks through all: not for use on every text."""
        for bucket in (*self._of_one.values(), *self._by_start.values()):
            yield from (term.form for term in bucket if term.number in numbers)

    def hits(self, text: Text) -> Iterator[UnspacedHit]:
        """Yield where the terms stand."""
        folded = self._fold(text.words)
        for term, first in self._candidates(folded):
            last = first + len(term.tokens) - 1
            if _holds_together(term, text.tokens, first) and self._language.stands(
                term.form, text, folded, first, last
            ):
                yield UnspacedHit(term.number, first, last, term.form)

    def _fold(self, words: list[str]) -> list[str]:
        known = self._folded
        folded = list(map(known.get, words))
        if None in folded:
            if len(known) > _REMEMBERED:
                known.clear()
            for word in set(words).difference(known):
                known[word] = self._language.fold(word)
            folded = [known[word] for word in words]
        return cast(list[str], folded)

    def _candidates(self, folded: list[str]) -> Iterator[tuple[_Term, int]]:
        """Yield the terms whose tokens stand in *folded*, and from where."""
        of_one, by_start = self._of_one, self._by_start
        if not of_one.keys().isdisjoint(folded):
            for first, token in enumerate(folded):
                if token in of_one:
                    for term in of_one[token]:
                        yield term, first
        if not self._starts.isdisjoint(folded):
            for first, pair in enumerate(map(add, folded, folded[1:])):
                if pair in by_start:
                    for term in by_start[pair]:
                        if folded[first : first + len(term.tokens)] == term.tokens:
                            yield term, first


def tokens_of(form: Form) -> list[str]:
    """Return the folded tokens of a term without spaces."""
    return form.key.replace(" ", JOINED).split(JOINED)


def _holds_together(term: _Term, tokens: Sequence[Token], first: int) -> bool:
    """Tell whether nothing stands between the tokens that may not, and nothing runs on at their ends."""
    last = first + len(term.tokens) - 1
    if runs_on(tokens, first) or goes_on(tokens, last + 1):
        return False
    for offset in range(1, len(term.tokens)):
        before = tokens[first + offset].before
        if before is Break.NONE:
            continue
        if offset in term.gaps:
            if before > Break.MARK:
                return False
        elif before is not Break.SPACE or (
            len(term.tokens) < _LONG and _both_unspaced(tokens[first + offset - 1], tokens[first + offset])
        ):
            return False
    return True


def _both_unspaced(one: Token, other: Token) -> bool:
    """Tell whether both are of a script without spaces; between others a space says little: AI 技术."""
    return UNSPACED_CHARACTER.match(one.text) is not None and UNSPACED_CHARACTER.match(other.text) is not None
