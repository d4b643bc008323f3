"""Several schedulers, as processes of their own: one leads, each due run is made once, and a standby takes over."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crm import paths
from crm.db import Database
from crm.jobs import JOBS
from crm.leadership import AdvisoryLock, lock_of
from models import JobRun, Setting

#: A process that takes the lock, says so, and holds it until it is killed.
HOLD = """
import sys, time
from crm.db import Database
from crm.leadership import lock_of
lock = lock_of(Database(sys.argv[1]))
print(lock.is_held(), flush=True)
time.sleep(60)
"""


@contextmanager
def process(*arguments: str, url: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "CRM_DATABASE_URL": url, "CRM_SECRET_KEY": "x" * 40}
    started = subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        cwd=paths.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()
        if started.stdout:
            started.stdout.close()


@pytest.fixture
def database(own_database: Database) -> Database:
    with own_database.session(writes=True) as session, session.begin():
        session.add(Setting(name="name", value="Fernhill IT", at=datetime.now(UTC)))
    return own_database


def until(condition: object, seconds: float) -> float:
    """Wait until it holds; how long that took."""
    began = time.monotonic()
    while not condition():  # type: ignore[operator]
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.1)
    return time.monotonic() - began


def test_a_leader_that_is_killed_is_followed_at_once(database: Database, fresh_database_url: str) -> None:
    standby = lock_of(database)
    with process("-c", HOLD, fresh_database_url, url=fresh_database_url) as leader:
        assert leader.stdout is not None
        assert leader.stdout.readline() == "True\n"
        assert not standby.is_held()
        leader.kill()
        assert until(standby.is_held, 30) < 30
    standby.release()


def test_a_lock_that_was_let_go_is_free_for_the_next(database: Database) -> None:
    first, second = lock_of(database), lock_of(database)
    assert first.is_held()
    assert not second.is_held()
    first.release()
    assert second.is_held()
    second.release()


def test_a_leader_whose_connection_breaks_knows_that_it_lost_the_lead(database: Database) -> None:
    lock = lock_of(database)
    assert lock.is_held()
    if isinstance(lock, AdvisoryLock):
        with database.engine.connect() as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        assert not lock.is_held()
        assert lock.is_held()
    lock.release()


@pytest.mark.parametrize("many", [2, 4])
def test_several_schedulers_make_each_due_run_once(database: Database, fresh_database_url: str, many: int) -> None:
    def runs() -> int:
        with database.session(writes=False) as session:
            return session.scalar(select(func.count(JobRun.id)).where(JobRun.ended_at.is_not(None))) or 0

    daily = [job for job in JOBS if str(job.schedule).startswith("Every day")]
    with ExitStack() as stack:
        for _ in range(many):
            stack.enter_context(process("-m", "crm", "jobs", "serve", url=fresh_database_url))
        until(lambda: runs() >= len(daily), 60)
        time.sleep(6)  # one more look of each
    with database.session(writes=False) as session:
        made = session.execute(select(JobRun.job, JobRun.due, func.count()).group_by(JobRun.job, JobRun.due)).all()
    assert [count for _, _, count in made] == [1] * len(made)
    assert {job for job, _, _ in made} >= {job.name for job in daily}
