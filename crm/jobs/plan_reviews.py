"""Keeps the next twelve months of reviews planned, and in line with rhythms, holidays and absences."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import house_rhythm, reviews


def run(session: Session, now: datetime) -> int:
    """How many reviews are new."""
    house_rhythm.follow_all(session, now.date())
    return reviews.plan_all(session, now.date())
