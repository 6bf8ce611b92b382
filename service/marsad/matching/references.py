"""What a query names and something else must define: entities, feeds, tags, countries."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from marsad.errors import WatchSyntaxError
from marsad.matching.packs import Packs, pack_with
from marsad.matching.query import About, EntityName, Query, Source
from marsad.model import FeedDefinition


class KnownFeeds:
    """What queries may ask of feeds."""

    def __init__(self, feeds: Iterable[FeedDefinition]) -> None:
        listed = list(feeds)
        self._known: dict[About, frozenset[str]] = {
            About.FEED: frozenset(feed.id for feed in listed),
            About.TAG: frozenset(tag for feed in listed for tag in feed.tags),
            About.COUNTRY: frozenset(feed.country for feed in listed if feed.country),
            About.RANK: frozenset(str(feed.rank) for feed in listed if feed.rank),
        }

    def problem(self, asked: Source) -> tuple[str, str] | None:
        """Return problem and hint where no feed is as *asked*."""
        known = self._known.get(asked.about)
        if known is None or asked.value in known:
            return None
        near = suggested(asked.value, sorted(known))
        match asked.about:
            case About.FEED:
                return f'no feed has the id "{asked.value}"', near or "feeds are defined in feeds.toml"
            case About.TAG:
                return f'no feed has the tag "{asked.value}"', near or "tags are given to feeds in feeds.toml"
            case about:
                hint = f"write {about} into the feeds of feeds.toml"
                return f'no feed has the {about} "{asked.value}"', hint


def undefined(
    query: Query,
    *,
    entities: Mapping[str, object],
    feeds: KnownFeeds | None,
    lost: Container[str] | None = frozenset(),
    packs: Packs | None = None,
) -> Iterator[WatchSyntaxError]:
    """Yield a mistake for each entity, feed, tag … that *query* names and nothing defines.

    *feeds* is None where they are not known, as when a query is tried on a text; *lost* are entities that
    exist, though they cannot be used (None: any may). *packs* have further names to suggest.
    """
    for node in query.nodes():
        if isinstance(node, EntityName) and node.id not in entities:
            if lost is None or node.id in lost:
                continue
            known = [*entities, *(packs.ids if packs is not None else ())]
            hint = suggested(node.id, known) or "entities are defined in entities.toml"
            if unused := pack_with(node.id):
                hint = f'add use = "{unused}" at the top of entities.toml'
            yield WatchSyntaxError(query.text, node.column, f'no entity has the id "{node.id}"', hint)
        elif isinstance(node, Source) and feeds is not None and (told := feeds.problem(node)):
            yield WatchSyntaxError(query.text, node.column, *told)


def suggested(word: str, known: Sequence[str]) -> str:
    """Return a hint that names what *word* was probably meant to be, or ""."""
    found = difflib.get_close_matches(word, known, n=2, cutoff=0.7)
    return "did you mean " + " or ".join(f'"{it}"' for it in found) + "?" if found else ""
