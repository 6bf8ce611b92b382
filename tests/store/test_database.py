"""One transaction is done whole or not at all, whoever is cancelled and whatever is lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import sqlite3
import threading
from contextlib import closing
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from marsad.errors import NotFound, StoreLocked, StoreRefused, StoreUnavailable
from marsad.store import database as database_module
from marsad.store import feeds, schema
from marsad.store.database import Connection, Database
from marsad.store.sqlite_file import lock_sqlite
from marsad.store.tables import entities
from tests.postgres import Postgres
from tests.store.world import NOW


def add_entity(conn: Connection, entity_id: str) -> None:
    conn.execute(insert(entities).values(id=entity_id, kind="person", name=entity_id, created_at=NOW))


def entity_ids(conn: Connection) -> list[str]:
    return list(conn.execute(select(entities.c.id).order_by(entities.c.id)).scalars())


async def test_what_a_function_returns_or_raises_reaches_the_caller(store: Database) -> None:
    await store.transaction(add_entity, "a")
    assert await store.read(entity_ids) == ["a"]
    with pytest.raises(NotFound, match="there is no feed x"):
        await store.read(feeds.load_feed, "x")
    assert store.query(entity_ids) == ["a"]


async def test_a_function_that_raises_leaves_nothing_behind(store: Database) -> None:
    def add_and_fail(conn: Connection) -> None:
        add_entity(conn, "a")
        raise LookupError("later")

    with pytest.raises(LookupError):
        await store.transaction(add_and_fail)
    assert await store.read(entity_ids) == []


async def test_a_read_cannot_write(store: Database) -> None:
    with pytest.raises(StoreUnavailable):
        await store.read(add_entity, "a")
    await store.transaction(add_entity, "a")


async def test_cancellation_waits_until_the_transaction_has_ended(store: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def add_slowly(conn: Connection) -> None:
        add_entity(conn, "first")
        begun.set()
        assert go_on.wait(30)
        add_entity(conn, "second")

    task = asyncio.create_task(store.transaction(add_slowly))
    await asyncio.to_thread(begun.wait, 30)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.query(entity_ids) == ["first", "second"]


async def test_a_cancelled_transaction_that_also_fails_says_so_in_the_log(
    store: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def fail_slowly(conn: Connection) -> None:
        begun.set()
        assert go_on.wait(30)
        raise LookupError("no such thing")

    task = asyncio.create_task(store.transaction(fail_slowly))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "no such thing" in caplog.text


async def test_a_timeout_of_the_caller_does_not_undo_a_commit(store: Database) -> None:
    go_on = threading.Event()

    def add_slowly(conn: Connection) -> None:
        assert go_on.wait(30)
        add_entity(conn, "a")

    asyncio.get_running_loop().call_later(0.05, go_on.set)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await store.transaction(add_slowly)
    assert store.query(entity_ids) == ["a"]


@pytest.mark.parametrize("name", ["a\x00b", "lone \ud800 surrogate"])
async def test_a_value_that_cannot_be_stored_is_refused_as_such(store: Database, name: str) -> None:
    if store.path is not None and "\x00" in name:
        await store.transaction(add_entity, name)
        return
    with pytest.raises(StoreRefused, match="refuses a value"):
        await store.transaction(add_entity, name)
    assert await store.read(entity_ids) == []


async def test_a_second_row_of_the_same_key_is_refused_without_its_values(store: Database) -> None:
    await store.transaction(add_entity, "secret-source")
    with pytest.raises(StoreRefused) as told:
        await store.transaction(add_entity, "secret-source")
    assert "secret-source" not in str(told.value)
    assert "INSERT" not in str(told.value)


async def test_a_writer_waits_for_another_program_that_writes(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT", database_module.BUSY_TIMEOUT / 100)
    path = Path(shutil.copy(sqlite_template, tmp_path / "marsad.db"))
    with Database.open_file(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as shell:
        assert store.query(entity_ids) == []
        shell.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.3, shell.execute, "COMMIT")
        await store.transaction(add_entity, "a")
        assert await store.read(entity_ids) == ["a"]

        shell.execute("BEGIN IMMEDIATE")
        assert await store.read(entity_ids) == ["a"], "readers wait for nobody"
        monkeypatch.setattr(database_module, "_PAUSES_S", (0.01,))
        with pytest.raises(StoreUnavailable, match="another program keeps it locked"):
            await store.transaction(add_entity, "b")
        shell.execute("ROLLBACK")
        await store.transaction(add_entity, "b")


async def test_a_transaction_outlives_its_connection(postgres: Postgres, postgres_url: str) -> None:
    """A connection that is cut, by an operator or a restart, costs a retry and nothing else."""
    tries = []

    def add_and_be_cut(conn: Connection) -> None:
        tries.append(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())
        add_entity(conn, "a")
        if len(tries) == 1:
            postgres.execute(f"SELECT pg_terminate_backend({tries[0]})")
        add_entity(conn, "b")

    with Database.open(postgres_url) as store:
        await store.transaction(add_and_be_cut)
        assert len(tries) == 2
        assert await store.read(entity_ids) == ["a", "b"]


async def test_a_deadlock_is_run_again(postgres_url: str) -> None:
    both = threading.Barrier(2, timeout=30)
    tries = []

    def lock_two(conn: Connection, first: str, second: str) -> None:
        tries.append(first)
        for step, one in enumerate((first, second)):
            conn.execute(text("UPDATE entities SET name = name || 'x' WHERE id = :id"), {"id": one})
            if step == 0 and len(tries) <= 2:
                both.wait()

    with Database.open(postgres_url) as store:
        await store.transaction(add_entity, "a")
        await store.transaction(add_entity, "b")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(store.transaction(lock_two, "a", "b"))
            tasks.create_task(store.transaction(lock_two, "b", "a"))
    assert len(tries) == 3


async def test_a_server_that_is_away_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_PAUSES_S", (0.01,))
    url = f"postgresql://marsad:hunter2@/news?host={tmp_path}"
    with Database.open(url) as store, pytest.raises(StoreUnavailable) as told:
        await store.transaction(add_entity, "a")
    assert str(told.value).startswith(f"database news at {tmp_path} cannot be used: ")
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("marsad.db", "is no database URL"),
        ("postgresql://u:hunter2@host:port/x", "is no database URL"),
        ("mysql://u:hunter2@host/x", "begins with mysql:; Marsad knows sqlite: and postgresql:"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used_says_what_to_write(url: str, told: str) -> None:
    with pytest.raises(StoreUnavailable, match=told) as raised:
        Database.open(url)
    assert "hunter2" not in str(raised.value)


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    path = tmp_path / "Пресс служба" / "50% of #1?.db"
    with Database.open_file(path) as database:
        schema.prepare(database)
        database.run(add_entity, "a")
    assert path.exists()


def test_a_commit_is_on_the_disk_before_it_returns(store: Database) -> None:
    if store.path is None:
        settings = store.query(lambda conn: conn.execute(text("SHOW synchronous_commit")).scalar_one())
        assert settings == "on"
        return
    settings = store.run(
        lambda conn: [
            conn.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    assert settings == ["wal", 2, 1]


async def test_a_full_disk_is_told_and_costs_nothing_but_the_transaction(
    sqlite_template: Path, tmp_path: Path
) -> None:
    def fill(conn: Connection) -> None:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(10_000):
            add_entity(conn, f"entity {number}")

    with Database.open_file(Path(shutil.copy(sqlite_template, tmp_path / "marsad.db"))) as store:
        with pytest.raises(StoreUnavailable, match="cannot be used: the disk is full"):
            await store.transaction(fill)
        assert await store.read(entity_ids) == []
        await store.transaction(lambda conn: conn.execute(text("PRAGMA max_page_count = 1000000")).all())
        await store.transaction(add_entity, "a")
        assert await store.read(entity_ids) == ["a"]


def _hold(path: str, pipe: Pipe) -> None:
    with lock_sqlite(Path(path)):
        pipe.send("locked")
        pipe.recv()


def test_one_daemon_has_a_file_until_it_ends_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "var" / "marsad.db"
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    daemon = context.Process(target=_hold, args=(str(path), theirs))
    daemon.start()
    try:
        assert ours.poll(60)
        assert ours.recv() == "locked"
        told = f"another marsad \\(process {daemon.pid}\\) works on"
        with pytest.raises(StoreLocked, match=told), lock_sqlite(path):
            pass
    finally:
        daemon.kill()
        daemon.join()
        daemon.close()
        ours.close()
        theirs.close()
    with lock_sqlite(path), pytest.raises(StoreLocked), lock_sqlite(path):
        pass
    with lock_sqlite(path):
        pass


async def test_closing_waits_for_what_is_under_way(store_url: str) -> None:
    store = Database.open(store_url)
    begun, go_on = threading.Event(), threading.Event()

    def add_slowly(conn: Connection) -> None:
        begun.set()
        assert go_on.wait(30)
        add_entity(conn, "a")

    task = asyncio.create_task(store.transaction(add_slowly))
    await asyncio.to_thread(begun.wait, 30)
    asyncio.get_running_loop().call_later(0.05, go_on.set)
    await asyncio.to_thread(store.close)
    await task
    with Database.open(store_url) as again:
        assert again.query(entity_ids) == ["a"]
