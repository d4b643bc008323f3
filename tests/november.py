"""One morning in November 2026, and the review due that month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from models import BusinessUnit, Cadence, DayRule, Frequency, Person, Review
from tests.cast import LONG_AGO

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 10)


def acting(session: Session, person: Person) -> Actor:
    return policy.actor_for(session, person, TODAY)


def november_review(session: Session, unit: BusinessUnit) -> Review:
    """The review of November 2026, planned for the 12th."""
    cadence = Cadence(
        unit_id=unit.id,
        frequency=Frequency.MONTHLY,
        day_rule=DayRule.MONTH_DAY,
        month_day=12,
        at=time(10),
        since=LONG_AGO,
    )
    session.add(cadence)
    session.flush()
    review = Review(
        unit_id=unit.id,
        cadence_id=cadence.id,
        period="2026-11",
        period_since=date(2026, 11, 1),
        period_until=date(2026, 12, 1),
        planned_on=date(2026, 11, 12),
        planned_at=datetime(2026, 11, 12, 10, tzinfo=UTC),
    )
    session.add(review)
    session.flush()
    return review
