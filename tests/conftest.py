"""Fixtures for every test: real databases of both kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from marsad.store import schema
from marsad.store.database import Database
from tests.postgres import Postgres, running_postgres

settings.register_profile("dev", max_examples=20, deadline=None)
settings.register_profile("ci", max_examples=300, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")

_TEMPLATE = "marsad_template"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the PostgreSQL of tests that start many processes to `make slow`."""
    for item in items:
        if item.get_closest_marker("slow_on_postgresql") and "[postgresql" in item.name:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for this test session, with a prepared template."""
    with running_postgres() as server:
        server.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
        with Database.open(server.url(_TEMPLATE)) as database:
            schema.upgrade(database)
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test alone, with Marsad's tables."""
    with postgres.database(template=_TEMPLATE) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test alone, without any table."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared SQLite file to copy."""
    path = tmp_path_factory.mktemp("store") / "template.db"
    with Database.open_file(path) as database:
        schema.prepare(database)
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'marsad.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a prepared database, on both databases in turn."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    path = tmp_path / "marsad.db"
    template: Path = request.getfixturevalue("sqlite_template")
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    """An open, prepared and empty Database, on both databases in turn."""
    with Database.open(store_url) as database:
        yield database
