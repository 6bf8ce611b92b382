"""What a word of a text meets of all terms: those it is all of, and those that ask for a word beside it."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from marsad.language.base import Form, Language, Reading, TermForms
from marsad.language.scripts import UNSPACED_CHARACTER
from marsad.matching.meeting import Candidate, Rules
from marsad.matching.remembered import Remembered

Id = TypeVar("Id", bound=Hashable)

REMEMBERED: Final = 1 << 16
"""Words of which it is remembered what they meet: some 20 MB when full, twice that at most."""
_ALTERNATIVE_BITS: Final = 12
"""Alternatives of a term: 4,096 at most, of which a hundred is much already."""


class Settled(NamedTuple, Generic[Id]):
    """A term of one word that stands wherever a certain word does."""

    id: Id
    skip: int
    typed: str
    language: str
    reason: str


class Joined(NamedTuple):
    """Spellings that hold a word, and another on one side of it."""

    offset: int
    """From the word to the other: 1 or -1."""
    references: frozenset[int]
    candidates: tuple[tuple[int, Candidate], ...]
    """To be judged where the word there may be the other one; with the reference of each."""


class Entry(NamedTuple, Generic[Id]):
    """What a word meets."""

    settled: tuple[Settled[Id], ...]
    candidates: tuple[Candidate, ...]
    """To be judged in each text."""
    joined: tuple[Joined, ...]
    beside: frozenset[int]
    """The spellings in which it may stand beside the word by which they are looked up.

    What nearly all phrases fail by is known so from the two entries: to read the neighbour anew for each of
    them took most of the time of an item.
    """


PART_OF_A_WORD: Final[Entry[object]] = Entry((), (), (), frozenset())
"""Of a token in a script without spaces: it meets nothing by itself."""


class LanguageTerms:
    """The terms of one language, by the keys of their anchors."""

    def __init__(self, language: Language, names: Container[str]) -> None:
        self.rules = Rules(language, names, Remembered(language.readings, REMEMBERED))
        self._by_key: dict[str, tuple[int, ...]] = {}
        """Which alternatives of which terms: the term's number and the alternative's, put together."""
        self._beside: dict[str, tuple[int, ...]] = {}
        """The same, by the keys of the word beside the anchor."""

    def add(self, term: int, forms: TermForms) -> None:
        for number, alternative in enumerate(forms.sequences):
            if not alternative or not all(alternative):
                continue
            reference = (term << _ALTERNATIVE_BITS) + number
            anchor = anchor_of(alternative)
            for form in alternative[anchor]:
                self._by_key[form.key] = (*self._by_key.get(form.key, ()), reference)
            if len(alternative) > 1:
                for form in alternative[anchor + side_of(alternative, anchor)]:
                    self._beside[form.key] = (*self._beside.get(form.key, ()), reference)

    def references(self, word: str) -> Iterator[tuple[int, Reading]]:
        """Yield what *word* may be the anchor of, and how it is read then."""
        for reading in self.rules.language.readings(word):
            for reference in self._by_key.get(reading.key, ()):
                yield reference, reading

    def beside(self, word: str) -> Iterator[int]:
        """Yield what *word* may stand beside the anchor of."""
        if self._beside:
            for reading in self.rules.language.readings(word):
                yield from self._beside.get(reading.key, ())


def parts_of(reference: int) -> tuple[int, int]:
    """Return the number of the term, and that of its alternative."""
    return divmod(reference, 1 << _ALTERNATIVE_BITS)


def anchor_of(alternative: tuple[tuple[Form, ...], ...]) -> int:
    """Return which word to look up: the longest, but none of a script without spaces (美 in 美대선)."""
    lengths = [
        0 if UNSPACED_CHARACTER.match(word[0].key) else max(len(form.key) for form in word)
        for word in alternative
    ]
    return lengths.index(max(lengths))


def side_of(alternative: Sequence[object], anchor: int) -> int:
    """Return where a word stands beside the anchor: after it (1), or else before it (-1)."""
    return 1 if anchor + 1 < len(alternative) else -1


def joined(found: Sequence[tuple[int, Candidate]]) -> tuple[Joined, ...]:
    """Return *found*, by the side on which their other words stand; with each is its reference."""
    sides: dict[int, list[tuple[int, Candidate]]] = {}
    for it in found:
        sequence = it[1].sequence
        sides.setdefault(side_of(sequence.words, sequence.anchor), []).append(it)
    return tuple(
        Joined(side, frozenset(reference for reference, _ in its), tuple(its)) for side, its in sides.items()
    )


def beside(all_joined: tuple[Joined, ...], entries: Sequence[object], position: int) -> list[Candidate]:
    """Return what the word at *position* may be a part of, by the words beside it; *entries* are of all."""
    found: list[Candidate] = []
    for offset, references, candidates in all_joined:
        at = position + offset
        if not 0 <= at < len(entries):
            continue
        entry = entries[at]
        if entry is PART_OF_A_WORD:
            found += (candidate for _, candidate in candidates)
        elif isinstance(entry, Entry) and not references.isdisjoint(entry.beside):
            found += (candidate for reference, candidate in candidates if reference in entry.beside)
    return found
