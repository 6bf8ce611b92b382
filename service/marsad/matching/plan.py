"""A watch ready to be evaluated: what a query means, over places where terms stand in an item.

Two questions are asked of a part: does it hold, and which places made it hold. Places exist for all that
stands in text; AND and NOT only hold or not. Nothing here knows how a term is found: `Found` says where it
stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from marsad.language.registry import language_for
from marsad.language.tokens import Break
from marsad.matching.document import CONTENT, LEAD_TOKENS, TEXT_FIELDS, Document
from marsad.matching.query import About, Link, LinkKind, Where
from marsad.matching.terms import TermHit

Found = tuple[Mapping[int, Sequence[TermHit]], ...]
"""For each field, where each term of the vocabulary stands, in the order of the text."""


class Place(NamedTuple):
    """A span of an item that a part of a query stands at."""

    field: int
    first: int
    """Token."""
    last: int
    start: int
    """Code point."""
    end: int
    term: str
    entity: str | None
    language: str
    reason: str


class Variant(NamedTuple):
    """A term of the vocabulary in one language, as one leaf of a plan uses it."""

    id: int
    language: str
    """"" is the rule for any language."""
    term: str


class Scope(NamedTuple):
    """In which fields a leaf looks."""

    fields: tuple[int, ...]
    lead: bool = False

    def admits(self, place: Place) -> bool:
        return place.field in self.fields and not (
            self.lead and place.field == CONTENT and place.last >= LEAD_TOKENS
        )


ANYWHERE: Final = Scope(TEXT_FIELDS)


def scope_of(where: Where) -> Scope:
    if where is Where.LEAD:
        return Scope(TEXT_FIELDS, lead=True)
    return Scope((list(Where).index(where),))


class Evaluation:
    """One item under evaluation; remembers what it has worked out."""

    def __init__(self, document: Document, found: Found) -> None:
        self.document = document
        self.found = found
        self.places: dict[int, list[Place]] = {}
        """By `id` of the part that worked them out; parts outlive an evaluation."""


class Part:
    """A part of a plan."""

    __slots__ = ("anchors", "told")

    told: str
    """As the analyst would write it."""
    anchors: frozenset[int] | None
    """Terms of the vocabulary of which at least one must stand in an item where this holds; None where it
    can hold without."""

    @property
    def parts(self) -> tuple[Part, ...]:
        return ()

    def holds(self, at: Evaluation) -> bool:
        raise NotImplementedError

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        """Add the places that made this part hold; called only where it holds."""
        raise NotImplementedError


class Spot(Part):
    """A part that stands at places of the text."""

    __slots__ = ()

    def places(self, at: Evaluation) -> list[Place]:
        """Return where it stands, in the order of the text."""
        found = at.places.get(id(self))
        if found is None:
            found = at.places[id(self)] = self._places(at)
        return found

    def _places(self, at: Evaluation) -> list[Place]:
        raise NotImplementedError

    def holds(self, at: Evaluation) -> bool:
        return bool(self.places(at))

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        into.update(self.places(at))

    def support(self, at: Evaluation, chosen: set[Place], into: set[Place]) -> None:
        """Add the places that made those of *chosen* that are this part's count, themselves among them."""
        into.update(chosen.intersection(self.places(at)))


def applicable(variants: Sequence[Variant], language: str | None, *, strict: bool) -> list[Variant]:
    """Return the variants of one term to try in an item of *language* (None: not known).

    A term is applied in items of its language; in those of another script; and, unless the watch names its
    languages (*strict*), in those of a language in which the term is not known at all.
    """
    if language is None:
        return list(variants)
    script = language_for(language).script
    by_script: dict[str, list[Variant]] = {}
    for variant in variants:
        by_script.setdefault(language_for(variant.language).script if variant.language else "", []).append(
            variant
        )
    chosen: list[Variant] = []
    for its, group in by_script.items():
        if its != script:
            chosen += group
        elif own := [variant for variant in group if variant.language == language]:
            chosen += own
        elif not strict:
            chosen += group
    return chosen


def standing(
    at: Evaluation, variants: Sequence[Variant], fields: Sequence[int], entity: str | None = None
) -> list[Place]:
    """Return where any of *variants* stands: by field, then start; of those that overlap, the longest."""
    found: list[Place] = []
    sources = 0
    for field in fields:
        hits_of = at.found[field]
        for variant in variants:
            hits = hits_of.get(variant.id)
            if hits:
                sources += 1
                found += [
                    Place(
                        field,
                        hit.first_token,
                        hit.last_token,
                        hit.start,
                        hit.end,
                        variant.term,
                        entity,
                        variant.language,
                        hit.reason,
                    )
                    for hit in hits
                ]
    return longest(found) if sources > 1 else found


