"""Keeps the next twelve months of reviews planned."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import reviews


def run(work: Work) -> int:
    """How many reviews are new."""
    with work.begin() as session:
        return reviews.plan_all(session, work.now.date())
