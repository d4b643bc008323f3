"""On which days people work in a unit: weekends, public holidays, the house's closed days, the lead rep's absences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from crm.services import organisation
from crm.services.countries import days_off
from crm.services.organisation import Organisation
from models.absence import Absence, ClosedDays
from models.base import Dated
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from ``since`` to before ``until``, without an end when None, and what is on them."""

    since: date
    until: date | None
    why: str

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Calendar:
    """The working days of one unit. Without anything said: Monday to Friday."""

    country: str | None = None
    region: str | None = None
    closed: tuple[Span, ...] = ()
    #: When the lead rep of those days is away.
    away: tuple[Span, ...] = ()

    def is_working(self, day: date) -> bool:
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why nobody meets that day: "Christmas Day", "Sunday", "Ines Carvalho is away"; None on a working day."""
        off = days_off(self.country, self.region, day.year).get(day)
        if off or not (self.closed or self.away):
            return off
        return next((span.why for span in (*self.closed, *self.away) if span.holds(day)), None)

    def next_working(self, day: date, until: date) -> date | None:
        """The first working day from ``day`` on and before ``until``."""
        return next((other for other in days_between(day, until) if self.is_working(other)), None)

    def last_working(self, since: date, before: date) -> date | None:
        """The last working day before ``before``, and from ``since`` on."""
        days = (before - DAY * number for number in range(1, (before - since).days + 1))
        return next((day for day in days if self.is_working(day)), None)

    @property
    def house(self) -> Calendar:
        """The same, whoever is away."""
        return replace(self, away=()) if self.away else self


def days_between(since: date, until: date) -> Iterable[date]:
    return (since + DAY * number for number in range((until - since).days))


#: Monday to Friday, nothing else known.
WEEKDAYS_ONLY = Calendar()


def calendars(session: Session, *, unit_ids: Collection[int], since: date, until: date) -> dict[int, Calendar]:
    """The calendar of each of the units for the days from ``since`` to before ``until``, in four statements."""
    places = _places(session, unit_ids)
    closed, away = _closed(session, since, until), _away(session, unit_ids, since, until)
    return {
        unit_id: Calendar(*place, closed=(*closed[None], *closed[unit_id]), away=tuple(away[unit_id]))
        for unit_id, place in places.items()
    }


def calendar(session: Session, *, unit_id: int | None, since: date, until: date) -> Calendar:
    """The same for one unit; None: the calendar of the house, as far as no unit says otherwise."""
    if unit_id is not None:
        return calendars(session, unit_ids=[unit_id], since=since, until=until)[unit_id]
    house = organisation.current(session)
    return Calendar(house.country or None, house.region or None, closed=tuple(_closed(session, since, until)[None]))


def organisation_calendar(session: Session, *, since: date, until: date) -> Calendar:
    """What holds where no unit says otherwise. Two statements."""
    closed = _closed(session, since, until)
    return Calendar(*_place(None, None, organisation.current(session)), closed=tuple(closed[None]))


def house_calendar(session: Session, *, unit: BusinessUnit, since: date, until: date) -> Calendar:
    """The same for one unit that is loaded, whoever is away. Two statements."""
    closed = _closed(session, since, until)
    place = _place(unit.country, unit.region, organisation.current(session))
    return Calendar(*place, closed=(*closed[None], *closed[unit.id]))


def house_calendars(
    session: Session, *, units: Collection[BusinessUnit], house: Organisation, since: date, until: date
) -> dict[int, Calendar]:
    """The same for many, by unit. One statement."""
    closed = _closed(session, since, until)
    places = {unit.id: _place(unit.country, unit.region, house) for unit in units}
    return {
        unit_id: Calendar(*place, closed=(*closed[None], *closed.get(unit_id, ()))) for unit_id, place in places.items()
    }


def _places(session: Session, unit_ids: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
    """Country and region of each unit; what it leaves open is the organisation's."""
    house = organisation.current(session)
    units = select(BusinessUnit.id, BusinessUnit.country, BusinessUnit.region).where(BusinessUnit.id.in_(unit_ids))
    return {row.id: _place(row.country, row.region, house) for row in session.execute(units)}


def _place(country: str | None, region: str | None, house: Organisation) -> tuple[str | None, str | None]:
    return country or house.country or None, region or (None if country else house.region) or None


def _closed(session: Session, since: date, until: date) -> dict[int | None, list[Span]]:
    """By unit; None: everywhere."""
    spans: dict[int | None, list[Span]] = defaultdict(list)
    for closed in session.scalars(
        select(ClosedDays).where(_overlaps(ClosedDays, since, until)).order_by(ClosedDays.id)
    ):
        spans[closed.unit_id].append(Span(closed.since, closed.until, closed.name))
    return spans


def _away(session: Session, unit_ids: Collection[int], since: date, until: date) -> dict[int, list[Span]]:
    """By unit: when who leads it is away, for as long as they lead it."""
    leading = select(Assignment, Absence, Person.name).join(Absence, Absence.person_id == Assignment.rep_id)
    leading = leading.join(Person, Person.id == Assignment.rep_id)
    spans: dict[int, list[Span]] = defaultdict(list)
    for lead, absence, name in session.execute(
        leading.where(
            Assignment.cover == Cover.LEAD,
            Assignment.unit_id.in_(unit_ids),
            _overlaps(Assignment, since, until),
            _overlaps(Absence, since, until),
        ).order_by(Absence.since, Absence.id)
    ):
        ends = [end for end in (lead.until, absence.until) if end is not None]
        span = Span(max(lead.since, absence.since), min(ends, default=None), f"{name} is away")
        spans[lead.unit_id].append(span)
    return spans


def _overlaps(table: type[Dated], since: date, until: date) -> ColumnElement[bool]:
    return (table.since < until) & or_(table.until.is_(None), table.until > since)
