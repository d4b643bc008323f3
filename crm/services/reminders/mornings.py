"""When mail of the morning is written: once a day where the clock shows the same, whatever clocks do at night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from crm.services.clashes import INSERTS
from crm.services.organisation import Organisation
from models.mail import Errand, Morning
from models.person import Person
from models.unit import BusinessUnit

#: On the recipient's clock.
BEGINS = {
    Errand.DIGEST: time(7, 30),
    Errand.WEEKLY: time(7, 30),
    Errand.REMIND: time(8),
    Errand.ASK: time(8),
    Errand.AFTER_REFUSAL: time(8),
}
#: What was missed is caught up until then; later the next morning says it all.
ENDS = time(18)


@dataclass(frozen=True)
class Come:
    """The morning of this day has come in these time zones."""

    day: date
    zones: frozenset[str]


def day_of(now: datetime, zone: ZoneInfo, begins: time) -> date | None:
    """The local day whose morning has begun and is not over. Compared on the wall clock, which in the hours from
    ``begins`` to ENDS shows every time once, on every day."""
    local = now.astimezone(zone)
    return local.date() if begins <= local.time() < ENDS else None


def is_new(day: date | None, done_on: date | None) -> bool:
    """Whether this morning is still to be written: once a day, never for a day before one that is done."""
    return day is not None and (done_on is None or done_on < day)


def claim(session: Session, *, errand: Errand, house: Organisation, now: datetime) -> list[Come]:
    """The mornings that have come and were nobody's yet; they are the caller's when the transaction is committed.

    Three statements at most.
    """
    done = {
        row.time_zone: row.done_on for row in session.scalars(select(Morning).where(Morning.errand == errand)).all()
    }
    come = {zone: day_of(now, ZoneInfo(zone), BEGINS[errand]) for zone in _zones(session, house)}
    new = {zone: day for zone, day in come.items() if day is not None and is_new(day, done.get(zone))}
    return list(_grouped((zone, new[zone]) for zone in _taken(session, errand, new)))


def _zones(session: Session, house: Organisation) -> set[str]:
    """Every time zone in which somebody's clock may stand."""
    people = select(Person.time_zone).where(Person.time_zone.is_not(None), Person.left_on.is_(None))
    units = select(BusinessUnit.time_zone).where(BusinessUnit.closed_on.is_(None))
    return {house.time_zone, *(zone for zone in session.scalars(union(people, units)) if zone)}


def _taken(session: Session, errand: Errand, new: dict[str, date]) -> list[str]:
    """Those that no other process took a moment ago."""
    if not new:
        return []
    insert = INSERTS[session.get_bind().dialect.name](Morning.__table__)
    later = insert.excluded.done_on > Morning.__table__.c.done_on
    statement = insert.on_conflict_do_update(
        index_elements=["time_zone", "errand"], set_={"done_on": insert.excluded.done_on}, where=later
    )
    rows = [{"time_zone": zone, "errand": errand, "done_on": day} for zone, day in sorted(new.items())]
    return list(session.connection().execute(statement.returning(Morning.time_zone), rows).scalars())


def _grouped(taken: Iterable[tuple[str, date]]) -> Iterator[Come]:
    zones: dict[date, set[str]] = defaultdict(set)
    for zone, day in taken:
        zones[day].add(zone)
    return (Come(day, frozenset(zones[day])) for day in sorted(zones))
