"""By when requests should stand elsewhere, or how late they are, in words and in the working days of their units."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from crm.services import request_limits, words, working_days
from crm.services.organisation import Organisation
from crm.services.working_days import DAY, WEEKDAYS_ONLY, Calendar, days_between
from models.request import Request

#: More working days late than this are not counted out.
MOST = 250


@dataclass(frozen=True)
class Told:
    """ "three working days late", or "by Thursday"; "" without a limit."""

    words: str
    is_late: bool = False


def told(session: Session, *, requests: Collection[Request], house: Organisation, today: date) -> Mapping[int, Told]:
    """By id, of requests with their units. One statement, none when nothing is late."""
    late = [one for one in requests if request_limits.is_late(one, today)]
    calendars = _calendars(session, late, house, today) if late else {}
    return {one.id: _told(one, today, calendars.get(one.unit_id, WEEKDAYS_ONLY)) for one in requests}


def _calendars(session: Session, late: Collection[Request], house: Organisation, today: date) -> dict[int, Calendar]:
    units = {one.unit_id: one.unit for one in late}
    since = min(one.due_on for one in late if one.due_on)
    return working_days.house_calendars(
        session, units=list(units.values()), house=house, since=since, until=today + DAY
    )


def _told(request: Request, today: date, calendar: Calendar) -> Told:
    if request.state not in request_limits.LIMITED or request.due_on is None:
        return Told("")
    if request.due_on >= today:
        return Told(f"by {words.day(request.due_on, today)}")
    return Told(_late(request.due_on, today, calendar), is_late=True)


def _late(due_on: date, today: date, calendar: Calendar) -> str:
    if (today - due_on).days > 2 * MOST:
        return f"late since {words.day(due_on, today)}"
    days = sum(calendar.is_working(day) for day in days_between(due_on + DAY, today + DAY))
    return f"{words.counted(days, 'working day')} late" if days else "late since the weekend"
