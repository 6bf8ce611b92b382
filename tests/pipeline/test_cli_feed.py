"""`marsad feed test` and `marsad demo` as a stranger meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import write_configuration
from tests.servers.feed_server import FeedServer, ok, redirect, status
from tests.servers.feed_server import feed_server as feed_server

pytestmark = pytest.mark.slow

BODY = (
    "<rss version='2.0'><channel><title>Провод</title><language>ru</language><ttl>60</ttl>"
    "<item><guid>1</guid><title>Заголовок \x1b[31m</title><link>/1</link>"
    "<pubDate>Mon, 23 Nov 2026 09:00:00 +0300</pubDate></item></channel></rss>"
).encode()


def marsad(*arguments: str, cwd: Path, patience: int = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marsad", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=patience,
        check=False,
    )


def test_a_feed_is_shown_as_a_poll_would_read_it(tmp_path: Path, feed_server: FeedServer) -> None:
    feed_server.script("/old", [redirect("/new")])
    feed_server.script("/new", [ok(BODY, etag='"1"', content_type="application/rss+xml")])
    shown = marsad("feed", "test", "--allow-private", feed_server.url("/old"), cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    for told in ("Провод", "moved there for good", "ru", "every 1:00:00", "2026-11-23 06:00", "/1", "guid:1"):
        assert told in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_feed_of_the_configuration_is_asked_with_its_headers(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a", [ok(BODY)])
    config = write_configuration(
        tmp_path / "config",
        store_url="sqlite:///x.db",
        feeds={"a": url},
        watches={},
        feed_keys='allow_private = true\nheaders = { X-Key = "k" }\n',
    )
    shown = marsad("--config", str(config), "feed", "test", "a", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert feed_server.requests[-1].headers["x-key"] == "k"


@pytest.mark.parametrize(
    ("argument", "code", "told"),
    [
        ("tass", 2, "--config"),
        ("gopher://x", 2, "gopher"),
        ("http://127.0.0.1:1/", 1, "--allow-private"),
        ("http://user:secret@127.0.0.1:1/", 1, "--allow-private"),
    ],
)
def test_what_cannot_be_asked_is_told_plainly(tmp_path: Path, argument: str, code: int, told: str) -> None:
    shown = marsad("feed", "test", argument, cwd=tmp_path)
    assert (shown.returncode, told in shown.stderr) == (code, True), shown.stderr
    assert "Traceback" not in shown.stderr
    assert "secret" not in shown.stderr + shown.stdout


def test_a_page_that_is_no_feed_and_a_server_that_refuses_say_so(
    tmp_path: Path, feed_server: FeedServer
) -> None:
    feed_server.script("/page", [ok(b"<html><body>hello</body></html>", content_type="text/html")])
    feed_server.script("/gone", [status(410)])
    page = marsad("feed", "test", "--allow-private", feed_server.url("/page"), cwd=tmp_path)
    gone = marsad("feed", "test", "--allow-private", feed_server.url("/gone"), cwd=tmp_path)
    assert (page.returncode, "not_a_feed" in page.stderr) == (1, True), page.stderr
    assert (gone.returncode, "gone" in gone.stderr) == (1, True), gone.stderr


def test_the_demo_shows_three_mails_and_one_silence(tmp_path: Path) -> None:
    shown = marsad("demo", cwd=tmp_path, patience=110)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "4 items, 3 mails." in shown.stdout
    assert "روس is not found inside عروس" in shown.stdout
    assert shown.stdout.count("Subject:") == 3
