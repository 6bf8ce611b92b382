"""Word lists that ship with Marsad: plain text in sections, for people to read and to correct."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """Return the words of data/*name*, in order, by the name of their section.

    A section begins with its name in brackets on a line of its own; a line that begins with "#" is a comment.
    """
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (files("marsad.language") / "data" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            words.extend(line.split())
    return {section: tuple(entries) for section, entries in found.items()}
