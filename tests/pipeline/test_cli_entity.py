"""`marsad entity` as a person meets it: advice about names, and spellings from the archive."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marsad.cli import marsad as command
from marsad.model import Field, FoundItem, Hit, Match, Prominence, WatchSaid
from marsad.store.database import Database
from tests.pipeline.test_cli_records import folder
from tests.pipeline.test_cli_records import marsad as process
from tests.store.world import DAY, feed, item, poll, recipient, sync, watch

pytestmark = pytest.mark.slow_on_postgresql

__all__ = ["folder"]

ENTITIES = """
use = ["marsad:countries", "marsad:bodies"]

[[entity]]
id = "zakharova"
kind = "person"
name = "Maria Zakharova"
names.ru = ["Мария Захарова"]
names.ar = ["ماريا زاخاروفا"]
weak.ru = ["Захарова"]

[[entity]]
id = "victory"
kind = "organisation"
name = "Pobeda"
names.ru = ["Победа", "Россия"]
names.en = ["Pobeda Airlines"]

[[entity]]
id = "airline"
kind = "organisation"
name = "Airlines"
names.en = ["Pobeda"]
names.ar = ["سفير"]

[[entity]]
id = "russia"
kind = "place"
name = "Russia"
country = "RU"
names.en = ["Rossiya"]
"""
WATCHES = '[[watch]]\nid = "z"\nquery = "@zakharova OR @victory OR @RU"\n'


def marsad(folder: Path, *arguments: str) -> Result:
    """Run the command in this process: starting one takes longer than most of what it does."""
    return CliRunner().invoke(command, ["--config", str(folder), *arguments])


def text_item(key: str, title: str, language: str, *matches: Match) -> FoundItem:
    found = item(key, title=title)
    return replace(found, revision=replace(found.revision, language=language, summary=""), matches=matches)


def mention(watch_id: str, entity: str, term: str, text: str) -> Match:
    hit = Hit(
        field=Field.TITLE,
        start=0,
        end=len(text),
        text=text,
        term=term,
        entity=entity,
        language="ru",
        reason="as typed",
    )
    return Match(
        watch=WatchSaid(watch_id, "1", watch_id, watch_id),
        prominence=Prominence.HEADLINE,
        hits=(hit,),
    )


@pytest.fixture
def archive(folder: Path, store: Database) -> Path:
    (folder / "entities.toml").write_text(ENTITIES, encoding="utf-8")
    (folder / "watches.toml").write_text(WATCHES, encoding="utf-8")
    now = datetime.now(UTC)
    sync(store, feeds=[feed("a")], watches=[watch("z", "amal")], recipients=[recipient("amal")], now=now)
    old = text_item("0", "Сахарова", "ru", mention("z", "zakharova", "Захарова", "Сахарова"))
    poll(store, "a", old, now=now - 40 * DAY)
    poll(
        store,
        "a",
        text_item("1", "Мария Захарова ответила", "ru", mention("z", "zakharova", "Мария Захарова", "Мария")),
        text_item("2", "Словам Марии Захаровой верят", "ru"),
        text_item("3", "قالت ماريا زاخاروفا إن", "ar"),
        text_item("4", "وأكدت زاخاروفا ذلك", "ar"),
        text_item("5", "Maria Zaharova's words", "en"),
        text_item("6", "Марія Захарова відповіла", "uk"),
        now=now,
    )
    return folder


def test_spellings_are_proposed_with_counts_and_contexts_and_nothing_is_written(archive: Path) -> None:
    before = {path: path.read_bytes() for path in archive.rglob("*.toml")}
    shown = marsad(archive, "entity", "suggest", "Maria Zakharova", "--to", "ru,ar,en")
    assert shown.exit_code == 0, shown.stderr
    assert "ru  Мария Захарова  2 items, the same sound" in shown.stdout
    assert "Мария Захарова 1, Марии Захаровой 1" in shown.stdout
    assert "a: Словам [Марии Захаровой] верят" in shown.stdout
    assert "ar  ماريا زاخاروفا  1 item" in shown.stdout
    assert "en  Maria Zaharova  1 item" in shown.stdout
    assert "Марія" not in shown.stdout
    assert {path: path.read_bytes() for path in archive.rglob("*.toml")} == before


def test_a_single_word_is_found_behind_what_is_joined_to_it(archive: Path) -> None:
    found = json.loads(process(archive, "entity", "suggest", "Захарова", "--to", "ar", "--json").stdout)
    (candidate,) = found["candidates"]
    assert (candidate["spelling"], candidate["items"]) == ("زاخاروفا", 2)
    assert found["texts"] == 7


def test_lists_that_ship_with_marsad_answer_first(archive: Path) -> None:
    shown = marsad(archive, "entity", "suggest", "Lavrov").stdout
    assert "known: Lavrov · Лавров · لافروف" in shown
    assert "ar  nothing that sounds alike in 7 items" in shown
    assert '@france, with use = "marsad:countries"' in marsad(archive, "entity", "suggest", "France").stdout


def test_what_has_no_letters_that_could_sound_is_refused(archive: Path) -> None:
    refused = marsad(archive, "entity", "suggest", "中国")
    assert refused.exit_code == 2
    assert "no letters of the Latin, Cyrillic or Arabic script" in refused.stderr


def test_names_are_checked_against_others_against_words_and_against_the_archive(archive: Path) -> None:
    shown = marsad(archive, "entity", "check")
    assert shown.exit_code == 0, shown.stderr
    told = shown.stdout.splitlines()

    def line(*parts: str) -> bool:
        return any(all(part in each for part in parts) for each in told)

    assert line("entities.toml:", 'entity "victory": names.ru[1]', '"Победа" is also a common word')
    assert line('entity "victory": names.ru[2]', '"Россия" is a name of @russia too')
    assert line('entity "airline": names.en[1]', '"Pobeda" is a part of "Pobeda Airlines"', "`not`")
    assert line('entity "airline": names.ar[1]', '"سفير" is also a common word')
    assert line('entity "airline": no watch names it')
    assert line('entity "victory": no mention of it since')
    assert line('entity "zakharova": weak.ru[1]', '"Захарова" has no mention since')
    assert line('entity "zakharova": names.ar[1]', "has no mention since")
    assert not line('entity "zakharova": names.ru[1]')
    assert not line('entity "russia": names.en[1]', "is a name of")
    assert "names without a mention" not in shown.stderr
    assert not any(
        "weak.ru[1]" in each
        for each in marsad(archive, "entity", "check", "--since", "60d").stdout.splitlines()
    )


def test_without_a_database_the_names_are_checked_all_the_same(archive: Path) -> None:
    (archive / "marsad.toml").write_text('[store]\nurl = "sqlite:///absent.sqlite"\n', encoding="utf-8")
    shown = marsad(archive, "entity", "check")
    assert shown.exit_code == 0, shown.stderr
    assert "is also a common word" in shown.stdout
    assert "names without a mention cannot be told" in shown.stderr
    assert not (archive / "absent.sqlite").exists()
