"""Work on time, as the administrator reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.services import job_runs
from models import JobRun
from tests.cast import Cast
from tests.client import Client

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _administrator(client: Client, cast: Cast) -> None:
    client.sign_in(cast.administrator)


def ran(session: Session, job: str, *, due: str = "2026-11-22", error: str = "", attempt: int = 1) -> None:
    session.add(
        JobRun(job=job, due=due, attempt=attempt, began_at=NOW, ended_at=NOW, done=None if error else 7, error=error)
    )
    session.commit()


def test_a_job_that_failed_at_every_try_is_raised_with_its_reason(client: Client, session: Session) -> None:
    for attempt in (1, 2, 3):
        ran(session, "tidy-up", error="OSError: no space left on device", attempt=attempt)
    assert "tidy-up failed three times" in client.get("/jobs").text
    assert "no space left on device" in client.get("/jobs").text
    assert "tidy-up failed three times" in client.get("/").text


def test_when_nothing_that_was_due_has_run_the_page_says_that_no_scheduler_runs(client: Client) -> None:
    page = client.get("/jobs").text
    assert "No scheduler has run what is due" in page
    assert "Nothing has run yet" in page


def test_when_all_is_well_it_says_so_and_lists_what_was_done(client: Client, session: Session) -> None:
    ran(session, "tidy-up")
    ran(session, "plan-reviews")
    page = client.get("/jobs").text
    assert "Everything due has run" in page
    assert "did 7" in page


def test_the_list_is_narrowed_to_a_job_and_to_failures(client: Client, session: Session) -> None:
    ran(session, "tidy-up", due="2026-11-21", error="It broke")
    ran(session, "tidy-up")
    assert "It broke" in client.get("/jobs?show=failed").text
    assert "No run fits" in client.get("/jobs?job=plan-reviews&show=failed").text


def test_old_runs_are_tidied_away_but_the_newest_of_each_job(session: Session) -> None:
    long_ago = NOW - timedelta(days=60)
    session.add_all(JobRun(job="tidy-up", due=str(day), began_at=long_ago) for day in range(3))
    session.flush()
    assert job_runs.remove_old(session, NOW) == 2
