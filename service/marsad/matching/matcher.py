"""What an item mentions: a cheap index names the watches that may, an exact evaluation decides."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from marsad.matching.document import (
    CONTENT,
    FIELDS,
    SUMMARY,
    TEXT_FIELDS,
    TITLE,
    Document,
    Source,
)
from marsad.matching.entities import CompiledEntity
from marsad.matching.places import Evaluation, Found, Place
from marsad.matching.plan import Part
from marsad.matching.query import Query, Where, Within
from marsad.matching.vocabulary import Index
from marsad.model import Hit, Match, Prominence, Revision, WatchDefinition

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CompiledWatch:
    definition: WatchDefinition
    query: Query
    plan: Part
    version: str

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
        self._by_anchor: dict[int, list[int]] = {}
        authors = False
        for number, watch in enumerate(self.watches):
            if watch.plan.anchors is None:
                raise ValueError(f"{watch.definition.id}: a query needs a term")  # parse_query has seen to it
            for anchor in watch.plan.anchors:
                self._by_anchor.setdefault(anchor, []).append(number)
            authors = authors or any(
                isinstance(node, Within) and node.where is Where.AUTHOR for node in watch.query.nodes()
            )
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
        return self._judge(self.evaluation(revision, source), range(len(self.watches)), now, only)

    def evaluation(self, revision: Revision, source: Source) -> Evaluation:
        """Return where all terms stand in *revision*."""
        document = Document(revision, source)
        return Evaluation(document, self.index.find(document, self._fields))

    def _candidates(self, found: Found) -> list[int]:
        numbers: set[int] = set()
        for hits_of in found:
            for term in hits_of:
                numbers.update(self._by_anchor.get(term, ()))
        return sorted(numbers)

    def _judge(
        self, at: Evaluation, numbers: Iterable[int], now: datetime, only: Container[str] | None
    ) -> MatchResult:
        matches: list[Match] = []
        failed: list[tuple[str, str]] = []
        for number in numbers:
            watch = self.watches[number]
            watch_id = watch.definition.id
            if only is not None and watch_id not in only:
                continue
            try:
                if watch.watches(at.document.source, now) and watch.plan.holds(at):
                    matches.append(_match(watch, at))
            except Exception as error:
                # One watch that fails must not cost the item its other mentions.
                log.exception("a watch failed on an item", extra={"watch_id": watch_id})
                failed.append((watch_id, f"{type(error).__name__}: {error}"))
        return MatchResult(matches=tuple(matches), failed=tuple(failed))


def _match(watch: CompiledWatch, at: Evaluation) -> Match:
    places = told_places(watch.plan, at)
    return Match(
        watch_id=watch.definition.id,
        watch_version=watch.version,
        watch_name=watch.definition.name,
        watch_label=watch.definition.label,
        prominence=_prominence(places, at.document),
        hits=tuple(hit_of(place, at.document) for place in places),
    )


def told_places(plan: Part, at: Evaluation) -> list[Place]:
    """Return the places that make *plan* hold: by field, then start.

    None is told twice: not by two terms of the query that are one word here (عُمان, عمان), nor in a passage
    that repeats an earlier one.
    """
    gathered: set[Place] = set()
    plan.gather(at, gathered)
    told: dict[tuple[int, int, int, str], Place] = {}
    for place in sorted(_without_repetition(at.document, gathered)):
        told.setdefault((place.field, place.start, place.end, place.entity), place)
    return list(told.values())


def _without_repetition(document: Document, places: set[Place]) -> Iterator[Place]:
    """Yield *places* save those in a passage that repeats an earlier field, where they are told already."""
    if all(place.field == TITLE for place in places):
        yield from places
        return
    told = {(place.field, place.first, place.term) for place in places}
    for place in places:
        again = any(
            place.field == field
            and first <= place.first
            and place.last < first + count
            and (earlier, place.first - first + earlier_first, place.term) in told
            for field, first, count, earlier, earlier_first in document.repeated
        )
        if not again:
            yield place


def _prominence(places: Iterable[Place], document: Document) -> Prominence:
    best = Prominence.BODY
    for place in places:
        if place.field == TITLE:
            return Prominence.HEADLINE
        if place.field == SUMMARY or (place.field == CONTENT and place.last < document.lead_tokens):
            best = Prominence.LEAD
    return best


def hit_of(place: Place, document: Document) -> Hit:
    return Hit(
        field=FIELDS[place.field],
        start=place.start,
        end=place.end,
        text=document.originals[place.field][place.start : place.end],
        term=place.term,
        entity=place.entity or None,
        language=place.language,
        reason=place.reason,
    )
