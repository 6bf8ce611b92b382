"""What an explanation says: the parts of a query with their verdicts, and the hits in their sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from marsad.language.sentences import sentences
from marsad.model import Hit, Revision


@dataclass(frozen=True, kw_only=True)
class Step:
    """One part of a query, and whether it holds in the item."""

    operator: str
    """AND, OR, NOT, NEAR, NOT NEAR, EXCEPT; "term", "entity" or "source"."""
    told: str
    """As the analyst would write it."""
    holds: bool
    why: str
    """Where it does not hold: what is missing, and how near it came. "" where it holds."""
    closeness: int
    """How near it came: of the branches of an OR the nearest is told."""
    hits: tuple[Hit, ...]
    """Where it stands."""
    parts: tuple[Step, ...] = ()

    def replay(self) -> bool:
        """Return the verdict again, from those of the smallest parts."""
        match self.operator:
            case "AND":
                return all(part.replay() for part in self.parts)
            case "OR":
                return any(part.replay() for part in self.parts)
            case "NOT":
                return not self.parts[0].replay()
            case _:
                return self.holds

    def failing(self) -> Step:
        """Return the smallest part that is the first reason why this does not hold; itself, where none is."""
        if self.holds:
            return self
        if self.operator == "AND":
            return next(part for part in self.parts if not part.holds).failing()
        return self


@dataclass(frozen=True, kw_only=True)
class TellingHit:
    """A hit in its sentence."""

    hit: Hit
    sentence: str
    """The part of the field between the edges of the sentence (or sentences) it stands in."""
    start: int
    """Where the sentence begins in the field."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    watch_id: str
    found: bool
    """What `WatchSet.match` says of the watch and the item."""
    out_of_scope: str | None
    """Why the watch does not look at the item at all: its feeds, tags or time."""
    hits: tuple[TellingHit, ...]
    """Of the mention; empty where there is none."""
    step: Step
    """The whole query."""
    cut: str
    """What of the item is not looked at, as it is too long; "" where all is."""

    @property
    def why_not(self) -> str:
        """For people: the first thing that keeps the watch from the item; "" where it is found."""
        if self.found:
            return ""
        if self.out_of_scope is not None:
            return self.out_of_scope
        failing = self.step.failing()
        return f"{failing.told}: {failing.why}" + (f" ({self.cut})" if self.cut else "")

    def replay(self) -> bool:
        """Return the verdict again, from what is explained."""
        return self.out_of_scope is None and self.step.replay()


def telling(hits: Iterable[Hit], revision: Revision) -> list[TellingHit]:
    """Return *hits* with the sentences they stand in."""
    told: list[TellingHit] = []
    of_field: dict[str, list[tuple[int, int, str]]] = {}
    for hit in hits:
        if hit.field not in of_field:
            of_field[hit.field] = list(_trimmed(str(getattr(revision, hit.field))))
        found = of_field[hit.field]
        first = bisect_right(found, hit.start, key=itemgetter(0)) - 1
        last = bisect_left(found, hit.end, key=itemgetter(1))
        start, _, sentence = found[first]
        if last > first:  # U.S. at the end of one: a hit may cross a border
            sentence = str(getattr(revision, hit.field))[start : found[last][1]]
        told.append(TellingHit(hit=hit, sentence=sentence, start=start))
    return told


def _trimmed(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of each sentence without the spaces around it."""
    for sentence in sentences(text):
        whole = text[sentence.start : sentence.end]
        trimmed = whole.strip()
        if trimmed:
            start = sentence.start + whole.index(trimmed)
            yield start, start + len(trimmed), trimmed
