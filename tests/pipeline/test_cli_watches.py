"""`marsad watch test` and `marsad explain` as an analyst meets them, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.model import Arrival, FoundItem, Revision
from marsad.operations.check import load_configuration
from marsad.operations.explain import source_of
from marsad.store import configuration
from marsad.store.database import Database
from tests.store.world import NOW, poll, revision

pytestmark = pytest.mark.slow

WATCHES = """
[[watch]]
id = "visit"
query = '@moscow NEAR/4 وصول'
[[watch]]
id = "late"
query = '@moscow'
from = 2040-01-01
[[watch]]
id = "far"
query = '@hamas NEAR/1 @moscow'
"""
ENTITIES = """
[[entity]]
id = "moscow"
kind = "place"
name = "Moscow"
names.ar = ["موسكو"]
[[entity]]
id = "hamas"
kind = "organisation"
name = "Hamas"
names.ar = ["حماس"]
"""
TEXT = "وصول وفد حماس اليوم إلى موسكو"


def marsad(
    folder: Path | None, *arguments: str, text: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    chosen = ["--config", str(folder)] if folder else []
    return subprocess.run(
        [sys.executable, "-m", "marsad", *chosen, *arguments],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "marsad.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def folder(tmp_path: Path, database: Path) -> Path:
    folder = tmp_path / "my config"
    folder.mkdir()
    (folder / "marsad.toml").write_text(f'[store]\nurl = "sqlite:///{database}"\n', encoding="utf-8")
    feed = '[[feed]]\nid = "a"\nurl = "https://a.example/rss"\nlanguage = "ar"\ntags = ["wire"]\n'
    (folder / "feeds.toml").write_text(feed, encoding="utf-8")
    (folder / "entities.toml").write_text(ENTITIES, encoding="utf-8")
    (folder / "watches.toml").write_text(WATCHES, encoding="utf-8")
    return folder


@pytest.fixture
def recorded(folder: Path, database: Path) -> Path:
    """The same with one item, matched and recorded as the daemon does."""
    checked = load_configuration(folder)
    settings, watch_set = checked.settings, checked.watch_set
    text: Revision = replace(revision(TEXT), language="ar")
    matches = watch_set.match(text, source_of(settings, "a"), now=NOW).matches
    assert [match.watch_id for match in matches] == ["visit"]
    found = FoundItem(key="1", revision=text, is_new=True, arrival=Arrival.LIVE, matches=matches)
    with Database.open_file(database) as store:
        store.run(
            configuration.sync_configuration,
            feeds=settings.feeds,
            watches=settings.watches,
            versions=watch_set.versions(),
            entities=settings.entities,
            recipients=settings.recipients,
            channel="maildir",
            now=NOW,
        )
        poll(store, "a", found)
    return folder


def test_a_text_on_standard_input_is_shown_with_what_is_found_in_brackets(folder: Path) -> None:
    shown = marsad(folder, "watch", "test", "@moscow NEAR/3 وفد", text=TEXT)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "وصول [وفد] حماس اليوم إلى [موسكو]" in shown.stdout
    assert "content 24-29     موسكو  ← @moscow, موسكو (ar): as typed" in shown.stdout


def test_files_feeds_and_json(folder: Path, tmp_path: Path) -> None:
    feed = f"<rss><channel><item><title>{TEXT}</title></item><item><title>x</title></item></channel></rss>"
    (tmp_path / "feed.xml").write_text(feed, encoding="utf-8")
    (tmp_path / "text.txt").write_text("Berlin", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("feed.xml", "text.txt")]
    shown = marsad(folder, "watch", "test", "--json", "@moscow", *files)
    first, second, third = map(json.loads, shown.stdout.splitlines())
    assert [it["found"] for it in (first, second, third)] == [True, False, False]
    assert first["prominence"] == "headline"
    (hit,) = first["hits"]
    assert first["title"][hit["start"] : hit["end"]] == hit["text"] == "موسكو"
    assert third["why_not"] == "@moscow: does not stand in it"
    shown = marsad(folder, "watch", "test", "@moscow", *files)
    assert "feed.xml, item 1:" in shown.stdout
    assert "item 2" not in shown.stdout
    assert "text.txt:\nnothing found: @moscow: does not stand in it" in shown.stdout
    assert shown.stdout.endswith("found in 1 of 3 texts\n")


def test_it_works_where_there_is_no_configuration(tmp_path: Path) -> None:
    shown = marsad(
        None, "watch", "test", "--title", "foreign ministry", text="A foreign ministry", cwd=tmp_path
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "A [foreign] [ministry]" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["visit w/5 trip"], 2, 'column 7: "w/5" is no operator (write NEAR/5)'),
        (["@mosco"], 2, 'column 1: no entity has the id "mosco" (did you mean "moscow"?)'),
        (["visit AND trip OR x1"], 0, "warning: column 1: AND and OR are mixed without parentheses"),
        (["--language", "english", "visit"], 2, "is no known language (did you mean"),
        (["--feed", "b", "visit"], 2, 'no feed of the configuration has the id "b"'),
        (["visit", "/nowhere/at/all"], 2, "No such file or directory"),
        (["visit", "/"], 2, "Is a directory"),
        (["-q", "visit"], 0, ""),
        (["-q", "trip"], 1, ""),
    ],
)
def test_exit_codes_and_plain_words(tmp_path: Path, arguments: Sequence[str], code: int, told: str) -> None:
    (tmp_path / "marsad.toml").write_text("", encoding="utf-8")
    (tmp_path / "feeds.toml").write_text('[[feed]]\nid = "a"\nurl = "https://a.example/"\n', encoding="utf-8")
    (tmp_path / "entities.toml").write_text(ENTITIES, encoding="utf-8")
    shown = marsad(tmp_path, "watch", "test", *arguments, text="The visit")
    assert shown.returncode == code, shown.stderr
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == "" or code == 0


def test_text_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    shown = marsad(None, "watch", "test", "visit", text="A \x1b[31m visit\u202e", cwd=tmp_path)
    assert "[visit]" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\u202e" not in shown.stdout


def test_explain_tells_why(recorded: Path) -> None:
    shown = marsad(recorded, "explain", "1", "visit")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "watch visit: @moscow NEAR/4 وصول" in shown.stdout
    assert "[وصول] وفد حماس اليوم إلى [موسكو]" in shown.stdout
    assert "recorded 2026-03-10 09:00 UTC as a mention" in shown.stdout
    told = json.loads(marsad(recorded, "explain", "1", "visit", "--json").stdout)
    assert told["found"]
    assert told["item"] == {"id": 1, "feed": "a", "link": "https://a.example/1", "revision": 1}
    assert [hit["text"] for hit in told["hits"]] == ["وصول", "موسكو"]
    assert told["remark"] == ""


def test_explain_tells_why_not(recorded: Path) -> None:
    shown = marsad(recorded, "explain", "1", "far")
    assert shown.returncode == 0
    assert 'not found: @hamas NEAR/1 @moscow: closest distance 2: "حماس" and "موسكو" (title)' in shown.stdout
    assert '✓ @hamas: "حماس" (title)' in shown.stdout
    shown = marsad(recorded, "explain", "1", "late")
    assert "not found: it begins 2040-01-01 00:00 UTC" in shown.stdout


def test_explain_says_where_the_record_and_todays_watch_differ(recorded: Path) -> None:
    watches = WATCHES.replace("NEAR/4 وصول", "NEAR/2 وصول").replace("NEAR/1", "NEAR/2")
    (recorded / "watches.toml").write_text(watches, encoding="utf-8")
    told = json.loads(marsad(recorded, "explain", "1", "visit", "--json").stdout)
    assert not told["found"]
    assert told["remark"].startswith("It was recorded all the same")
    told = json.loads(marsad(recorded, "explain", "1", "far", "--json").stdout)
    assert told["found"]
    assert told["remark"].startswith("It is not recorded")
    (recorded / "watches.toml").write_text(WATCHES.replace("NEAR/4", "NEAR/9"), encoding="utf-8")
    shown = marsad(recorded, "explain", "1", "visit")
    assert "It was recorded by an earlier version of the watch." in shown.stdout


def test_what_does_not_exist_is_said_plainly(recorded: Path) -> None:
    for arguments, told in (
        (["99", "visit"], "there is no item 99"),
        (["1", "visits"], 'no watch has the id "visits"; did you mean "visit"?'),
        (["1", "visit", "--revision", "7"], "item 1 has the revisions 1 to 1"),
    ):
        shown = marsad(recorded, "explain", *arguments)
        assert shown.returncode == 1
        assert told in shown.stderr
        assert "Traceback" not in shown.stderr
