"""One morning in November 2026, and the review due that month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

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
    return review_of_this_month(session, unit, date(2026, 11, 12))


def review_of_this_month(session: Session, unit: BusinessUnit, planned_on: date) -> Review:
    """The review of the month in which it is planned."""
    cadence = Cadence(
        unit_id=unit.id,
        frequency=Frequency.MONTHLY,
        day_rule=DayRule.MONTH_DAY,
        month_day=planned_on.day,
        at=time(10),
        since=LONG_AGO,
    )
    session.add(cadence)
    session.flush()
    since = planned_on.replace(day=1)
    review = Review(
        unit_id=unit.id,
        cadence_id=cadence.id,
        period=f"{since:%Y-%m}",
        period_since=since,
        period_until=(since + timedelta(days=31)).replace(day=1),
        planned_on=planned_on,
        planned_at=datetime.combine(planned_on, time(10), UTC),
    )
    session.add(review)
    session.commit()
    return review
