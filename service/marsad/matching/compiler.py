"""From the tree of a query to the plan that is evaluated.

What a field, EXCEPT or NOT NEAR says of a group is said of each of its leaves, so that a plan knows scopes
and exceptions at its leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from marsad.language.base import Kind
from marsad.language.registry import languages_of
from marsad.language.related import related
from marsad.matching.entities import CompiledEntity, EntityLeaf
from marsad.matching.measures import Counted, Scored
from marsad.matching.nearness import Near, Spared
from marsad.matching.parts import COMPOUNDING
from marsad.matching.places import ANYWHERE, Scope, Variant, scope_of
from marsad.matching.plan import Absent, All, Any, AnyPlace, FromSource, InTime, Joined, Leaf, Part, Spot
from marsad.matching.query import (
    And,
    Chain,
    Count,
    Dated,
    EntityName,
    Not,
    Or,
    Query,
    Score,
    Source,
    Unless,
    WatchName,
    Within,
)
from marsad.matching.vocabulary import Vocabulary
from marsad.matching.words import (
    AnyCase,
    Compound,
    Exact,
    Node,
    Pattern,
    Prefix,
    Regex,
    Related,
    Term,
    Wildcard,
)

Word = Term | Exact | AnyCase | Related | Compound | Prefix | Wildcard | Regex


class Compiler:
    """Makes plans of queries that share a vocabulary.

    *languages* are those a term of this query may be of; *strict*: a watch names them itself. *searched_at*,
    in the zone of whoever asks, is set for a search of the archive, which may ask for dates.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        entities: Mapping[str, CompiledEntity],
        languages: Sequence[str],
        *,
        strict: bool = False,
        searched_at: datetime | None = None,
    ) -> None:
        self._vocabulary = vocabulary
        self._entities = entities
        self._languages = tuple(languages)
        self._strict = strict
        self._searched_at = searched_at

    def plan(self, query: Query) -> Part:
        key = (query.root, self._languages, self._strict)
        plan = self._vocabulary.shared.get(key)
        if plan is None:
            plan = self._vocabulary.shared[key] = self._part(query.root, ANYWHERE, "", _as_it_is)
        return plan

    def _part(self, node: Node, scope: Scope, field: str, spare: Spare) -> Part:
        match node:
            case And():
                return All(_told(node, field), [self._part(part, scope, field, spare) for part in node.parts])
            case Or():
                parts = [self._part(part, scope, field, spare) for part in node.parts]
                spots = [part for part in parts if isinstance(part, Spot)]
                told = _told(node, field)
                return AnyPlace(told, spots) if len(spots) == len(parts) else Any(told, parts)
            case Not():
                return Absent(_told(node, field), self._part(node.part, scope, field, spare))
            case Count():
                return Counted(_told(node, field), self._spot(node.part, scope, field, spare), node.least)
            case Score():
                parts = [self._part(part, scope, field, spare) for part in node.parts]
                return Scored(_told(node, field), node.weights, parts, node.least)
            case Dated():
                return InTime(str(node), *self._times(node))
            case Source():
                return FromSource(str(node), node.about, node.value)
            case Within():
                return self._part(node.part, scope_of(node.where), f"{node.where}:", spare)
            case WatchName(part=Node() as part):
                return self._part(part, scope, field, spare)
            case _:
                return self._spot(node, scope, field, spare)

    def _spot(self, node: Node, scope: Scope, field: str, spare: Spare) -> Spot:
        match node:
            case Or():
                return AnyPlace(
                    _told(node, field), [self._spot(part, scope, field, spare) for part in node.parts]
                )
            case Chain():
                operands = [self._spot(part, scope, field, spare) for part in node.operands]
                return Near(_told(node, field), operands, node.links)
            case Within():
                return self._spot(node.part, scope_of(node.where), f"{node.where}:", spare)
            case WatchName(part=Node() as part):
                return self._spot(part, scope, field, spare)
            case Unless():
                spoiler = self._spot(node.spoiler, scope, field, _as_it_is)

                def also(leaf: Spot) -> Spot:
                    return spare(Spared(leaf, spoiler, node.distance))

                return self._spot(node.part, scope, field, also)
            case EntityName():
                return spare(EntityLeaf(_told(node, field), self._entities[node.id], scope))
            case Pattern():
                parts = [self._leaf(part, scope, field) for part in node.parts]
                return spare(Joined(_told(node, field), parts))
            case Term() | Exact() | AnyCase() | Related() | Compound() | Prefix() | Wildcard() | Regex():
                return spare(self._leaf(node, scope, field))
            case _:
                raise TypeError(f"{node} stands at no place")

    def _leaf(self, node: Word, scope: Scope, field: str) -> Leaf:
        match node:
            case Exact():
                variants = [Variant(self._vocabulary.exact(node.text), "", node.text)]
            case Prefix():
                variants = [
                    Variant(self._vocabulary.stem(language, node.text), language, str(node))
                    for language in languages_of(node.text, self._languages)
                ]
            case Regex():
                number = self._vocabulary.expression(node.pattern, ignore_case=node.ignore_case)
                variants = [Variant(number, "", str(node))]
            case Wildcard():
                variants = [
                    Variant(self._vocabulary.wildcard(language, node.text), language, node.text)
                    for language in languages_of(node.text, self._languages)
                ]
            case AnyCase():
                variants = [
                    Variant(self._vocabulary.word(language, small(language, node.text)), language, node.text)
                    for language in languages_of(node.text, self._languages)
                ]
            case Related():
                variants = list(self._related(node.text))
            case Compound():
                variants = list(self._compound(node.text))
            case Term():
                kind = Kind.NAME if node.name else Kind.KEYWORD
                variants = [
                    Variant(self._vocabulary.term(language, node.text, kind), language, node.text)
                    for language in languages_of(node.text, self._languages)
                ]
        told, as_indexed = _told(node, field), isinstance(node, Term)
        key = (told, tuple(variants), scope, self._strict, as_indexed)
        leaf = self._vocabulary.shared.get(key)
        if not isinstance(leaf, Leaf):
            leaf = Leaf(told, variants, scope, strict=self._strict, as_indexed=as_indexed)
            self._vocabulary.shared[key] = leaf
        return leaf

    def _times(self, node: Dated) -> tuple[datetime | None, datetime | None]:
        """Return the moments from which and before which an item must be."""
        if self._searched_at is None:
            raise TypeError(f"{node} is for searches")
        if node.age is not None:
            return self._searched_at - node.age, None
        zone = self._searched_at.tzinfo
        since = datetime.combine(node.first, time(), zone) if node.first else None
        until = datetime.combine(node.last + timedelta(days=1), time(), zone) if node.last else None
        return since, until

    def _related(self, text: str) -> Iterator[Variant]:
        for language in languages_of(text, self._languages):
            yield Variant(self._vocabulary.term(language, text, Kind.KEYWORD), language, text)
            for word in related(language, text):
                yield Variant(self._vocabulary.word(language, word), language, word)

    def _compound(self, text: str) -> Iterator[Variant]:
        for language in languages_of(text, self._languages):
            yield Variant(self._vocabulary.term(language, text, Kind.KEYWORD), language, text)
            if language in COMPOUNDING:
                yield Variant(self._vocabulary.compound(language, text), language, text)


Spare = Callable[[Spot], Spot]
"""Wraps a leaf in the exceptions that stand around it."""


def _as_it_is(leaf: Spot) -> Spot:
    return leaf


def _told(node: Node, field: str) -> str:
    if not field:
        return str(node)
    return (
        f"{field}({node})"
        if isinstance(node, And | Or | Not | Chain | Unless | Count | Score)
        else f"{field}{node}"
    )


def small(language: str, text: str) -> str:
    """Return *text* in small letters, as a term that ignores case is typed."""
    if language in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower()
