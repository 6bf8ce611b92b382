"""Where terms stand in an item: the places over which plans are evaluated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from marsad.language.registry import language_for, language_of
from marsad.matching.document import AUTHOR, CONTENT, FIELDS, TEXT_FIELDS, Document
from marsad.matching.meeting import Place as Place
from marsad.matching.query import Where

Found = Mapping[int, list[Place]]
"""Where each term of the vocabulary stands: by field, then start; not those that stand nowhere."""


class Variant(NamedTuple):
    """A term of the vocabulary in one language, as one leaf of a plan uses it."""

    id: int
    language: str
    """"" is the rule for any language."""
    term: str

    @property
    def as_indexed(self) -> bool:
        """Whether the index calls it so, too: not where it is found by the rules of another language."""
        return language_of(self.language, self.term) == self.language


class Scope(NamedTuple):
    """In which fields a leaf looks."""

    fields: tuple[int, ...]
    lead: bool = False

    def admits(self, place: Place, document: Document) -> bool:
        return place.field in self.fields and not (
            self.lead and place.field == CONTENT and place.last >= document.lead_tokens
        )


ANYWHERE: Final = Scope(TEXT_FIELDS)


def scope_of(where: Where) -> Scope:
    if where is Where.LEAD:
        return Scope(TEXT_FIELDS, lead=True)
    return Scope((list(Where).index(where),))


class Evaluation:
    """One item under evaluation; remembers what it has worked out."""

    def __init__(self, document: Document, found: Found) -> None:
        self.document = document
        self.found = found
        self.places: dict[int, list[Place]] = {}
        """By `id` of the part that worked them out; parts outlive an evaluation."""
        self.chains: dict[int, list[list[Place]]] = {}
        """The same of chains: for each operand, the places that are part of a whole one."""


def applicable(variants: Sequence[Variant], language: str | None, *, strict: bool) -> list[Variant]:
    """Return the variants of one term to try in an item of *language* (None: not known).

    A term is applied in items of its language; in those of another script; and, unless the watch names its
    languages (*strict*), in those of a language in which the term is not known at all.
    """
    if language is None:
        return list(variants)
    script = language_for(language).script
    by_script: dict[str, list[Variant]] = {}
    for variant in variants:
        by_script.setdefault(language_for(variant.language).script if variant.language else "", []).append(
            variant
        )
    chosen: list[Variant] = []
    for its, group in by_script.items():
        if its != script:
            chosen += group
        elif own := [variant for variant in group if variant.language == language]:
            chosen += own
        elif not strict:
            chosen += group
    return chosen


def standing(
    at: Evaluation, variants: Sequence[Variant], fields: Sequence[int], entity: str = ""
) -> list[Place]:
    """Return where any of *variants* stands: by field, then start; of those that overlap, the longest."""
    found: list[Place] = []
    sources = 0
    for number, language, term in variants:
        places = at.found.get(number)
        if places is None:
            continue
        # Most terms stand in no field but those that are asked for.
        if len(fields) < len(FIELDS) and (fields != TEXT_FIELDS or places[-1].field == AUTHOR):
            places = [place for place in places if place.field in fields]
            if not places:
                continue
        sources += 1
        if not entity and places[0].term == term and places[0].language == language:
            found = found + places if found else places
        else:
            found = found + [it._replace(term=term, entity=entity, language=language) for it in places]
    return longest(found) if sources > 1 else found


def longest(places: list[Place]) -> list[Place]:
    """Return *places* in the order of the text without overlaps: the longest counts, else the first."""
    kept: list[Place] = []
    taken: dict[int, set[int]] = {}
    for place in sorted(places, key=lambda it: (it.first - it.last, it.start - it.end, it.field, it.start)):
        tokens = range(place.first, place.last + 1)
        own = taken.setdefault(place.field, set())
        if own.isdisjoint(tokens):
            own.update(tokens)
            kept.append(place)
    kept.sort()
    return kept


def between(document: Document, one: Place, other: Place) -> int:
    """Return the words between two places of one field; negative where they overlap."""
    return document.words_between(one.field, min(one.last, other.last), max(one.first, other.first))


def overlap(one: Place, other: Place) -> bool:
    return one.first <= other.last and other.first <= one.last


class Reach:
    """Places by field, so that those around another are found without looking at all."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._by_field: dict[int, list[Place]] = {}
        for place in places:
            self._by_field.setdefault(place.field, []).append(place)
        self._firsts: dict[int, list[int]] = {}
        self._widest: dict[int, int] = {}
        for field, group in self._by_field.items():
            group.sort(key=lambda it: it.first)
            self._firsts[field] = [it.first for it in group]
            self._widest[field] = max(it.last - it.first for it in group)

    def of_field(self, field: int) -> list[Place]:
        return self._by_field.get(field, [])

    def around(self, place: Place, distance: int, within: tuple[int, int] | None = None) -> list[Place]:
        """Return places at most so many tokens from *place*, and some farther ones.

        *within* are the first token they may begin at, and the one after the last.
        """
        group = self._by_field.get(place.field)
        if not group:
            return []
        firsts = self._firsts[place.field]
        least = place.first - distance - 1 - self._widest[place.field]
        most = place.last + distance + 2
        if within is not None:
            least, most = max(least, within[0]), min(most, within[1])
        return group[bisect_left(firsts, least) : bisect_left(firsts, most)]
