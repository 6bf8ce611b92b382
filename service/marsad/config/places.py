"""Where watches and entities stand in the files: for what is found in their queries and names later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from marsad.config.files import ENTITIES, WATCHES, Path_, Source


class Place(NamedTuple):
    """A place in a file as an operator finds it."""

    file: str
    line: int | None
    column: int | None
    """In the query; of one that is written on several lines, in that line."""


class Places:
    """The entries of some files, by kind and id."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._entries: dict[tuple[str, str], tuple[Source, Path_]] = {}
        for source in sources:
            for kind, entries in source.tables.items():
                for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                    name = entry.get("id") if isinstance(entry, dict) else None
                    if isinstance(name, str):
                        self._entries.setdefault((kind, name), (source, (kind, index)))

    def locate(self, kind: str, identity: str, path: Path_, column: int | None = None) -> Place:
        """Return where *path* of the entry is written; *column* counts code points of a query there."""
        if (kind, identity) not in self._entries:
            return Place(ENTITIES if kind == "entity" else WATCHES, None, column)
        source, entry = self._entries[kind, identity]
        line = source.line(entry + path)
        if line is None or column is None:
            return Place(source.name, line, column)
        return Place(source.name, *_within(source, entry + path, line, column))


def _within(source: Source, path: Path_, line: int, column: int) -> tuple[int, int]:
    """Return line and column of a place in the text at *path*, whose key is written on *line*."""
    value: object = source.tables
    for part in path:
        value = value[part]  # type: ignore[index]  # a path leads through tables and lists
    if not isinstance(value, str):
        return line, column
    before = value[: column - 1]
    row = value.split("\n")[before.count("\n")]
    lines = source.text.split("\n")
    in_row = column - (before.rfind("\n") + 1)
    if isinstance(path[-1], int):
        # Of a list only the line of its key is known: its texts stand there, or further down.
        found = (it for it in range(line, len(lines) + 1) if row.strip() and row.strip() in lines[it - 1])
        number = next(found, None)
        return (line, column) if number is None else (number, in_row)
    # ''' may end its line, and the text begins on the next. Escapes in """ may move lines: then it stands
    # in neither, and the place is that of the key.
    for first in (line, line + 1):
        number = first + before.count("\n")
        if number <= len(lines) and row.strip() and row.strip() in lines[number - 1]:
            return number, in_row
    return line, column
