"""Requests that wait for a decision past the limit the house has set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.services import working_days
from crm.services.languages import Language
from crm.services.organisation import Organisation
from crm.services.reminders.due import Due, Ground, Told
from crm.services.working_days import DAY, Calendar
from models.mail import MailKind
from models.request import UNDECIDED, Request
from models.unit import BusinessUnit

#: Whatever the calendar says, after so many days anything is past its limit.
SURELY = timedelta(days=90)


def undecided(session: Session, ground: Ground) -> Iterator[Due]:
    """To the rep, once, on the first working day past the limit. Five statements."""
    limit = limit_of(ground.house)
    found = session.scalars(
        select(Request)
        .join(Request.unit)
        .where(
            Request.state.in_(UNDECIDED),
            Request.logged_on < ground.today - timedelta(days=limit),
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Request.unit))
        .order_by(Request.logged_on, Request.id)
    ).all()
    known = [request for request in found if request.unit_id in ground.reps]
    since, unit_ids = ground.today - SURELY, {request.unit_id for request in known}
    until = ground.today + DAY
    calendars = working_days.calendars(session, unit_ids=unit_ids, since=since, until=until) if known else {}
    for request in known:
        late_on = late_since(calendars[request.unit_id].house, request.logged_on, limit, ground.today)
        if late_on is not None:
            yield _due(request, late_on, ground)


def limit_of(house: Organisation) -> int:
    """In working days."""
    return int(house.request_limit) if house.request_limit.isdecimal() else int(Organisation.request_limit)


def late_since(calendar: Calendar, logged_on: date, limit: int, today: date) -> date | None:
    """The first day past the limit: the working day after so many working days; None when it is still to come."""
    day, left = max(logged_on, today - SURELY), limit + 1
    while left:
        if day >= today:
            return None
        day += DAY
        left -= calendar.is_working(day)
    return day


def _due(request: Request, late_on: date, ground: Ground) -> Due:
    return Due(
        kind=MailKind.REQUEST,
        about=request.id,
        person=ground.reps[request.unit_id],
        unit=request.unit,
        period=request.logged_on.isoformat(),
        falls_on=late_on,
        lies_ahead=False,
        path=f"/requests/{request.id}",
        tell=lambda say: _told(request, ground, say),
    )


def _told(request: Request, ground: Ground, say: Language) -> Told:
    limit = limit_of(ground.house)
    return Told(
        what=say("Waits for a decision: {title}", title=request.title),
        why=say.many(
            "{unit} asked on {day}; IT decides within {n} working day.",
            "{unit} asked on {day}; IT decides within {n} working days.",
            limit,
            unit=request.unit.name,
            day=say.day(request.logged_on, ground.today),
        ),
        button=say("Decide it"),
    )
