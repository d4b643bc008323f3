"""Which of several schedulers runs the jobs: the one that holds the lock. The others stand by."""

from __future__ import annotations

import fcntl
import logging
from io import TextIOWrapper
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from crm.db import Database

log = logging.getLogger("crm.jobs")

#: Ours among the advisory locks of a PostgreSQL server: "jobs" in ASCII.
LOCK = 0x6A6F6273
#: A leader whose machine vanished is missed by the server after 10 + 3 x 5 seconds.
KEEPALIVE = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class FileLock:
    """A lock beside the SQLite file. The system lets go of it when the process dies."""

    def __init__(self, database_file: str) -> None:
        self._path = Path(f"{database_file}.jobs-lock")
        self._file: TextIOWrapper | None = None

    def is_held(self) -> bool:
        """Whether it is ours, taking it when it is free."""
        if self._file is not None:
            return True
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLock:
    """A lock of the PostgreSQL server, on a connection of its own. It goes when the connection does."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def is_held(self) -> bool:
        """Whether it is ours, taking it when it is free. A connection that broke has lost it."""
        try:
            if self._connection is None:
                return self._take()
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            log.warning("The scheduler lost its connection to the database")
            self._drop()
            return False
        return True

    def _take(self) -> bool:
        connection = self._engine.connect()
        for setting in KEEPALIVE:
            connection.execute(text(f"SET {setting}"))
        if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            self._connection = connection
            return True
        connection.close()
        return False

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def release(self) -> None:
        """Let go: the connection is closed, not handed back with the lock still on it."""
        self._drop()


class NoLock:
    """A database in memory has one process."""

    def is_held(self) -> bool:
        return True

    def release(self) -> None:
        pass


Lock = FileLock | AdvisoryLock | NoLock


def lock_of(database: Database) -> Lock:
    """The lock that schedulers on this database share."""
    if not database.is_sqlite:
        return AdvisoryLock(database)
    file = database.engine.url.database
    return FileLock(file) if file and file != ":memory:" else NoLock()
