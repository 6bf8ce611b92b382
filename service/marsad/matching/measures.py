"""Parts of a plan that measure: how many hits, how much they weigh together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from marsad.matching.places import Evaluation, Place, longest
from marsad.matching.plan import Part, Spot, union
from marsad.matching.telling import without_repetition


class Counted(Part):
    """At least so many hits; of those that overlap one counts, and none in a text that repeats another."""

    __slots__ = ("least", "part")

    def __init__(self, told: str, part: Spot, least: int) -> None:
        self.told = told
        self.part = part
        self.least = least
        self.anchors = part.anchors

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.part,)

    def count(self, at: Evaluation) -> int:
        return len(longest(without_repetition(at.document, self.part.places(at))))

    def holds(self, at: Evaluation) -> bool:
        return len(self.part.places(at)) >= self.least and self.count(at) >= self.least

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        self.part.gather(at, into)


class Scored(Part):
    """Parts that weigh so much together; each weighs once, however often it stands."""

    __slots__ = ("_parts", "least", "weights")

    def __init__(self, told: str, weights: Sequence[int], parts: Sequence[Part], least: int) -> None:
        self.told = told
        self.weights = tuple(weights)
        self._parts = tuple(parts)
        self.least = least
        self.anchors = self._anchors()

    def _anchors(self) -> frozenset[int] | None:
        """Return the terms of which one must stand: what holds without any does not reach the bound."""
        heavy = [(weight, part) for weight, part in self.weighted() if weight > 0]
        if sum(weight for weight, part in heavy if part.anchors is None) >= self.least:
            return None
        return union([part for _, part in heavy if part.anchors is not None])

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def weighted(self) -> Iterator[tuple[int, Part]]:
        return zip(self.weights, self._parts, strict=True)

    def score(self, at: Evaluation) -> int:
        return sum(weight for weight, part in self.weighted() if part.holds(at))

    def holds(self, at: Evaluation) -> bool:
        return self.score(at) >= self.least

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for weight, part in self.weighted():
            if weight > 0 and part.holds(at):
                part.gather(at, into)
