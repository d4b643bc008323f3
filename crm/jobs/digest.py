"""Writes the daily mail of the reps, and the weekly one of the CIO."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import digests, digests_weekly


def run(work: Work) -> int:
    """How many mails are written."""
    with work.begin() as session:
        daily = digests.send_daily(session, now=work.now)
    with work.begin() as session:
        return daily + digests_weekly.send_weekly(session, now=work.now)
