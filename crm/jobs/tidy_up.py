"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, old runs of jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import job_runs, sign_ins, throttle


def run(session: Session, now: datetime) -> int:
    """How many rows are gone."""
    return throttle.remove_old(session, now) + sign_ins.remove_expired(session, now) + job_runs.remove_old(session, now)
