"""What an item mentions: a cheap index names the watches that may, an exact evaluation decides."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from marsad.matching.document import AUTHOR, FIELDS, TEXT_FIELDS, Document, Source
from marsad.matching.entities import CompiledEntity, leaves
from marsad.matching.places import Evaluation, Found, Place
from marsad.matching.plan import Part
from marsad.matching.query import Query
from marsad.matching.telling import hit_of, prominence, told_places
from marsad.matching.vocabulary import Index
from marsad.model import Hit, Match, Revision, WatchDefinition

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CompiledWatch:
    definition: WatchDefinition
    query: Query
    plan: Part
    version: str

    @property
    def looks_at_everything(self) -> bool:
        """Whether it looks at all items, whatever their feed and time."""
        watch = self.definition
        return not (watch.feeds or watch.tags or watch.active_from or watch.active_until)

    def watches(self, source: Source, now: datetime) -> bool:
        """Tell whether it looks at items of *source* at all, at this time."""
        return self.out_of_scope(source, now) is None

    def out_of_scope(self, source: Source, now: datetime) -> str | None:
        """Return why it does not look at items of *source*, or None where it does."""
        watch = self.definition
        if watch.feeds and source.feed_id not in watch.feeds:
            return f'it does not watch the feed "{source.feed_id}"'
        if watch.tags and set(watch.tags).isdisjoint(source.tags):
            return "the feed has none of its tags: " + ", ".join(watch.tags)
        if watch.active_from is not None and now < watch.active_from:
            return f"it begins {watch.active_from:%Y-%m-%d %H:%M %Z}"
        if watch.active_until is not None and now >= watch.active_until:
            return f"it ended {watch.active_until:%Y-%m-%d %H:%M %Z}"
        return None


@dataclass(frozen=True, kw_only=True)
class MatchResult:
    matches: tuple[Match, ...] = ()
    """In the order of the watches in the configuration."""
    failed: tuple[tuple[str, str], ...] = ()
    """(watch id, error) of watches whose evaluation failed on this item."""


class _Bundle:
    """The watches of one plan: it is evaluated once for all of them."""

    __slots__ = ("plan", "watches")

    def __init__(self, plan: Part) -> None:
        self.plan = plan
        self.watches: list[_Asker] = []


class _Asker(NamedTuple):
    """A watch, as far as it takes to say that it was found."""

    number: int
    """Its place among the watches of the set."""
    always: bool
    """It looks at every item, at any time."""
    said: tuple[str, str, str, str]
    """Id, version, name and label."""
    watch: CompiledWatch


class WatchSet:
    """Compiled watches and entities. Immutable: a change makes a new set, which is swapped in whole.

    Safe to use from several threads.
    """

    def __init__(
        self, watches: Sequence[CompiledWatch], entities: Mapping[str, CompiledEntity], index: Index
    ) -> None:
        self.watches = tuple(watches)
        self.entities = dict(entities)
        self.index = index
        self._numbers = {watch.definition.id: number for number, watch in enumerate(self.watches)}
        self._bundles: list[_Bundle] = []
        self._by_anchor: dict[int, list[int]] = {}
        bundles: dict[int, _Bundle] = {}
        self._always: list[int] = []
        """Bundles that need no term: `all = true`."""
        for number, watch in enumerate(self.watches):
            plan, definition = watch.plan, watch.definition
            bundle = bundles.get(id(plan))
            if bundle is None:
                bundle = bundles[id(plan)] = _Bundle(plan)
                if plan.anchors is None:
                    self._always.append(len(self._bundles))
                for anchor in plan.anchors or ():
                    self._by_anchor.setdefault(anchor, []).append(len(self._bundles))
                self._bundles.append(bundle)
            bundle.watches.append(
                _Asker(
                    number,
                    watch.looks_at_everything,
                    (definition.id, watch.version, definition.name, definition.label),
                    watch,
                )
            )
        plans = [bundle.plan for bundle in self._bundles]
        plans += [entity.condition for entity in entities.values() if entity.condition is not None]
        authors = any(AUTHOR in leaf.scope.fields for plan in plans for leaf in leaves(plan))
        self._fields = tuple(range(len(FIELDS))) if authors else TEXT_FIELDS

    def __len__(self) -> int:
        return len(self.watches)

    def watch(self, watch_id: str) -> CompiledWatch:
        """Return the watch of this id; KeyError where there is none, or it could not be compiled."""
        return self.watches[self._numbers[watch_id]]

    def versions(self) -> dict[str, str]:
        """Return the version of each watch by its id."""
        return {watch.definition.id: watch.version for watch in self.watches}

    def match(
        self,
        revision: Revision,
        source: Source,
        *,
        now: datetime,
        only: Container[str] | None = None,
    ) -> MatchResult:
        """Return the watches that *revision* mentions; *only* limits them to some ids."""
        at = self.evaluation(revision, source)
        return self._judge(at, self._candidates(at.found), now, only)

    def match_without_index(
        self,
        revision: Revision,
        source: Source,
        *,
        now: datetime,
        only: Container[str] | None = None,
    ) -> MatchResult:
        """Return the same as `match`, asking every watch: the oracle of tests."""
        return self._judge(self.evaluation(revision, source), range(len(self._bundles)), now, only)

    def evaluation(self, revision: Revision, source: Source) -> Evaluation:
        """Return where all terms stand in *revision*."""
        document = Document(revision, source)
        return Evaluation(document, self.index.find(document, self._fields))

    def _candidates(self, found: Found) -> Iterable[int]:
        """Return the bundles of which a term stands that they cannot do without."""
        numbers = set(self._always)
        by_anchor = self._by_anchor
        for hits_of in found:
            for term in hits_of:
                if term in by_anchor:
                    numbers.update(by_anchor[term])
        return numbers

    def _judge(
        self, at: Evaluation, numbers: Iterable[int], now: datetime, only: Container[str] | None
    ) -> MatchResult:
        matches: list[tuple[int, Match]] = []
        failed: list[tuple[int, tuple[str, str]]] = []
        document, hits = at.document, dict[Place, Hit]()
        for number in numbers:
            bundle = self._bundles[number]
            asking = [
                asker
                for asker in bundle.watches
                if (asker.always or asker.watch.watches(document.source, now))
                and (only is None or asker.said[0] in only)
            ]
            if not asking:
                continue
            try:
                if not bundle.plan.holds(at):
                    continue
                places = told_places(bundle.plan, at)
                for place in places:
                    if place not in hits:
                        hits[place] = hit_of(place, document)
                told = (prominence(places, document), tuple([hits[place] for place in places]))
            except Exception as error:
                # One watch that fails must not cost the item its other mentions.
                ids = [asker.said[0] for asker in asking]
                log.exception("a watch failed on an item", extra={"watch_id": ids[0], "watches": len(ids)})
                why = f"{type(error).__name__}: {error}"
                failed += ((asker.number, (asker.said[0], why)) for asker in asking)
                continue
            # `tuple.__new__` makes a Match in a third of the time of its own: there may be hundreds.
            matches += [(asker.number, tuple.__new__(Match, asker.said + told)) for asker in asking]
        matches.sort(key=_number)
        failed.sort(key=_number)
        return MatchResult(matches=tuple([it for _, it in matches]), failed=tuple([it for _, it in failed]))


_number = itemgetter(0)
