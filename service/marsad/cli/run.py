"""`marsad run`: the service itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from marsad import daemon


@click.command()
@click.option("--once", is_flag=True, help="Poll what is due, plan, deliver, and end: for cron.")
@click.pass_obj
def run(folder: Path | None, once: bool) -> None:
    """Poll feeds, find what is watched, and tell people, until SIGTERM.

    A mail under way is finished, for at most 30 seconds; a second SIGTERM ends at once. SIGHUP reads the
    configuration again; a changed file is noticed anyway. With --once the exit code is 1 where mails could
    not leave.

    \b
    Examples: marsad -c /etc/marsad run
              */10 * * * *  marsad -c /etc/marsad run --once
    """
    sys.exit(daemon.run(folder, once=once))
