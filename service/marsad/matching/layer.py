"""Watches that were compiled together, and how an item is judged by them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from marsad.matching.document import AUTHOR, FIELDS, TEXT_FIELDS, Document, Source
from marsad.matching.entities import CompiledEntity, leaves
from marsad.matching.places import Evaluation, Found, Place
from marsad.matching.plan import Part, Spot
from marsad.matching.query import Query
from marsad.matching.telling import hit_of, prominence, told_places
from marsad.matching.vocabulary import Index
from marsad.model import Hit, Match, WatchDefinition, WatchSaid

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


class _Bundle:
    """The watches of one plan: it is evaluated once for all of them."""

    __slots__ = ("always", "plan", "spot", "watches")

    def __init__(self, plan: Part) -> None:
        self.plan = plan
        self.spot = plan if isinstance(plan, Spot) and plan.plain else None
        self.watches: list[_Asker] = []
        self.always = True
        """All of them look at every item."""


class _Asker(NamedTuple):
    """A watch, as far as it takes to say that it was found."""

    always: bool
    """It looks at every item, at any time."""
    said: WatchSaid
    watch: CompiledWatch


class Judged(NamedTuple):
    """What a layer says of an item."""

    matches: list[Match]
    failed: list[tuple[str, str]]
    """(watch id, error)."""


class Layer:
    """Watches that share terms; a plan is evaluated once for all that have it."""

    def __init__(
        self, watches: Sequence[CompiledWatch], entities: Mapping[str, CompiledEntity], index: Index
    ) -> None:
        self.watches = {watch.definition.id: watch for watch in watches}
        self.entities = entities
        self.index = index
        self._bundles: list[_Bundle] = []
        self._by_anchor: dict[int, list[_Bundle]] = {}
        bundles: dict[int, _Bundle] = {}
        self._always: list[_Bundle] = []
        """Bundles that need no term: `all = true`."""
        for watch in watches:
            plan, definition = watch.plan, watch.definition
            bundle = bundles.get(id(plan))
            if bundle is None:
                bundle = bundles[id(plan)] = _Bundle(plan)
                if plan.anchors is None:
                    self._always.append(bundle)
                for anchor in plan.anchors or ():
                    self._by_anchor.setdefault(anchor, []).append(bundle)
                self._bundles.append(bundle)
            bundle.always = bundle.always and watch.looks_at_everything
            said = WatchSaid(definition.id, watch.version, definition.name, definition.label)
            bundle.watches.append(_Asker(watch.looks_at_everything, said, watch))
        plans = [bundle.plan for bundle in self._bundles]
        plans += [entity.condition for entity in entities.values() if entity.condition is not None]
        authors = any(AUTHOR in leaf.scope.fields for plan in plans for leaf in leaves(plan))
        self._fields = tuple(range(len(FIELDS))) if authors else TEXT_FIELDS

    def evaluation(self, document: Document) -> Evaluation:
        """Return where all terms stand in *document*."""
        return Evaluation(document, self.index.find(document, self._fields))

    def judge(
        self, document: Document, now: datetime, asked: Callable[[str], bool] | None, *, use_index: bool
    ) -> Judged:
        """Return which watches *document* mentions, in no order; *asked* tells of an id whether it counts."""
        at = self.evaluation(document)
        bundles = self._candidates(at.found) if use_index else self._bundles
        return self._judge(at, bundles, now, asked)

    def _candidates(self, found: Found) -> Iterable[_Bundle]:
        """Return the bundles of which a term stands that they cannot do without."""
        bundles = set(self._always)
        by_anchor = self._by_anchor
        for term in found:
            if term in by_anchor:
                bundles.update(by_anchor[term])
        return bundles

    def _judge(
        self,
        at: Evaluation,
        bundles: Iterable[_Bundle],
        now: datetime,
        asked: Callable[[str], bool] | None,
    ) -> Judged:
        matches: list[Match] = []
        failed: list[tuple[str, str]] = []
        document = at.document
        hits: dict[int, tuple[Place, Hit]] = {}
        for bundle in bundles:
            asking = bundle.watches
            if not bundle.always or asked is not None:
                asking = [
                    asker
                    for asker in asking
                    if (asker.always or asker.watch.watches(document.source, now))
                    and (asked is None or asked(asker.said.id))
                ]
                if not asking:
                    continue
            try:
                spot = bundle.spot
                if spot is None:
                    places = told_places(bundle.plan, at)
                    if not places and not bundle.plan.holds(at):
                        continue
                else:
                    places = spot.places(at)
                    if not places:
                        continue
                    if len(places) > 1:
                        places = told_places(spot, at)
                shown = []
                for place in places:
                    made = hits.get(id(place))
                    if made is None:
                        # Kept with its place, so that no other gets the same `id`.
                        made = hits[id(place)] = place, hit_of(place, document)
                    shown.append(made[1])
                prominent, told = prominence(places, document), tuple(shown)
            except Exception as error:
                # One watch that fails must not cost the item its other mentions.
                ids = [asker.said.id for asker in asking]
                log.exception("a watch failed on an item", extra={"watch_id": ids[0], "watches": len(ids)})
                why = f"{type(error).__name__}: {error}"
                failed += ((asker.said.id, why) for asker in asking)
                continue
            # `tuple.__new__` makes a Match in a third of the time of its own: there may be hundreds.
            matches += [tuple.__new__(Match, (asker.said, prominent, told)) for asker in asking]
        return Judged(matches, failed)
