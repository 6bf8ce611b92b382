"""The database and its threads: how it is opened, and how a store function becomes one transaction.

Store functions are plain and synchronous, take a `Connection` first and never commit. Here they get one.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

import sqlalchemy
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from marsad.errors import StoreUnavailable
from marsad.store import faults

Connection = sqlalchemy.Connection
"""What store functions take first; other layers only pass it on."""

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

# How long a statement waits for a lock before the transaction is begun anew, and how often and after what
# pauses that happens: together some 25 s on a database that stays locked, 2 s on one that refuses to connect.
BUSY_TIMEOUT = timedelta(seconds=5)
_PAUSES_S = (0.05, 0.2, 0.5, 1.0)
# Longer than any transaction of ours on a million feeds; a statement that hangs must not keep its thread.
_STATEMENT_TIMEOUT = timedelta(minutes=2)
_READERS = 2
_WRITERS_POSTGRESQL = 4


class Database:
    """One open database; use `Database.open`, and `close` it when all work on it has ended."""

    def __init__(self, url: URL, *, path: Path | None) -> None:
        self.path = path
        """The SQLite file; None on PostgreSQL."""
        self.place = f"database {path}" if path else f"database {_shown(url)}"
        """For people; holds no password."""
        self._password = str(url.password) if url.password else None
        if path is None:
            writers = _WRITERS_POSTGRESQL
            self._writer = self._reader = _open_postgresql(url, connections=writers + _READERS)
        else:
            writers = 1
            self._writer = _open_sqlite(path, connections=1, begin="BEGIN IMMEDIATE", query_only=False)
            self._reader = _open_sqlite(path, connections=_READERS, begin="BEGIN", query_only=True)
        self._write_threads = ThreadPoolExecutor(writers, thread_name_prefix="marsad-store-write")
        self._read_threads = ThreadPoolExecutor(_READERS, thread_name_prefix="marsad-store-read")
        self._closing = threading.Event()

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the database at *url*, `sqlite:////path/to/file` or `postgresql://user@host/name`.

        Nothing is read or created yet: that is `schema.prepare`. StoreUnavailable where *url* is none.
        """
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            # What make_url says repeats the text, password and all.
            raise StoreUnavailable(
                "store.url is no database URL; write sqlite:////path/to/marsad.db or postgresql://user@host/name"
            ) from error
        match parsed.get_backend_name():
            case "sqlite":
                if not parsed.database or parsed.database == ":memory:":
                    raise StoreUnavailable(
                        "store.url names no file; write it as sqlite:////path/to/marsad.db"
                    )
                return cls.open_file(Path(parsed.database))
            case "postgresql":
                return cls(parsed.set(drivername="postgresql+psycopg"), path=None)
            case other:
                raise StoreUnavailable(
                    f"store.url begins with {other}:; Marsad knows sqlite: and postgresql:"
                )

    @classmethod
    def open_file(cls, path: Path) -> Self:
        """Return the database in the SQLite file *path*; as for `open`, nothing is read or created yet."""
        return cls(URL.create("sqlite+pysqlite", database=str(path)), path=path.absolute())

    async def transaction(
        self, function: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *function* with a connection and *args* in one write transaction; return what it returns.

        A cancelled caller waits until the transaction has ended, either way, and is cancelled then. A
        transaction that lost a lock, a deadlock or its connection is begun anew from its start, also where
        the connection ended in the very commit: functions are idempotent by their keys and leases. Bounded by
        the waits of this module. Raises StoreUnavailable, StoreRefused, or what *function* raised.
        """
        job = self._write_threads.submit(self._run, self._writer, True, function, *args, **kwargs)
        return await _outlast_cancellation(job)

    async def read(
        self, function: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run *function* with a connection that cannot write; return what it returns."""
        job = self._read_threads.submit(self._run, self._reader, False, function, *args, **kwargs)
        return await _outlast_cancellation(job)

    def run(
        self, function: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do what `transaction` does, for callers without an event loop."""
        return self._write_threads.submit(self._run, self._writer, True, function, *args, **kwargs).result()

    def query(
        self, function: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do what `read` does, for callers without an event loop."""
        return self._read_threads.submit(self._run, self._reader, False, function, *args, **kwargs).result()

    @contextmanager
    def dedicated_connection(self) -> Iterator[Connection]:
        """Yield a connection of its own, outside of the pool: what its session holds ends with it."""
        with self._writer.connect() as connection:
            connection.detach()
            yield connection

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """Turn errors of the database into StoreError, in words for people."""
        try:
            yield
        except Exception as error:
            told = faults.translate(error, place=self.place, password=self._password)
            if told is None:
                raise
            raise told from error

    def close(self) -> None:
        """End the threads when what they do is done, and close every connection."""
        self._closing.set()
        self._write_threads.shutdown()
        self._read_threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(
        self,
        engine: Engine,
        writing: bool,
        function: Callable[Concatenate[Connection, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        with self.told_plainly():
            for pause in (*_PAUSES_S, None):
                try:
                    with engine.connect() as connection:
                        if not writing and self.path is None:
                            connection = connection.execution_options(postgresql_readonly=True)
                        with connection.begin():
                            return function(connection, *args, **kwargs)
                except Exception as error:
                    if pause is None or not faults.may_pass(error):
                        raise
                    log.info("transaction begun anew", extra={"function": function.__name__})
                    # Jitter parts the two sides of a deadlock. Shutting down, nobody waits.
                    self._closing.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            raise AssertionError("unreachable")


async def _outlast_cancellation(job: Future[R]) -> R:
    future = asyncio.wrap_future(job)
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.shield(future)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:
            break
    if cancelled is not None:
        if (failure := future.exception()) is not None:
            log.warning("a cancelled transaction also failed: %s", failure)
        raise cancelled
    return future.result()


def _open_sqlite(path: Path, *, connections: int, begin: str, query_only: bool) -> Engine:
    # mode=rw: without it SQLite creates a missing file, and a lost database would look like a new one.
    file = path.as_uri() + "?mode=rw"
    engine = create_engine(
        "sqlite+pysqlite://",
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        creator=lambda: _connect_sqlite(file, query_only=query_only),
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver's own way begins a transaction only at the first write, and then as a reader that cannot
        # become a writer while another writes; https://sqlite.org/lang_transaction.html
        connection.exec_driver_sql(begin)

    return engine


def _connect_sqlite(file: str, *, query_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file,
        uri=True,
        timeout=BUSY_TIMEOUT.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # A commit is on the disk when it returns, power cut or not.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if query_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _open_postgresql(url: URL, *, connections: int) -> Engine:
    milliseconds = int(_STATEMENT_TIMEOUT / timedelta(milliseconds=1))
    return create_engine(
        url,
        connect_args={
            "connect_timeout": 10,
            "application_name": "marsad",
            "options": f"-c statement_timeout={milliseconds} -c timezone=UTC"
            f" -c lock_timeout={int(BUSY_TIMEOUT / timedelta(milliseconds=1))}"
            " -c idle_in_transaction_session_timeout=60s",
            # A server that vanished without a word is noticed in about a minute, not after hours.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
        isolation_level="READ COMMITTED",
        pool_size=connections,
        max_overflow=1,
        pool_timeout=30,
    )


def _shown(url: URL) -> str:
    host = url.host or url.query.get("host", "localhost")
    return f"{url.database} at {host}"
