"""Forms that have been computed, kept for the next start: packed, in a file of SQLite.

A start with a hundred thousand watches reads as many terms in seconds, and nothing of what it does not need;
one term more is one row more.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from marsad.language.base import Kind, TermForms
from marsad.language.packed import is_packed, pack, unpack
from marsad.language.registry import language_for

log = logging.getLogger(__name__)

_FORMAT: Final = 2
"""Of the file (`user_version`): another format is computed again."""
_TOGETHER: Final = 500
"""Terms of one statement."""
_SCHEMA: Final = f"""
    CREATE TABLE forms (key TEXT PRIMARY KEY, used INTEGER NOT NULL, packed BLOB NOT NULL) WITHOUT ROWID;
    PRAGMA user_version = {_FORMAT};
"""
_PATIENCE: Final = 5.0
"""Seconds to wait for another process that writes the file."""


class Request(NamedTuple):
    """What to expand."""

    language: str
    term: str
    kind: Kind


class Forms(Mapping[Request, TermForms]):
    """The forms of many terms; packed, as all of them as objects would take gigabytes."""

    def __init__(self, packed: Mapping[Request, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, request: Request) -> TermForms:
        return unpack(self._packed[request])

    def __iter__(self) -> Iterator[Request]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def packed(self, request: Request) -> bytes:
        return self._packed[request]


class FormsCache:
    """Forms that have been computed, by request and version of the rules; in a file of *folder*, if given.

    Holds some *limit* terms; those asked for least recently go first. A file that cannot be read is as good
    as none.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = 300_000) -> None:
        self.folder = folder
        self._path = folder / "forms.sqlite" if folder is not None else None
        self._limit = limit
        self._new: dict[str, bytes] = {}
        """What is not in the file (yet), that asked for last at the end."""
        self._asked: set[str] = set()
        """What was asked for of the file."""

    def find(self, requests: Iterable[Request]) -> dict[Request, bytes]:
        """Return the forms, packed, of those of *requests* that are known."""
        wanted = {_key(request): request for request in requests}
        found: dict[Request, bytes] = {}
        for key, request in wanted.items():
            packed = self._new.pop(key, None)
            if packed is not None:
                found[request] = self._new[key] = packed
        for key, packed in self._read([key for key, request in wanted.items() if request not in found]):
            found[wanted[key]] = packed
            self._asked.add(key)
        return found

    def get(self, request: Request) -> TermForms | None:
        packed = self.find([request]).get(request)
        return unpack(packed) if packed is not None else None

    def put(self, request: Request, forms: TermForms) -> bytes:
        """Remember *forms*; return them packed."""
        packed = self._new[_key(request)] = pack(forms)
        while len(self._new) > self._limit:
            del self._new[next(iter(self._new))]
        return packed

    def save(self) -> None:
        """Write what is new. A disk that refuses costs time at the next start, no more."""
        if self._path is None or not self._new:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(self._path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # locked, or a full disk
                self._path.unlink(missing_ok=True)
                self._write(self._path)
        except (OSError, sqlite3.Error) as error:
            log.warning("forms not saved", extra={"file": str(self._path), "detail": str(error)})
        else:
            self._new.clear()
            self._asked.clear()

    def _read(self, keys: list[str]) -> Iterator[tuple[str, bytes]]:
        if self._path is None or not keys or not self._path.exists():
            return
        try:
            with closing(_open(self._path)) as file:
                if file.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                    return
                for some in _in_parts(keys):
                    marks = ",".join("?" * len(some))
                    for key, packed in file.execute(
                        f"SELECT key, packed FROM forms WHERE key IN ({marks})",  # noqa: S608 - marks alone
                        some,
                    ):
                        if is_packed(packed):
                            yield key, packed
        except sqlite3.Error as error:
            log.warning("saved forms not readable", extra={"file": str(self._path), "detail": str(error)})

    def _write(self, path: Path) -> None:
        with closing(_open(path)) as file:
            # What is lost with the power is computed again.
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute("BEGIN IMMEDIATE")
            if file.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                file.execute("DROP TABLE IF EXISTS forms")
                for statement in _SCHEMA.split(";"):
                    file.execute(statement)
            now = (file.execute("SELECT max(used) FROM forms").fetchone()[0] or 0) + 1
            file.executemany("UPDATE forms SET used = ? WHERE key = ?", ((now, key) for key in self._asked))
            file.executemany(
                "INSERT OR REPLACE INTO forms VALUES (?, ?, ?)",
                ((key, now, packed) for key, packed in self._new.items()),
            )
            (count,) = file.execute("SELECT count(*) FROM forms").fetchone()
            if count > self._limit:
                file.execute(
                    "DELETE FROM forms WHERE key IN (SELECT key FROM forms ORDER BY used LIMIT ?)",
                    (count - self._limit,),
                )
            file.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)


def _key(request: Request) -> str:
    language, term, kind = request
    return f"{language} {kind} {language_for(language).rules} {term}"


def _in_parts(keys: list[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, _TOGETHER)):
        yield some
