"""What the two databases say differently, for the store functions; how they are opened is in `database`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")

# SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535; pairs count twice.
CHUNK = 5_000


class Turn(IntEnum):
    """Steps that one process takes at a time, on a PostgreSQL that several share."""

    LEASE = 1
    PLAN = 2
    UPGRADE = 3
    ARCHIVE = 4


# The first half of every advisory lock's key: "mars" in ASCII, so that no other program's locks meet ours.
LOCK_SPACE = 0x6D617273


def is_postgresql(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def server_now(conn: Connection) -> datetime:
    """Return the database's time: PostgreSQL's own clock, as workers on several machines share no other."""
    if is_postgresql(conn):
        now: datetime = conn.execute(select(func.clock_timestamp())).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)


def wait_for_turn(conn: Connection, turn: Turn) -> None:
    """Until the end of this transaction let no other process take the same step.

    SQLite has one writer anyway. On PostgreSQL a row that another transaction is about to lease or decide
    cannot be seen, so `at most n per host` and `one mail for three watches` need more than row locks.
    """
    if is_postgresql(conn):
        conn.execute(select(func.pg_advisory_xact_lock(-LOCK_SPACE, int(turn))))


def insert(conn: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if is_postgresql(conn) else sqlite.insert(table)


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut *values* so that each part fits into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
