"""Watches that were compiled together, and how an item is judged by them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from marsad.matching.at_once import Standing, standings
from marsad.matching.bundles import Asker, Bundle, CompiledWatch
from marsad.matching.document import AUTHOR, FIELDS, TEXT_FIELDS, Document
from marsad.matching.entities import CompiledEntity, leaves
from marsad.matching.places import Evaluation, Place
from marsad.matching.telling import hit_of, prominence, told_once, told_places
from marsad.matching.vocabulary import Index
from marsad.model import Hit, Match, WatchSaid

log = logging.getLogger(__name__)

Asked = Callable[[str], bool]
"""Tells of the id of a watch whether it counts."""


class Judged(NamedTuple):
    """What a layer says of an item."""

    matches: dict[int, Match]
    """By the number of the watch in its layer."""
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
        bundles: dict[tuple[int, bool], Bundle] = {}
        self._bundle_of: list[Bundle] = []
        """By the number of a watch."""
        for number, watch in enumerate(watches):
            key = id(watch.plan), watch.looks_at_everything
            bundle = bundles.get(key)
            if bundle is None:
                bundle = bundles[key] = Bundle(watch.plan, watch.looks_at_everything, [])
            definition = watch.definition
            said = WatchSaid(definition.id, watch.version, definition.name, definition.label)
            bundle.askers.append(Asker(number, said, watch))
            self._bundle_of.append(bundle)
        self._bundles = list(bundles.values())
        self._always = [bundle for bundle in self._bundles if bundle.plan.anchors is None]
        """Bundles that need no term: `all = true`."""
        self._standings = standings(bundle for bundle in self._bundles if bundle.plan.anchors is not None)
        plans = [bundle.plan for bundle in self._bundles]
        plans += [entity.condition for entity in entities.values() if entity.condition is not None]
        authors = any(AUTHOR in leaf.scope.fields for plan in plans for leaf in leaves(plan))
        self._fields = tuple(range(len(FIELDS))) if authors else TEXT_FIELDS

    def evaluation(self, document: Document) -> Evaluation:
        """Return where all terms stand in *document*."""
        return Evaluation(document, self.index.find(document, self._fields))

    def judge(self, document: Document, now: datetime, asked: Asked | None, *, use_index: bool) -> Judged:
        """Return which watches *document* mentions; *asked* limits them to some."""
        at = self.evaluation(document)
        if not use_index:
            return self._evaluated(at, self._bundles, now, asked)
        standing = self._standing(at)
        try:
            matches, doubted = _decided(at, standing)
        except Exception:
            # What is wrong with a term is told of each of its watches, by an evaluation of its own.
            matches = {}
            doubted = [number for _, it in standing for number in it.numbers]
        bundles = {id(bundle): bundle for bundle in self._always}
        for number in doubted:
            matches.pop(number, None)
            bundle = self._bundle_of[number]
            bundles[id(bundle)] = bundle
        for bundle in _worth_a_look(at, standing):
            bundles[id(bundle)] = bundle
        if asked is not None:
            matches = {number: match for number, match in matches.items() if asked(match.watch.id)}
        if not bundles:
            return Judged(matches, [])
        evaluated = self._evaluated(at, bundles.values(), now, asked)
        matches.update(evaluated.matches)
        return Judged(matches, evaluated.failed)

    def _standing(self, at: Evaluation) -> list[tuple[list[Place], Standing]]:
        """Return where terms stand that say something of watches, and what."""
        standings = self._standings
        known = len(standings)
        return [
            (places, standing)
            for term, places in at.found.items()
            if term < known and (standing := standings[term]) is not None
        ]

    def _evaluated(
        self, at: Evaluation, bundles: Iterable[Bundle], now: datetime, asked: Asked | None
    ) -> Judged:
        matches: dict[int, Match] = {}
        failed: list[tuple[str, str]] = []
        document = at.document
        hits: dict[int, tuple[Place, Hit]] = {}
        for bundle in bundles:
            plan, always, askers = bundle
            if not always or asked is not None:
                askers = [
                    asker
                    for asker in askers
                    if (always or asker.watch.watches(document.source, now))
                    and (asked is None or asked(asker.said.id))
                ]
                if not askers:
                    continue
            try:
                places = told_places(plan, at)
                if not places and not plan.holds(at):
                    continue
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
                ids = [asker.said.id for asker in askers]
                log.exception("a watch failed on an item", extra={"watch_id": ids[0], "watches": len(ids)})
                why = f"{type(error).__name__}: {error}"
                failed += ((asker.said.id, why) for asker in askers)
                continue
            for asker in askers:
                matches[asker.number] = Match(asker.said, prominent, told)
        return Judged(matches, failed)


def _decided(
    at: Evaluation, standing: Iterable[tuple[list[Place], Standing]]
) -> tuple[dict[int, Match], list[int]]:
    """Return what terms decide, and the numbers of the watches that are to be evaluated after all."""
    document = at.document
    matches: dict[int, Match] = {}
    met: list[int] = []
    spoiled: list[int] = []
    doubted: list[int] = []
    make = tuple.__new__
    for places, (numbers, said, spoils, _, _, _) in standing:
        spoiled += spoils
        if not numbers:
            continue
        if places[-1].field == AUTHOR:
            doubted += numbers
            continue
        places = told_once(places, document)
        hits = tuple([hit_of(place, document) for place in places])
        prominent = prominence(places, document)
        met += numbers
        # `tuple.__new__` makes a Match in a third of the time of its own: there may be hundreds.
        matches.update(zip(numbers, [make(Match, (it, prominent, hits)) for it in said], strict=True))
    if len(met) > len(matches):
        met.sort()
        doubted += [number for number, following in pairwise(met) if number == following]
    if spoiled:
        doubted += matches.keys() & spoiled
    return matches, doubted


def _worth_a_look(at: Evaluation, standing: Iterable[tuple[list[Place], Standing]]) -> Iterable[Bundle]:
    """Yield the bundles of which terms stand that they cannot do without."""
    found = set(at.found)
    for _, (_, _, _, partners, joint, bundles) in standing:
        yield from bundles
        if partners and not partners.isdisjoint(found):
            for partner, bundle in joint:
                if partner in found:
                    yield bundle
