"""A database is created, upgraded, or refused in words that say what to do."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from marsad.errors import StoreNewer, StoreOutdated, StoreUnavailable
from marsad.store import schema
from marsad.store.configuration import sync_configuration
from marsad.store.database import Connection, Database
from marsad.store.sqlite_file import new_file
from marsad.store.tables import metadata
from tests.store.world import NOW, feed, item, poll, recipient, sync, watch

_NEXT = '''"""A later change."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("rank", sa.Integer()))
'''


@pytest.fixture
def later_migrations(tmp_path: Path) -> Path:
    """The migrations of a later program, which has one more."""
    folder = tmp_path / "100% later"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_later.py").write_text(_NEXT)
    return folder


def _definition(conn: Connection) -> set[tuple[str, ...]]:
    """Return what the database says of its tables, indexes and constraints, in a comparable form."""
    if conn.dialect.name == "sqlite":
        rows = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        found = {(row.name, _lines(row.sql)) for row in rows}
    else:
        rows = conn.execute(
            text(
                "SELECT table_name, column_name, data_type, is_nullable, coalesce(is_identity, '')"
                " || coalesce(left(column_default, 7), '') FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
        )
        found = {tuple(row) for row in rows}
        rows = conn.execute(text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        found |= {tuple(row) for row in rows}
        rows = conn.execute(
            text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace"
            )
        )
        found |= {tuple(row) for row in rows}
    return {one for one in found if not any("alembic_version" in part for part in one)}


def _lines(sql: str) -> str:
    """The parts of a CREATE in one order: a migration may list constraints in another."""
    return "\n".join(sorted(line.strip().rstrip(",") for line in re.sub(r"[ \t]+", " ", sql).splitlines()))


def test_migrations_and_tables_say_the_same(
    store: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if store.path is None:
        direct = Database.open(request.getfixturevalue("empty_postgres_url"))
    else:
        (tmp_path / "direct.db").touch()
        direct = Database.open_file(tmp_path / "direct.db")
    with direct:
        direct.run(metadata.create_all)
        assert store.query(_definition) == direct.query(_definition)


def test_a_prepared_store_passes_its_own_check(store: Database) -> None:
    schema.check(store)
    assert schema.upgrade(store) == "0001"


def test_the_daemon_creates_its_sqlite_file_for_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "state of a press office" / "marsad.db"
    with Database.open_file(path) as database:
        schema.prepare(database)
        schema.check(database)
        database.run(sync_one_feed)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["marsad.db"]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def sync_one_feed(conn: Connection) -> None:
    sync_configuration(
        conn,
        feeds=[feed("a")],
        watches=[],
        versions={},
        entities=[],
        recipients=[],
        channel="maildir",
        now=NOW,
    )


def test_a_command_does_not_create_a_database(tmp_path: Path) -> None:
    with Database.open_file(tmp_path / "marsad.db") as database:
        with pytest.raises(StoreUnavailable, match=r"there is no database .* yet; `marsad run` creates it"):
            schema.check(database)
        with pytest.raises(StoreUnavailable, match="cannot be opened"):
            database.run(sync_one_feed)
    assert list(tmp_path.iterdir()) == []


def test_a_creation_that_is_killed_leaves_no_database(tmp_path: Path) -> None:
    broken = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, broken, ignore=shutil.ignore_patterns("__pycache__"))
    (broken / "versions" / "0002_later.py").write_text(_NEXT.replace("op.add_column(", "op.nothing("))
    path = tmp_path / "var" / "marsad.db"
    with Database.open_file(path) as database:
        with pytest.raises(AttributeError):
            schema.prepare(database, migrations=broken)
        assert list(path.parent.iterdir()) == []
        schema.prepare(database)
        schema.check(database)


def test_a_database_whose_journal_could_not_be_emptied_into_it_is_not_put_in_place(tmp_path: Path) -> None:
    path = tmp_path / "marsad.db"
    with ExitStack() as readers:

        def create() -> None:
            with new_file(path) as draft, Database.open_file(draft) as drafted:
                drafted.run(metadata.create_all)
                # As where the disk is full, what is committed stays in the journal: a reader keeps it there.
                reader = readers.enter_context(closing(sqlite3.connect(draft)))
                reader.execute("BEGIN").execute("SELECT count(*) FROM feeds").fetchone()
                drafted.run(sync_one_feed)

        with pytest.raises(StoreUnavailable, match=r"marsad\.db cannot be created: .* is the disk full\?"):
            create()
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_keeps_what_is_there_and_a_copy_of_it(store: Database, later_migrations: Path) -> None:
    sync(store, feeds=[feed("a")], watches=[watch("w", "desk")], recipients=[recipient("desk")])
    poll(store, "a", item("1", "w"))
    with pytest.raises(StoreOutdated, match=r"older version \(0001\); upgrade it with `marsad db upgrade`"):
        schema.check(store, migrations=later_migrations)

    if store.path is None:
        with pytest.raises(StoreOutdated):
            schema.prepare(store, migrations=later_migrations)
        assert schema.upgrade(store, migrations=later_migrations) == "0001"
    else:
        schema.prepare(store, migrations=later_migrations)
        copy = store.path.with_name("marsad.db.before-0001")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with Database.open_file(copy) as copied:
            schema.check(copied)
            assert copied.query(_count_mentions) == 1
    schema.check(store, migrations=later_migrations)
    assert store.query(_count_mentions) == 1


def _count_mentions(conn: Connection) -> int:
    return int(conn.execute(text("SELECT count(*) FROM mentions")).scalar_one())


def test_an_upgrade_that_fails_half_way_changes_nothing(store: Database, later_migrations: Path) -> None:
    migration = later_migrations / "versions" / "0002_later.py"
    migration.write_text(_NEXT + '    raise RuntimeError("killed")\n')
    with pytest.raises(RuntimeError, match="killed"):
        schema.upgrade(store, migrations=later_migrations)
    schema.check(store)
    migration.write_text(_NEXT)
    schema.upgrade(store, migrations=later_migrations)
    schema.check(store, migrations=later_migrations)


def test_a_newer_database_is_refused(store: Database, later_migrations: Path) -> None:
    schema.upgrade(store, migrations=later_migrations)
    for step in (schema.check, schema.prepare, schema.upgrade):
        with pytest.raises(StoreNewer, match=r"newer version \(0002\) than this program; install the newer"):
            step(store)


def test_an_empty_postgresql_is_left_to_the_operator(empty_postgres_url: str) -> None:
    with Database.open(empty_postgres_url) as database:
        for step in (schema.check, schema.prepare):
            with pytest.raises(StoreOutdated, match="is empty; create its tables with `marsad db upgrade`"):
                step(database)
        assert schema.upgrade(database) is None
        schema.prepare(database)


def test_somebody_elses_tables_are_left_alone(empty_postgres_url: str, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    for database in (Database.open(empty_postgres_url), Database.open_file(path)):
        with database:
            if database.path is None:
                database.run(lambda conn: conn.execute(text("CREATE TABLE invoices (id INTEGER)")))
            for step in (schema.check, schema.prepare, schema.upgrade):
                with pytest.raises(StoreUnavailable, match="is not Marsad's"):
                    step(database)


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite_pages(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garbage(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\n" * 1000)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_cut_off, "is damaged or cut off; restore it from a backup"),
        (_overwrite_pages, "is damaged or cut off; restore it from a backup"),
        (_empty, r"is empty \(0 bytes\); restore it from a backup"),
        (_garbage, "is not a SQLite database; restore it from a backup"),
        (_folder, "is not a regular file; correct store.url"),
    ],
)
def test_a_damaged_file_is_refused_and_not_created_anew(
    sqlite_template: Path, tmp_path: Path, damage: object, told: str
) -> None:
    path = tmp_path / "marsad.db"
    path.write_bytes(sqlite_template.read_bytes())
    assert callable(damage)
    damage(path)
    before = path.read_bytes() if path.is_file() else None
    for step in (schema.check, schema.prepare, schema.upgrade):
        with Database.open_file(path) as database, pytest.raises(StoreUnavailable, match=told):
            step(database)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_two_operators_may_upgrade_postgresql_at_once(empty_postgres_url: str) -> None:
    with Database.open(empty_postgres_url) as one, Database.open(empty_postgres_url) as other:
        with ThreadPoolExecutor(2) as operators:
            list(operators.map(schema.upgrade, (one, other)))
        schema.check(one)


def test_versions_are_told_by_the_names_of_the_migrations() -> None:
    """So that a command that only compares them need not import Alembic."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions("base", "heads"))
    files = sorted(Path(script.path).name for script in scripts)
    assert [name.partition("_")[0] for name in files] == sorted(script.revision for script in scripts)
    newest_first = [script.revision for script in scripts]
    assert newest_first == sorted(newest_first, reverse=True)
