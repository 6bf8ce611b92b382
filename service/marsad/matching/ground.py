"""What watches are compiled on: the languages of feeds, and all else that is not their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from marsad.language.registry import primary
from marsad.matching.vocabulary import COMMON_LANGUAGES, Aliases
from marsad.model import EntityDefinition, FeedDefinition, WatchDefinition


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All that a watch may find something else by, though it stays the same itself."""

    entities: tuple[EntityDefinition, ...]
    feeds: tuple[tuple[object, ...], ...] | None
    packs: tuple[str, ...]
    lost_entities: frozenset[str] | None
    lost_watches: frozenset[str] | None
    languages: tuple[str, ...]
    """Of feeds and watches: in which countries have names."""

    @classmethod
    def of(
        cls,
        watches: Iterable[WatchDefinition],
        entities: Iterable[EntityDefinition],
        feeds: Iterable[FeedDefinition] | None,
        packs: Iterable[str],
        lost_entities: Collection[str] | None,
        lost_watches: Collection[str] | None,
        languages: Iterable[str] = (),
    ) -> Ground:
        said = None
        if feeds is not None:
            feeds = list(feeds)
            said = tuple((feed.id, feed.tags, feed.language, feed.country, feed.rank) for feed in feeds)
        own = {language for watch in watches if watch.languages for language in watch.languages}
        return cls(
            entities=tuple(entities),
            feeds=said,
            packs=tuple(packs),
            lost_entities=None if lost_entities is None else frozenset(lost_entities),
            lost_watches=None if lost_watches is None else frozenset(lost_watches),
            languages=tuple(sorted({*_languages_of(feeds or ()), *own, *map(primary, languages)})),
        )


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What watches were compiled on: while it stays the same, one that changes is compiled alone."""

    ground: Ground
    aliases: Aliases
    packed: frozenset[str]
    """Entities of packs that a query names."""


class Languages:
    """Which languages the terms of a watch may be of; *further* are those of items besides the feeds'."""

    def __init__(self, feeds: Iterable[FeedDefinition], further: Iterable[str] = ()) -> None:
        self._feeds = tuple(feeds)
        self._further = tuple(map(primary, further))
        self._scopes: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}

    def of(self, watch: WatchDefinition) -> tuple[str, ...]:
        """Return those that *watch* names, else the common ones and those of its feeds."""
        if watch.languages:
            return tuple(dict.fromkeys(map(primary, watch.languages)))
        return self._of_scope(watch.feeds, watch.tags)

    def of_all(self) -> tuple[str, ...]:
        """Return the common languages, and those of all feeds."""
        return self._of_scope((), ())

    def _of_scope(self, feeds: tuple[str, ...], tags: tuple[str, ...]) -> tuple[str, ...]:
        # Most watches look at all feeds, or at those that others look at.
        found = self._scopes.get((feeds, tags))
        if found is None:
            stated = _languages_of(it for it in self._feeds if _looks_at(feeds, tags, it))
            found = self._scopes[feeds, tags] = tuple(dict.fromkeys((*stated, *self._further)))
        return found


def _looks_at(feeds: Sequence[str], tags: Iterable[str], feed: FeedDefinition) -> bool:
    """Tell whether a watch on these feeds and tags, () all, looks at items of *feed*."""
    if feeds and feed.id not in feeds:
        return False
    wanted = set(tags)
    return not wanted or not wanted.isdisjoint(feed.tags)


def _languages_of(feeds: Iterable[FeedDefinition]) -> tuple[str, ...]:
    """Return the common languages, and those of *feeds*."""
    stated = sorted(primary(feed.language) for feed in feeds if feed.language)
    return tuple(dict.fromkeys((*COMMON_LANGUAGES, *stated)))
