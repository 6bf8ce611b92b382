"""The clock of a running daemon is set ahead by years and back by days, where libfaketime is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes import running, write_configuration
from tests.servers.feed_server import FeedServer, ok
from tests.servers.feed_server import feed_server as feed_server

FAKE_CLOCK = [str(path) for path in Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1")]


def rss(titles: list[str]) -> bytes:
    entries = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Wire</title>{entries}</channel></rss>".encode()


@pytest.mark.sweep
@pytest.mark.skipif(not FAKE_CLOCK, reason="libfaketime is not installed: the clock cannot be set")
def test_a_clock_that_is_set_ahead_or_back_stops_nothing(
    tmp_path: Path, sqlite_url: str, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    monkeypatch.setenv("LD_PRELOAD", FAKE_CLOCK[0])
    monkeypatch.setenv("FAKETIME_TIMESTAMP_FILE", str(clock))
    monkeypatch.setenv("FAKETIME_NO_CACHE", "1")
    monkeypatch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    titles = ["Talks"]
    config = write_configuration(
        tmp_path / "config",
        store_url=sqlite_url,
        feeds={"a": feed_server.script("/a.xml", [ok(rss(titles))])},
        watches={"talks": ("talks", {"anna": "instant"})},
    )
    with running(config) as daemon:
        daemon.wait_for("alert delivered")
        for offset in ("+10y", "+0", "-3d"):
            clock.write_text(offset)
            titles.insert(0, f"Talks with the clock at {offset}")
            feed_server.script("/a.xml", [ok(rss(titles))])
            daemon.wait_for("alert delivered", count=len(titles))
        assert daemon.stop() == 0
