"""The command line as a stranger meets it: a process of its own, real databases, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.cli import main
from marsad.errors import PermanentSendError
from marsad.model import DeadReason
from marsad.pipeline.planner import plan_deliveries
from marsad.store import deliveries
from marsad.store.database import Database
from tests.store.world import (
    NOW,
    claim,
    feed,
    item,
    lease,
    poll,
    recipient,
    record,
    record_of,
    sync,
    watch,
)

pytestmark = pytest.mark.slow_on_postgresql


def marsad(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marsad", "--config", str(folder), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path, store_url: str) -> Path:
    """A configuration, with a space in its path, on an empty prepared database."""
    folder = tmp_path / "my config"
    folder.mkdir()
    (folder / "marsad.toml").write_text(f"[store]\nurl = {json.dumps(store_url)}\n", encoding="utf-8")
    (folder / "feeds.toml").write_text(
        '[[feed]]\nid = "a"\nurl = "https://a.example/rss"\nname = "A"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def recorded(folder: Path, store: Database) -> Path:
    """The same with one mention and its delivery, refused by the server."""
    sync(store, feeds=[feed("a")], watches=[watch("hamas", "amal")], recipients=[recipient("amal")])
    poll(store, "a", item("1", "hamas", title="Ministry \u202eof \x1b[31mtalks"))
    store.run(plan_deliveries, now=NOW, message_id_domain="marsad.example")
    (claimed,) = claim(store)
    refusal = PermanentSendError("refused", reply="550 no such user")
    store.run(deliveries.settle_dead, claimed, DeadReason.REFUSED, refusal.reply, now=NOW)
    return folder


def test_status_shows_what_an_operator_should_know_of_a_feed_that_works(
    folder: Path, store: Database
) -> None:
    sync(store, feeds=[feed("a")])
    lease(store)
    record(store, replace(record_of("a", item("1")), notes="encoding suspect: undeclared, \x1b[31mread"))
    shown = marsad(folder, "status").stdout
    assert "  a: encoding suspect: undeclared, \\x1b[31mread\n" in shown


def test_status_counts_feeds_and_deliveries_and_says_whether_mail_leaves(recorded: Path) -> None:
    shown = marsad(recorded, "status")
    assert shown.returncode == 0, shown.stderr
    assert "feeds       1: 1 due, 0 failing, 0 stopped, 0 not yet polled" in shown.stdout
    assert "0 planned, 0 due, 0 sent, 1 dead" in shown.stdout
    assert "maildir: open" in shown.stdout


def test_mentions_are_one_json_object_a_line_and_match_the_items_text(recorded: Path) -> None:
    lines = marsad(recorded, "mentions", "--json").stdout.splitlines()
    (mention,) = map(json.loads, lines)
    assert mention["watch"] == "hamas"
    text = json.loads(marsad(recorded, "item", str(mention["item"]["id"]), "--json").stdout)
    for hit in mention["hits"]:
        assert text[hit["field"]][hit["start"] : hit["end"]] == hit["text"]
    assert marsad(recorded, "mentions", "--watch", "other").stdout == ""


def test_feed_text_cannot_write_to_the_terminal(recorded: Path) -> None:
    for command in (["mentions"], ["item", "1"]):
        shown = marsad(recorded, *command).stdout
        assert "Ministry" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_a_refused_delivery_is_shown_with_the_servers_words_and_can_be_tried_again(recorded: Path) -> None:
    shown = marsad(recorded, "deliveries", "--state", "dead")
    assert "dead (refused)  instant to amal" in shown.stdout
    assert "550 no such user" in shown.stdout
    assert marsad(recorded, "deliveries", "retry", "1").returncode == 0
    assert marsad(recorded, "deliveries", "--state", "dead").stdout == ""
    assert marsad(recorded, "deliveries", "--state", "due").stdout.startswith("1  due")


def test_what_does_not_exist_is_said_plainly(recorded: Path) -> None:
    for arguments in (["item", "99"], ["deliveries", "retry", "99"]):
        shown = marsad(recorded, *arguments)
        assert shown.returncode == 1
        assert "99" in shown.stderr
        assert "Traceback" not in shown.stderr


@pytest.mark.parametrize("arguments", [["item"], ["deliveries", "show"], ["deliveries", "retry"]])
def test_a_number_that_no_database_could_hold_is_a_wrong_argument(
    recorded: Path, arguments: list[str]
) -> None:
    shown = marsad(recorded, *arguments, "99999999999999999999")
    assert shown.returncode == 2
    assert "is not in the range" in shown.stderr


def test_a_full_disk_under_the_output_is_no_defect_of_ours(recorded: Path) -> None:
    with Path("/dev/full").open("w") as full:
        shown = subprocess.run(
            [sys.executable, "-m", "marsad", "--config", str(recorded), "mentions"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert shown.returncode == 1
    assert shown.stderr == "cannot write the output: No space left on device\n"


def test_check_tells_every_mistake_and_exits_2(folder: Path) -> None:
    assert marsad(folder, "check").returncode == 0
    (folder / "feeds.toml").write_text(
        '[[feed]]\nid = "a"\nurl = "gopher://x"\nnmae = "A"\n', encoding="utf-8"
    )
    shown = marsad(folder, "check")
    assert shown.returncode == 2
    assert shown.stderr.count("feeds.toml") >= 2
    assert "Traceback" not in shown.stderr


def test_what_was_recorded_can_be_seen_while_watches_are_edited(recorded: Path) -> None:
    (recorded / "watches.toml").write_text("[[watch]\n[[watch]]\n", encoding="utf-8")
    for arguments in (["status"], ["mentions"], ["item", "1"], ["deliveries"], ["deliveries", "retry", "1"]):
        shown = marsad(recorded, *arguments)
        assert shown.returncode == 0
        assert shown.stdout
        assert "warning: the configuration has mistakes, see `marsad check`: watches.toml:1" in shown.stderr
    assert marsad(recorded, "explain", "1", "hamas").returncode == 2
    (recorded / "marsad.toml").write_text('[store]\nurl = "sqlite:"\n', encoding="utf-8")
    assert marsad(recorded, "status").returncode == 2


def test_a_missing_database_is_no_traceback(folder: Path, tmp_path: Path) -> None:
    (folder / "marsad.toml").write_text(f'[store]\nurl = "sqlite:///{tmp_path}/none.db"\n', encoding="utf-8")
    shown = marsad(folder, "status")
    assert shown.returncode == 3
    assert "Traceback" not in shown.stderr
    assert marsad(folder, "db", "upgrade").returncode == 0
    assert marsad(folder, "status").returncode == 0


def test_mentions_of_a_watch_that_never_was_are_a_mistake_not_an_empty_list(recorded: Path) -> None:
    shown = marsad(recorded, "mentions", "--watch", "hamsa")
    assert (shown.returncode, shown.stdout) == (1, "")
    assert 'no watch has the id "hamsa"' in shown.stderr


def test_a_defect_of_ours_is_one_line_without_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ExceptionGroup("some", [RuntimeError("out of cheese")])

    monkeypatch.setattr("marsad.cli.records.opened", broken)
    monkeypatch.setattr(sys, "argv", ["marsad", "--config", str(folder), "status"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "out of cheese" in told
    assert "Traceback" not in told
