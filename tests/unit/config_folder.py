"""Configuration folders for tests: a small valid one, with any file replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from marsad import config
from marsad.errors import ConfigurationError
from marsad.model import Mistake

FEED = '[[feed]]\nid = "tass"\nurl = "https://tass.example.org/rss"\n'
RECIPIENT = '[[recipient]]\nid = "anna"\naddress = "anna@example.org"\n'
WATCH = '[[watch]]\nid = "talks"\nquery = "talks"\n[[watch.send]]\nto = "anna"\nwhen = "instant"\n'
Files = Mapping[str, str | bytes | None]
VALID: dict[str, str | bytes | None] = {
    "marsad.toml": "",
    "feeds.toml": FEED,
    "recipients.toml": RECIPIENT,
    "watches.toml": WATCH,
}


def write(folder: Path, files: Files | None = None) -> Path:
    """Write a valid configuration into *folder*, with *files* instead; None leaves one out."""
    for name, content in (VALID | dict(files or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def load(folder: Path, files: Files | None = None, environ=None) -> config.Settings:
    return config.load(write(folder, files), environ=environ or {})


def mistakes(folder: Path, files: Files, environ=None) -> list[Mistake]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, files, environ)
    return list(caught.value.mistakes)


def mistake(folder: Path, files: Files, environ=None) -> str:
    """Return the only mistake of a configuration, as a person reads it."""
    found = [str(each) for each in mistakes(folder, files, environ)]
    assert len(found) == 1, found
    return found[0]


def warnings(folder: Path, files: Files | None = None, environ=None) -> list[str]:
    return [str(each) for each in load(folder, files, environ).warnings]
