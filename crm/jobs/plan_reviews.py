"""Keeps the next twelve months of reviews planned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.services import reviews


def run(session: Session, now: datetime) -> int:
    """How many reviews are new."""
    return reviews.plan_all(session, now.date())
