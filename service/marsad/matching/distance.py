"""How far apart the places of a NEAR stand, where they are not near enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from marsad.matching.document import FIELDS
from marsad.matching.nearness import Near, Spared, linked
from marsad.matching.places import Evaluation, Place
from marsad.matching.query import Link, LinkKind

_FARTHEST: Final = 1 << 24
"""Farther apart than words of any item stand."""


def why_not_near(at: Evaluation, near: Near) -> str:
    """Return how near the operands of *near* come; each of them stands in the item."""
    left = near.operands[0].places(at)
    for link, operand in zip(near.links, near.operands[1:], strict=True):
        places = operand.places(at)
        following = linked(at, places, left, link, after=True)
        if not following:
            return _how_far(at, left, places, link)
        left = following
    raise ValueError(f"{near.told} holds")


def _how_far(at: Evaluation, left: Sequence[Place], right: Sequence[Place], link: Link) -> str:
    fields = {place.field for place in left} & {place.field for place in right}
    if not fields:
        return f"they stand in different fields: {FIELDS[left[0].field]} and {FIELDS[right[0].field]}"
    found, told = None, ""
    if link.kind is LinkKind.ONEAR:
        found = _closest(at, left, right, LinkKind.ONEAR)
        told = "" if found else "in the other order, "
    elif link.kind is LinkKind.SENT:
        told = "in different sentences, "
    if found := found or _closest(at, left, right, LinkKind.NEAR):
        distance, one, other = found
        where = FIELDS[one.field]
        return f"{told}closest distance {distance}: {_shown(at, one)} and {_shown(at, other)} ({where})"
    if linked(at, right, left, Link(LinkKind.PARA), after=True):
        return "they stand on the same words only"
    return "they stand in different paragraphs"


def _closest(
    at: Evaluation, left: Sequence[Place], right: Sequence[Place], kind: LinkKind
) -> tuple[int, Place, Place] | None:
    """Return the least distance at which a NEAR of *kind* would hold, and a pair that is so near."""
    low, high = 0, _FARTHEST
    if not linked(at, right, left, Link(kind, high), after=True):
        return None
    while low < high:
        middle = (low + high) // 2
        if linked(at, right, left, Link(kind, middle), after=True):
            high = middle
        else:
            low = middle + 1
    other = linked(at, right, left, Link(kind, low), after=True)[0]
    one = linked(at, left, [other], Link(kind, low), after=False)[0]
    return low, one, other


def why_spared(at: Evaluation, spared: Spared) -> str:
    """Return what spoils every place of *spared*."""
    places, spoilers = spared.part.places(at), spared.spoiler.places(at)
    if spared.distance is None:
        return f"every hit of it is inside {_shown(at, spoilers[0])}"
    found = _closest(at, places, spoilers, LinkKind.NEAR)
    if found is None:
        return f"every hit of it is part of {_shown(at, spoilers[0])}"
    distance, one, other = found
    return f"every hit of it is near another: {_shown(at, one)} and {_shown(at, other)}, distance {distance}"


def _shown(at: Evaluation, place: Place) -> str:
    return f'"{at.document.originals[place.field][place.start : place.end]}"'
