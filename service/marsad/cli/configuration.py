"""`marsad check`: is the configuration right?"""

from __future__ import annotations

from pathlib import Path

import click

from marsad import ops
from marsad.errors import ConfigurationError
from marsad.operations.check import check_configuration


@click.command()
@click.pass_obj
def check(folder: Path | None) -> None:
    """Report every mistake in the configuration at once.

    The queries of watches and the names of entities are compiled as the daemon compiles them. What is
    accepted but doubtful is told as a warning. Ends with 2 where there are mistakes.

    \b
    Example: marsad -c /etc/marsad check
    """
    checked = check_configuration(folder)
    for warning in checked.warnings:
        click.echo(f"warning: {ops.visible(str(warning))}", err=True)
    if checked.mistakes:
        raise ConfigurationError(checked.mistakes)
    settings = checked.settings
    click.echo(
        f"{settings.folder}: {len(settings.feeds)} feeds, {len(settings.watches)} watches,"
        f" {len(settings.entities)} entities, {len(settings.recipients)} recipients; no mistakes"
    )
