"""By when each open request should move on, said anew for all of them: when the limits or the calendars changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.services import clock, organisation, request_limits, working_days
from crm.services.request_limits import LIMITED, Limits
from crm.services.working_days import Calendar
from models.request import Request, RequestKind, RequestState
from models.unit import BusinessUnit

#: So many are read at once.
PAGE = 5_000
#: Closed days before this are not asked for.
BEFORE_ALL = date(2000, 1, 1)
#: So many ids fit into one statement on either database.
AT_ONCE = 500


@dataclass
class Reckoner:
    """The limits, and the calendar and clock of each unit. Units with the same days share what was counted."""

    limits: Limits
    calendars: dict[int, Calendar]
    zones: dict[int, str]
    _counted: dict[tuple[int, date, int], date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        same: dict[Calendar, Calendar] = {}
        self.calendars = {unit: same.setdefault(calendar, calendar) for unit, calendar in self.calendars.items()}

    def due_on(self, row: Any) -> date | None:
        """``row``: a request as :func:`_pages` reads it."""
        since = clock.local_date(row.stands_since, self.zones[row.unit_id]) if row.stands_since else row.logged_on
        return self.due(row.unit_id, row.state, row.kind, since)

    def due(self, unit_id: int, state: RequestState, kind: RequestKind, since: date) -> date | None:
        """The last day on which a request that came there on ``since``, a day of its unit, may stand there."""
        days = self.limits.get((state, kind))
        if days is None:
            return None
        calendar = self.calendars[unit_id]
        key = id(calendar), since, days
        if key not in self._counted:
            self._counted[key] = request_limits.after(since, days, calendar)
        return self._counted[key]


def reckon_all(session: Session, *, now: datetime) -> int:
    """Say for every request on whose state a clock runs by when it should move on. Returns for how many that differs
    from before. It is reckoned, not decided, so the audit trail keeps what it follows from: limits and closed days."""
    session.flush()
    reckoner, changed = reckoner_of(session, now=now), 0
    for rows in _pages(session):
        moved: dict[date | None, list[int]] = defaultdict(list)
        for row in rows:
            if (due := reckoner.due_on(row)) != row.due_on:
                moved[due].append(row.id)
        changed += sum(len(ids) for ids in moved.values())
        _write(session, moved)
    return changed


def reckoner_of(session: Session, *, now: datetime, unit_ids: Collection[int] | None = None) -> Reckoner:
    """For these units, or all. Four statements."""
    wanted = select(BusinessUnit) if unit_ids is None else select(BusinessUnit).where(BusinessUnit.id.in_(unit_ids))
    units = session.scalars(wanted).all()
    house = organisation.current(session)
    until = request_limits.horizon(now.date())
    calendars = working_days.house_calendars(session, units=units, house=house, since=BEFORE_ALL, until=until)
    return Reckoner(request_limits.current(session), calendars, {unit.id: unit.time_zone for unit in units})


def _pages(session: Session) -> Iterator[Sequence[Any]]:
    wanted = (Request.id, Request.unit_id, Request.state, Request.kind, Request.stands_since, Request.logged_on)
    running = select(*wanted, Request.due_on).where(Request.state.in_(LIMITED)).order_by(Request.id).limit(PAGE)
    last = 0
    while rows := session.execute(running.where(Request.id > last)).all():
        yield rows
        last = rows[-1].id


def _write(session: Session, moved: dict[date | None, list[int]]) -> None:
    for due, ids in moved.items():
        for begin in range(0, len(ids), AT_ONCE):
            chosen = Request.id.in_(ids[begin : begin + AT_ONCE])
            session.execute(update(Request).where(chosen).values(due_on=due))
