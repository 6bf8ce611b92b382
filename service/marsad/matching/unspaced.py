"""Where terms stand in text without spaces: a substring of tokens, looked up by its first two."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import chain, compress, count, islice, repeat
from operator import contains
from sys import intern
from typing import Final, NamedTuple, cast

from marsad.language.base import JOINED, Break, Form, Text, UnspacedLanguage
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.language.tokens import goes_on, runs_on

_REMEMBERED: Final = 1 << 14
"""Tokens of which the folded form is remembered, per language."""
_LONG: Final = 3
"""Tokens from which on a term may be typed apart in a text: 岸田 文雄."""

MOST_TRIES: Final = 500
"""Places in a field at which a form is judged; no text holds it there so often but one made to take long."""


class _Term(NamedTuple):
    number: int
    form: Form
    tokens: list[str]
    """Folded."""
    gaps: frozenset[int]
    """Before which of its tokens something stood as it was typed."""
    open: bool
    """True where it begins and ends in a script without spaces, whose tokens run on in nothing."""


class _Longer(NamedTuple):
    """Terms of two tokens and more, of which the first two are known."""

    of_two: list[_Term]
    by_third: dict[str, list[_Term]]


_NOTHING: Final[dict[str, _Longer]] = {}


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
        self._by_start: dict[str, dict[str, _Longer]] = {}
        """Longer ones, by their first token, then by their second."""

    def add(self, number: int, form: Form) -> None:
        pieces = form.key.replace(" ", f"{JOINED} ").split(JOINED)
        gaps = frozenset(index for index, piece in enumerate(pieces) if piece.startswith(" "))
        # Interned, as what tokens fold to is: most look-ups then compare no characters.
        tokens = list(map(intern, tokens_of(form)))
        term = _Term(number, form, tokens, gaps, _is_unspaced(tokens[0]) and _is_unspaced(tokens[-1]))
        if len(tokens) == 1:
            self._of_one.setdefault(tokens[0], []).append(term)
        else:
            following = self._by_start.setdefault(tokens[0], {})
            if tokens[1] not in following:
                following[tokens[1]] = _Longer([], {})
            longer = following[tokens[1]]
            if len(tokens) == 2:
                longer.of_two.append(term)
            else:
                longer.by_third.setdefault(tokens[2], []).append(term)

    def forms(self, numbers: Container[int]) -> Iterator[Form]:
        """Yield the forms of the terms of these numbers. Looks through all: not for use on every text."""
        longer = (it for following in self._by_start.values() for it in following.values())
        for terms in chain(
            self._of_one.values(),
            *((it.of_two, *it.by_third.values()) for it in longer),
        ):
            yield from (term.form for term in terms if term.number in numbers)

    def hits(self, text: Text) -> Iterator[UnspacedHit]:
        """Yield where the terms stand; of each form the first `MOST_TRIES` it may stand at are looked at."""
        folded = self._fold(text.words)
        tries: dict[int, int] = {}
        for term, first in self._candidates(folded):
            tried = tries[id(term)] = tries.get(id(term), 0) + 1
            if tried > MOST_TRIES:
                continue
            last = first + len(term.tokens) - 1
            if _holds_together(term, text, first) and self._language.stands(
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
                known[word] = intern(self._language.fold(word))
            folded = [known[word] for word in words]
        return cast(list[str], folded)

    def _candidates(self, folded: list[str]) -> Iterator[tuple[_Term, int]]:
        """Yield the terms whose tokens stand in *folded*, and from where."""
        # Five times as many tokens as a text with spaces has words: what looks at each of them runs in C.
        for first in compress(count(), map(self._of_one.__contains__, folded)):
            for term in self._of_one[folded[first]]:
                yield term, first
        following = list(map(self._by_start.get, folded, repeat(_NOTHING)))
        for first in compress(count(), map(contains, following, islice(folded, 1, None))):
            of_two, by_third = following[first][folded[first + 1]]
            for term in of_two:
                yield term, first
            if by_third and first + 2 < len(folded):
                for term in by_third.get(folded[first + 2], ()):
                    if folded[first : first + len(term.tokens)] == term.tokens:
                        yield term, first


def tokens_of(form: Form) -> list[str]:
    """Return the folded tokens of a term without spaces."""
    return form.key.replace(" ", JOINED).split(JOINED)


def _holds_together(term: _Term, text: Text, first: int) -> bool:
    """Tell whether nothing stands between the tokens that may not, and nothing runs on at their ends."""
    tokens, size = text.tokens, len(term.tokens)
    if not term.open and (runs_on(tokens, first) or goes_on(tokens, first + size)):
        return False
    for offset in range(1, size):
        position = first + offset
        if text.follows_on(position):
            continue
        before = tokens[position].before
        if before is Break.NONE:
            continue
        if offset in term.gaps:
            if before > Break.MARK:
                return False
        elif before is not Break.SPACE or (
            size < _LONG and _is_unspaced(text.words[position - 1]) and _is_unspaced(text.words[position])
        ):
            # Beside another script a space says little: AI 技术.
            return False
    return True


def _is_unspaced(word: str) -> bool:
    return UNSPACED_CHARACTER.match(word) is not None
