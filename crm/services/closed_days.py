"""Days on which the house is closed besides weekends and public holidays: of one unit, or of all."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages, review_planning
from models.absence import ClosedDays
from models.unit import BusinessUnit

NAME_LENGTH = 80
#: How many days can be closed at once.
LONGEST = timedelta(days=366)


def listed(session: Session, *, by: Actor, number: int, past: bool = False) -> pages.Page[ClosedDays]:
    """Those from today on, in order; or those that are over, newest first. Each with its unit."""
    policy.require(by, Action.CHANGE_SETTINGS)
    over = ClosedDays.until <= by.today
    ahead = or_(ClosedDays.until.is_(None), ClosedDays.until > by.today)
    order = (ClosedDays.since.desc(), ClosedDays.id.desc()) if past else (ClosedDays.since, ClosedDays.id)
    mine = select(ClosedDays).where(over if past else ahead).options(joinedload(ClosedDays.unit))
    return pages.of_objects(session, mine.order_by(*order), number)


def add(
    session: Session, *, by: Actor, name: str, first: date, last: date | None, unit: BusinessUnit | None, today: date
) -> ClosedDays:
    """Close the unit, or the whole house, from the first to the last day, and move the reviews that fall on these.

    Raises Invalid: "name" without one, "last" before the first, too long after it, or over.
    """
    policy.require(by, Action.CHANGE_SETTINGS)
    last = last or first
    checks = (
        ("name", bool(name), "Say what the days are called."),
        ("name", len(name) <= NAME_LENGTH, f"Keep the name under {NAME_LENGTH} letters."),
        ("last", last >= first, "The last day comes on or after the first."),
        ("last", last - first < LONGEST, "Close at most a year at once."),
        ("last" if last > first else "first", last >= today, "These days are over; reviews ahead are what can move."),
    )
    for field, holds, message in checks:
        if not holds:
            raise Invalid(field, message)
    days = ClosedDays(name=name, since=first, until=last + timedelta(days=1), unit_id=unit.id if unit else None)
    session.add(days)
    session.flush()
    _plan(session, days, today)
    return days


def remove(session: Session, *, by: Actor, closed_days_id: int, today: date) -> ClosedDays:
    """Take it back; reviews that had moved because of it return. Raises NotFound when it is gone already."""
    policy.require(by, Action.CHANGE_SETTINGS)
    days = session.get(ClosedDays, closed_days_id)
    if days is None:
        raise NotFound("That is no longer there.")
    session.delete(days)
    session.flush()
    _plan(session, days, today)
    return days


def _plan(session: Session, days: ClosedDays, today: date) -> None:
    if days.unit_id is None:
        review_planning.plan_all(session, today)
    else:
        review_planning.plan_many(session, [days.unit_id], today)
