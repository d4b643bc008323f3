"""The health of every day, taken early in its morning. Days that were missed are taken as they would have been."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from crm.services import clock, organisation
from crm.services.health import making
from crm.services.health.making import Made
from crm.services.health.pieces import DAY
from crm.services.health.reading_facts import Span
from models.health import HealthDay

#: A house that has never taken a day begins with so many, so that there is something to compare with.
AT_FIRST = timedelta(days=400)


def due(session: Session, *, now: datetime) -> Span | None:
    """The days that are not taken yet, up to today; None when all are. Two statements."""
    today = clock.local_date(now, organisation.current(session).time_zone)
    newest = session.scalar(select(func.max(HealthDay.day)))
    first = newest + DAY if newest else today - AT_FIRST
    return Span(first, today) if first <= today else None


def take(session: Session, *, now: datetime) -> int:
    """Take all days that are due. Returns how many; 0 when there is nothing to do. Safe to repeat."""
    span = due(session, now=now)
    return take_days(session, span=span, now=now) if span else 0


def take_days(session: Session, *, span: Span, now: datetime) -> int:
    """Take these days, or make them anew. Returns how many."""
    ground, made = making.ground(session, span=span, now=now), Made()
    for unit_ids in making.batches(session, span):
        made.add(making.make(session, unit_ids=unit_ids, ground=ground))
    return close(session, span=span, made=made, now=now)


def close(session: Session, *, span: Span, made: Made, now: datetime) -> int:
    """Say that these days are taken, once all units are. Returns how many."""
    session.execute(delete(HealthDay).where(HealthDay.day >= span.first))
    days = [span.first + DAY * number for number in range((span.last - span.first).days + 1)]
    rows = [{"day": day, "taken_at": now, "units": made.units[day], "changed": made.changed[day]} for day in days]
    session.execute(insert(HealthDay), rows)
    return len(days)


def newest(session: Session) -> date | None:
    """The last day taken."""
    return session.scalar(select(func.max(HealthDay.day)))