def longest(places: list[Place]) -> list[Place]:
    """Return *places* in the order of the text without overlaps: the longest counts, else the first."""
    kept: list[Place] = []
    taken: dict[int, set[int]] = {}
    for place in sorted(places, key=lambda it: (it.first - it.last, it.start - it.end, it.field, it.start)):
        tokens = range(place.first, place.last + 1)
        own = taken.setdefault(place.field, set())
        if own.isdisjoint(tokens):
            own.update(tokens)
            kept.append(place)
    kept.sort()
    return kept


class Leaf(Spot):
    """A term, phrase, exact word or prefix."""

    __slots__ = ("_chosen", "scope", "strict", "variants")

    def __init__(self, told: str, variants: Sequence[Variant], scope: Scope, *, strict: bool) -> None:
        self.told = told
        self.variants = tuple(variants)
        self.scope = scope
        self.strict = strict
        self.anchors = frozenset(variant.id for variant in variants)
        self._chosen: dict[str | None, list[Variant]] = {}

    def chosen(self, language: str | None) -> list[Variant]:
        found = self._chosen.get(language)
        if found is None:
            found = applicable(self.variants, language, strict=self.strict)
            self._chosen[language] = found
        return found

    def _places(self, at: Evaluation) -> list[Place]:
        places = standing(at, self.chosen(at.document.language), self.scope.fields)
        return [place for place in places if self.scope.admits(place)] if self.scope.lead else places


class Joined(Spot):
    """A phrase put together of parts, as some of its words are prefixes."""

    __slots__ = ("_parts",)

    def __init__(self, told: str, parts: Sequence[Leaf]) -> None:
        self.told = told
        self._parts = tuple(parts)
        self.anchors = min((part.anchors for part in parts if part.anchors is not None), key=len)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def _places(self, at: Evaluation) -> list[Place]:
        whole = self._parts[0].places(at)
        for part in self._parts[1:]:
            following = {(place.field, place.first): place for place in part.places(at)}
            joined = []
            for place in whole:
                end = following.get((place.field, place.last + 1))
                if end is None:
                    continue
                if at.document.text(place.field).tokens[end.first].before <= Break.MARK:
                    reason = ", ".join(
                        dict.fromkeys(it for it in (place.reason, end.reason) if it != "as typed")
                    )
                    joined.append(place._replace(last=end.last, end=end.end, reason=reason or "as typed"))
            whole = joined
        return [place._replace(term=self.told.strip('"')) for place in whole]


class AnyPlace(Spot):
    """OR between parts that stand in text."""

    __slots__ = ("_parts",)

    def __init__(self, told: str, parts: Sequence[Spot]) -> None:
        self.told = told
        self._parts = tuple(parts)
        self.anchors = _union(parts)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def _places(self, at: Evaluation) -> list[Place]:
        return sorted({place for part in self._parts for place in part.places(at)})

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for part in self._parts:
            if part.holds(at):
                part.gather(at, into)

    def support(self, at: Evaluation, chosen: set[Place], into: set[Place]) -> None:
        for part in self._parts:
            part.support(at, chosen, into)


class Spared(Spot):
    """A part's places save those near (NOT NEAR) or inside (EXCEPT) a place of the spoiler."""

    __slots__ = ("distance", "part", "spoiler")

    def __init__(self, told: str, part: Spot, spoiler: Spot, distance: int | None) -> None:
        self.told = told
        self.part = part
        self.spoiler = spoiler
        self.distance = distance
        self.anchors = part.anchors

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
        reach = _Reach(spoilers)
        return [place for place in places if not self._spoiled(at, place, reach)]

    def _spoiled(self, at: Evaluation, place: Place, spoilers: _Reach) -> bool:
        if self.distance is None:
            return any(
                other.start <= place.start and place.end <= other.end for other in spoilers.around(place, 0)
            )
        blocks = at.document.blocks(place.field)
        for other in spoilers.around(place, self.distance):
            if overlap(place, other):
                if (other.first, other.last) != (place.first, place.last):
                    return True
            elif between(place, other) <= self.distance and blocks[place.first] == blocks[other.first]:
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

    def _places(self, at: Evaluation) -> list[Place]:
        return sorted({place for places in self.taking_part(at) for place in places})

    def taking_part(self, at: Evaluation) -> list[list[Place]]:
        """Return for each operand its places that are part of a whole chain; all empty, or none."""
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
        self.support(at, set(self.places(at)), into)

    def support(self, at: Evaluation, chosen: set[Place], into: set[Place]) -> None:
        kept = self.taking_part(at)
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


