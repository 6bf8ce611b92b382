"""The index of the archive follows what is recorded, and a preview by it finds what reading all would."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from marsad.language.keys import rules_of_keys
from marsad.model import Wanted
from marsad.operations.counting import Counting, Question
from marsad.operations.trials import compile_query
from marsad.pipeline.archiving import index_archive
from marsad.pipeline.judging import judging
from marsad.store import archive
from marsad.store.database import Database
from tests.processes import children
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


def offered(store: Database, word: str, *, rules: str) -> list[int]:
    extent = store.query(archive.load_extent, NOW)
    found = store.query(archive.find_portions, extent, narrowings=[((wanted(word),),)], rules=rules)
    texts = [one for portion in found for one in store.query(archive.load_portion, portion, NOW)]
    return [one.item_id for one in texts]


async def test_words_are_found_whole_by_their_beginning_and_together(recorded: Database) -> None:
    assert await indexed(recorded, NOW + HOUR) == len(TITLES)

    def found(*conjunctions) -> list[int]:
        return sorted(recorded.query(archive.find_items, (conjunctions,), from_id=1))

    assert found(wanted("talks")) == [1, 5]
    assert found(wanted("talks", "cairo")) == [1]
    assert found(wanted("talk")) == []
    assert found(wanted(Wanted(frozenset(), frozenset({"minist"})))) == [5]
    assert found(wanted("موسكو"), wanted("москве")) == [2, 3]
    assert found(wanted("東", "京")) == [6]
    assert found(wanted("a' OR \"b")) == []
    assert recorded.query(archive.find_items, ((wanted("talks"),),), from_id=2) == {5}
    both = ((wanted("talks"), wanted("weather")), (wanted("cairo"), wanted("ministries")))
    assert recorded.query(archive.find_items, both, from_id=1) == {1, 5}
    assert recorded.query(archive.find_items, (*both, (wanted("cairo"),)), from_id=1) == {1}


async def test_what_was_just_recorded_is_read_without_the_index(recorded: Database) -> None:
    assert await indexed(recorded, NOW) == 0
    assert await indexed(recorded, NOW + HOUR) == len(TITLES)
    assert await indexed(recorded, NOW + HOUR) == 0
    poll(recorded, "a", item("late", title="Late talks"), now=NOW + HOUR)
    assert await indexed(recorded, NOW + HOUR) == 0
    assert offered(recorded, "talks", rules=rules_of_keys()) == [1, 5, 7]


async def test_an_index_made_by_other_rules_is_not_believed_and_made_anew(recorded: Database) -> None:
    await indexed(recorded, NOW + HOUR)
    assert offered(recorded, "talks", rules="others") == list(range(1, len(TITLES) + 1))
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
    counting = Counting(Question(former=watch_set), settings)
    before = counting.answer(recorded, since=NOW - HOUR)
    assert before.former.mentions
    await indexed(recorded, NOW + HOUR)
    assert counting.answer(recorded, since=NOW - HOUR) == before
    assert counting.answer(recorded, since=NOW + HOUR).former.mentions == 0


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # a command has no thread yet
async def test_processes_count_what_one_counts(
    recorded: Database, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = (item(f"more {number}", title="More talks") for number in range(700))
    poll(recorded, "a", *many, now=NOW + HOUR)
    await indexed(recorded, NOW + 2 * HOUR)
    settings = load(tmp_path, {"marsad.toml": f"[store]\nurl = {json.dumps(store_url)}\n"})
    former, changed = (compile_query(query, now=NOW).watch_set for query in ("talks", "Cairo OR weather"))
    question = Question(former=former, changed=changed)
    alone = Counting(question, settings).answer(recorded, since=NOW)
    assert (alone.former.mentions, alone.gained.mentions, alone.lost.mentions) == (702, 1, 701)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    before = children()
    with Counting(question, settings, much=1) as counting:
        begun = children() - before
        assert len(begun) == 3
        assert counting.answer(recorded, since=NOW) == alone
    assert not begun & children()
