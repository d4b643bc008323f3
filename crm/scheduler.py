"""Runs the jobs on time: inside the web server on one machine, or in a process of its own.

Any number of schedulers may run beside each other: one holds the lock and runs the jobs, the others look every few
seconds whether it is free. What was due while nobody ran is caught up once. Each try at a due time is a row that the
database allows once, so that even two who both believe they lead do not do it twice.
"""

from __future__ import annotations

import logging
import signal
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app

from crm import db
from crm.config import Settings
from crm.hooks import HookPost
from crm.jobs import JOBS, Job
from crm.jobs.work import Work
from crm.leadership import Lock, lock_of
from crm.mail import SmtpPost
from crm.mailbox import ImapMailbox
from crm.services import clock, job_runs, organisation
from crm.services.incoming.parcels import Mailbox
from crm.services.sending import Post

log = logging.getLogger("crm.jobs")

#: How often each scheduler looks whether it leads and what is due, in seconds.
LOOK = 5
#: How long after the start the first look comes: the first page comes first.
SOON = timedelta(seconds=5)


def run_job(app: Flask, job: Job, now: datetime | None = None) -> int:
    """Run a job because somebody asked, and record the run. Returns how many things it did.

    Raises what the job raised.
    """
    began = now or clock.now()
    with app.app_context():
        with db.transaction() as session:
            run_id = job_runs.by_hand(session, job=job.name, now=began).id
        return _run(job, run_id, began)


def run_if_due(app: Flask, job: Job, now: datetime | None = None) -> int | None:
    """Run a job unless its newest due time is done, given up, or to be tried later: then None."""
    began = now or clock.now()
    with app.app_context():
        with db.transaction() as session:
            zone = ZoneInfo(organisation.current(session).time_zone)
            due = job.schedule.last(began, zone)
            run = job_runs.claim(session, job=job.name, due=due.key, now=began)
        return _run(job, run.id, began) if run else None


def _run(job: Job, run_id: int, began: datetime) -> int:
    """What the job does and the record of it are separate transactions: a job that fails leaves only the record."""
    try:
        with ExitStack() as stack:
            done = job.run(
                Work(db.transaction, began, _post(stack), _hooks(), _mailbox(stack), current_app.extensions["files"])
            )
    except Exception as error:
        with db.transaction() as session:
            job_runs.end(session, run_id=run_id, now=clock.now(), error=f"{type(error).__name__}: {error}")
        log.exception("%s failed", job.name)
        raise
    with db.transaction() as session:
        job_runs.end(session, run_id=run_id, now=clock.now(), done=done)
    log.info("%s did %d", job.name, done)
    return done


def _post(stack: ExitStack) -> Post | None:
    """The way to the mail server, closed with the run; None when none is connected."""
    settings: Settings = current_app.extensions["settings"]
    if settings.mail_server is None:
        return None
    return stack.enter_context(
        SmtpPost(settings.mail_server, base_url=settings.base_url, secret_key=settings.secret_key)
    )


def _hooks() -> Post | None:
    """The way to webhooks; None in the demonstration, where nothing leaves."""
    settings: Settings = current_app.extensions["settings"]
    return None if settings.demonstration else HookPost(base_url=settings.base_url)


def _mailbox(stack: ExitStack) -> Mailbox | None:
    """The same for the mailbox."""
    settings: Settings = current_app.extensions["settings"]
    return stack.enter_context(ImapMailbox(settings.mailbox)) if settings.mailbox else None


def start_inside(app: Flask) -> None:
    """Start the scheduler in a thread of this process."""
    _with_jobs(BackgroundScheduler(**_options()), app, lock_of(app.extensions["database"])).start()


def serve(app: Flask) -> None:
    """Run the scheduler until the process is told to stop."""
    lock = lock_of(app.extensions["database"])
    scheduler = _with_jobs(BlockingScheduler(**_options()), app, lock)
    signal.signal(signal.SIGTERM, _stop)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown()
        lock.release()


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit


def _options() -> dict[str, Any]:
    # One thread: jobs come one after the other, so that they do not wait for each other's locks. However late a look
    # is (the machine slept), it is made, and once.
    return {
        "timezone": UTC,
        "executors": {"default": {"type": "threadpool", "max_workers": 1}},
        "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    }


def _with_jobs(scheduler: Any, app: Flask, lock: Lock) -> Any:
    first = clock.now() + SOON
    for job in JOBS:
        look = {"args": [app, job, lock], "id": job.name, "name": job.purpose, "next_run_time": first}
        scheduler.add_job(_look, "interval", seconds=LOOK, **look)
    return scheduler


def _look(app: Flask, job: Job, lock: Lock) -> None:
    if lock.is_held():
        run_if_due(app, job)
