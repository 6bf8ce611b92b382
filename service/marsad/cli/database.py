"""`marsad db`: the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from marsad import config, ops
from marsad.errors import ConfigurationError
from marsad.store import schema, sqlite_file
from marsad.store.database import Database

ROW_ID = click.IntRange(min=1, max=2**63 - 1)
"""The number of an item, delivery or revision, as the database counts them."""


@contextmanager
def opened(folder: Path | None, *, whole: bool = False) -> Iterator[tuple[config.Settings, Database]]:
    """Open the database of the configuration, where it can be used as it is.

    What was recorded can be seen while other files than marsad.toml are being edited: their mistakes are only
    pointed out, unless the *whole* configuration is needed.
    """
    draft = config.read(folder)
    if draft.mistakes and (whole or not draft.main_known):
        raise ConfigurationError(draft.mistakes)
    if draft.mistakes:
        first, count = ops.visible(str(draft.mistakes[0])), len(draft.mistakes)
        more = f", and {count - 1} more" if count > 1 else ""
        click.echo(f"warning: the configuration has mistakes, see `marsad check`: {first}{more}", err=True)
    settings = draft.settings
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
