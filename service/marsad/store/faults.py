"""What went wrong in a database, told once: try the transaction again, refuse the values, or give up."""

from __future__ import annotations

import re
import sqlite3

import psycopg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from marsad.errors import StoreError, StoreRefused, StoreUnavailable

# SQLSTATE classes and codes (PostgreSQL, appendix A) after which the same transaction may succeed: connection
# exceptions, serialisation failure, deadlock, lock not available, too many connections, cannot connect now,
# shutdown or crash of the server, and a server that is read-only after a fail-over.
_RETRY_CLASSES = ("08", "57P")
_RETRY_CODES = frozenset({"40001", "40P01", "55P03", "53300", "25006"})

_SQLITE_HINTS = {
    sqlite3.SQLITE_CORRUPT: "the file is damaged or cut off; restore it from a backup, nothing was changed",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database; restore it from a backup, nothing was changed",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file or its folder cannot be written by this user",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened by this user",
    sqlite3.SQLITE_PERM: "the file cannot be opened by this user",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked",
}


def may_pass(error: BaseException) -> bool:
    """Whether the same transaction, begun anew, may succeed."""
    if not isinstance(error, DBAPIError):
        return False
    code = _sqlite_code(error)
    if code is not None:
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # libpq states no code where the connection itself ended or was never made.
        return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    return state.startswith(_RETRY_CLASSES) or state in _RETRY_CODES


def translate(error: BaseException, *, place: str, password: str | None = None) -> StoreError | None:
    """Return what to tell a person of *error* from the database at *place*; None where it is not its own."""
    if isinstance(error, IntegrityError | DataError | UnicodeEncodeError | OverflowError):
        return StoreRefused(f"{place} refuses a value: {_words(error, password)}")
    if isinstance(error, StatementError) and isinstance(error.orig, UnicodeEncodeError | OverflowError):
        return StoreRefused(f"{place} refuses a value: {_words(error, password)}")
    if isinstance(error, DBAPIError | sqlite3.Error):
        code = _sqlite_code(error)
        hint = _SQLITE_HINTS.get(code) if code is not None else None
        return StoreUnavailable(f"{place} cannot be used: {hint or _words(error, password)}")
    if isinstance(error, SQLAlchemyError) and "QueuePool" in str(error):
        return StoreUnavailable(f"{place} cannot be used: no connection was free in time")
    return None


def _sqlite_code(error: BaseException) -> int | None:
    """Return the primary result code (https://sqlite.org/rescode.html) of a SQLite error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _words(error: BaseException, password: str | None) -> str:
    """Return the database's own words in one line: no statement, no parameters, no password."""
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    words = re.sub(r"\s+", " ", str(cause)).strip().rstrip(".") or type(cause).__name__
    # DETAIL lines repeat values of the row.
    words = words.split(" DETAIL:")[0]
    return words.replace(password, "***") if password else words
