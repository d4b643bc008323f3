"""Tells the CIO of low ratings that nobody has replied to in time."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import follow_up_lateness


def run(work: Work) -> int:
    """Of how many late replies the CIO was told."""
    with work.begin() as session:
        return follow_up_lateness.raise_late(session, now=work.now)
