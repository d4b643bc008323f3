"""Why nobody works on a day: public holidays, closed days, the lead rep away. A quiet word beside the date."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import working_days
from crm.services.diary.events import Scope
from crm.services.diary.spans import Span
from crm.services.working_days import Calendar
from models.unit import Assignment, BusinessUnit, Cover

SATURDAY = 5
#: Of more units the house's own days are told only.
MOST = 30
AWAY = " is away"


@dataclass(frozen=True)
class Note:
    """``for_all``: nobody in the scope works that day."""

    text: str
    for_all: bool


def notes(session: Session, *, by: Actor, span: Span, scope: Scope) -> dict[date, Note]:
    """What is to be said of days on which not everybody works, weekends left out. Six statements at most.

    Where it does not hold for all units in the scope, it says for how many: "Corpus Christi (2 of 6 units)". People of
    the business are not told who of IT is away.
    """
    units = _units(session, by, scope)
    days = {"since": span.since, "until": span.until}
    if units is None:
        return _said([working_days.organisation_calendar(session, **days)], span)
    found = working_days.calendars(session, unit_ids=units, **days).values()
    sees_absences = policy.can(by, policy.Action.SEE_AGENDA)
    return _said([calendar if sees_absences else calendar.house for calendar in found], span)


def _units(session: Session, by: Actor, scope: Scope) -> Collection[int] | None:
    """None: more than can be told one by one."""
    if scope.unit_id is not None:
        visible = (BusinessUnit.id == scope.unit_id, policy.visible_units(by))
        return session.scalars(select(BusinessUnit.id).where(*visible)).all()
    if scope.rep_id is not None:
        led = (Assignment.rep_id == scope.rep_id, Assignment.cover == Cover.LEAD, Assignment.in_force(by.today))
        return session.scalars(select(Assignment.unit_id).where(*led).limit(MOST)).all()
    own = by.covers if scope.mine else frozenset[int]() if policy.sees_all_units(by) else by.belongs
    return own if 0 < len(own) <= MOST else None


def _said(calendars: Collection[Calendar], span: Span) -> dict[date, Note]:
    reasons: dict[date, Counter[str]] = defaultdict(Counter)
    for calendar in calendars:
        for day in span.all_days:
            if day.weekday() < SATURDAY and (why := calendar.why_not(day)):
                reasons[day][why] += 1
    return {day: _note(whys, len(calendars)) for day, whys in reasons.items()}


def _note(whys: Counter[str], of: int) -> Note:
    said = (why if many == of or why.endswith(AWAY) else f"{why} ({many} of {of} units)" for why, many in whys.items())
    return Note("; ".join(said), for_all=whys.total() == of)
