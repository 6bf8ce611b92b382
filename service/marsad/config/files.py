"""Reading one TOML file of the configuration, and finding the line of what it says."""

from __future__ import annotations

import codecs
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from marsad.model import Mistake
from marsad.ops import visible

MAIN = "marsad.toml"
FEEDS = "feeds.toml"
ENTITIES = "entities.toml"
WATCHES = "watches.toml"
RECIPIENTS = "recipients.toml"
WATCH_FOLDER = "watches.d"

Stamp = tuple[tuple[str, int, int, int], ...]
"""(path, modified in ns, size, inode) of every configuration file; equal where nothing was changed."""
Path_ = tuple[str | int, ...]
"""Where a value stands in a file: `("watch", 3, "send", 0, "when")`."""


class Unreadable(Exception):
    """A file that cannot be used at all; *mistake* says why."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake
        super().__init__(str(mistake))


@dataclass(frozen=True)
class Source:
    """A configuration file that could be read."""

    name: str
    """Relative to the folder, as mistakes name it."""
    text: str = field(repr=False)
    tables: Mapping[str, Any] = field(repr=False)

    @cached_property
    def _lines(self) -> dict[Path_, int]:
        return dict(_places(self.text))

    def line(self, path: Path_) -> int | None:
        """Return the line, from 1, on which the value at *path*, or what holds it, is written."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None


def read(folder: Path, name: str) -> Source:
    """Read the TOML file *name* of *folder*; Unreadable says what keeps it from being used.

    FileNotFoundError is left to the caller, who knows whether the file is needed.
    """
    try:
        path = folder / name
        # Opening a pipe that nobody writes to would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "no regular file"
            raise _unreadable(name, f"is {kind}", "put a TOML text file in its place")
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        hint = "the user that runs marsad must be allowed to read it"
        raise _unreadable(name, f"cannot be read: {error.strerror}", hint) from error
    text = _decoded(data, name)
    return Source(name=name, text=text, tables=_parsed(text, name))


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return *path* with the home folder for a leading `~`; as it stands where there is no such user."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def _unreadable(
    name: str, problem: str, hint: str = "", *, line: int | None = None, column: int | None = None
) -> Unreadable:
    return Unreadable(Mistake(file=name, key="", problem=problem, hint=hint, line=line, column=column))


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _unreadable(name, "is written in UTF-16", "save it as UTF-8")
    try:
        # Only the mark at the start is taken off: editors on Windows write it.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(name, "is not UTF-8 from here on", "save it as UTF-8", line=line) from error


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(
            r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL
        )
        if told is None:
            raise _unreadable(name, f"is no valid TOML: {visible(str(error))}") from error
        problem = visible(told[1])
        hint = _SYNTAX_HINTS.get(problem, "")
        if told[2] is None:
            line = text.count("\n") + 1
            raise _unreadable(name, f"{problem}, at the end of the file", hint, line=line) from error
        raise _unreadable(name, problem, hint, line=int(told[2]), column=int(told[3])) from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits, and brackets nested by the thousand.
        raise _unreadable(name, "holds a value that is too large or too deep to be read") from error


_SYNTAX_HINTS = {
    "Invalid value": 'text stands in quotes: key = "value"',
    "Illegal character '\\n'": "the quotation mark at the end of the line is missing",
    "Cannot overwrite a value": "the key stands here twice",
    "Unescaped '\\' in a string": "write it in single quotes, or double the backslash",
    "Expected '=' after a key in a key/value pair": 'write key = "value"',
    "Expected newline or end of document after a statement": 'a quotation mark inside text is written \\", '
    "or put the text in single quotes",
    "Unclosed array": "a closing bracket ] is missing",
    "Unterminated string": "the closing quotation mark is missing",
}


def stamp(folder: Path) -> Stamp:
    """Return what tells one state of the configuration files from another, without reading them."""
    found = []
    for path in (
        *(folder / name for name in (MAIN, FEEDS, ENTITIES, WATCHES, RECIPIENTS)),
        *watch_paths(folder),
    ):
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)


def folders(folder: Path) -> list[Path]:
    """Return the folders that hold configuration files, as far as they are there."""
    return [path for path in (folder, folder / WATCH_FOLDER) if path.is_dir()]


def watch_paths(folder: Path) -> list[Path]:
    """Return the files of watches.d in the order of their names; hidden ones are editors' own."""
    try:
        return sorted(
            path
            for path in (folder / WATCH_FOLDER).iterdir()
            if path.suffix == ".toml" and not path.name.startswith(".")
        )
    except OSError:
        return []


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w\-]+(?:\s*\.\s*[\w\-]+)*)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w\-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w\-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _places(text: str) -> Iterator[tuple[Path_, int]]:
    """Yield where each table and key is written: a scan by lines, as tomllib keeps no positions.

    It reads a valid file, and only to help a person: in an odd layout the line may be that of the table.
    """
    table: Path_ = ()
    counts: dict[Path_, int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if header := _HEADER.match(line):
            table = _table(header, counts)
            if table[-1] == 0:
                yield table[:-1], number
            yield table, number
        elif key := _KEY.match(line):
            path = table
            for part in re.findall(r"""[\w\-]+|"[^"]*"|'[^']*'""", key[1]):
                path += (part.strip("\"'"),)
                yield path, number
            inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")


def _table(header: re.Match[str], counts: dict[Path_, int]) -> Path_:
    path: Path_ = ()
    parts = re.split(r"\s*\.\s*", header[2])
    for position, part in enumerate(parts):
        path += (part,)
        if position == len(parts) - 1 and header[1] == "[[":
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path += (counts[path] - 1,)
    return path
