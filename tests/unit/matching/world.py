"""Items, entities and watches to match with, in a line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from marsad.language.base import Kind, TermForms
from marsad.language.forms import Request, expand_terms
from marsad.matching.document import Source
from marsad.matching.explain import explain
from marsad.matching.explanation import Explanation
from marsad.matching.matcher import MatchResult, WatchSet
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Hit, Revision, WatchDefinition

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
SOURCE = Source(feed_id="tass", tags=("wire", "state"))

Aliases = Mapping[str, Sequence[str]]
"""Names by language."""

_KNOWN: dict[Request, TermForms] = {}


def expand(requests: Iterable[tuple[str, str, Kind]]) -> Mapping[Request, TermForms]:
    """Expand terms in this process, each once for all tests."""
    wanted = [Request(*request) for request in requests]
    _KNOWN.update(expand_terms(request for request in wanted if request not in _KNOWN))
    return {request: _KNOWN[request] for request in wanted}


def entity(
    identity: str,
    kind: str = "other",
    *,
    name: str | None = None,
    names: Aliases | None = None,
    weak: Aliases | None = None,
    **keys: Any,
) -> EntityDefinition:
    """Return an entity; its name is the first alias where none is given."""
    aliases = [alias for listed in (names, weak) for known in (listed or {}).values() for alias in known]
    return EntityDefinition(
        id=identity,
        kind=kind,
        name=name or aliases[0],
        names=tuple((code, tuple(known)) for code, known in (names or {}).items()),
        weak=tuple((code, tuple(known)) for code, known in (weak or {}).items()),
        **keys,
    )


ENTITIES = (
    entity(
        "zakharova",
        "person",
        names={"en": ["Maria Zakharova"], "ru": ["Мария Захарова"], "ar": ["ماريا زاخاروفا"]},
        weak={"en": ["Zakharova"], "ru": ["Захарова"], "ar": ["زاخاروفا"]},
        with_query='МИД OR "foreign ministry" OR الخارجية',
        not_names=("Екатерина Захарова",),
    ),
    entity(
        "hamas",
        "organisation",
        names={"ar": ["حماس", "حركة المقاومة الإسلامية"], "ru": ["ХАМАС"], "en": ["Hamas"]},
    ),
    entity("moscow", "place", names={"ar": ["موسكو"], "ru": ["Москва"], "en": ["Moscow"]}),
)


def item(
    title: str = "", content: str = "", *, summary: str = "", author: str = "", language: str | None = None
) -> Revision:
    return Revision(
        title=title,
        summary=summary,
        content=content,
        author=author,
        language=language,
        link=None,
        published=None,
        hash="0",
    )


def watch(query: str, identity: str = "w", **keys: Any) -> WatchDefinition:
    return WatchDefinition(id=identity, name=identity, label=identity, query=query, **keys)


def compiled(
    watches: str | Sequence[WatchDefinition],
    entities: Sequence[EntityDefinition] = ENTITIES,
    **keys: Any,
) -> WatchSet:
    asked = [watch(watches)] if isinstance(watches, str) else watches
    compilation = compile_watch_set(asked, entities, expand=expand, **keys)
    assert compilation.mistakes == ()
    return compilation.watch_set


def match(
    watch_set: WatchSet, revision: Revision, source: Source = SOURCE, *, now: datetime = NOW
) -> MatchResult:
    """Match as the service does, having seen that no watch is hidden by the index, and every hit right."""
    result = watch_set.match(revision, source, now=now)
    assert result == watch_set.match_without_index(revision, source, now=now)
    assert result.failed == ()
    for found in result.matches:
        assert_right(found.hits, revision)
    for one in watch_set.watches:
        explanation = explain(watch_set, one.definition.id, revision, source, now=now)
        its = next((it.hits for it in result.matches if it.watch_id == one.definition.id), None)
        assert explanation.found == (its is not None) == explanation.replay()
        assert tuple(it.hit for it in explanation.hits) == (its or ())
        assert bool(explanation.why_not) != explanation.found
    return result


def assert_right(hits: Sequence[Hit], revision: Revision) -> None:
    for hit in hits:
        text = str(getattr(revision, hit.field))
        assert 0 <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.text
        assert hit.reason
    assert len({(hit.field, hit.start, hit.end, hit.entity) for hit in hits}) == len(hits)


def mistakes(*watches: WatchDefinition, **keys: Any) -> list[str]:
    """Return what is wrong with *watches*, as `watch "id": query: column 7: …`."""
    compilation = compile_watch_set(watches, ENTITIES, expand=expand, **keys)
    return [str(mistake).removeprefix("watches.toml: ") for mistake in compilation.mistakes]


def found(query: str, revision: Revision | str, source: Source = SOURCE, **keys: Any) -> list[str] | None:
    """Return the texts of the hits of *query*, None where it does not match; a text is the content."""
    watch_set = compiled([watch(query, **keys)])
    result = match(watch_set, item(content=revision) if isinstance(revision, str) else revision, source)
    return [hit.text for hit in result.matches[0].hits] if result.matches else None


def explained(
    query: str,
    revision: Revision | str,
    source: Source = SOURCE,
    *,
    others: Sequence[WatchDefinition] = (),
    **keys: Any,
) -> Explanation:
    watch_set = compiled([watch(query, **keys)], others=others)
    text = item(content=revision) if isinstance(revision, str) else revision
    match(watch_set, text, source)
    return explain(watch_set, "w", text, source, now=NOW)
