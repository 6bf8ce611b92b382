"""What a query would have found in the archive, before anybody is told by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from marsad.config import Settings
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.model import Match
from marsad.operations.explain import source_of
from marsad.store.archive import FirstText

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
    items: int = 0
    mentions: int = 0
    days: Counter[date] = field(default_factory=Counter)
    """Mentions by the local day on which their items were first seen."""
    feeds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    """Items by the term or name that was found in them: an item counts once for each."""
    examples: list[Example] = field(default_factory=list)
    """The newest, the newest last."""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    def count(self, text: FirstText, match: Match | None) -> None:
        self.items += 1
        self.first_seen_at = self.first_seen_at or text.first_seen_at
        self.last_seen_at = text.first_seen_at
        if match is None:
            return
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
        if self.first_seen_at is None or self.last_seen_at is None:
            return timedelta(days=1)
        return max(self.last_seen_at - self.first_seen_at, timedelta(days=1))

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
        if self.items >= 100 and self.mentions >= MUCH_OF_ALL * self.items:
            return f"it finds {self.mentions / self.items:.0%} of all items"
        return ""


def preview(
    archive: Iterable[FirstText], watch_set: WatchSet, settings: Settings, *, zone: ZoneInfo
) -> Preview:
    """Return what the one watch of *watch_set* would have found in *archive*, each item at its own time."""
    counted = Preview(zone=zone)
    judge = Judge(watch_set, settings)
    for text in archive:
        counted.count(text, judge.match(text))
    return counted


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a changed query would have found that the former did not, and the other way round."""

    former: Preview
    changed: Preview
    gained: tuple[Example, ...]
    lost: tuple[Example, ...]
    """The newest of each, the newest last."""
    gained_count: int
    lost_count: int


def difference(
    archive: Iterable[FirstText], former: WatchSet, changed: WatchSet, settings: Settings, *, zone: ZoneInfo
) -> Difference:
    """Return how the one watch of *changed* differs from that of *former* on *archive*."""
    judges = Judge(former, settings), Judge(changed, settings)
    counted = Preview(zone=zone), Preview(zone=zone)
    only = Preview(zone=zone), Preview(zone=zone)
    for text in archive:
        found = [judge.match(text) for judge in judges]
        for each, match in zip(counted, found, strict=True):
            each.count(text, match)
        for here, other, each in ((found[0], found[1], only[0]), (found[1], found[0], only[1])):
            if here is not None and other is None:
                each.count(text, here)
    return Difference(
        former=counted[0],
        changed=counted[1],
        gained=tuple(only[1].examples),
        lost=tuple(only[0].examples),
        gained_count=only[1].mentions,
        lost_count=only[0].mentions,
    )


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
        matches = self._watch_set.match(text.revision, source, now=text.first_seen_at).matches
        return matches[0] if matches else None
