"""What is wrong or doubtful about watches and entities, told with its place in the files."""

from __future__ import annotations

from collections.abc import Callable

from marsad.matching.entities import EntityFinding
from marsad.model import Mistake, WatchDefinition

Path = tuple[str | int, ...]
"""Where something stands in an entry: `("query",)`, `("names", "ru", 0)`."""
Locate = Callable[[str, str, Path, int | None], tuple[str, int | None, int | None]]
"""Gives file, line and column of a place in "watch" or "entity", its id, a path, a column of a query."""


def by_kind(kind: str, _identity: str, _path: Path, column: int | None) -> tuple[str, int | None, int | None]:
    return ("entities.toml" if kind == "entity" else "watches.toml"), None, column


class Findings:
    """Mistakes and warnings, in the order in which they were found."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []

    def wrong_query(
        self,
        watch: WatchDefinition,
        problem: str,
        hint: str = "",
        column: int | None = None,
        *,
        path: Path = ("query",),
    ) -> None:
        self.mistakes.append(self._mistake("watch", watch.id, path, problem, hint, column))

    def doubt_query(
        self,
        watch: WatchDefinition,
        problem: str,
        hint: str = "",
        column: int | None = None,
        *,
        path: Path = ("query",),
    ) -> None:
        self.warnings.append(self._mistake("watch", watch.id, path, problem, hint, column))

    def wrong_entity(self, found: EntityFinding) -> None:
        self.mistakes.append(self._of_entity(found))

    def doubt_entity(self, found: EntityFinding) -> None:
        self.warnings.append(self._of_entity(found))

    def wrong_names(self, entity_id: str, problem: str) -> None:
        self.wrong_entity(EntityFinding(entity_id=entity_id, path=("names",), problem=problem))

    def doubt_names(self, entity_id: str, problem: str) -> None:
        self.doubt_entity(EntityFinding(entity_id=entity_id, path=("names",), problem=problem))

    def _of_entity(self, found: EntityFinding) -> Mistake:
        return self._mistake("entity", found.entity_id, found.path, found.problem, found.hint, found.column)

    def _mistake(
        self, kind: str, identity: str, path: Path, problem: str, hint: str, column: int | None
    ) -> Mistake:
        file, line, column = self._locate(kind, identity, path, column)
        return Mistake(
            file=file,
            key=f'{kind} "{identity}"' + (f": {_dotted(path)}" if path else ""),
            problem=problem,
            hint=hint,
            line=line,
            column=column,
        )


def _dotted(path: Path) -> str:
    """Return *path* as an operator reads it, counted from 1: `names.ru[1]`."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
