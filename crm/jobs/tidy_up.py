"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, old runs of jobs, drafts
nobody took up again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import drafts, job_runs, sign_ins, throttle


def run(session: Session, now: datetime) -> int:
    """How many rows are gone."""
    return sum(removed(session, now) for removed in REMOVERS)


REMOVERS = (throttle.remove_old, sign_ins.remove_expired, job_runs.remove_old, drafts.remove_old)
