"""`marsad check`: is the configuration right?"""

from __future__ import annotations

from pathlib import Path

import click

from marsad import config, ops


@click.command()
@click.pass_obj
def check(folder: Path | None) -> None:
    """Report every mistake in the configuration at once.

    \b
    Example: marsad -c /etc/marsad check
    """
    settings = config.load(folder)
    for warning in settings.warnings:
        click.echo(f"warning: {ops.visible(str(warning))}", err=True)
    click.echo(
        f"{settings.folder}: {len(settings.feeds)} feeds, {len(settings.watches)} watches,"
        f" {len(settings.entities)} entities, {len(settings.recipients)} recipients; no mistakes"
    )
