"""The index of the archive follows what is recorded, and a preview by it finds what reading all would."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from marsad.language.keys import rules_of_keys
from marsad.model import Wanted
from marsad.operations.preview import preview
from marsad.operations.trials import compile_query
from marsad.pipeline.archiving import index_archive
from marsad.pipeline.judging import judging
from marsad.store import archive
from marsad.store.database import Database
from tests.store.world import NOW, feed, item, poll, sync
from tests.unit.config_folder import load

HOUR = timedelta(hours=1)
TITLES = (
    "Talks in Cairo",
    "В Москве переговоры",
    "زيارة لموسكو",
    "Weather",
    "Ministries and talks",
    "東京で会議",
)


@pytest.fixture
def recorded(store: Database) -> Database:
    sync(store, feeds=[feed("a")])
    poll(store, "a", *(item(title, title=title) for title in TITLES), now=NOW)
    return store


async def indexed(store: Database, now: datetime) -> int:
    with judging() as judge:
        return await index_archive(store, judge, clock=lambda: now, stopped=lambda: False)


def wanted(*words: str | Wanted):
    return tuple(word if isinstance(word, Wanted) else Wanted(frozenset({word})) for word in words)


async def test_words_are_found_whole_by_their_beginning_and_together(recorded: Database) -> None:
    assert await indexed(recorded, NOW + HOUR) == len(TITLES)

    def found(*conjunctions) -> list[int]:
        return recorded.query(archive.find_items, conjunctions, from_id=1)

    assert found(wanted("talks")) == [1, 5]
    assert found(wanted("talks", "cairo")) == [1]
    assert found(wanted("talk")) == []
    assert found(wanted(Wanted(frozenset(), frozenset({"minist"})))) == [5]
    assert found(wanted("موسكو"), wanted("москве")) == [2, 3]
    assert found(wanted("東", "京")) == [6]
    assert found(wanted("a' OR \"b")) == []
    assert recorded.query(archive.find_items, [wanted("talks")], from_id=2) == [5]


async def test_what_was_just_recorded_is_read_without_the_index(recorded: Database) -> None:
    assert await indexed(recorded, NOW) == 0
    assert await indexed(recorded, NOW + HOUR) == len(TITLES)
    assert await indexed(recorded, NOW + HOUR) == 0
    poll(recorded, "a", item("late", title="Late talks"), now=NOW + HOUR)
    assert await indexed(recorded, NOW + HOUR) == 0
    texts = archive.iterate_archive(
        recorded, since=NOW, conjunctions=[wanted("talks")], rules=rules_of_keys()
    )
    assert [one.item_id for one in texts] == [1, 5, 7]


async def test_an_index_made_by_other_rules_is_not_believed_and_made_anew(recorded: Database) -> None:
    await indexed(recorded, NOW + HOUR)
    texts = list(archive.iterate_archive(recorded, since=NOW, conjunctions=[wanted("talks")], rules="others"))
    assert len(texts) == len(TITLES)
    recorded.run(archive.begin_index, "former")
    assert await indexed(recorded, NOW + HOUR) == len(TITLES)
    progress = recorded.query(archive.load_progress)
    assert progress is not None
    assert progress.rules == rules_of_keys()


async def test_two_workers_do_not_index_an_item_twice(recorded: Database) -> None:
    recorded.run(archive.begin_index, rules_of_keys())
    before = recorded.query(archive.load_progress)
    assert before is not None
    assert recorded.run(archive.record_keys, [(1, {"talks"})], after=before)
    assert not recorded.run(archive.record_keys, [(1, {"talks"})], after=before)


@pytest.mark.parametrize(
    "query", ["talks", "minist*", "moscow OR Москва OR موسكو", "weather NOT talks", "東京"]
)
async def test_a_preview_by_the_index_is_that_of_reading_everything(
    recorded: Database, tmp_path: Path, query: str
) -> None:
    settings = load(tmp_path)
    watch_set = compile_query(query, now=NOW).watch_set
    before = preview(recorded, watch_set, settings, since=NOW - HOUR)
    assert before.mentions
    await indexed(recorded, NOW + HOUR)
    after = preview(recorded, watch_set, settings, since=NOW - HOUR)
    assert after == before
    assert preview(recorded, watch_set, settings, since=NOW + HOUR).mentions == 0
