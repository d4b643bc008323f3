"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, old runs of jobs, drafts
nobody took up again."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import drafts, job_runs, sign_ins, throttle


def run(work: Work) -> int:
    """How many rows are gone."""
    removals = (throttle.remove_old, sign_ins.remove_expired, job_runs.remove_old, drafts.remove_old)
    with work.begin() as session:
        return sum(remove(session, work.now) for remove in removals)