def between(one: Place, other: Place) -> int:
    """Return the tokens between two places of one field; negative where they overlap."""
    return max(one.first, other.first) - min(one.last, other.last) - 1


def overlap(one: Place, other: Place) -> bool:
    return one.first <= other.last and other.first <= one.last


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
    return between(left, right) <= link.distance


def linked(
    at: Evaluation, places: Sequence[Place], others: Sequence[Place], link: Link, *, after: bool
) -> list[Place]:
    """Return those of *places* that stand to one of *others* as *link* says.

    *after* tells that *places* are the right operand.
    """
    reach = _Reach(others)
    by_number = link.kind in (LinkKind.NEAR, LinkKind.ONEAR)
    kept = []
    for place in places:
        nearby = reach.around(place, link.distance) if by_number else reach.of_field(place.field)
        for other in nearby:
            left, right = (other, place) if after else (place, other)
            if satisfies(at, left, right, link):
                kept.append(place)
                break
    return kept


class _Reach:
    """Places by field, so that those around another are found without looking at all."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._by_field: dict[int, list[Place]] = {}
        for place in places:
            self._by_field.setdefault(place.field, []).append(place)
        self._firsts: dict[int, list[int]] = {}
        self._widest: dict[int, int] = {}
        for field, group in self._by_field.items():
            group.sort(key=lambda it: it.first)
            self._firsts[field] = [it.first for it in group]
            self._widest[field] = max(it.last - it.first for it in group)

    def of_field(self, field: int) -> list[Place]:
        return self._by_field.get(field, [])

    def around(self, place: Place, distance: int) -> list[Place]:
        group = self._by_field.get(place.field)
        if not group:
            return []
        firsts = self._firsts[place.field]
        low = bisect_left(firsts, place.first - distance - 1 - self._widest[place.field])
        high = bisect_left(firsts, place.last + distance + 2)
        return group[low:high]


class All(Part):
    """AND."""

    __slots__ = ("_parts",)

    def __init__(self, told: str, parts: Sequence[Part]) -> None:
        self.told = told
        self._parts = tuple(parts)
        known = [part.anchors for part in parts if part.anchors is not None]
        self.anchors = min(known, key=len) if known else None

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def holds(self, at: Evaluation) -> bool:
        return all(part.holds(at) for part in self._parts)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for part in self._parts:
            part.gather(at, into)


class Any(Part):
    """OR of parts that do not all stand in text: every branch that holds gives its places."""

    __slots__ = ("_parts",)

    def __init__(self, told: str, parts: Sequence[Part]) -> None:
        self.told = told
        self._parts = tuple(parts)
        self.anchors = _union(parts)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def holds(self, at: Evaluation) -> bool:
        return any(part.holds(at) for part in self._parts)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for part in self._parts:
            if part.holds(at):
                part.gather(at, into)


class Absent(Part):
    """NOT."""

    __slots__ = ("part",)

    def __init__(self, told: str, part: Part) -> None:
        self.told = told
        self.part = part
        self.anchors = None

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.part,)

    def holds(self, at: Evaluation) -> bool:
        return not self.part.holds(at)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        """What is absent stands nowhere."""


class FromSource(Part):
    """A condition on where the item comes from."""

    __slots__ = ("about", "value")

    def __init__(self, told: str, about: About, value: str) -> None:
        self.told = told
        self.about = about
        self.value = value
        self.anchors = None

    def holds(self, at: Evaluation) -> bool:
        document = at.document
        if self.about is About.FEED:
            return document.source.feed_id == self.value
        if self.about is About.TAG:
            return self.value in document.source.tags
        if document.language is not None:
            return document.language == self.value
        return document.may_be(self.value)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        """A source stands nowhere in the text."""


def _union(parts: Sequence[Part]) -> frozenset[int] | None:
    found: set[int] = set()
    for part in parts:
        if part.anchors is None:
            return None
        found |= part.anchors
    return frozenset(found)
