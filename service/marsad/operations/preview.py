"""What a query would have found in the archive, before anybody is told by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from marsad.config import Settings
from marsad.language.keys import rules_of_keys
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.narrowing import narrowed
from marsad.model import Conjunction, Match
from marsad.operations.explain import source_of
from marsad.store import archive
from marsad.store.archive import Extent, FirstText
from marsad.store.database import Database

MANY_A_DAY: Final = 20
"""Mentions a day from which on nobody reads the alerts of a watch."""
MUCH_OF_ALL: Final = 0.05
"""Share of all items from which on a query says little."""
_EXAMPLES: Final = 5
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Example:
    text: FirstText
    match: Match


@dataclass(kw_only=True)
class Preview:
    """What was counted, while the archive goes by."""

    zone: ZoneInfo
    """Of the days."""
    extent: Extent
    """Of the archive that was asked about."""
    mentions: int = 0
    days: Counter[date] = field(default_factory=Counter)
    """Mentions by the local day on which their items were first seen."""
    feeds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    """Items by the term or name that was found in them: an item counts once for each."""
    examples: list[Example] = field(default_factory=list)
    """The newest, the newest last."""

    def count(self, text: FirstText, match: Match) -> None:
        self.mentions += 1
        self.days[text.first_seen_at.astimezone(self.zone).date()] += 1
        self.feeds[text.feed_id] += 1
        self.languages[text.revision.language or "not stated"] += 1
        told = {f"@{hit.entity} {hit.term}" if hit.entity else hit.term for hit in match.hits}
        self.terms.update(told)
        self.examples = [*self.examples[1 - _EXAMPLES :], Example(text=text, match=match)]

    @property
    def span(self) -> timedelta:
        """From the first item of the archive to the last, a day at least."""
        first, last = self.extent.first_seen_at, self.extent.last_seen_at
        day = timedelta(days=1)
        return day if first is None or last is None else max(last - first, day)

    @property
    def a_week(self) -> float:
        """How many items a week would be told: instant mails, if they go on as in the archive."""
        return self.mentions * (_WEEK / self.span)

    @property
    def noise(self) -> str:
        """Why the query finds too much; "" where it does not."""
        a_day = self.mentions / (self.span / timedelta(days=1))
        if a_day >= MANY_A_DAY:
            return f"{a_day:.0f} mentions a day are more than anybody reads"
        whole = self.extent.items
        if whole >= 100 and self.mentions >= MUCH_OF_ALL * whole:
            return f"it finds {self.mentions / whole:.0%} of all items"
        return ""


def preview(database: Database, watch_set: WatchSet, settings: Settings, *, since: datetime) -> Preview:
    """Return what the one watch of *watch_set* would have found, each item at its own time."""
    counted = _empty(database, settings, since)
    judge = Judge(watch_set, settings)
    for text in _archive(database, [watch_set], since):
        if (match := judge.match(text)) is not None:
            counted.count(text, match)
    return counted


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a changed query would have found that the former did not, and the other way round."""

    former: Preview
    changed: Preview
    gained: Preview
    lost: Preview


def difference(
    database: Database, former: WatchSet, changed: WatchSet, settings: Settings, *, since: datetime
) -> Difference:
    """Return how the one watch of *changed* differs from that of *former* on the archive."""
    before, after, gained, lost = (_empty(database, settings, since) for _ in range(4))
    judges = Judge(former, settings), Judge(changed, settings)
    for text in _archive(database, [former, changed], since):
        old, new = (judge.match(text) for judge in judges)
        if old is not None:
            before.count(text, old)
        if new is not None:
            after.count(text, new)
        if new is not None and old is None:
            gained.count(text, new)
        if old is not None and new is None:
            lost.count(text, old)
    return Difference(former=before, changed=after, gained=gained, lost=lost)


def _empty(database: Database, settings: Settings, since: datetime) -> Preview:
    zone = ZoneInfo(settings.service.timezone)
    return Preview(zone=zone, extent=database.query(archive.load_extent, since))


def _archive(database: Database, watch_sets: Sequence[WatchSet], since: datetime) -> Iterator[FirstText]:
    """Yield what the watches of *watch_sets* may mention, the oldest first as far as the index knows it."""
    conjunctions: list[Conjunction] | None = []
    for watch_set in watch_sets:
        told = narrowed(watch_set, watch_set.watches[0])
        conjunctions = None if told is None or conjunctions is None else [*conjunctions, *told]
    return archive.iterate_archive(database, since=since, conjunctions=conjunctions, rules=rules_of_keys())


class Judge:
    """Asks a watch set of one watch, as it would have been asked when the item came."""

    def __init__(self, watch_set: WatchSet, settings: Settings) -> None:
        self._watch_set = watch_set
        self._settings = settings
        self._sources: dict[str, Source] = {}

    def match(self, text: FirstText) -> Match | None:
        source = self._sources.get(text.feed_id)
        if source is None:
            source = self._sources[text.feed_id] = source_of(self._settings, text.feed_id)
        source = replace(source, seen_at=text.first_seen_at)
        matches = self._watch_set.match(text.revision, source, now=text.first_seen_at).matches
        return matches[0] if matches else None
