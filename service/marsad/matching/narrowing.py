"""Which items of an archive a watch may mention at all, by the keys of their words; the matcher decides.

What is said here may be too much, and never too little: an item that the watch mentions has, for each part of
the query that must stand, a word for each part of one of its `Conjunction`s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from marsad.language.base import UNSPACED
from marsad.language.fold import fold
from marsad.language.keys import keys_of_word
from marsad.language.registry import language_for
from marsad.language.tokens import tokenize
from marsad.matching.matcher import CompiledWatch, WatchSet
from marsad.matching.nearness import required
from marsad.matching.patterns import ExactWords, Stem, Wild
from marsad.matching.unspaced import tokens_of
from marsad.matching.vocabulary import Index
from marsad.model import Conjunction, Narrowing, Revision, Wanted

_MOST: Final = 2_000
"""Conjunctions of a part of a query; one with more is not asked about."""


def keys_of(revision: Revision) -> frozenset[str]:
    """Return the keys by which a term may meet a word of *revision*, in any of its fields."""
    words = {
        word
        for text in (revision.title, revision.summary, revision.content, revision.author)
        if text
        for word in tokenize(text).words
    }
    return frozenset().union(*map(keys_of_word, words))


def narrowed(watch_set: WatchSet, watch: CompiledWatch) -> Narrowing | None:
    """Return what an item must have for *watch* to mention it; None where nothing is known."""
    index = watch_set.layer_of(watch.definition.id).index
    found = (_conjunctions(index, anchors) for anchors in required(watch.plan))
    known = {it for it in found if it is not None}
    return tuple(sorted(known, key=len)) or None


def _conjunctions(index: Index, anchors: frozenset[int]) -> tuple[Conjunction, ...] | None:
    """Return what an item must have, one of these, for one of *anchors* to stand; None: not known."""
    found: list[Conjunction] = []
    for number in anchors:
        spellings = list(_spellings(index, number))
        if not spellings or len(found) + len(spellings) > _MOST:
            return None
        found += spellings
    return tuple(dict.fromkeys(found))


def _spellings(index: Index, number: int) -> Iterator[Conjunction]:
    pattern = index.pattern(number)
    if isinstance(pattern, ExactWords):
        yield tuple(Wanted(frozenset({fold(word)})) for word in pattern.words)
    elif isinstance(pattern, Stem):
        yield (Wanted(frozenset(), frozenset({pattern.key, fold(pattern.typed)})),)
    elif isinstance(pattern, Wild):
        beginning = pattern.typed.partition("?")[0].removesuffix("*")
        if beginning:
            keys = {fold(beginning), language_for(pattern.language).fold(beginning)}
            yield (Wanted(frozenset(), frozenset(keys)),)
    for alternative in index.alternatives(number):
        if any(UNSPACED in form.marks for word in alternative.words for form in word.values()):
            for word in alternative.words:
                for form in word.values():
                    yield tuple(Wanted(frozenset({it, fold(it)})) for it in tokens_of(form) if it)
            continue
        # A form in another script than its language's is read by the rule for any language, too.
        yield tuple(
            Wanted(frozenset(word) | {fold(form.typed or form.key) for form in word.values()})
            for word in alternative.words
        )
