"""The SQLite file as a file: a damaged one is never taken for new, and one daemon has it at a time."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from marsad.errors import StoreLocked, StoreUnavailable


def check_file(path: Path) -> None:
    """Raise StoreUnavailable unless *path* is a file that SQLite could have written and this user can write.

    An empty file is refused: SQLite would take it for a new database, every item would be new, and every
    alert would go out again.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise StoreUnavailable(
            f"there is no database {path} yet; `marsad run` creates it (or correct store.url)"
        ) from None
    except OSError as error:
        raise StoreUnavailable(f"database {path} cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise StoreUnavailable(f"database {path} is not a regular file; correct store.url")
    if found.st_size == 0:
        raise StoreUnavailable(
            f"database {path} is empty (0 bytes); restore it from a backup. Delete it only if every item"
            " may be taken for new"
        )
    if not os.access(path, os.R_OK | os.W_OK):
        raise StoreUnavailable(
            f"database {path} cannot be read and written by this user; correct its owner or mode"
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise StoreUnavailable(
            f"the folder {path.parent} cannot be written by this user; SQLite keeps its journal there"
        )
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            raise StoreUnavailable(f"{path} is not a SQLite database; restore it from a backup")


def make_folder(path: Path) -> None:
    """Create the folder of the database *path*, for this user only, where it does not exist."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the folder {path.parent} cannot be created: {error.strerror}") from error


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield a fresh file to build a database in; put it at *path* when all went well, whole or not at all.

    So a kill at any moment leaves either no database or a finished one.
    """
    draft = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"database {path} cannot be created: {error.strerror}") from error
    try:
        yield draft
        if Path(f"{draft}-wal").exists():
            # Closing empties the journal into the file. Where it could not, the file alone is damaged.
            raise StoreUnavailable(
                f"database {path} cannot be created: its journal could not be written into it;"
                " is the disk full?"
            )
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(path)
        _sync_folder(path.parent)
    finally:
        for leftover in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            leftover.unlink(missing_ok=True)


def copy_file(path: Path, copy: Path) -> None:
    """Copy the database *path*, what its journal holds included, to *copy*, replacing a former copy."""
    with new_file(copy) as draft:
        try:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
                source.backup(target)
        except sqlite3.Error as error:
            raise StoreUnavailable(f"database {path} cannot be copied to {copy}: {error}") from error


@contextmanager
def lock_sqlite(path: Path) -> Iterator[None]:
    """Hold *path* for this daemon; StoreLocked where another one has it.

    The kernel gives the lock back when the process ends, however it ends: nobody ever removes it by hand.
    """
    make_folder(path)
    lock = path.with_name(f"{path.name}.lock")
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"the lock file {lock} cannot be opened: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise StoreLocked(
                f"another marsad{f' (process {owner})' if owner else ''} works on {path}; stop it first,"
                " or use PostgreSQL to run several"
            ) from None
        # Only said to people; no step relies on it, so a full disk need not stop the daemon here.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
