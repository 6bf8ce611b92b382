"""The examples of docs/guide/entities.md: its entities, its queries, and what they find."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marsad import config
from marsad.matching.document import Source
from marsad.matching.watchset import compile_watch_set
from marsad.model import Revision, WatchDefinition

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/guide/entities.md").read_text(encoding="utf-8")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
EXAMPLES = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("| `@")
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    folder = tmp_path_factory.mktemp("guide")
    (folder / "marsad.toml").write_text("", encoding="utf-8")
    (folder / "feeds.toml").write_text("", encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (folder / "entities.toml").write_text("\n".join(blocks), encoding="utf-8")
    return config.load(folder, environ={})


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(("query", "language", "text", "finds"), EXAMPLES)
def test_a_query_of_the_guide_finds_what_the_guide_says(
    settings: config.Settings, query: str, language: str, text: str, finds: str
) -> None:
    watch = WatchDefinition(id="w", name="w", label="w", query=query.strip("`"))
    compilation = compile_watch_set([watch], settings.entities, packs=settings.packs)
    assert compilation.mistakes == ()
    item = Revision(
        title="", summary="", content=text, author="", language=language, link=None, published=None, hash="0"
    )
    result = compilation.watch_set.match(item, Source(feed_id="a"), now=NOW)
    assert [hit.text for match in result.matches for hit in match.hits] == [
        it for it in finds.split(" · ") if it
    ]


def test_every_id_that_the_guide_names_is_there(settings: config.Settings) -> None:
    named = sorted(set(re.findall(r"`@([\w-]+)`", PAGE)))
    watches = [WatchDefinition(id=it, name=it, label=it, query=f"@{it}") for it in named]
    assert len(named) > 40
    assert compile_watch_set(watches, settings.entities, packs=settings.packs).mistakes == ()
