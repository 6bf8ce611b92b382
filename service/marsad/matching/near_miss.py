"""What came near a term that does not stand in a text: the same word under a veto, a phrase torn apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from marsad.language.base import UNSPACED, Break, Form, Language, Text
from marsad.language.registry import language_for
from marsad.matching.terms import Alternative
from marsad.matching.unspaced import tokens_of

_SHOWN: Final = 3
"""Words that are told at most."""
_AROUND: Final = 3
"""Tokens that are told to either side of a term without spaces."""
_LEAST_ALIKE: Final = 3
"""Letters that a word must share with a term to be told as near to it."""


class NearMiss(NamedTuple):
    """How near a term came; of several the greatest is the nearest."""

    closeness: int
    """0: nothing is near; 1: words look alike; 2: a part of the phrase stands; 3: all of it, or its word."""
    told: str
    """For people."""


NOTHING: Final = NearMiss(0, "does not stand in it")


def near_miss(alternatives: Iterable[Alternative], text: Text) -> NearMiss:
    """Return what in *text* came nearest to a term, none of whose spellings stands there."""
    best = NOTHING
    for alternative in alternatives:
        form = next(iter(alternative.words[0].values()))
        if UNSPACED in form.marks:
            found = _unspaced(alternative.language, form, text)
        else:
            found = _phrase(alternative, text) if len(alternative.words) > 1 else _word(alternative, text)
        if found.closeness > best.closeness:
            best = found
    return best


def _unspaced(language: Language, form: Form, text: Text) -> NearMiss:
    """Return where the tokens of *form*, a term without spaces, stand in *text* and are no word."""
    wanted = tokens_of(form)
    folded = [language.fold(word) for word in text.words]
    for first in range(len(folded) - len(wanted) + 1):
        if folded[first : first + len(wanted)] == wanted:
            tokens = text.tokens[max(0, first - _AROUND) : first + len(wanted) + _AROUND]
            around = text.original[tokens[0].start : tokens[-1].end]
            return NearMiss(3, f'"{around}" holds it, but as a part of other words or of a longer name')
    return NOTHING


def alike(language: Language | str, word: str, text: Text) -> NearMiss:
    """Return the words of *text* that are written much like *word*."""
    fold = (language_for(language) if isinstance(language, str) else language).fold
    wanted = fold(word)
    found = dict.fromkeys(token for token in text.words if _is_alike(wanted, fold(token)))
    if not found:
        return NOTHING
    listed = ", ".join(f'"{it}"' for it in list(found)[:_SHOWN])
    return NearMiss(1, f"does not stand in it; the nearest there is {listed}")


def _is_alike(wanted: str, word: str) -> bool:
    if min(len(wanted), len(word)) < _LEAST_ALIKE:
        return wanted == word
    if wanted in word or word in wanted:
        return True
    shared = 0
    for one, other in zip(wanted, word, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= max(_LEAST_ALIKE, 0.7 * len(wanted))


def _typed(word: Mapping[str, Form]) -> str:
    form = next(iter(word.values()))
    return form.typed or form.key


def _word(alternative: Alternative, text: Text) -> NearMiss:
    (word,) = alternative.words
    for position, _ in _meetings(alternative, word, text):
        return NearMiss(3, _refusal(alternative, word, text, position))
    return alike(alternative.language, _typed(word), text)


def _refusal(alternative: Alternative, word: Mapping[str, Form], text: Text, position: int) -> str:
    """Tell why the token at *position*, which could be a form of *word*, is none."""
    language, _, names = alternative
    token = text.tokens[position].text
    typed = _typed(word)
    for reading in language.readings(token):
        form = word.get(reading.key)
        if form is None:
            continue
        if language.admits(form, reading, text, position, names):
            return f'"{token}" stands in a longer run of letters and digits'
        if language.admits(form, reading, text, position, ()):
            return f'"{token}" is a name by itself, and no form of {typed}'
        if token != form.typed and token.casefold() == form.typed.casefold():
            return f'"{token}" differs from {form.typed} by its capitals'
    return f'"{token}" is another word than {typed}, by its letters, its marks or the words beside it'


def _meetings(alternative: Alternative, word: Mapping[str, Form], text: Text) -> Iterator[tuple[int, bool]]:
    """Yield the tokens that could be forms of *word*, and whether they are."""
    language, _, names = alternative
    for position, token in enumerate(text.words):
        met = [
            language.admits(word[reading.key], reading, text, position, names)
            for reading in language.readings(token)
            if reading.key in word
        ]
        if met:
            yield position, any(met)


def _phrase(alternative: Alternative, text: Text) -> NearMiss:
    places = [
        [position for position, admitted in _meetings(alternative, word, text) if admitted]
        for word in alternative.words
    ]
    missing = [_typed(word) for word, found in zip(alternative.words, places, strict=True) if not found]
    if len(missing) == len(places):
        return NOTHING
    if missing:
        standing = [_typed(word) for word, found in zip(alternative.words, places, strict=True) if found]
        return NearMiss(2, f"only {_listed(standing)} of it stands there, without {_listed(missing)}")
    if (gap := _closest(places)) is None:
        return NearMiss(3, "its words stand there in another order")
    if gap == 0:
        apart = any(
            text.tokens[first + offset].before > Break.MARK
            for first in places[0]
            for offset in range(1, len(places))
            if all(first + place in found for place, found in enumerate(places))
        )
        told = "punctuation stands between its words" if apart else "it stands in a longer run"
        return NearMiss(3, told)
    return NearMiss(
        3, f"its words stand apart: {gap} {'word' if gap == 1 else 'words'} between at the closest"
    )


def _closest(places: Sequence[Sequence[int]]) -> int | None:
    """Return how many foreign tokens stand between the words, in order, where they are closest."""
    best: int | None = None
    for start in places[0]:
        last = start
        for found in places[1:]:
            following = next((position for position in found if position > last), None)
            if following is None:
                break
            last = following
        else:
            gap = last - start + 1 - len(places)
            best = gap if best is None else min(best, gap)
    return best


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
