"""The command `marsad`: a file per group of commands, all on the functions of `marsad.operations`."""

from __future__ import annotations

import errno
import logging
import sys
from importlib import import_module
from pathlib import Path

import click

from marsad import __version__, ops
from marsad.errors import ConfigurationError, MarsadError, StoreError, StoreLocked

log = logging.getLogger(__name__)

EXIT_FAILED, EXIT_CONFIGURATION, EXIT_STORE, EXIT_LOCKED = 1, 2, 3, 4


_COMMANDS = {
    "run": "run:run",
    "demo": "demo:demo",
    "check": "configuration:check",
    "status": "records:status",
    "feed": "feed:feed",
    "watch": "previews:watch",  # `watch test` of watches, with what looks at the archive
    "explain": "watches:explain",
    "entity": "entity:entity",
    "mentions": "records:mentions",
    "item": "records:item",
    "deliveries": "deliveries:deliveries",
    "db": "database:db",
}
"""Where each command stands, in the order of the help."""


class _Commands(click.Group):
    """Imports a command when it is asked for: the HTTP client or the matcher takes longer than most do."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"marsad.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="marsad")
@click.option(
    "-c",
    "--config",
    "folder",
    type=click.Path(path_type=Path),
    help="The configuration folder. Default: $MARSAD_CONFIG, else ./config",
)
@click.option("-v", "--verbose", is_flag=True, help="Show tracebacks of internal errors.")
@click.pass_context
def marsad(context: click.Context, folder: Path | None, verbose: bool) -> None:
    """Watch feeds for what matters to you, and be told by e-mail.

    Exit codes: 0 ok, 1 failed, 2 configuration, 3 database not usable or newer, 4 locked.
    """
    ops.configure_logging(verbose=verbose)
    context.obj = folder


def main() -> None:
    """Run the command line; every error is one plain message and an exit code of its own."""
    try:
        marsad.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(EXIT_CONFIGURATION if isinstance(error, click.UsageError) else EXIT_FAILED)
    except click.Abort:
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        # `marsad mentions | head`: nobody reads on. Python would complain again while it flushes at exit.
        sys.stderr.close()
        sys.exit(EXIT_FAILED)
    except Exception as error:
        sys.exit(_tell(error))


def _tell(error: Exception) -> int:
    """Say what is wrong, in as many lines as there are mistakes; return the exit code."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    match error:
        case OSError(errno=errno.ENOSPC):
            click.echo(
                ops.visible(f"cannot write {error.filename or 'the output'}: {error.strerror}"), err=True
            )
        case ConfigurationError(mistakes=mistakes):
            for mistake in mistakes:
                click.echo(ops.visible(str(mistake)), err=True)
            count = len(mistakes)
            click.echo(f"{count} mistake{'s' if count > 1 else ''} in the configuration", err=True)
            return EXIT_CONFIGURATION
        case StoreError():
            click.echo(ops.visible(str(error)), err=True)
            return EXIT_LOCKED if isinstance(error, StoreLocked) else EXIT_STORE
        case MarsadError():
            click.echo(ops.visible(str(error)), err=True)
        case _:
            # A defect of ours: what it is called helps to report it, and --verbose shows where it is.
            log.error("internal error; please report it with what --verbose adds", exc_info=error)
    return EXIT_FAILED
