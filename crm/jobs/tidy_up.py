"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, old runs of jobs, drafts
nobody took up again, and the words of mail that came in long ago."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import drafts, job_runs, sign_ins, throttle
from crm.services.incoming import sorting


def run(work: Work) -> int:
    """How many rows, and words of mails, are gone."""
    removals = (
        throttle.remove_old,
        sign_ins.remove_expired,
        job_runs.remove_old,
        drafts.remove_old,
        sorting.forget_words,
    )
    with work.begin() as session:
        return sum(remove(session, work.now) for remove in removals)
