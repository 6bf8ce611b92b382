"""Which places of names count: those that their mark follows, and that are no part of a longer name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from marsad.language.tokens import HYPHENS
from marsad.matching.places import Evaluation, Place

_HYPHENS: Final = frozenset(HYPHENS)
_MARKS: Final = ("-", "+")
"""Which a name or the first part of a compound may end in: the text must have the mark there too."""


def followed(at: Evaluation, places: list[Place]) -> list[Place]:
    """Return *places* without those of a first part (российско-) or a name (OPEC+) that its mark follows not.

    The mark itself belongs to no token, so that the terms alone know nothing of it.
    """
    if not any(place.term.endswith(_MARKS) for place in places):
        return places
    kept = []
    for place in places:
        if place.term.endswith(_MARKS):
            following = at.document.originals[place.field][place.end : place.end + 1]
            if place.term.endswith("+"):
                if following != "+":
                    continue
                place = place._replace(end=place.end + 1)
            elif following not in _HYPHENS:
                continue
            else:
                place = place._replace(reason=f"{place.term} as the first part of a compound")
        kept.append(place)
    return kept


def not_inside(others: list[Place], places: Sequence[Place]) -> list[Place]:
    """Return those of *others* that are no mere part of one of *places*, which is then the longer name."""
    if not others or not places:
        return others
    spans = _Spans(places)
    return [other for other in others if not spans.hold(other)]


def apart(places: list[Place], others: Sequence[Place]) -> list[Place]:
    """Return those of *places* that overlap none of *others*."""
    if not others or not places:
        return places
    spans = _Spans(others)
    return [place for place in places if not spans.meet(place)]


class _Spans:
    """Spans of places by field, in order of their start, with the farthest end of all up to each."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._starts: dict[int, list[int]] = {}
        self._reach: dict[int, list[int]] = {}
        self._ends: dict[tuple[int, int], int] = {}
        """The farthest end of those that start there."""
        for place in sorted(places, key=lambda it: (it.field, it.start)):
            reach = self._reach.setdefault(place.field, [])
            self._starts.setdefault(place.field, []).append(place.start)
            reach.append(max(place.end, reach[-1] if reach else 0))
            at = place.field, place.start
            self._ends[at] = max(place.end, self._ends.get(at, 0))

    def meet(self, place: Place) -> bool:
        """Tell whether one of them overlaps *place*."""
        before = bisect_left(self._starts.get(place.field, ()), place.end)
        return before > 0 and self._reach[place.field][before - 1] > place.start

    def hold(self, place: Place) -> bool:
        """Tell whether *place* is a part of one of them, and not the whole."""
        if self._ends.get((place.field, place.start), 0) > place.end:
            return True
        before = bisect_left(self._starts.get(place.field, ()), place.start)
        return before > 0 and self._reach[place.field][before - 1] >= place.end
