"""Is this database as this program needs it? Create, upgrade, or say plainly what to do."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import inspect, select, text

from marsad.errors import StoreNewer, StoreOutdated, StoreUnavailable
from marsad.store import dialect, sqlite_file
from marsad.store.database import Connection, Database

MIGRATIONS = Path(__file__).parent / "migrations"
"""Each file of its versions/ begins with the version that it makes, and versions ascend."""

log = logging.getLogger(__name__)


def prepare(database: Database, *, migrations: Path = MIGRATIONS) -> None:
    """Make *database* ready for the daemon.

    A SQLite file is created where there is none and, after a copy beside it, upgraded: hold
    `sqlite_file.lock_sqlite`. PostgreSQL is only looked at, as other processes may be running on it. Raises
    StoreOutdated, StoreNewer or StoreUnavailable.
    """
    if database.path is None:
        check(database, migrations=migrations)
    else:
        upgrade(database, migrations=migrations)


def check(database: Database, *, migrations: Path = MIGRATIONS) -> None:
    """Raise StoreOutdated, StoreNewer or StoreUnavailable unless *database* can be used as it is."""
    if database.path is not None:
        sqlite_file.check_file(database.path)
    found = database.query(_load_version)
    if found == _head(migrations):
        return
    _refuse_strangers(database, found, migrations)
    if found is None:
        raise StoreOutdated(f"{database.place} is empty; create its tables with `marsad db upgrade`")
    raise StoreOutdated(
        f"{database.place} is of an older version ({found}); upgrade it with `marsad db upgrade`"
    )


def upgrade(database: Database, *, migrations: Path = MIGRATIONS) -> str | None:
    """Create or upgrade the tables; return the version that was there before, None where nothing was.

    One transaction: a kill half-way leaves the old version. A SQLite file with data is copied first, to
    `<file>.before-<version>`.
    """
    path = database.path
    if path is not None:
        sqlite_file.make_folder(path)
        if not path.exists():
            with sqlite_file.new_file(path) as draft, Database.open_file(draft) as drafted:
                drafted.run(_migrate, migrations)
            return None
        sqlite_file.check_file(path)
    found = database.query(_load_version)
    if found == _head(migrations):
        return found
    _refuse_strangers(database, found, migrations)
    if path is not None:
        copy = path.with_name(f"{path.name}.before-{found}")
        sqlite_file.copy_file(path, copy)
        log.warning("database is upgraded; a copy of it is %s", copy)
    database.run(_migrate, migrations)
    return found


def _refuse_strangers(database: Database, found: str | None, migrations: Path) -> None:
    if found is None and (database.path is not None or database.query(_has_tables)):
        raise StoreUnavailable(
            f"{database.place} is not Marsad's, or its tables are gone; correct store.url or restore a backup"
        )
    if found is not None and found not in _versions(migrations):
        raise StoreNewer(
            f"{database.place} is of a newer version ({found}) than this program;"
            " install the newer Marsad, or restore the backup made before its upgrade"
        )


def _load_version(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(
        select(text("version_num")).select_from(text("alembic_version"))
    ).scalar()
    return found


def _has_tables(conn: Connection) -> bool:
    return bool(inspect(conn).get_table_names())


def _migrate(conn: Connection, migrations: Path) -> None:
    if dialect.is_postgresql(conn):
        # A second `marsad db upgrade` waits here; then it finds nothing left to do.
        dialect.wait_for_turn(conn, dialect.Turn.UPGRADE)
        conn.execute(text("SET LOCAL statement_timeout = 0"))
    # Alembic takes longer to import than most commands to run, and all but this only compare a version.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": conn})
    # The option is read with ConfigParser's interpolation.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    command.upgrade(config, "head")


def _head(migrations: Path) -> str:
    versions = _versions(migrations)
    if not versions:
        raise RuntimeError(f"{migrations} holds no migration: the installation is damaged")
    return versions[-1]


def _versions(migrations: Path) -> list[str]:
    """Return every version that this program knows, ascending."""
    return sorted(path.name.partition("_")[0] for path in (migrations / "versions").glob("[0-9]*.py"))
