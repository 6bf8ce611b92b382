"""Which places of names count: those that their mark follows, and that are no part of a longer name."""

from __future__ import annotations

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
    return [
        other
        for other in others
        if not any(
            it.field == other.field
            and it.start <= other.start
            and other.end <= it.end
            and (it.start, it.end) != (other.start, other.end)
            for it in places
        )
    ]


def apart(places: list[Place], others: Sequence[Place]) -> list[Place]:
    """Return those of *places* that overlap none of *others*."""
    if not others:
        return places
    return [
        place
        for place in places
        if not any(it.field == place.field and it.start < place.end and place.start < it.end for it in others)
    ]
