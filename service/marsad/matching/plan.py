"""A watch ready to be evaluated: what a query means, over places where terms stand in an item.

Two questions are asked of a part: does it hold, and which places made it hold. Places exist for all that
stands in text; AND and NOT only hold or not. Nothing here knows how a term is found: `Found` says where it
stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from marsad.language.tokens import Break
from marsad.matching.document import AUTHOR
from marsad.matching.places import ANYWHERE, Evaluation, Place, Scope, Variant, applicable, standing
from marsad.matching.query import About


class Part:
    """A part of a plan."""

    __slots__ = ("anchors", "told")

    plain = False
    """Whether the places that make it hold are those where it stands."""

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


class Leaf(Spot):
    """A term, phrase, exact word or prefix."""

    __slots__ = ("_chosen", "lone", "scope", "strict", "variants")

    plain = True

    def __init__(
        self,
        told: str,
        variants: Sequence[Variant],
        scope: Scope,
        *,
        strict: bool,
        as_indexed: bool = False,
    ) -> None:
        """*as_indexed*: the index tells places under the same term as the variants."""
        self.told = told
        self.variants = tuple(variants)
        self.scope = scope
        self.strict = strict
        self.anchors = frozenset(variant.id for variant in variants)
        self._chosen: dict[str | None, list[Variant]] = {}
        self.lone: int | None = None
        """The one term that it is, where the index has found that in the text; as most terms are of one
        language, most leaves are."""
        if as_indexed and len(variants) == 1 and scope == ANYWHERE and not strict and variants[0].as_indexed:
            self.lone = variants[0].id

    def places(self, at: Evaluation) -> list[Place]:
        if self.lone is not None:
            found = at.found.get(self.lone)
            if found is None:
                return []
            if found[-1].field != AUTHOR:
                return found
        return super().places(at)

    def chosen(self, language: str | None) -> list[Variant]:
        found = self._chosen.get(language)
        if found is None:
            found = applicable(self.variants, language, strict=self.strict)
            self._chosen[language] = found
        return found

    def _places(self, at: Evaluation) -> list[Place]:
        places = standing(at, self.chosen(at.document.language), self.scope.fields)
        return [it for it in places if self.scope.admits(it, at.document)] if self.scope.lead else places


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

    __slots__ = ("_alone", "_parts", "plain")

    def __init__(self, told: str, parts: Sequence[Spot]) -> None:
        self.told = told
        self._parts = tuple(parts)
        self.anchors = union(parts)
        self.plain = all(part.plain for part in parts)
        self._alone = None
        if all(part.anchors is not None and len(part.anchors) == 1 for part in parts):
            self._alone = [(next(iter(part.anchors or ())), part) for part in parts]

    @property
    def parts(self) -> tuple[Part, ...]:
        return self._parts

    def places(self, at: Evaluation) -> list[Place]:
        if self._alone is not None:
            standing = self._standing(at)
            if len(standing) < 2:
                return standing[0].places(at) if standing else []
        return super().places(at)

    def _standing(self, at: Evaluation) -> Sequence[Spot]:
        """Return the parts of which a term stands in the item, as few do."""
        if self._alone is None:
            return self._parts
        found = at.found
        return [part for number, part in self._alone if number in found]

    def _places(self, at: Evaluation) -> list[Place]:
        found = [places for part in self._standing(at) if (places := part.places(at))]
        if len(found) < 2:
            return found[0] if found else []
        return sorted({place for places in found for place in places})

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for part in self._parts:
            if part.holds(at):
                part.gather(at, into)

    def support(self, at: Evaluation, chosen: set[Place], into: set[Place]) -> None:
        for part in self._parts:
            part.support(at, chosen, into)


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
        for part in self._parts:  # noqa: SIM110 - a generator would take half of the time
            if not part.holds(at):
                return False
        return True

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        for part in self._parts:
            part.gather(at, into)


class Any(Part):
    """OR of parts that do not all stand in text: every branch that holds gives its places."""

    __slots__ = ("_parts",)

    def __init__(self, told: str, parts: Sequence[Part]) -> None:
        self.told = told
        self._parts = tuple(parts)
        self.anchors = union(parts)

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
        if self.about is About.SITE:
            site = document.site
            return site is not None and (site == self.value or site.endswith(f".{self.value}"))
        if self.about is About.CATEGORY:
            return any(it.casefold() == self.value.casefold() for it in document.revision.categories)
        if self.about is About.COUNTRY:
            return document.source.country == self.value
        if self.about is About.RANK:
            return str(document.source.rank) == self.value
        if document.language is not None:
            return document.language == self.value
        return document.may_be(self.value)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        """A source stands nowhere in the text."""


class InTime(Part):
    """A condition on when the item was published, else first seen."""

    __slots__ = ("since", "until")

    def __init__(self, told: str, since: datetime | None, until: datetime | None) -> None:
        self.told = told
        self.since = since
        self.until = until
        self.anchors = None

    def holds(self, at: Evaluation) -> bool:
        dated = at.document.dated
        if dated is None:
            return False
        return (self.since is None or self.since <= dated) and (self.until is None or dated < self.until)

    def gather(self, at: Evaluation, into: set[Place]) -> None:
        """A time stands nowhere in the text."""


def union(parts: Sequence[Part]) -> frozenset[int] | None:
    """Return the terms of which one must stand where any of *parts* holds; None where none need stand."""
    found: set[int] = set()
    for part in parts:
        if part.anchors is None:
            return None
        found |= part.anchors
    return frozenset(found)
