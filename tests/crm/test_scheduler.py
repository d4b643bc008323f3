"""Work done on time: once for each time it is due, recorded, whoever does it."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import create_app, scheduler
from crm.config import Settings
from crm.db import Database
from crm.job_commands import jobs_group
from crm.jobs import JOBS, Job
from crm.jobs.schedule import Daily
from crm.jobs.work import Work
from crm.leadership import FileLock, NoLock, lock_of
from crm.maker import Maker
from crm.services import job_runs
from models import Attempt, JobRun, OutboxMessage, Setting
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, add_cadence, days_of, rule


def write_a_setting(work: Work) -> int:
    with work.begin() as session:
        session.add(Setting(name="seen", value="1", at=work.now))
    return 3


def fail_half_way(work: Work) -> NoReturn:
    with work.begin() as session:
        session.add(Setting(name="seen", value="1", at=work.now))
        session.flush()
        raise ValueError("the disk is full")


AT_FOUR = Daily(time(4))
WORKS = Job("works", AT_FOUR, write_a_setting, "For this test")
FAILS = Job("fails", AT_FOUR, fail_half_way, "For this test")


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


def test_a_job_runs_once_for_each_time_it_is_due(app: Flask, session: Session) -> None:
    assert scheduler.run_if_due(app, WORKS, NOW) == 3
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(hours=2)) is None
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(days=1)) == 3
    assert seen(session) == 2


def test_after_three_days_down_a_missed_job_is_caught_up_once(app: Flask, session: Session) -> None:
    scheduler.run_if_due(app, WORKS, NOW)
    looks = [NOW + timedelta(days=3, seconds=10 * look) for look in range(4)]
    assert [scheduler.run_if_due(app, WORKS, look) for look in looks] == [3, None, None, None]


def test_a_job_that_failed_is_tried_again_after_a_pause_and_given_up_after_three_tries(
    app: Flask, session: Session
) -> None:
    for minute in range(60):
        with suppress(ValueError):
            scheduler.run_if_due(app, FAILS, NOW + timedelta(minutes=minute))
    tried = session.scalars(select(JobRun).order_by(JobRun.id)).all()
    assert [run.attempt for run in tried] == [1, 2, 3]
    assert [run.job for run in job_runs.given_up(session, jobs=["fails"])] == ["fails"]


def test_the_next_time_it_is_due_it_is_tried_anew_and_no_longer_given_up(app: Flask, session: Session) -> None:
    session.add_all(failed_run(attempt) for attempt in (1, 2, 3))
    session.commit()
    assert scheduler.run_if_due(app, Job("fails", AT_FOUR, write_a_setting, "Mended"), NOW + timedelta(days=1)) == 3
    assert not job_runs.given_up(session, jobs=["fails"])


def failed_run(attempt: int) -> JobRun:
    return JobRun(job="fails", due=NOW.date().isoformat(), attempt=attempt, began_at=NOW, ended_at=NOW, error="no")


def test_a_try_whose_process_died_counts_as_failed_and_is_made_again(app: Flask, session: Session) -> None:
    session.add(JobRun(job="works", due=NOW.date().isoformat(), attempt=1, began_at=NOW))
    session.commit()
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(seconds=10)) is None
    assert scheduler.run_if_due(app, WORKS, NOW + timedelta(minutes=2)) == 3
    assert [run.error for run in session.scalars(select(JobRun).order_by(JobRun.id))] == [job_runs.DIED, ""]


def test_a_scheduler_that_does_not_lead_runs_nothing(app: Flask, session: Session) -> None:
    database: Database = app.extensions["database"]
    leader, standby = lock_of(database), lock_of(database)
    try:
        assert leader.is_held()
        scheduler._look(app, WORKS, standby)
        assert seen(session) == 0
        leader.release()
        scheduler._look(app, WORKS, standby)
        assert seen(session) == 1
    finally:
        leader.release()
        standby.release()


def test_a_lock_left_by_a_process_that_died_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "crm.db.jobs-lock").touch()
    lock = FileLock(str(tmp_path / "crm.db"))
    assert lock.is_held()
    lock.release()


def test_every_job_is_in_the_scheduler_and_looked_at_soon(app: Flask) -> None:
    planned = scheduler._with_jobs(BackgroundScheduler(**scheduler._options()), app, NoLock()).get_jobs()
    assert {job.id for job in planned} == {job.name for job in JOBS}


def test_every_job_runs_and_among_them_are_planning_and_tidying_up(app: Flask, session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    session.add(Attempt(kind="x", key="y", at=NOW - timedelta(days=2)))
    session.commit()
    done = {job.name: scheduler.run_job(app, job, NOW) for job in JOBS}
    assert (done["change-hands"], done["plan-reviews"], done["tidy-up"]) == (0, 12, 1)
    assert len(days_of(session, cast.finance)) == 12


def test_a_job_given_up_is_told_to_the_administrators_once(app: Flask, session: Session, cast: Cast) -> None:
    for minute in range(60):
        with suppress(ValueError):
            scheduler.run_if_due(app, FAILS, NOW + timedelta(minutes=minute))
    (mail,) = session.scalars(select(OutboxMessage)).all()
    assert (mail.to_address, mail.subject) == (cast.administrator.email, "fails failed three times")
    assert "ValueError: the disk is full" in mail.body
    assert mail.path == "/jobs?job=fails"


def test_a_third_try_whose_process_died_is_told_as_well(app: Flask, session: Session, cast: Cast) -> None:
    session.add_all([failed_run(1), failed_run(2)])
    session.add(JobRun(job="fails", due=NOW.date().isoformat(), attempt=3, began_at=NOW))
    session.commit()
    assert scheduler.run_if_due(app, FAILS, NOW + timedelta(minutes=1)) is None
    assert job_runs.DIED in session.scalars(select(OutboxMessage.body)).one()


def test_the_list_on_the_terminal_says_how_it_went_and_when_it_is_due_next(own_database: Database) -> None:
    url = own_database.engine.url.render_as_string(hide_password=False)
    with own_database.session(writes=True) as writing, writing.begin():
        writing.add(Setting(name="time_zone", value="Europe/Lisbon", at=NOW))
        writing.add(JobRun(job="tidy-up", due="2026-11-22", began_at=NOW, ended_at=NOW, done=7))
    app = create_app(Settings(database_url=url, secret_key="x" * 40, testing=True))
    told = CliRunner().invoke(jobs_group, ["list"], obj=Maker(lambda _: app)).output
    app.extensions["database"].engine.dispose()
    (line,) = [line for line in told.splitlines() if line.strip().startswith("Every day at 04:40")]
    assert re.search(rf"last {NOW:%Y-%m-%d} \d\d:\d\d, did 7; next \d{{4}}-\d\d-\d\d 04:40", line), told
