"""Keeps the next twelve months of reviews planned, and in line with rhythms, holidays and absences."""

from __future__ import annotations

from crm.jobs.work import Work
from crm.services import house_rhythm, reviews


def run(work: Work) -> int:
    """How many reviews are new."""
    with work.begin() as session:
        house_rhythm.follow_all(session, work.now.date())
        return reviews.plan_all(session, work.now.date())
