"""A reply that is owed: by whom, and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, working_days
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.rating import Response
from models.unit import Assignment, BusinessUnit, Cover

#: A reply is due within so many working days.
DUE_IN = 2
#: Holidays in between are looked for so far ahead.
_REACH = timedelta(days=30)


def begin(session: Session, response: Response, person_id: int, cause: FollowUpCause, now: datetime) -> FollowUp:
    """The lead rep of today owes this person a reply."""
    unit = session.get_one(BusinessUnit, response.unit_id)
    today = clock.local_date(now, unit.time_zone)
    opened = FollowUp(
        unit_id=unit.id,
        response_id=response.id,
        person_id=person_id,
        cause=cause,
        score=response.score,
        owner_id=_leads(session, {unit.id}, today).get(unit.id),
        opened_at=now,
        due_on=due(session, unit, today),
    )
    session.add(opened)
    session.flush()
    return opened


def again(session: Session, known: FollowUp, *, score: int, cause: FollowUpCause, now: datetime) -> None:
    """It was settled, withdrawn or answered, and there is news."""
    unit = session.get_one(BusinessUnit, known.unit_id)
    today = clock.local_date(now, unit.time_zone)
    known.state, known.cause, known.score = FollowUpState.OPEN, cause, score
    known.opened_at, known.closed_at, known.raised_at = now, None, None
    known.owner_id, known.due_on = _leads(session, {unit.id}, today).get(unit.id), due(session, unit, today)
    known.not_yet += 1
    session.flush()


def withdraw(session: Session, known: FollowUp, now: datetime) -> None:
    """What made it owed was taken back before anybody replied."""
    known.state, known.closed_at = FollowUpState.CLOSED, now
    session.flush()


def due(session: Session, unit: BusinessUnit, today: date) -> date:
    """The second working day after ``today``, there, whoever is away."""
    until = today + _REACH
    calendar = working_days.house_calendar(session, unit=unit, since=today, until=until)
    days = (day for day in working_days.days_between(today + timedelta(days=1), until) if calendar.is_working(day))
    return next((day for number, day in enumerate(days, start=1) if number == DUE_IN), until)


def follow_leads(session: Session, *, today: date, unit_ids: Collection[int] | None = None) -> int:
    """What is owed is owed by whoever leads the unit today. Returns how many changed hands. Two statements."""
    wanted = select(FollowUp).where(FollowUp.state == FollowUpState.OPEN)
    if unit_ids is not None:
        wanted = wanted.where(FollowUp.unit_id.in_(unit_ids))
    owed = session.scalars(wanted.order_by(FollowUp.id)).all()
    leads = _leads(session, {one.unit_id for one in owed}, today)
    moved = [one for one in owed if one.owner_id != leads.get(one.unit_id)]
    for one in moved:
        one.owner_id = leads.get(one.unit_id)
    session.flush()
    return len(moved)


def _leads(session: Session, unit_ids: Collection[int], today: date) -> dict[int, int]:
    """Who leads each of these units: unit id to person id. One statement."""
    led = (Assignment.unit_id.in_(unit_ids), Assignment.cover == Cover.LEAD, Assignment.in_force(today))
    return {row.unit_id: row.rep_id for row in session.scalars(select(Assignment).where(*led))}
