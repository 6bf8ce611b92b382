"""Compiled watches, put together by their plans: what is evaluated once for all that ask the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from marsad.matching.document import Source
from marsad.matching.plan import Part
from marsad.matching.query import Query
from marsad.model import WatchDefinition, WatchSaid


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


class Asker(NamedTuple):
    """A watch, as far as it takes to say that it was found."""

    number: int
    """Its place among the watches of its layer."""
    said: WatchSaid
    watch: CompiledWatch


class Bundle(NamedTuple):
    """The watches of one plan: it is evaluated once for all of them."""

    plan: Part
    always: bool
    """Whether they look at every item, at any time; else each is asked."""
    askers: list[Asker]
