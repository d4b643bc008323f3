"""Removes what has had its day: expired sign-ins, counts of attempts that no limit looks at, old runs of jobs, drafts
nobody took up again, packs that were deleted, the words of mail that came in long ago, and files without a request."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import drafts, job_runs, request_files, sign_ins, throttle
from crm.services.incoming import sorting
from crm.services.packs import shelf


def run(work: Work) -> int:
    """How many rows, and words of mails, are gone."""
    removals = (
        throttle.remove_old,
        sign_ins.remove_expired,
        job_runs.remove_old,
        drafts.remove_old,
        sorting.forget_words,
        shelf.let_go,
    )
    with work.begin() as session:
        gone = sum(remove(session, work.now) for remove in removals)
        strays = request_files.sweep(session, store=work.files, now=work.now) if work.files else 0
        return gone + strays
