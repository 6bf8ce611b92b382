"""Parts of a plan that ask how places stand to each other: NEAR and its like, NOT NEAR, EXCEPT."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from marsad.matching.places import Evaluation, Place, Reach, between, overlap
from marsad.matching.plan import All, Part, Spot
from marsad.matching.query import Link, LinkKind


class Spared(Spot):
    """A part's places save those near (NOT NEAR) or inside (EXCEPT) a place of the spoiler."""

    __slots__ = ("distance", "part", "spoiler")

    def __init__(self, part: Spot, spoiler: Spot, distance: int | None) -> None:
        self.part = part
        self.spoiler = spoiler
        self.distance = distance
        self.anchors = part.anchors

    @property
    def told(self) -> str:  # type: ignore[override]  # put together when asked for: leaves share the spoiler
        operator = "EXCEPT" if self.distance is None else f"NOT NEAR/{self.distance}"
        return f"{self.part.told} {operator} {self.spoiler.told}"

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.part, self.spoiler)

    def _places(self, at: Evaluation) -> list[Place]:
        places = self.part.places(at)
        if not places:
            return places
        spoilers = self.spoiler.places(at)
        if not spoilers:
            return places
        reach = Reach(spoilers)
        return [place for place in places if not self._spoiled(at, place, reach)]

    def _spoiled(self, at: Evaluation, place: Place, spoilers: Reach) -> bool:
        if self.distance is None:
            return any(
                other.start <= place.start and place.end <= other.end for other in spoilers.around(place, 0)
            )
        document = at.document
        blocks = document.blocks(place.field)
        distance = document.most_tokens(place.field, self.distance)
        for other in spoilers.around(place, distance, document.paragraph(place.field, place.first)):
            if overlap(place, other):
                if (other.first, other.last) != (place.first, place.last):
                    return True
            elif (
                between(at.document, place, other) <= self.distance
                and blocks[place.first] == blocks[other.first]
            ):
                return True
        return False


class Near(Spot):
    """A chain of operands, each near the next; a place counts that is part of a whole chain.

    A chain as an operand of another stands wherever one of its places does.
    """

    __slots__ = ("links", "operands")

    def __init__(self, told: str, operands: Sequence[Spot], links: Sequence[Link]) -> None:
        self.told = told
        self.operands = tuple(operands)
        self.links = tuple(links)
        known = [operand.anchors for operand in operands if operand.anchors is not None]
        self.anchors = min(known, key=len)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.operands

    def places(self, at: Evaluation) -> list[Place]:
        for operand in self.operands:
            if not operand.places(at):
                return []
        return super().places(at)

    def _places(self, at: Evaluation) -> list[Place]:
        return sorted({place for places in self.taking_part(at) for place in places})

    def taking_part(self, at: Evaluation) -> list[list[Place]]:
        """Return for each operand its places that are part of a whole chain; all empty, or none."""
        found = at.chains.get(id(self))
        if found is None:
            found = at.chains[id(self)] = self._taking_part(at)
        return found

    def _taking_part(self, at: Evaluation) -> list[list[Place]]:
        if not all(operand.places(at) for operand in self.operands):
            return [[] for _ in self.operands]
        kept: list[list[Place]] = []
        for index, operand in enumerate(self.operands):
            places = operand.places(at)
            if index:
                places = linked(at, places, kept[-1], self.links[index - 1], after=True)
            if not places:
                return [[] for _ in self.operands]
            kept.append(places)
        for index in range(len(kept) - 2, -1, -1):
            kept[index] = linked(at, kept[index], kept[index + 1], self.links[index], after=False)
        return kept

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for operand, places in zip(self.operands, self.taking_part(at), strict=True):
            operand.support(at, set(places), into)

    def support(self, at: Evaluation, chosen: set[Place], into: set[Place]) -> None:
        kept = self.taking_part(at)
        if chosen.issuperset(self.places(at)):
            self.gather(at, into)
            return
        for index, places in enumerate(kept):
            here = [place for place in places if place in chosen]
            if not here:
                continue
            self.operands[index].support(at, set(here), into)
            # Every place that takes part has partners to the ends of the chain: walking outwards finds them.
            reached = here
            for right in range(index + 1, len(kept)):
                reached = linked(at, kept[right], reached, self.links[right - 1], after=True)
                self.operands[right].support(at, set(reached), into)
            reached = here
            for left in range(index - 1, -1, -1):
                reached = linked(at, kept[left], reached, self.links[left], after=False)
                self.operands[left].support(at, set(reached), into)


def satisfies(at: Evaluation, left: Place, right: Place, link: Link) -> bool:
    """Tell whether two places of one field stand to each other as *link* says; none is near itself."""
    if overlap(left, right):
        return False
    if link.kind is LinkKind.SENT:
        sentences = at.document.sentences(left.field)
        return sentences[left.first] == sentences[right.first]
    blocks = at.document.blocks(left.field)
    if blocks[left.first] != blocks[right.first]:
        return False
    if link.kind is LinkKind.PARA:
        return True
    if link.kind is LinkKind.ONEAR and right.first < left.first:
        return False
    return between(at.document, left, right) <= link.distance


def linked(
    at: Evaluation, places: Sequence[Place], others: Sequence[Place], link: Link, *, after: bool
) -> list[Place]:
    """Return those of *places* that stand to one of *others* as *link* says.

    *after* tells that *places* are the right operand.
    """
    kept = []
    nearby = _by_number(at, others, link) if link.kind in _BY_NUMBER else _together(at, others, link)
    for place in places:
        for other in nearby(place):
            left, right = (other, place) if after else (place, other)
            if satisfies(at, left, right, link):
                kept.append(place)
                break
    return kept


_BY_NUMBER: Final = frozenset({LinkKind.NEAR, LinkKind.ONEAR})


def _by_number(at: Evaluation, others: Sequence[Place], link: Link) -> Callable[[Place], Sequence[Place]]:
    """Return what gives the *others* that may stand near a place: few more than do."""
    reach = Reach(others)
    document = at.document

    def nearby(place: Place) -> Sequence[Place]:
        distance = document.most_tokens(place.field, link.distance)
        return reach.around(place, distance, document.paragraph(place.field, place.first))

    return nearby


def _together(at: Evaluation, others: Sequence[Place], link: Link) -> Callable[[Place], Sequence[Place]]:
    """Return what gives the *others* in the sentence, or paragraph, of a place."""
    numbers = at.document.sentences if link.kind is LinkKind.SENT else at.document.blocks
    groups: dict[tuple[int, int], list[Place]] = {}
    for other in others:
        groups.setdefault((other.field, numbers(other.field)[other.first]), []).append(other)
    return lambda place: groups.get((place.field, numbers(place.field)[place.first]), ())


def required(plan: Part) -> Iterator[frozenset[int]]:
    """Yield sets of terms of the vocabulary: of each of them one must stand where *plan* holds."""
    match plan:
        case All() | Near():
            for part in plan.parts:
                yield from required(part)
        case Spared():
            yield from required(plan.part)
        case _ if plan.anchors is not None:
            yield plan.anchors
