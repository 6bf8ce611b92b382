"""The matcher for programs of your own: queries and entities in, mentions of a text out, no daemon."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from marsad.errors import ConfigurationError
from marsad.matching.document import Source
from marsad.matching.matcher import WatchSet
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Match, Revision, WatchDefinition


def compile_queries(
    queries: Mapping[str, str],
    *,
    entities: Iterable[EntityDefinition] = (),
    languages: Iterable[str] = (),
    packs: Iterable[str] = (),
) -> WatchSet:
    """Compile *queries*, by ids of your choice, into a watch set that is immutable and safe to share.

    *languages* are those of the texts (BCP 47; Arabic, Russian and English where none is named); *packs* may
    be "marsad:countries" and "marsad:bodies". Dictionaries load in this process. ConfigurationError holds
    every mistake with its column.
    """
    compilation = compile_watch_set(
        [
            WatchDefinition(id=id, name=id, label=id, query=query, languages=tuple(languages))
            for id, query in queries.items()
        ],
        tuple(entities),
        packs=tuple(packs),
    )
    if compilation.mistakes:
        raise ConfigurationError(compilation.mistakes)
    return compilation.watch_set


def match_text(
    watch_set: WatchSet, text: str, *, title: str = "", language: str | None = None
) -> tuple[Match, ...]:
    """Return the mentions in *text*, and in its *title*, in the order of the queries.

    Offsets of hits are code points of the field they name, "title" or "content". *language* is that of the
    text; where it is None all languages of its script are tried.
    """
    revision = Revision(
        title=title,
        summary="",
        content=text,
        author="",
        language=language,
        link=None,
        published=None,
        hash=hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest(),
    )
    return watch_set.match(revision, Source(feed_id=""), now=datetime.now(UTC)).matches
