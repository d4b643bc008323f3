"""Work done on time: once a day, recorded, whoever does it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import scheduler
from crm.db import Database
from crm.jobs import JOBS, Job
from models import Attempt, JobRun, Setting
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, add_cadence, days_of, rule


def write_a_setting(session: Session, now: datetime) -> int:
    session.add(Setting(name="seen", value="1", at=now))
    return 3


def fail_half_way(session: Session, now: datetime) -> NoReturn:
    session.add(Setting(name="seen", value="1", at=now))
    session.flush()
    raise ValueError("the disk is full")


WORKS = Job("works", "0 4 * * *", write_a_setting, "For this test")
FAILS = Job("fails", "0 4 * * *", fail_half_way, "For this test")


def runs(session: Session) -> list[tuple[str, int | None, str]]:
    return [(run.job, run.done, run.error) for run in session.scalars(select(JobRun).order_by(JobRun.id))]


def seen(session: Session) -> int:
    return len(session.scalars(select(Setting).where(Setting.name == "seen")).all())


def test_a_run_is_recorded_with_what_it_did(app: Flask, session: Session) -> None:
    assert scheduler.run_job(app, WORKS, NOW) == 3
    run = session.scalars(select(JobRun)).one()
    assert (run.job, run.began_at, run.done, run.error) == ("works", NOW, 3, "")
    assert run.ended_at is not None
    assert seen(session) == 1


def test_a_job_that_fails_leaves_nothing_but_the_record_and_the_log(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match="disk"):
        scheduler.run_job(app, FAILS, NOW)
    assert runs(session) == [("fails", None, "ValueError: the disk is full")]
    assert seen(session) == 0
    assert "fails failed" in caplog.text


def test_a_good_run_is_logged(app: Flask, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="crm.jobs"):
        scheduler.run_job(app, WORKS, NOW)
    assert "works did 3" in caplog.text


def test_a_job_runs_once_a_day(app: Flask, session: Session) -> None:
    assert scheduler.run_if_due(app, WORKS, NOW) == 3
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(hours=2)) is None
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(days=1)) == 3
    assert seen(session) == 2


def test_a_job_that_failed_today_is_tried_again(app: Flask, session: Session) -> None:
    with pytest.raises(ValueError, match="disk"):
        scheduler.run_if_due(app, FAILS, NOW)
    mended = Job(FAILS.name, FAILS.cron, write_a_setting, FAILS.purpose)
    assert scheduler.run_if_due(app, mended, NOW) == 3


def test_while_another_scheduler_runs_jobs_this_one_does_not(app: Flask, session: Session) -> None:
    database: Database = app.extensions["database"]
    with scheduler._alone(database) as first:
        assert first
        assert scheduler.run_if_due(app, WORKS, NOW) is None
    assert scheduler.run_if_due(app, WORKS, NOW) == 3


def test_a_lock_left_by_a_process_that_died_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "crm.db.jobs-lock").touch()
    with scheduler._file_locked(str(tmp_path / "crm.db")) as taken:
        assert taken


def test_every_job_is_planned_and_also_run_soon_after_the_start(app: Flask) -> None:
    planned = scheduler._with_jobs(BackgroundScheduler(**scheduler._options()), app).get_jobs()
    assert {job.id for job in planned} == {name for job in JOBS for name in (job.name, f"{job.name} at the start")}


@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_no_job_runs_in_the_hours_in_which_clocks_change(job: Job) -> None:
    fires = CronTrigger.from_crontab(job.cron, UTC).get_next_fire_time(None, datetime(2026, 3, 29, tzinfo=UTC))
    assert fires is not None
    assert not 1 <= fires.hour < 3
    assert fires.date().isoformat() == "2026-03-29"


def test_the_jobs_plan_reviews_and_tidy_up(app: Flask, session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    session.add(Attempt(kind="x", key="y", at=NOW - timedelta(days=2)))
    session.commit()
    done = {job.name: scheduler.run_job(app, job, NOW) for job in JOBS}
    assert done == {"plan-reviews": 12, "tidy-up": 1}
    assert len(days_of(session, cast.finance)) == 12
