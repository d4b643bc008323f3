"""The record of what was done on time: which try may begin, how it ended, what keeps failing."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import job_alarms, pages
from models.job_run import JobRun

#: So often a due time is tried; then it is left for the next, and the administrator is told.
TRIES = 3
#: How long after the beginning of a failed first, and second, try the next one comes.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
DIED = "The process stopped before it was done."
ERROR_LENGTH = 2000
#: So long runs are kept; of each job the newest is kept for good.
KEPT = timedelta(days=30)


class Shown(enum.StrEnum):
    """Which runs a list shows."""

    TELLING = "telling"  # did something, failed, or still runs
    FAILED = "failed"
    ALL = "all"


def claim(session: Session, *, job: str, due: str, now: datetime) -> JobRun | None:
    """The next try at this due time, begun; None when it is done, given up, or to be tried later.

    A try without an end was made by a process that died: the caller has made sure that no other runs jobs now.
    """
    tried = session.scalars(
        select(JobRun).where(JobRun.job == job, JobRun.due == due).order_by(JobRun.attempt).with_for_update()
    ).all()
    for run in tried:
        if run.ended_at is None:
            _fail(session, run, now, DIED)
    if tried and (tried[-1].went_well or len(tried) >= TRIES or now < _next_try(tried)):
        return None
    return _begin(session, JobRun(job=job, due=due, attempt=len(tried) + 1, began_at=now))


def _next_try(tried: Sequence[JobRun]) -> datetime:
    return tried[-1].began_at + PAUSES[len(tried) - 1]


def _begin(session: Session, run: JobRun) -> JobRun | None:
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        return None  # another process made this try a moment ago
    return run


def by_hand(session: Session, *, job: str, now: datetime) -> JobRun:
    """A run that somebody asked for, whether it is due or not."""
    run = JobRun(job=job, due=f"by hand {now.isoformat()}", began_at=now)
    session.add(run)
    session.flush()
    return run


def end(session: Session, *, run_id: int, now: datetime, done: int | None = None, error: str = "") -> None:
    """Say how it ended. The last of its tries that fails is told to the administrators."""
    run = session.get_one(JobRun, run_id)
    run.ended_at, run.done, run.error = now, done, ""
    if error:
        _fail(session, run, now, error[:ERROR_LENGTH])


def _fail(session: Session, run: JobRun, now: datetime, error: str) -> None:
    run.ended_at, run.error = now, error
    if run.attempt >= TRIES:
        job_alarms.tell(session, job=run.job, due=run.due, error=error, now=now)


def newest(session: Session, *, by: Actor) -> dict[str, JobRun]:
    """The newest run of each job, by its name."""
    policy.require(by, Action.SEE_JOBS)
    return newest_of_each(session)


def newest_of_each(session: Session) -> dict[str, JobRun]:
    """The same, for who sits at the machine itself."""
    last = select(func.max(JobRun.id)).group_by(JobRun.job)
    return {run.job: run for run in session.scalars(select(JobRun).where(JobRun.id.in_(last)))}


def listed(
    session: Session, *, by: Actor, job: str = "", shown: Shown = Shown.ALL, number: int = 1
) -> pages.Page[JobRun]:
    """Runs, the newest first."""
    policy.require(by, Action.SEE_JOBS)
    wanted = select(JobRun).order_by(JobRun.began_at.desc(), JobRun.id.desc())
    if job:
        wanted = wanted.where(JobRun.job == job)
    if shown is Shown.FAILED:
        wanted = wanted.where(JobRun.error != "")
    if shown is Shown.TELLING:
        wanted = wanted.where(or_(JobRun.error != "", JobRun.done > 0, JobRun.ended_at.is_(None)))
    return pages.of_objects(session, wanted, number)


def given_up(session: Session, *, jobs: Collection[str]) -> Sequence[JobRun]:
    """Jobs whose newest run was the last of its tries, and failed: somebody has to look. One statement."""
    last = select(func.max(JobRun.id)).where(JobRun.job.in_(jobs)).group_by(JobRun.job)
    failed = (JobRun.id.in_(last), JobRun.error != "", JobRun.attempt >= TRIES)
    return session.scalars(select(JobRun).where(*failed).order_by(JobRun.job)).all()


def remove_old(session: Session, now: datetime) -> int:
    """Runs of long ago; how many there were."""
    newest_ids = select(func.max(JobRun.id)).group_by(JobRun.job)
    old = delete(JobRun).where(JobRun.began_at < now - KEPT, JobRun.id.not_in(newest_ids))
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
