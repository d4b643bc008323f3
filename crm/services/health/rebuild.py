"""The past made anew from what happened, and compared with what was taken day by day.

They differ where the past was changed after the day: a meeting logged late, a day of a promise put off, an answer
forgotten. The ledger tells what was known then; made anew, it tells what is known now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, organisation
from crm.services.health import daily
from crm.services.health.pieces import DAY
from crm.services.health.reading_facts import Span
from crm.services.health.snapshots import COMPONENTS
from models.health import HealthSnapshot
from models.unit import BusinessUnit

#: By unit and day: score, rule, and the values of the components.
Days = dict[tuple[int, date], tuple[int | None, ...]]
TOLD = 20


@dataclass(frozen=True)
class Compared:
    """How many days of units there are, how many differ, and the first of them in words."""

    days: int
    differed: int
    examples: tuple[str, ...]

    def told(self, *, put_right: bool) -> str:
        """ "3 of 4,812 days of units differ from what was taken."."""
        if not self.differed:
            return f"{self.days:,} days of units are what was taken."
        end = "differed, and were made anew." if put_right else "differ from what was taken."
        return "\n".join([f"{self.differed:,} of {self.days:,} days of units {end}", *self.examples])


def span(session: Session, *, since: date | None, now: datetime) -> Span:
    """From that day, or the beginning of a house that has taken none, up to the last day taken, or today."""
    today = clock.local_date(now, organisation.current(session).time_zone)
    last = daily.newest(session) or today
    return Span(min(since or last - daily.AT_FIRST, last), last)


def rebuild(session: Session, *, span: Span, now: datetime) -> Compared:
    """Make these days anew. Safe to repeat."""
    before = _by_day(session, span)
    daily.take_days(session, span=span, now=now)
    return _compared(before, _by_day(session, span), _names(session))


def compare(session: Session, *, span: Span, now: datetime) -> Compared:
    """Say what would differ, and change nothing."""
    tried = session.begin_nested()
    try:
        return rebuild(session, span=span, now=now)
    finally:
        tried.rollback()


def _by_day(session: Session, span: Span) -> Days:
    """What is kept of each day of each unit that has one."""
    values = [getattr(HealthSnapshot, one.value) for one in COMPONENTS]
    wanted = select(
        HealthSnapshot.unit_id,
        HealthSnapshot.since,
        HealthSnapshot.until,
        HealthSnapshot.score,
        HealthSnapshot.rule_id,
        *values,
    )
    lasts = (HealthSnapshot.since <= span.last, HealthSnapshot.lasts(span.first))
    found: Days = {}
    for unit_id, since, until, *content in session.execute(wanted.where(*lasts)):
        day = max(since, span.first)
        while day <= span.last and (until is None or day < until):
            found[unit_id, day] = tuple(content)
            day += DAY
    return found


def _compared(before: Days, after: Days, names: dict[int, str]) -> Compared:
    keys = sorted(before.keys() | after.keys())
    differing = [key for key in keys if before.get(key) != after.get(key)]
    examples = tuple(_told(names[unit_id], day, before, after, unit_id) for unit_id, day in differing[:TOLD])
    return Compared(len(keys), len(differing), examples)


def _told(name: str, day: date, before: Days, after: Days, unit_id: int) -> str:
    """ "Finance, 2026-05-04: 71, anew 69."."""
    was, now = (_score(days.get((unit_id, day))) for days in (before, after))
    return f"{name}, {day}: {was}, anew {now}"


def _score(content: tuple[int | None, ...] | None) -> str:
    if content is None:
        return "nothing"
    return "not known" if content[0] is None else str(content[0])


def _names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(BusinessUnit.id, BusinessUnit.name))}
