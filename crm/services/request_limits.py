"""By when a request should stand elsewhere, in working days of its unit: the one definition of being late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm.services import clock, working_days
from crm.services.working_days import DAY, Calendar
from models.request import OPEN_STATES, Request, RequestKind, RequestState
from models.request_part import RequestLimit
from models.unit import BusinessUnit

#: Where somebody is still to act, so that a clock runs; in the end states none does.
LIMITED = (*OPEN_STATES, RequestState.DELIVERED)
#: Where the unit is to act: its own clock, and never IT that is late.
UNITS_MOVE = (RequestState.WAITING, RequestState.DELIVERED)
#: The most working days a limit can have.
MOST = 250

Limits = Mapping[tuple[RequestState, RequestKind], int | None]

_STANDARD, _SPECIAL = RequestKind.STANDARD, RequestKind.NON_STANDARD
_QUESTION, _COMPLAINT = RequestKind.QUESTION, RequestKind.COMPLAINT
#: What holds until the house says otherwise, in working days.
DEFAULTS: Limits = {
    (state, kind): days
    for state, by_kind in {
        RequestState.LOGGED: {_STANDARD: 5, _SPECIAL: 5, _QUESTION: 2, _COMPLAINT: 1},
        RequestState.LOOKING: {_STANDARD: 5, _SPECIAL: 15, _QUESTION: 3, _COMPLAINT: 5},
        RequestState.WAITING: {_STANDARD: 10, _SPECIAL: 10, _QUESTION: 5, _COMPLAINT: 5},
        RequestState.ACCEPTED: {_STANDARD: 10, _SPECIAL: 20, _QUESTION: 5, _COMPLAINT: 5},
        RequestState.DELIVERING: {_STANDARD: 20, _SPECIAL: 60, _QUESTION: 5, _COMPLAINT: 10},
        RequestState.DELIVERED: {_STANDARD: 10, _SPECIAL: 20, _QUESTION: 10, _COMPLAINT: 10},
    }.items()
    for kind, days in by_kind.items()
}


def current(session: Session) -> Limits:
    """What holds now, for every state with a clock and every kind; None: no limit. One statement."""
    own = session.scalars(select(RequestLimit))
    said = {(RequestState(limit.state), RequestKind(limit.kind)): limit.days for limit in own}
    return {**DEFAULTS, **said}


def due_on(limits: Limits, *, state: RequestState, kind: RequestKind, since: date, calendar: Calendar) -> date | None:
    """The last day, that day included, on which it may stand there; None: no limit. ``since``: the unit's own date."""
    days = limits.get((state, kind))
    return None if days is None else after(since, days, calendar)


def after(since: date, days: int, calendar: Calendar) -> date:
    """So many working days later. Where a calendar has none for long, the last day looked at."""
    day, left, end = since, days, horizon(since, days)
    while left and day < end:
        day += DAY
        left -= calendar.is_working(day)
    return day


def horizon(since: date, days: int = MOST) -> date:
    """So far the calendar has to be known, to tell what is so many working days later."""
    return since + timedelta(days=3 * days + 60)


def set_due(session: Session, request: Request) -> None:
    """Say anew by when, for where it stands and what kind it is; call it when the kind changes too. At most four
    statements, none for where no clock runs."""
    if request.state not in LIMITED:
        request.due_on = None
        return
    unit = session.get_one(BusinessUnit, request.unit_id)
    since = clock.local_date(request.stands_since, unit.time_zone) if request.stands_since else request.logged_on
    calendar = working_days.house_calendar(session, unit=unit, since=since, until=horizon(since))
    limits = current(session)
    request.due_on = due_on(limits, state=request.state, kind=request.kind, since=since, calendar=calendar)


def is_late(request: Request, today: date) -> bool:
    """Whether the day has passed on which it should have moved on."""
    return request.state in LIMITED and request.due_on is not None and request.due_on < today


def late(today: date) -> ColumnElement[bool]:
    """The same as a condition, which an index answers."""
    return Request.state.in_(LIMITED) & (Request.due_on < today)


def late_with_us(today: date) -> ColumnElement[bool]:
    """Late, and IT is to act: not where the unit was asked something, or is to confirm."""
    return Request.state.in_([state for state in LIMITED if state not in UNITS_MOVE]) & (Request.due_on < today)


def is_units_move(state: RequestState) -> bool:
    """Whether the unit is to act next, and not IT."""
    return state in UNITS_MOVE
