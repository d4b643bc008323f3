"""Rhythms and reviews for tests, on a Tuesday in November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.cadence_rules import Rule, period_of
from models import BusinessUnit, Cadence, DayRule, Frequency, Review

TODAY = date(2026, 11, 10)
NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def rule(**changes: Any) -> Rule:
    """Monthly, on the second Thursday at 10:00, unless changed."""
    usual: dict[str, Any] = {
        "frequency": Frequency.MONTHLY,
        "anchor_month": 1,
        "day_rule": DayRule.WEEKDAY,
        "nth": 2,
        "weekday": 3,
        "month_day": 15,
        "at": time(10),
        "minutes": 60,
    }
    return Rule(**(usual | changes))


def on_day(number: int, **changes: Any) -> Rule:
    """Monthly, on that day of the month."""
    return rule(day_rule=DayRule.MONTH_DAY, month_day=number, **changes)


def add_cadence(
    session: Session, unit: BusinessUnit, rule: Rule, since: date, until: date | None = None, place: str = ""
) -> Cadence:
    """A rhythm as it is stored; nothing is planned."""
    cadence = Cadence(unit_id=unit.id, since=since, until=until, place=place, **vars(rule))
    session.add(cadence)
    session.flush()
    return cadence


def add_review(session: Session, unit: BusinessUnit, day: date, **changes: Any) -> Review:
    """A monthly review planned for ten o'clock UTC of that day, with a rhythm that never came into force."""
    cadence = session.scalar(select(Cadence).where(Cadence.unit_id == unit.id).limit(1))
    review = new_review(cadence or add_cadence(session, unit, rule(), day, day), day, **changes)
    session.add(review)
    session.flush()
    return review


def new_review(cadence: Cadence, day: date, **changes: Any) -> Review:
    """The same, not yet in the database."""
    period = period_of(Frequency.MONTHLY, day)
    return Review(
        unit_id=cadence.unit_id,
        cadence_id=cadence.id,
        period=period.key,
        period_since=period.since,
        period_until=period.until,
        planned_on=day,
        planned_at=datetime.combine(day, time(10), UTC),
        **changes,
    )


def reviews_of(session: Session, unit: BusinessUnit) -> list[Review]:
    """Every review of the unit, by day, as the database has them."""
    session.expire_all()
    mine = select(Review).where(Review.unit_id == unit.id).order_by(Review.planned_on, Review.id)
    return list(session.scalars(mine))


def days_of(session: Session, unit: BusinessUnit) -> list[str]:
    """ "2026-11-12" and so on: the planned days of every review of the unit."""
    return [review.planned_on.isoformat() for review in reviews_of(session, unit)]


def ruled_days_of(session: Session, unit: BusinessUnit) -> list[str]:
    """The days that the rule alone gives, also where nobody works on them."""
    return [(review.ruled_on or review.planned_on).isoformat() for review in reviews_of(session, unit)]
