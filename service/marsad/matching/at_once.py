"""What a term that stands in an item says of watches, with no look at their plans.

Most watches are a term, or a list of terms: an item mentions hundreds of them, and a plan, its parts and its
watches lie far apart in memory, where each look takes longer than all that is asked there. So what one term
says lies together, and is read from one end to the other: the watches that it decides, and what else must
stand for a plan to be worth a look.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from marsad.matching.bundles import Bundle
from marsad.matching.nearness import required
from marsad.matching.plan import Absent, All, AnyPlace, Leaf, Part
from marsad.model import WatchSaid

_MOST_PAIRS: Final = 64
"""Of terms that must stand together: more take more memory than the plans that need not be looked at."""


class Standing(NamedTuple):
    """What it says of watches that a term stands in an item."""

    numbers: tuple[int, ...]
    """The watches it decides, in their layer: they are found wherever it stands, by its places alone."""
    said: tuple[WatchSaid, ...]
    """What is said of each of those."""
    spoils: tuple[int, ...]
    """Watches that another term does not decide where this one stands."""
    partners: frozenset[int]
    """Terms of which one must stand, too, for any of *joint* to be found."""
    joint: tuple[tuple[int, Bundle], ...]
    """What may be found where a partner stands, by partner."""
    bundles: tuple[Bundle, ...]
    """What may be found whatever else stands."""


class Decided(NamedTuple):
    """A plan that one of *terms* decides where it stands alone, and none of *spoilers* does."""

    terms: frozenset[int]
    spoilers: frozenset[int]


def decided(plan: Part) -> Decided | None:
    """Return which terms decide *plan*, if terms do: it is one, or a list, perhaps with what must not stand.

    Where two terms of a list stand, each has places, and it takes an evaluation to put them together.
    """
    if isinstance(plan, Leaf):
        return None if plan.lone is None else Decided(frozenset({plan.lone}), frozenset())
    if isinstance(plan, AnyPlace):
        lone = [part.lone if isinstance(part, Leaf) else None for part in plan.parts]
        terms = frozenset(it for it in lone if it is not None)
        return None if None in lone else Decided(terms, frozenset())
    if isinstance(plan, All):
        absent = [part.part.anchors for part in plan.parts if isinstance(part, Absent)]
        others = [part for part in plan.parts if not isinstance(part, Absent)]
        first = decided(others[0]) if len(others) == 1 else None
        if first is None or None in absent:
            return None
        return Decided(first.terms, first.spoilers.union(*(it for it in absent if it is not None)))
    return None


class _Gathered:
    """What a term says, while it is put together."""

    __slots__ = ("bundles", "joint", "numbers", "said", "spoils")

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.said: list[WatchSaid] = []
        self.spoils: list[int] = []
        self.joint: list[tuple[int, Bundle]] = []
        self.bundles: list[Bundle] = []

    def together(self) -> Standing:
        # Numbers and sayings are made anew, one after the other: those of other terms lie elsewhere.
        return Standing(
            tuple(array("l", self.numbers)),
            tuple(map(WatchSaid._make, self.said)),
            tuple(array("l", self.spoils)),
            frozenset(partner for partner, _ in self.joint),
            tuple(self.joint),
            tuple(self.bundles),
        )


def standings(bundles: Iterable[Bundle]) -> Sequence[Standing | None]:
    """Return what each term says of the watches of *bundles*, by the term's number; None of most."""
    gathered: dict[int, _Gathered] = {}

    def of(term: int) -> _Gathered:
        found = gathered.get(term)
        if found is None:
            found = gathered[term] = _Gathered()
        return found

    for bundle in bundles:
        whole = decided(bundle.plan) if bundle.always else None
        if whole is not None:
            for term in whole.terms:
                of(term).numbers += (asker.number for asker in bundle.askers)
                of(term).said += (asker.said for asker in bundle.askers)
            for term in whole.spoilers:
                of(term).spoils += (asker.number for asker in bundle.askers)
            continue
        first, *others = sorted(required(bundle.plan), key=len) or [frozenset[int]()]
        if others and len(first) * len(others[0]) <= _MOST_PAIRS:
            for term in first:
                of(term).joint += ((partner, bundle) for partner in others[0])
        else:
            for term in first:
                of(term).bundles.append(bundle)
    found: list[Standing | None] = [None] * (max(gathered, default=-1) + 1)
    for term in sorted(gathered):
        found[term] = gathered[term].together()
    return found
