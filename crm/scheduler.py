"""Runs the jobs on time: inside the web server on one machine, or in a process of its own.

Any number of schedulers may run beside each other. Each job runs once a day (UTC), by whichever comes first: a lock
keeps two from running it at the same time, and the record of runs keeps the second from running it again.
"""

from __future__ import annotations

import fcntl
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from crm import db
from crm.db import Database
from crm.jobs import JOBS, Job
from crm.services import clock
from models.job_run import JobRun

log = logging.getLogger("crm.jobs")

#: How late a job may start before it is left for the next time.
GRACE = timedelta(hours=12)
#: How long after the start jobs are run that have not run today: the first page comes first.
SOON = timedelta(seconds=5)
#: Ours among the advisory locks of a PostgreSQL server: "jobs" in ASCII.
LOCK = 0x6A6F6273
ERROR_LENGTH = 2000


def run_job(app: Flask, job: Job, now: datetime | None = None) -> int:
    """Run a job, whether it is due or not, and record the run. Returns how many things it did.

    What the job did and the record of it are separate transactions: a job that fails leaves nothing but the record.
    Raises what the job raised.
    """
    began = now or clock.now()
    with app.app_context():
        run_id = _begin(job, began)
        try:
            with db.transaction() as session:
                done = job.run(session, began)
        except Exception as error:
            _end(run_id, error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH])
            log.exception("%s failed", job.name)
            raise
        _end(run_id, done=done)
    log.info("%s did %d", job.name, done)
    return done


def run_if_due(app: Flask, job: Job, now: datetime | None = None) -> int | None:
    """Run a job unless it has run well today, or another process is running one. None when it was left alone."""
    began = now or clock.now()
    with app.app_context(), _alone(db.database()) as is_alone:
        if not is_alone:
            return None
        with db.transaction() as session:
            if _has_run_today(session, job, began):
                return None
        return run_job(app, job, began)


def start_inside(app: Flask) -> None:
    """Start the scheduler in a thread of this process."""
    _with_jobs(BackgroundScheduler(**_options()), app).start()


def serve(app: Flask) -> None:
    """Run the scheduler until the process is told to stop."""
    scheduler = _with_jobs(BlockingScheduler(**_options()), app)
    signal.signal(signal.SIGTERM, _stop)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown()


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit


def _options() -> dict[str, Any]:
    # One thread: jobs come one after the other, so that they do not wait for each other's locks.
    return {
        "timezone": UTC,
        "executors": {"default": {"type": "threadpool", "max_workers": 1}},
        "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": int(GRACE.total_seconds())},
    }


def _with_jobs(scheduler: Any, app: Flask) -> Any:
    soon = clock.now() + SOON
    for job in JOBS:
        scheduler.add_job(run_if_due, CronTrigger.from_crontab(job.cron, UTC), args=[app, job], id=job.name)
        scheduler.add_job(run_if_due, "date", run_date=soon, args=[app, job], id=f"{job.name} at the start")
    return scheduler


def _begin(job: Job, now: datetime) -> int:
    with db.transaction() as session:
        run = JobRun(job=job.name, began_at=now)
        session.add(run)
        session.flush()
        return run.id


def _end(run_id: int, *, done: int | None = None, error: str = "") -> None:
    with db.transaction() as session:
        run = session.get_one(JobRun, run_id)
        run.ended_at, run.done, run.error = clock.now(), done, error


def _has_run_today(session: Session, job: Job, now: datetime) -> bool:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    good = exists().where(
        JobRun.job == job.name, JobRun.began_at >= midnight, JobRun.ended_at.is_not(None), JobRun.error == ""
    )
    return bool(session.scalar(select(good)))


@contextmanager
def _alone(database: Database) -> Iterator[bool]:
    """Whether this process may run jobs now; while inside, no other may."""
    if database.is_sqlite:
        with _file_locked(database.engine.url.database) as taken:
            yield taken
        return
    with database.engine.connect() as connection:
        taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}))
        try:
            yield taken
        finally:
            if taken:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


@contextmanager
def _file_locked(database_file: str | None) -> Iterator[bool]:
    """A lock beside the SQLite file; the system lets go of it when the process dies."""
    if not database_file or database_file == ":memory:":
        yield True
        return
    with Path(f"{database_file}.jobs-lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
