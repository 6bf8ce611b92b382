"""Watches and entities found in an item: three scripts, one entity; offsets into the revision's own text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marsad.matching.document import Source
from marsad.matching.matcher import MatchResult
from marsad.matching.watchset import compile_watch_set
from marsad.model import EntityDefinition, Revision, WatchDefinition

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)

ENTITIES = (
    EntityDefinition(
        id="hamas",
        kind="organisation",
        name="Hamas",
        names=(("ar", ("حماس",)), ("en", ("Hamas",))),
    ),
    EntityDefinition(
        id="moscow",
        kind="place",
        name="Moscow",
        names=(("ar", ("موسكو",)), ("en", ("Moscow",))),
    ),
)


def revision(title: str, content: str = "", *, language: str) -> Revision:
    return Revision(
        title=title,
        summary="",
        content=content,
        author="",
        language=language,
        link=None,
        published=None,
        hash="0",
    )


ARABIC = revision(
    "محادثة في الوزارة حول استقبال وفد «حماس» في موسكو",
    "قال السفير إن الوفد لقي ترحيبًا لدى روسيا.\nوأُجلي الروس من القطاع، ونفت الصحف الروسية أي دعم لروسيا.",
    language="ar",
)
ENGLISH = revision("Envoy explains why Moscow received Hamas", language="en")


def found(query: str, item: Revision) -> MatchResult:
    watch = WatchDefinition(id="w", name="w", label="w", query=query)
    compilation = compile_watch_set([watch], ENTITIES)
    assert compilation.mistakes == ()
    source = Source(feed_id="a")
    result = compilation.watch_set.match(item, source, now=NOW)
    assert result == compilation.watch_set.match_without_index(item, source, now=NOW)
    return result


@pytest.mark.parametrize(
    ("query", "item", "texts"),
    [
        ("@hamas", ARABIC, ["حماس"]),
        ("@hamas", ENGLISH, ["Hamas"]),
        ("@hamas NEAR/3 @moscow", ARABIC, ["حماس", "موسكو"]),
        ("@hamas NEAR/3 @moscow", ENGLISH, ["Moscow", "Hamas"]),
        ("روسيا", ARABIC, ["روسيا", "لروسيا"]),
        ("روس", ARABIC, ["الروس"]),
        ("title:السفير", ARABIC, None),
        ("content:السفير", ARABIC, ["السفير"]),
        ("حماسة", ARABIC, None),
        ("@moscow NOT @hamas", ARABIC, None),
        ("@hamas OR Berlin", ENGLISH, ["Hamas"]),
    ],
)
def test_a_query_finds_just_its_words(query: str, item: Revision, texts: list[str] | None) -> None:
    matches = found(query, item).matches
    if texts is None:
        assert list(matches) == []
        return
    (match,) = matches
    assert [hit.text for hit in match.hits] == texts
    for hit in match.hits:
        assert getattr(item, hit.field)[hit.start : hit.end] == hit.text
        assert hit.reason


def test_one_bad_watch_is_told_with_its_column_and_stops_no_other() -> None:
    watches = [
        WatchDefinition(id="bad", name="bad", label="bad", query='Moscow AND "Hamas'),
        WatchDefinition(id="good", name="good", label="good", query="Moscow"),
    ]
    compilation = compile_watch_set(watches, ENTITIES)
    (mistake,) = compilation.mistakes
    assert "bad" in str(mistake)
    assert mistake.column == 12
    result = compilation.watch_set.match(ENGLISH, Source(feed_id="a"), now=NOW)
    assert [match.watch_id for match in result.matches] == ["good"]
