"""Collecting mistakes: what is wrong, where it stands, in the words of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from marsad.config.files import Path_, Source
from marsad.config.shapes import Shape, complaints
from marsad.config.values import kind_of, near, shown
from marsad.model import Mistake

_Shape = TypeVar("_Shape", bound=Shape)


class Findings:
    """All that is wrong or doubtful, in the order in which it was found."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []

    def wrong(self, source: Source, path: Path_, problem: str, hint: str = "") -> None:
        self.mistakes.append(_mistake(source, path, problem, hint))

    def doubt(self, source: Source, path: Path_, problem: str, hint: str = "") -> None:
        self.warnings.append(_mistake(source, path, problem, hint))

    def check(self, source: Source, path: Path_, table: object, shape: type[_Shape]) -> _Shape | None:
        """Return *table*, found at *path*, as *shape*; None where it is wrong, with every reason noted."""
        try:
            return shape.model_validate(table)
        except ValidationError as error:
            for inside, problem, hint in complaints(error, shape):
                self.wrong(source, path + inside, problem, hint)
            return None

    def entries(
        self, source: Source, kind: str, *, keys: Sequence[str] = ()
    ) -> Iterator[tuple[Path_, Mapping[str, Any]]]:
        """Yield (path, table) of every `[[kind]]` in *source*; it may hold nothing else but *keys*."""
        for key, value in source.tables.items():
            if key in keys:
                continue
            if key != kind:
                problem = f"unknown key; [[{kind}]] is what stands in this file"
                self.wrong(source, (key,), problem, near(key, [kind, *keys]))
            elif isinstance(value, dict):
                self.wrong(source, (key,), "is written with single brackets", f"write [[{kind}]], with two")
            elif not isinstance(value, list):
                self.wrong(source, (key,), f"must be tables, not {kind_of(value)}", f"write [[{kind}]]")
            else:
                for index, entry in enumerate(value):
                    if isinstance(entry, dict):
                        yield (kind, index), entry
                    else:
                        self.wrong(source, (kind, index), f"must be a table, not {kind_of(entry)}")


def place(source: Source, path: Path_) -> str:
    """Return where *path* is, for a message about another place: `feeds.toml:12`."""
    line = source.line(path)
    return source.name if line is None else f"{source.name}:{line}"


def _mistake(source: Source, path: Path_, problem: str, hint: str) -> Mistake:
    key = _key(source, path)
    return Mistake(file=source.name, key=key, problem=problem, hint=hint, line=source.line(path))


def _key(source: Source, path: Path_) -> str:
    """Return *path* as a person reads it: `feed "tass": url`, `watch[3].send[1].when`, `mail.smtp.port`."""
    if len(path) < 2 or not isinstance(path[1], int):
        return _dotted(path)
    entry = source.tables[str(path[0])][path[1]]
    name = entry.get("id") if isinstance(entry, dict) else None
    if isinstance(name, str) and name:
        rest = _dotted(path[2:])
        return f'{path[0]} "{shown(name)}"' + (f": {rest}" if rest else "")
    return _dotted(path)


def _dotted(path: Path_) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{shown(part)}" if text else shown(part)
    return text
