"""`marsad demo`: the whole service on a folder of its own, with a feed that publishes while one looks on.

The feed's server, the configuration and the mails exist for as long as the command runs; no network is used.
"""

from __future__ import annotations

import email
import email.policy
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import click

from marsad import ops
from marsad.cli.demo.publisher import Publisher

_CONFIGURATION = ("marsad.toml", "feeds.toml", "entities.toml", "watches.toml", "recipients.toml")
_SILENCE = timedelta(seconds=5)
"""How long nobody must be told of an item that nobody watches: several polls and ticks."""
_PATIENCE = timedelta(seconds=30)
"""The longest that a start or a mail may take."""


@click.command()
@click.option("--keep", is_flag=True, help="Keep the folder, to look at its configuration and mails.")
def demo(keep: bool) -> None:
    """Show the service at work for half a minute: a feed publishes, mails arrive. Needs no network.

    \b
    Example: marsad demo --keep
    """
    folder = Path(tempfile.mkdtemp(prefix="marsad-demo-"))
    try:
        items = tomllib.loads(_text("items.toml"))["item"]
        with Publisher(items) as publisher:
            _write_configuration(folder / "config", publisher.url)
            with _daemon(folder / "config") as process:
                _show(process, publisher, folder / "var" / "mail" / "new")
    finally:
        if keep:
            click.echo(f"\nKept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _write_configuration(folder: Path, url: str) -> None:
    folder.mkdir()
    for name in _CONFIGURATION:
        (folder / name).write_text(_text(name).replace("@URL@", url), encoding="utf-8")


@contextmanager
def _daemon(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    click.secho(f"$ marsad --config {config} run", bold=True)
    command = [sys.executable, "-m", "marsad", "--config", str(config), "run"]
    process = subprocess.Popen(command)  # noqa: S603 - our own interpreter and program
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=35)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _show(process: subprocess.Popen[bytes], publisher: Publisher, mails: Path) -> None:
    """Publish item after item, and show each mail as it arrives."""
    shown: set[Path] = set()
    _wait(process, lambda: publisher.answers > 0, "the service has not asked for the feed")
    for item in publisher.items:
        click.secho(f"\n{datetime.now():%H:%M:%S}  The feed publishes: {item['title']}", bold=True)  # noqa: DTZ005 - the reader's clock
        publisher.publish()
        if item["alerts"]:
            _wait_for_mail(process, mails, len(shown) + 1)
        else:
            time.sleep(_SILENCE.total_seconds())
        new = _arrived(mails) - shown
        for path in sorted(new, key=lambda path: path.stat().st_mtime_ns):
            _show_mail(path)
        if not new:
            click.secho(f"           Nobody is told: {item['why']}", bold=True)
        shown |= new
    click.secho(f"\n{len(publisher.items)} items, {len(shown)} mails.", bold=True)


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], failure: str) -> None:
    deadline = time.monotonic() + _PATIENCE.total_seconds()
    while not ready():
        if process.poll() is not None:
            raise click.ClickException(f"the service has ended with exit code {process.returncode}")
        if time.monotonic() > deadline:
            raise click.ClickException(f"{failure} within {_PATIENCE.total_seconds():.0f} s")
        time.sleep(0.1)


def _wait_for_mail(process: subprocess.Popen[bytes], mails: Path, count: int) -> None:
    _wait(process, lambda: len(_arrived(mails)) >= count, "no mail has arrived")


def _arrived(mails: Path) -> set[Path]:
    return set(mails.iterdir()) if mails.is_dir() else set()


def _show_mail(path: Path) -> None:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Subject", "Date")]
    lines += ["", *(str(body.get_content()).splitlines() if body is not None else [])]
    click.echo("")
    for line in lines:
        click.echo("  │ " + ops.visible(line))
