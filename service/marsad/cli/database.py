"""`marsad db`: the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from marsad import config
from marsad.store import schema, sqlite_file
from marsad.store.database import Database

ROW_ID = click.IntRange(min=1, max=2**63 - 1)
"""The number of an item, delivery or revision, as the database counts them."""


@contextmanager
def opened(folder: Path | None) -> Iterator[tuple[config.Settings, Database]]:
    """Open the database of the configuration, where it can be used as it is."""
    settings = config.load(folder)
    with Database.open(settings.store.url) as database:
        schema.check(database)
        yield settings, database


@click.group()
def db() -> None:
    """Create and upgrade the database."""


@db.command()
@click.pass_obj
def upgrade(folder: Path | None) -> None:
    """Create the tables, or bring them to the version of this program.

    A SQLite file is copied before, and must not be in use by a daemon.

    \b
    Example: marsad -c /etc/marsad db upgrade
    """
    settings = config.load(folder)
    with Database.open(settings.store.url) as database:
        with nullcontext() if database.path is None else sqlite_file.lock_sqlite(database.path):
            before = schema.upgrade(database)
        click.echo(f"{database.place} is ready" + (f" (it was of version {before})" if before else ""))
