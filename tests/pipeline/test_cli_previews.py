"""`marsad watch preview` and `watch diff`: what a query finds in the archive is what live running found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.processes import marsad, write_configuration
from tests.servers.feed_server import FeedServer, ok
from tests.servers.feed_server import feed_server as feed_server

pytestmark = pytest.mark.slow

WATCHES = {
    "hamas": ("حماس OR ХАМАС OR Hamas", {"desk": "instant"}),
    "moscow": ("موسكو OR Москва OR Moscow", {"desk": "instant"}),
    "capitals": ("title:Москва", {"desk": "instant"}),
}


def recorded(folder: Path, store_url: str, feed_server: FeedServer) -> Path:
    """Return a configuration whose three watches have seen the counterpart of the defining case."""
    body = (Path(__file__).parents[1] / "data/counterpart.xml").read_bytes()
    config = write_configuration(
        folder / "config",
        store_url=store_url,
        feeds={"a": feed_server.script("/a.xml", [ok(body)])},
        watches=WATCHES,
    )
    ended = marsad(config, "run", "--once")
    assert ended.returncode == 0, ended.stderr
    return config


@pytest.fixture
def archive(tmp_path: Path, store_url: str, feed_server: FeedServer) -> Path:
    """What was recorded, on both databases in turn."""
    return recorded(tmp_path, store_url, feed_server)


@pytest.fixture
def sqlite_archive(tmp_path: Path, sqlite_url: str, feed_server: FeedServer) -> Path:
    """What was recorded, in a SQLite file."""
    return recorded(tmp_path, sqlite_url, feed_server)


def test_a_preview_finds_what_live_running_found(archive: Path) -> None:
    shown = marsad(archive, "mentions", "--json")
    live = [json.loads(line) for line in shown.stdout.splitlines()]
    for watch_id, (query, _) in WATCHES.items():
        items = {mention["item"]["id"] for mention in live if mention["watch"] == watch_id}
        assert items
        for asked in (watch_id, query) if watch_id == "hamas" else (watch_id,):
            told = marsad(archive, "watch", "preview", asked)
            assert told.returncode == 0, told.stderr
            assert f"{len(items)} mentions in 4 items of 1 day" in told.stdout
            assert {int(found) for found in re.findall(r"item (\d+)", told.stdout)} == items
    assert "[Москве]" in told.stdout


def test_a_difference_names_what_is_gained_and_lost(sqlite_archive: Path) -> None:
    told = marsad(sqlite_archive, "watch", "diff", "hamas", "Hamas OR зонт OR Weather")
    assert told.returncode == 0, told.stderr
    assert "3 mentions before, 2 after, in 4 items of 1 day: 1 gained, 2 lost" in told.stdout
    gained, lost = told.stdout.split("lost, the newest:")
    assert "[Weather] for the weekend" in gained
    assert "ХАМАС" in lost


def test_a_search_may_ask_for_dates(archive: Path) -> None:
    told = marsad(archive, "watch", "preview", "moscow OR موسكو OR Москва")
    found = int(re.search(r"(\d+) mentions", told.stdout)[1])  # type: ignore[index]  # there are mentions
    told = marsad(archive, "watch", "preview", "(moscow OR موسكو OR Москва) date:1999-01-01..")
    assert f"{found} mentions" in told.stdout
    told = marsad(archive, "watch", "preview", "(moscow OR موسكو OR Москва) date:..1999-01-01")
    assert told.stdout.startswith("0 mentions")


def test_it_names_share_and_noise(sqlite_archive: Path) -> None:
    told = marsad(sqlite_archive, "watch", "preview", "moscow OR موسكو OR Москва OR weather").stdout
    for line in ("feed          4  100%  a", "about 28 mails a week"):
        assert line in told
    assert re.search(r"language +2 +50%  en", told)
    assert re.search(r"found by +\d+ +\d+%  ", told)


def test_it_says_what_related_forms_would_add(
    tmp_path: Path, sqlite_url: str, feed_server: FeedServer
) -> None:
    entries = "".join(
        f"<item><guid>{title}</guid><title>{title}</title></item>"
        for title in ("Talks in Russia", "Russian envoys arrive", "Weather")
    )
    body = f"<rss version='2.0'><channel><language>en</language>{entries}</channel></rss>".encode()
    url = feed_server.script("/r.xml", [ok(body)])
    config = write_configuration(tmp_path / "config", store_url=sqlite_url, feeds={"a": url}, watches=WATCHES)
    assert marsad(config, "run", "--once").returncode == 0
    told = marsad(config, "watch", "preview", "Russia")
    assert told.returncode == 0, told.stderr
    assert "1 mentions in 3 items" in told.stdout
    assert "related forms would add 1: related:Russia" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["preview", "a NEAR/900 b"], "column"),
        (["preview", "@nobody"], "nobody"),
        (["preview", "talks", "--since", "soon"], "is no duration"),
        (["diff", "nope", "talks"], 'no watch has the id "nope"'),
    ],
)
def test_what_is_wrong_is_told_plainly(
    tmp_path: Path, sqlite_url: str, arguments: list[str], told: str
) -> None:
    config = write_configuration(
        tmp_path / "config", store_url=sqlite_url, feeds={"a": "https://a.example/rss"}, watches=WATCHES
    )
    shown = marsad(config, "watch", *arguments)
    assert shown.returncode == 2
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr
