"""Several schedulers, as processes of their own: one leads, each due run is made once, and a standby takes over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import select

from crm import paths, scheduler
from crm.db import Database
from crm.jobs import JOBS
from crm.leadership import AdvisoryLock, lock_of
from models import JobRun, Setting
from tests import processes

LOCKS = (
    "pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
CUT = f"SELECT pg_terminate_backend(pid) FROM {LOCKS}"


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
            other.exec_driver_sql(CUT)
        assert not lock.is_held()
        assert lock.is_held()
    lock.release()


def test_two_schedulers_make_each_due_run_once(database: Database, fresh_database_url: str) -> None:
    """As somebody starts them: ``crm jobs serve``, twice."""
    daily = [job.name for job in JOBS if str(job.schedule).startswith("Every day")]
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(process("-m", "crm", "jobs", "serve", url=fresh_database_url))
        until(lambda: {run.job for run in runs(database) if run.ended_at} >= set(daily), 60)
        time.sleep(scheduler.LOOK + 1)  # one more look of each
    assert_each_once(runs(database))


def runs(database: Database) -> Sequence[JobRun]:
    with database.session(writes=False) as session:
        return session.scalars(select(JobRun).order_by(JobRun.id)).all()


def assert_each_once(made: Sequence[JobRun]) -> None:
    dues = [(run.job, run.due) for run in made]
    assert len(set(dues)) == len(dues), "no due time has a second run"


@pytest.fixture
def four(database: Database, fresh_database_url: str) -> Iterator[list[BaseProcess]]:
    """Schedulers with a job that is due every second, and that tells the process which ran it."""
    started = [processes.started(processes.beat_for_ever, fresh_database_url) for _ in range(4)]
    yield started
    for scheduling in started:
        scheduling.kill()
        scheduling.join()


def test_of_four_schedulers_one_leads_and_whatever_happens_to_it_another_follows(
    database: Database, four: list[BaseProcess]
) -> None:
    first = leader(database, after=0, runs_of_it=3)
    os.kill(first, signal.SIGKILL)
    second = leader(database, after=len(runs(database)))
    assert second != first
    assert {run.done for run in runs(database) if run.ended_at} == {first, second}, "nobody else ran anything"
    assert_sleep_is_made_up_for_once(database, four)
    if not database.is_sqlite:
        assert_a_cut_connection_ends_the_lead(database)
    assert_each_once(runs(database))


def leader(database: Database, *, after: int, runs_of_it: int = 1) -> int:
    """Who made the runs that come after so many; waits for them, less than the minute that is promised."""

    def newest() -> Sequence[JobRun]:
        return [run for run in runs(database)[after:] if run.done]

    until(lambda: len(newest()) >= runs_of_it, 60)
    (found,) = {run.done for run in newest()}
    assert found is not None
    return found


def assert_sleep_is_made_up_for_once(database: Database, four: list[BaseProcess]) -> None:
    """The machine sleeps: all stop for four seconds, and go on as if nothing had been."""
    awake = [one.pid for one in four if one.is_alive() and one.pid]
    for pid in awake:
        os.kill(pid, signal.SIGSTOP)
    before, asleep = len(runs(database)), datetime.now(UTC)
    time.sleep(4)
    woken = datetime.now(UTC)
    for pid in awake:
        os.kill(pid, signal.SIGCONT)
    leader(database, after=before, runs_of_it=2)
    dues = [datetime.fromisoformat(run.due) for run in runs(database)[before:]]
    assert not [due for due in dues if asleep + timedelta(seconds=1) < due < woken - timedelta(seconds=1)]


def assert_a_cut_connection_ends_the_lead(database: Database) -> None:
    """It lives, but the server has forgotten it: whoever takes the lock then is alone again."""
    before = len(runs(database))
    with database.engine.connect() as connection:
        cut = connection.exec_driver_sql(CUT).all()
    assert len(cut) == 1
    time.sleep(2)
    leader(database, after=before + 2, runs_of_it=2)
    assert len(holders(database)) == 1


def holders(database: Database) -> Sequence[object]:
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT pid FROM {LOCKS}").all()
