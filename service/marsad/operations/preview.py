"""What a query would have found in the archive, before anybody is told by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from marsad.model import Match
from marsad.store.archive import Extent, FirstText

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
        for told in {f"@{hit.entity} {hit.term}" if hit.entity else hit.term for hit in match.hits}:
            self.terms[told] += 1
        self.examples = [*self.examples[1 - _EXAMPLES :], Example(text=text, match=match)]

    def add(self, later: Preview) -> None:
        """Add what was counted in a later portion of the archive."""
        self.mentions += later.mentions
        self.days += later.days
        self.feeds += later.feeds
        self.languages += later.languages
        self.terms += later.terms
        self.examples = [*self.examples, *later.examples][-_EXAMPLES:]

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


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a changed query would have found that the former did not, and the other way round."""

    former: Preview
    changed: Preview
    gained: Preview
    lost: Preview

    @classmethod
    def empty(cls, zone: ZoneInfo, extent: Extent) -> Difference:
        former, changed, gained, lost = (Preview(zone=zone, extent=extent) for _ in range(4))
        return cls(former=former, changed=changed, gained=gained, lost=lost)

    def add(self, later: Difference) -> None:
        """Add what was counted in a later portion of the archive."""
        self.former.add(later.former)
        self.changed.add(later.changed)
        self.gained.add(later.gained)
        self.lost.add(later.lost)
