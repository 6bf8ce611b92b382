"""Why a watch mentions an item, or why it does not, and how near it came.

An explanation is the plan of the watch with a verdict at each part, worked out by the same evaluation that
decides when an item arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from marsad.language.registry import language_for
from marsad.matching.distance import why_not_near, why_spared
from marsad.matching.document import FIELDS, LEAD_WORDS, Document, Source
from marsad.matching.entities import CompiledEntity, EntityLeaf
from marsad.matching.explanation import Explanation, Step, telling
from marsad.matching.matcher import WatchSet
from marsad.matching.measures import Counted, Scored
from marsad.matching.near_miss import NOTHING, NearMiss, alike, near_miss
from marsad.matching.nearness import Near, Spared
from marsad.matching.places import ANYWHERE, Evaluation, Place, Scope, Variant, overlap, standing
from marsad.matching.plan import Absent, All, Any, AnyPlace, FromSource, InTime, Joined, Leaf, Part, Spot
from marsad.matching.query import About
from marsad.matching.telling import hit_of, told_places
from marsad.matching.vocabulary import Index
from marsad.model import Hit, Revision

_SHOWN: Final = 3
"""Places that a sentence tells at most."""


def explain(
    watch_set: WatchSet, watch_id: str, revision: Revision, source: Source, *, now: datetime
) -> Explanation:
    """Return why the watch mentions *revision*, or why not; KeyError where there is no such watch."""
    watch = watch_set.watch(watch_id)
    layer = watch_set.layer_of(watch_id)
    at = layer.evaluation(Document(revision, source))
    step = _Explainer(at, layer.index).step(watch.plan)
    out_of_scope = watch.out_of_scope(source, now)
    found = step.holds and out_of_scope is None
    hits = [hit_of(place, at.document) for place in told_places(watch.plan, at)] if found else []
    return Explanation(
        watch_id=watch_id,
        found=found,
        out_of_scope=out_of_scope,
        hits=tuple(telling(hits, revision)),
        step=step,
        cut=at.document.cut,
    )


class _Explainer:
    """One item, one watch."""

    def __init__(self, at: Evaluation, index: Index) -> None:
        self._at = at
        self._index = index

    def step(self, part: Part) -> Step:
        holds = part.holds(self._at)
        parts = tuple(map(self.step, part.parts)) if not isinstance(part, Joined) else ()
        miss = NearMiss(0, "") if holds else self._miss(part, parts)
        hits = self._hits(part.places(self._at)) if isinstance(part, Spot) else ()
        return Step(
            operator=_operator(part),
            told=part.told,
            holds=holds,
            why=miss.told,
            closeness=miss.closeness,
            hits=hits,
            parts=parts,
        )

    def _hits(self, places: Iterable[Place]) -> tuple[Hit, ...]:
        return tuple(hit_of(place, self._at.document) for place in places)

    def _miss(self, part: Part, parts: Sequence[Step]) -> NearMiss:
        match part:
            case All():
                return self._first(parts)
            case Any() | AnyPlace():
                nearest = max((step.failing() for step in parts), key=lambda it: it.closeness)
                if len(parts) == 1 or nearest.closeness:
                    return NearMiss(nearest.closeness, f"none of it stands; {nearest.told}: {nearest.why}")
                return NearMiss(0, "none of it stands in the item")
            case Absent():
                return NearMiss(4, f"it is there: {self._quoted(told_places(part.part, self._at))}")
            case Near():
                return self._not_near(part, parts)
            case Spared():
                if not parts[0].holds:
                    return NearMiss(parts[0].closeness, f"{parts[0].told}: {parts[0].why}")
                return NearMiss(4, why_spared(self._at, part))
            case FromSource():
                return NearMiss(0, self._source(part))
            case InTime():
                dated = self._at.document.dated
                return NearMiss(0, f"the item is of {dated:%Y-%m-%d}" if dated else "the item has no date")
            case Counted():
                count = part.count(self._at)
                if not count:
                    return self._first(parts)
                return NearMiss(
                    4, f"{count} of {part.least} hits: {self._quoted(part.part.places(self._at))}"
                )
            case Scored():
                return self._light(part)
            case EntityLeaf():
                return self._entity(part)
            case Leaf():
                return self._leaf(part)
            case Joined():
                return self._joined(part)
            case _:
                return NOTHING

    def _light(self, part: Scored) -> NearMiss:
        holding = [(weight, it.told) for weight, it in part.weighted() if it.holds(self._at)]
        told = ", ".join(f"{weight} for {it}" for weight, it in holding) or "none of it holds"
        return NearMiss(3 if holding else 0, f"{part.score(self._at)} of {part.least}: {told}")

    def _first(self, parts: Sequence[Step]) -> NearMiss:
        first = next(step for step in parts if not step.holds).failing()
        return NearMiss(first.closeness, f"{first.told}: {first.why}")

    def _not_near(self, part: Near, parts: Sequence[Step]) -> NearMiss:
        missing = [step for step in parts if not step.holds]
        if not missing:
            return NearMiss(4, why_not_near(self._at, part))
        first = missing[0].failing()
        standing_ones = len(parts) - len(missing)
        return NearMiss(max(first.closeness, 2 if standing_ones else 0), f"{first.told}: {first.why}")

    def _source(self, part: FromSource) -> str:
        document = self._at.document
        match part.about:
            case About.FEED:
                return f'the item is of the feed "{document.source.feed_id}"'
            case About.TAG:
                tags = ", ".join(document.source.tags)
                return f"the feed has the tags {tags}" if tags else "the feed has no tags"
            case About.SITE:
                return f"the item links to {document.site}" if document.site else "the item has no link"
            case About.CATEGORY:
                filed = ", ".join(document.revision.categories)
                return f"the item is filed under {filed}" if filed else "the item has no categories"
            case About.COUNTRY:
                country = document.source.country
                return f"the feed is of {country}" if country else "the feed names no country"
            case About.RANK:
                rank = document.source.rank
                return f"the feed has the rank {rank}" if rank else "the feed has no rank"
            case About.LANGUAGE:
                if document.language is not None:
                    return f"the item is in {document.language}"
                return "the item says no language, and its letters are of another"

    # ── terms ───────────────────────────────────────────────────────────────────────────────────

    def _leaf(self, leaf: Leaf) -> NearMiss:
        return (
            self._elsewhere(standing(self._at, leaf.chosen(self._language), self._fields), leaf.scope)
            or self._in_another_language(leaf.variants, leaf.scope)
            or self._nearest(leaf.chosen(self._language), leaf.scope)
        )

    @property
    def _language(self) -> str | None:
        return self._at.document.language

    @property
    def _fields(self) -> range:
        return range(len(FIELDS))

    def _elsewhere(self, places: Sequence[Place], scope: Scope) -> NearMiss | None:
        """Tell that it stands in a field, or a part of the content, where it is not looked for."""
        outside = [place for place in places if place.field not in scope.fields]
        if outside and scope.fields != ANYWHERE.fields:
            fields = dict.fromkeys(str(FIELDS[place.field]) for place in outside)
            return NearMiss(3, f"stands in the {' and '.join(fields)} only")
        late = [
            place
            for place in places
            if place.field in scope.fields and not scope.admits(place, self._at.document)
        ]
        if late:
            document = self._at.document
            before = document.words_between(late[0].field, -1, late[0].first)
            told = f"stands after the lead: word {before + 1} of the content, of which the first"
            return NearMiss(3, f"{told} {LEAD_WORDS} count")
        return None

    def _in_another_language(self, variants: Sequence[Variant], scope: Scope) -> NearMiss | None:
        places = [
            it for it in standing(self._at, variants, scope.fields) if scope.admits(it, self._at.document)
        ]
        if not places:
            return None
        languages = ", ".join(dict.fromkeys(place.language for place in places))
        return NearMiss(3, f"stands there as a word of {languages}, but the item is in {self._language}")

    def _nearest(self, variants: Sequence[Variant], scope: Scope) -> NearMiss:
        best = NOTHING
        for variant in variants:
            alternatives = list(self._index.alternatives(variant.id))
            for field in scope.fields:
                text = self._at.document.text(field)
                if not text.words:
                    continue
                if variant.term.startswith("/"):
                    continue  # an expression has no words that could be near
                miss = (
                    near_miss(alternatives, text)
                    if alternatives
                    else alike(
                        language_for(variant.language), variant.term.rstrip("*").replace("?", ""), text
                    )
                )
                if miss.closeness > best.closeness:
                    best = NearMiss(miss.closeness, f"{miss.told} ({FIELDS[field]})")
        return best

    def _joined(self, part: Joined) -> NearMiss:
        missing = [step for step in map(self.step, part.parts) if not step.holds]
        if not missing:
            return NearMiss(3, "its words stand there, but not side by side")
        return NearMiss(2 if len(missing) < len(part.parts) else 0, f"{missing[0].told} {missing[0].why}")

    # ── entities ────────────────────────────────────────────────────────────────────────────────

    def _entity(self, leaf: EntityLeaf) -> NearMiss:
        entity = leaf.entity
        if elsewhere := self._elsewhere(entity.places(self._at), leaf.scope):
            return elsewhere
        named = entity.names_at(self._at)
        standing_names = [*named.strong, *named.weak]
        if standing_names and all(any(_same(it, other) for other in named.others) for it in standing_names):
            return NearMiss(3, f"every name of it is part of another's: {self._quoted(named.others)}")
        if named.weak:
            return NearMiss(3, self._alone(entity, named.weak))
        strong, weak, _ = entity.chosen(self._language)
        return self._in_another_language((*entity.strong, *entity.weak), leaf.scope) or self._nearest(
            (*strong, *weak), leaf.scope
        )

    def _alone(self, entity: CompiledEntity, weak: Sequence[Place]) -> str:
        told = f"only weak names stand ({self._quoted(weak)}), and no strong one beside them"
        if entity.condition is None:
            return told
        condition = self.step(entity.condition).failing()
        return f"{told}; nor does `with` hold: {condition.told}: {condition.why}"

    def _quoted(self, places: Sequence[Place]) -> str:
        document = self._at.document
        found = dict.fromkeys(
            f'"{document.originals[it.field][it.start : it.end]}" ({FIELDS[it.field]})' for it in places
        )
        return ", ".join(list(found)[:_SHOWN]) or "it matches"


def _same(one: Place, other: Place) -> bool:
    return one.field == other.field and overlap(one, other)


def _operator(part: Part) -> str:
    match part:
        case All():
            return "AND"
        case Any() | AnyPlace():
            return "OR"
        case Absent():
            return "NOT"
        case Counted():
            return "count"
        case Scored():
            return "score"
        case Near():
            return str(part.links[0].kind)
        case Spared():
            return "EXCEPT" if part.distance is None else "NOT NEAR"
        case FromSource() | InTime():
            return "source"
        case EntityLeaf():
            return "entity"
        case _:
            return "term"


def _letters(typed: str) -> str:
    """Return a prefix or a word with wildcards without their signs."""
    return typed.rstrip("*").replace("?", "")
