"""The rule of the house: a complaint that nobody solves or answers in time goes up by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from crm import policy
from crm.errors import Conflict
from crm.services import clock, complaint_rules, complaints, escalations, organisation, request_limits, working_days
from crm.services.complaint_rules import CIO, OWNER, Patience
from crm.services.languages import Language, later
from crm.services.request_limits import UNITS_MOVE
from models.request import OPEN_STATES, Request, RequestKind, Severity
from models.request_part import Escalation
from models.unit import BusinessUnit

WORDS = {Severity.MINOR: later("minor"), Severity.SERIOUS: later("serious"), Severity.CRITICAL: later("critical")}
#: Of a complaint of which nobody said how bad it is.
USUAL = Severity.SERIOUS
#: Where IT is to act; while the unit is asked something, only a person passes it up.
OURS = tuple(state for state in OPEN_STATES if state not in UNITS_MOVE)


@dataclass(frozen=True)
class Due:
    """A complaint that should be higher than it is."""

    request: Request
    level: int
    patience: Patience


def pass_up_due(session: Session, *, now: datetime) -> int:
    """Pass up every complaint that is due. Safe to repeat: each goes to each level once. Returns how many went up."""
    return sum(_pass_up(session, one, now) for one in list(due(session, now=now)))


def due(session: Session, *, now: datetime) -> Iterator[Due]:
    """Those that should be higher by now, the oldest first. Four statements, however many there are."""
    house = organisation.current(session)
    rules = complaint_rules.rules_of(house)
    found = _open(session)
    units = {request.unit_id: request.unit for request, _ in found}
    since = min((complaints.since(request) for request, _ in found), default=now.date())
    until = now.date() + timedelta(days=2)
    known = working_days.house_calendars(session, units=units.values(), house=house, since=since, until=until)
    for request, level in found:
        today = clock.local_date(now, request.unit.time_zone)
        severity = request.severity or USUAL
        wanted = complaint_rules.level_due(
            rules, severity=severity, since=complaints.since(request), today=today, calendar=known[request.unit_id]
        )
        if wanted > max(level, OWNER):
            yield Due(request, wanted, rules[severity])


def _open(session: Session) -> Sequence[tuple[Request, int]]:
    """Complaints that wait for IT and have not reached the CIO, with how high they are."""
    highest = select(func.max(Escalation.level)).where(Escalation.request_id == Request.id)
    level = func.coalesce(highest.correlate(Request).scalar_subquery(), 0)
    wanted = (Request.kind == RequestKind.COMPLAINT, Request.state.in_(OURS), level < CIO)
    open_ = select(Request, level).join(Request.unit).where(*wanted, BusinessUnit.closed_on.is_(None))
    rows = session.execute(open_.options(contains_eager(Request.unit)).order_by(Request.logged_on, Request.id))
    return [(row[0], row[1]) for row in rows]


def _pass_up(session: Session, one: Due, now: datetime) -> bool:
    request, unit = one.request, one.request.unit
    today = clock.local_date(now, unit.time_zone)
    rungs = escalations.ways_up(session, request=request, unit=unit, today=today)
    rung = escalations.higher(rungs, one.level)
    if rung is None:
        return False
    by = policy.application(today)
    try:
        escalations.write(
            session, by=by, request=request, unit=unit, rung=rung, why=lambda say: _why(say, one), now=now
        )
    except Conflict:  # somebody passed it up by hand in this moment
        return False
    return True


def _why(say: Language, one: Due) -> str:
    days = one.patience.cio if one.level == CIO else one.patience.leader
    severity = say(WORDS[one.request.severity or USUAL])
    if not days:
        return say("One that is {severity} goes up at once.", severity=severity)
    return say.many(
        "One that is {severity} goes up after {n} working day without an answer.",
        "One that is {severity} goes up after {n} working days without an answer.",
        days,
        severity=severity,
    )


def next_step(since: date, patience: Patience, level: int, calendar: working_days.Calendar) -> tuple[int, date] | None:
    """To which level it goes next by itself, and on which day; None at the top."""
    if level >= CIO:
        return None
    days, to = (patience.leader, complaint_rules.LEADER) if level < complaint_rules.LEADER else (patience.cio, CIO)
    return to, request_limits.after(since, days, calendar)
