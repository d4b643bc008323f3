"""The database: one engine, one session per request, one commit per writing request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Database:
    """Makes sessions. On SQLite a session that writes takes the write lock at its first statement, not half way."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            _make_sqlite_strict(self.engine)
        writing = self.engine.execution_options(sqlite_begin="IMMEDIATE")
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(writing, expire_on_commit=False)

    def session(self, *, writes: bool) -> Session:
        return self._writing() if writes else self._reading()

    def bind_to(self, connection: Connection) -> None:
        """Make every session join this connection's transaction: a test that rolls back at its end."""
        self._reading = self._writing = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )


def _make_sqlite_strict(engine: Engine) -> None:
    file = make_url(str(engine.url)).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: PoolProxiedConnection) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


def init_app(app: Flask, url: str) -> None:
    app.extensions["database"] = Database(url)
    app.after_request(_commit)
    app.teardown_request(_close)


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """The session of this request."""
    if "session" not in g:
        g.session = database().session(writes=request.method not in READING)
    found: Session = g.session
    return found


def keep() -> None:
    """Commit although the answer will be a refusal: a failed sign-in must be counted."""
    g.keep = True


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work outside a request: a job, a command."""
    with database().session(writes=True) as opened, opened.begin():
        yield opened


@contextmanager
def apart() -> Iterator[Session]:
    """The rare write in a request that reads, in a transaction of its own: that a session is in use, that a link was
    unknown. The request's session is closed first; what it loaded stays readable."""
    _close(None)
    with transaction() as opened:
        yield opened


def _commit(response: Response) -> Response:
    """The answer leaves only after this; a commit that fails becomes an error page."""
    if "session" in g and request.method not in READING and (response.status_code < 400 or "keep" in g):
        g.session.commit()
    return response


def _close(_: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
