"""`marsad run` as its operator meets it: a process, its log, its mails, its exit codes."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import marsad, running, smtp_process, wait_until, write_configuration
from tests.servers.feed_server import FeedServer, conditional, ok, status
from tests.servers.feed_server import feed_server as feed_server

ONE = {"talks": ("talks", {"anna": "instant"})}


def rss(*titles: str) -> bytes:
    entries = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Wire</title>{entries}</channel></rss>".encode()


@pytest.fixture
def configure(tmp_path: Path, sqlite_url: str) -> Callable[..., Path]:
    """Write a configuration whose mails become files: *feeds* id -> URL, and *watches*."""

    def write(feeds: dict[str, str], watches: dict[str, tuple[str, dict[str, str]]] = ONE, **options) -> Path:
        return write_configuration(
            tmp_path / "my config", store_url=sqlite_url, feeds=feeds, watches=watches, **options
        )

    return write


@pytest.fixture
def mails(tmp_path: Path) -> Callable[[], list[str]]:
    """Return what is in the maildir, as text."""
    folder = tmp_path / "var" / "mail" / "new"
    return lambda: [path.read_text() for path in sorted(folder.glob("*"))]


def test_an_item_becomes_a_mail_and_the_log_says_where(configure, mails, feed_server: FeedServer) -> None:
    url = feed_server.script("/a.xml", [conditional(rss("Talks in Moscow", "Weather"), etag='"1"')])
    with running(configure({"a": url})) as daemon:
        daemon.wait_for("alert delivered")
        (mail,) = mails()
        assert "Talks in Moscow" in mail or "Subject" in mail
        path = next((daemon.log_path.parent / "var" / "mail" / "new").iterdir())
        assert str(path) in daemon.log
        assert daemon.stop() == 0
        assert "Traceback" not in daemon.log


def test_what_appears_later_is_told_at_once_and_nothing_twice(
    configure, mails, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [ok(rss("Weather"))])
    config = configure({"a": url})
    with running(config) as daemon:
        feed_server.wait_for_requests(2)
        feed_server.script("/a.xml", [ok(rss("Talks begin", "Weather"))])
        daemon.wait_for("alert delivered")
        assert daemon.stop() == 0
    for _ in range(2):
        polls = len(feed_server.requests)
        feed_server.script("/a.xml", [ok(rss("Weather", "Talks begin")), ok(rss("Talks begin", "Weather"))])
        with running(config) as daemon:
            feed_server.wait_for_requests(polls + 3)
            assert daemon.stop() == 0
    assert len(mails()) == 1


def test_once_polls_plans_delivers_and_ends(configure, mails, feed_server: FeedServer) -> None:
    good = feed_server.script("/a.xml", [ok(rss("Talks in Cairo"))])
    bad = feed_server.script("/b.xml", [status(503)])
    config = configure({"a": good, "b": bad})
    first = marsad(config, "run", "--once")
    assert (first.returncode, len(mails())) == (0, 1), first.stderr
    again = marsad(config, "run", "--once")
    assert (again.returncode, len(mails())) == (0, 1), again.stderr


def test_once_says_by_its_exit_code_that_mails_cannot_leave(configure, feed_server: FeedServer) -> None:
    url = feed_server.script("/a.xml", [ok(rss("Talks in Cairo"))])
    ended = marsad(configure({"a": url}, smtp_port=9), "run", "--once")
    assert ended.returncode == 1
    assert "127.0.0.1:9" in ended.stderr


def test_a_second_daemon_on_one_file_is_refused(configure, feed_server: FeedServer) -> None:
    config = configure({"a": feed_server.script("/a.xml", [ok(rss())])})
    with running(config) as daemon:
        second = marsad(config, "run")
        assert second.returncode == 4
        assert f"process {daemon.process.pid}" in second.stderr
        daemon.kill()
    # The lock went with the process, whatever its end.
    assert marsad(config, "run", "--once").returncode == 0


def test_a_changed_file_is_in_force_within_seconds_and_a_wrong_one_is_refused(
    configure, mails, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [ok(rss("Weather"))])
    config = configure({"a": url})
    with running(config) as daemon:
        (config / "watches.toml").write_text('[[watch]]\nid = "x"\nquery = "talks AND ("\n')
        daemon.wait_for("changed configuration refused")
        assert 'watches.toml:3: watch "x": query: column' in daemon.log
        wait_until(lambda: "former one is in force" in marsad(config, "status").stdout, "status says so")
        assert marsad(config, "status", "--health").returncode == 1
        configure({"a": url}, {"weather": ("storm", {"anna": "instant"})})
        daemon.wait_for("configuration in force")
        feed_server.script("/a.xml", [ok(rss("Storm over the coast", "Talks", "Weather"))])
        daemon.wait_for("alert delivered")
        wait_until(lambda: marsad(config, "status", "--health").returncode == 0, "health is good again")
    (mail,) = mails()
    assert "Storm" in mail


def test_sighup_reads_again_and_a_storm_of_them_is_one(configure, feed_server: FeedServer) -> None:
    config = configure({"a": feed_server.script("/a.xml", [ok(rss())])})
    with running(config) as daemon:
        for _ in range(200):
            daemon.signal(signal.SIGHUP)
        daemon.wait_for("nothing has changed")
        assert daemon.stop() == 0
        assert daemon.log.count("nothing has changed") < 20


def test_a_changed_interface_of_polling_and_mail_is_used_without_a_restart(
    configure, tmp_path: Path, feed_server: FeedServer
) -> None:
    url = feed_server.script("/a.xml", [ok(rss("Weather"))])
    config = configure({"a": url}, main='[service]\ncontact = "https://one.example"\n')
    with running(config) as daemon, smtp_process(tmp_path / "smtp") as (port, arrived):
        feed_server.wait_for_requests(1)
        assert "https://one.example" in feed_server.requests[-1].headers["user-agent"]
        configure({"a": url}, main='[service]\ncontact = "https://two.example"\n', smtp_port=port)
        daemon.wait_for("configuration in force")
        feed_server.script("/a.xml", [ok(rss("Talks", "Weather"))])
        daemon.wait_for("alert delivered")
        assert "https://two.example" in feed_server.requests[-1].headers["user-agent"]
        assert len(list(arrived.glob("*.eml"))) == 1


def test_sigterm_waits_for_a_slow_feed_no_longer_than_it_must(configure, feed_server: FeedServer) -> None:
    async def silent(request, reader, writer) -> None:
        await reader.read()

    url = feed_server.script("/a.xml", [silent])
    with running(configure({"a": url}, main='[poll]\ntimeout = "3s"\n')) as daemon:
        feed_server.wait_for_requests(1)
        assert daemon.stop() == 0
    with running(configure({"b": url}, main='[poll]\ntimeout = "25s"\n')) as daemon:
        feed_server.wait_for_requests(2)
        daemon.signal(signal.SIGTERM)
        daemon.wait_for("stopping")
        daemon.signal(signal.SIGTERM)  # so soon it is the same wish
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.process.wait(1)
        daemon.signal(signal.SIGTERM)
        assert daemon.process.wait(5) == 128 + signal.SIGTERM


def test_without_the_database_it_waits_and_then_goes_on(
    tmp_path: Path, postgres_url: str, feed_server: FeedServer, postgres
) -> None:
    url = feed_server.script("/a.xml", [ok(rss("Weather"))])
    config = write_configuration(tmp_path / "config", store_url=postgres_url, feeds={"a": url}, watches=ONE)
    with running(config) as daemon:
        feed_server.wait_for_requests(1)
        name = postgres_url.partition("@/")[2].partition("?")[0]
        postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        postgres.disconnect(name)
        daemon.wait_for("stage cannot work")
        asked = len(feed_server.requests)
        postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        daemon.wait_for("stage works again")
        feed_server.wait_for_requests(asked + 1)
        feed_server.script("/a.xml", [ok(rss("Talks", "Weather"))])
        daemon.wait_for("alert delivered")
        assert daemon.stop() == 0


def test_two_workers_share_one_postgresql(tmp_path: Path, postgres_url: str, feed_server: FeedServer) -> None:
    urls = {
        f"f{number}": feed_server.script(f"/{number}.xml", [ok(rss(f"Talks {number}"))])
        for number in range(8)
    }
    config = write_configuration(
        tmp_path / "config", store_url=postgres_url, feeds=urls, watches=ONE, main="[poll]\nper_host = 8\n"
    )
    with running(config, log=tmp_path / "one"), running(config, log=tmp_path / "two"):

        def sent() -> bool:
            return " 0 due," in (shown := marsad(config, "status").stdout) and " 0 sent" not in shown

        wait_until(sent, "everything is sent")
        assert marsad(config, "status").stdout.count("worker ") == 2
    told = (tmp_path / "one").read_text() + (tmp_path / "two").read_text()
    assert told.count("alert delivered") == len(list((tmp_path / "var" / "mail" / "new").iterdir()))


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("marsad.toml", "[service\n", "marsad.toml:1"),
        ("watches.toml", '[[watch]]\nid = "w"\nquery = "a NEAR/900 b"\n', "column"),
        ("watches.toml", '[[watch]]\nid = "w"\nquery = "@nobody"\n', "nobody"),
    ],
)
def test_a_wrong_configuration_does_not_start(configure, file: str, content: str, told: str) -> None:
    config = configure({"a": "https://a.example/rss"})
    (config / file).write_text(content)
    ended = marsad(config, "run")
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_of_another_program_or_version_is_left_alone(configure, tmp_path: Path) -> None:
    config = configure({"a": "https://a.example/rss"})
    (tmp_path / "marsad.db").write_bytes(b"not a database at all")
    ended = marsad(config, "run")
    assert ended.returncode == 3
    assert "is not a SQLite database" in ended.stderr
    assert (tmp_path / "marsad.db").read_bytes() == b"not a database at all"
