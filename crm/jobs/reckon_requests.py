"""Keeps by when each open request should move on in line with closed days and holidays."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import request_reckoning


def run(work: Work) -> int:
    """For how many requests the day is another one."""
    with work.begin() as session:
        return request_reckoning.reckon_all(session, now=work.now)
