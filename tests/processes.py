"""Marsad and its servers as processes of their own: started, asked, stopped and killed like real ones."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 40.0
"""The longest that a test waits for what must happen; a machine may be busy."""


def wait_until(happened: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not happened():
        assert time.monotonic() < deadline, f"{what}: not within {patience_s:.0f} s"
        time.sleep(0.02)


def children() -> frozenset[int]:
    """Return the child processes of this one that have not ended."""
    found = set()
    for path in Path("/proc/self/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                found.add(child)
    return frozenset(found)


class Daemon:
    """`marsad run` on a configuration folder, with its log in a file."""

    def __init__(self, folder: Path, log: Path, *arguments: str) -> None:
        self.log_path = log
        self._from = log.stat().st_size if log.exists() else 0
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MARSAD_")}
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "marsad", "--config", str(folder), *(arguments or ("run",))],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment,
            )

    @property
    def log(self) -> str:
        """What this process has said so far."""
        with self.log_path.open("rb") as file:
            file.seek(self._from)
            return file.read().decode("utf-8", "replace")

    def wait_for(self, pattern: str, *, count: int = 1) -> None:
        """Wait until the log has *pattern* so many times; fail with the log where the process ends before."""

        def happened() -> bool:
            if len(re.findall(pattern, self.log)) >= count:
                return True
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.log}"
            return False

        try:
            wait_until(happened, f"{pattern!r} in the log")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log}") from None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def running(folder: Path, *arguments: str, log: Path | None = None) -> Iterator[Daemon]:
    """Run the daemon until the block ends; it has begun its work when the block begins."""
    daemon = Daemon(folder, log or folder.parent / "log.txt", *arguments)
    try:
        daemon.wait_for("marsad is running")
        yield daemon
    finally:
        daemon.kill()


def marsad(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "marsad", "--config", str(folder), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@contextmanager
def smtp_process(folder: Path, *, fault: str | None = None) -> Iterator[tuple[int, Path]]:
    """Run the mail server as a process; yield its port and the folder that gets every accepted mail."""
    store = folder / "mails"
    store.mkdir(parents=True, exist_ok=True)
    port_file = folder / "port"
    port_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.servers.smtp_server", "--port-file", str(port_file)]
    command += ["--store", str(store), *(["--fault", fault] if fault else [])]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent)
    try:
        wait_until(port_file.exists, "the mail server is there")
        yield int(port_file.read_text()), store
    finally:
        process.kill()
        process.wait()


def write_configuration(
    folder: Path,
    *,
    store_url: str,
    feeds: Mapping[str, str],
    watches: Mapping[str, tuple[str, Mapping[str, str]]],
    smtp_port: int | None = None,
    entities: str = "",
    main: str = "",
    feed_keys: str = 'every = "1s"\nallow_private = true\nfirst_contact = "all"\n',
) -> Path:
    """Write a configuration: *feeds* id -> URL, *watches* id -> (query, recipient -> schedule)."""
    folder.mkdir(parents=True, exist_ok=True)
    quoted = json.dumps
    mail = '[mail]\nfrom = "marsad@example.org"\n'
    if smtp_port is not None:
        mail += 'channel = "smtp"\n[mail.smtp]\nhost = "127.0.0.1"\n'
        mail += f'port = {smtp_port}\ntls = "none"\nconnections = 3\n'
    (folder / "marsad.toml").write_text(f"[store]\nurl = {quoted(store_url)}\n{main}\n{mail}")
    (folder / "feeds.toml").write_text(
        "".join(f"[[feed]]\nid = {quoted(id)}\nurl = {quoted(url)}\n{feed_keys}" for id, url in feeds.items())
    )
    (folder / "entities.toml").write_text(entities)
    recipients = {recipient for _, send in watches.values() for recipient in send}
    (folder / "recipients.toml").write_text(
        "".join(
            f'[[recipient]]\nid = {quoted(id)}\naddress = "{id}@example.org"\n' for id in sorted(recipients)
        )
    )
    blocks = []
    for id, (query, send) in watches.items():
        blocks.append(f"[[watch]]\nid = {quoted(id)}\nquery = {quoted(query, ensure_ascii=False)}\n")
        blocks += [f"[[watch.send]]\nto = {quoted(to)}\nwhen = {quoted(when)}\n" for to, when in send.items()]
    (folder / "watches.toml").write_text("".join(blocks))
    return folder
