"""Workers: who is alive, and what becomes of the leases of who is not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from marsad.store import dialect
from marsad.store.database import Connection, Database
from marsad.store.deliveries import free_deliveries
from marsad.store.tables import feeds, workers


class Presence:
    """The proof that a worker lives: on PostgreSQL a lock that its session holds; on SQLite the file's lock.

    Every method may wait for the network: call them on a thread, one at a time.
    """

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker
        self._session = ExitStack()
        self._connection: Connection | None = None

    def renew(self, *, now: datetime) -> bool:
        """Announce the worker, or make sure that it still is announced; True where that was needed.

        While it was not, others may have freed its leases. StoreUnavailable where the server is not reached.
        """
        if self._database.path is not None:
            return False
        with self._database.told_plainly():
            if self._connection is not None:
                try:
                    with self._connection.begin():
                        self._connection.execute(text("SELECT 1"))
                except SQLAlchemyError:
                    self._leave()
                else:
                    return False
            try:
                self._connection = self._session.enter_context(self._database.dedicated_connection())
                with self._connection.begin():
                    number = _register(self._connection, self._worker, now)
                    # Before the commit, so that nobody sees the worker without its lock. A former session of
                    # its own that the server has not yet given up keeps it for a moment: lock_timeout.
                    self._connection.execute(select(func.pg_advisory_lock(dialect.LOCK_SPACE, number)))
            except BaseException:
                self._leave()
                raise
            return True

    def end(self) -> None:
        """Give the proof back; leases that are left are taken by others at once."""
        with self._database.told_plainly():
            if self._connection is not None:
                # The server notices a closed connection a moment later; said like this it knows at once.
                with suppress(SQLAlchemyError), self._connection.begin():
                    self._connection.execute(select(func.pg_advisory_unlock_all()))
            self._leave()

    def _leave(self) -> None:
        self._connection = None
        self._session.close()


def _register(conn: Connection, worker: str, now: datetime) -> int:
    number: int = conn.execute(
        dialect.insert(conn, workers)
        .values(name=worker, started_at=now, seen_at=now, ended_at=None)
        .on_conflict_do_update(index_elements=[workers.c.name], set_={"seen_at": now, "ended_at": None})
        .returning(workers.c.id)
    ).scalar_one()
    return number


@dataclass(frozen=True, kw_only=True)
class WorkerStatus:
    """A daemon that has not said that it ended."""

    name: str
    started_at: datetime
    seen_at: datetime
    """When it last said that it works."""
    trouble: str
    """What it wants mended, for people; "" where all is well."""


def beat(conn: Connection, worker: str, *, trouble: str, now: datetime) -> None:
    """Say that *worker* works at *now*, and what troubles it: what `marsad status` goes by."""
    conn.execute(
        dialect.insert(conn, workers)
        .values(name=worker, started_at=now, seen_at=now, ended_at=None, trouble=trouble)
        .on_conflict_do_update(
            index_elements=[workers.c.name], set_={"seen_at": now, "ended_at": None, "trouble": trouble}
        )
    )


def load_workers(conn: Connection) -> list[WorkerStatus]:
    """Return the workers that have not ended, the oldest first; some may have died since they were seen."""
    rows = conn.execute(select(workers).where(workers.c.ended_at.is_(None)).order_by(workers.c.id))
    return [
        WorkerStatus(name=row.name, started_at=row.started_at, seen_at=row.seen_at, trouble=row.trouble)
        for row in rows
    ]


def free_all_leases(conn: Connection, *, now: datetime) -> int:
    """Free every lease, of feeds and deliveries; return how many there were.

    For a daemon that starts and has the SQLite file's lock: whoever held them has ended.
    """
    conn.execute(update(workers).where(workers.c.ended_at.is_(None)).values(ended_at=now))
    return _free_feeds(conn, None) + free_deliveries(conn)


def free_leases(conn: Connection, worker: str, *, now: datetime) -> int:
    """Free what *worker* holds and record that it ends; return how many leases there were."""
    conn.execute(update(workers).where(workers.c.name == worker).values(ended_at=now))
    return _free_feeds(conn, [worker]) + free_deliveries(conn, [worker])


def free_leases_of_dead(conn: Connection, *, now: datetime) -> list[str]:
    """Free the leases of workers whose session on PostgreSQL has ended; return the names of these workers.

    A session's advisory lock goes with it, however its process ended. On SQLite there is nothing to find:
    `free_all_leases` at start is enough.
    """
    if not dialect.is_postgresql(conn):
        return []
    alive = text(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
        " AND classid = :space"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).bindparams(space=dialect.LOCK_SPACE)
    alive_ids = conn.execute(alive).scalars().all()
    dead = list(
        conn.execute(
            update(workers)
            .where(workers.c.ended_at.is_(None), workers.c.id.not_in(alive_ids))
            .values(ended_at=now)
            .returning(workers.c.name)
        ).scalars()
    )
    if dead:
        _free_feeds(conn, dead)
        free_deliveries(conn, dead)
    return dead


def _free_feeds(conn: Connection, names: Sequence[str] | None) -> int:
    leased = feeds.c.lease_worker.is_not(None) if names is None else feeds.c.lease_worker.in_(names)
    return conn.execute(update(feeds).where(leased).values(lease_worker=None, leased_until=None)).rowcount
