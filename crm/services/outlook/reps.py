"""What each rep carries: units, hours beside what the rhythms ask, what is overdue, and who is away. One statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, Subquery, case, func, select, union_all
from sqlalchemy.orm import Session, aliased

from crm.services import load, request_limits
from crm.services.cadence_rules import MONTHS
from crm.services.outlook.told import RepLine
from crm.services.outlook.where import Where
from crm.services.reviews import Standing, stands
from crm.services.statements import put_together_once
from models.absence import Absence
from models.action import Action as Promise
from models.action import ActionState
from models.follow_up import FollowUp, FollowUpState
from models.person import Person
from models.request import Request
from models.review import Cadence, Review
from models.unit import Assignment, BusinessUnit, Cover


def read(session: Session, where: Where) -> list[RepLine]:
    """Every rep who leads a unit here; without a branch, everyone who is a rep today. Most overdue first."""
    lines = [_line(row) for row in session.execute(_carrying(where))]
    return sorted(lines, key=lambda line: (-line.overdue, -line.units, line.name, line.rep_id))


@put_together_once
def _carrying(where: Where) -> Select[*tuple[Any, ...]]:
    led, sat = _led(where), _sat(where)
    cover = aliased(Person)
    found = (
        select(
            Person.id,
            Person.name,
            func.coalesce(led.c.units, 0).label("units"),
            func.coalesce(sat.c.minutes, 0).label("minutes"),
            func.coalesce(led.c.asked, 0).label("asked"),
            func.coalesce(led.c.overdue, 0).label("overdue"),
            Absence.id.label("absence_id"),
            Absence.until.label("away_until"),
            cover.name.label("covered_by"),
        )
        .outerjoin(led, led.c.rep_id == Person.id)
        .outerjoin(sat, sat.c.person_id == Person.id)
        .outerjoin(Absence, (Absence.person_id == Person.id) & Absence.in_force(where.today))
        .outerjoin(cover, cover.id == Absence.covered_by_id)
    )
    # Who leads units is listed whatever else: the units are.
    everybody = Person.is_rep & Person.left_on.is_(None) if where.branch_id is None else sat.c.minutes > 0
    return found.where(led.c.units.is_not(None) | everybody)


def _line(row: Any) -> RepLine:
    return RepLine(
        rep_id=row.id,
        name=row.name,
        units=row.units,
        minutes=int(row.minutes),
        asked=round(row.asked),
        overdue=int(row.overdue),
        is_away=row.absence_id is not None,
        away_until=row.away_until,
        covered_by=row.covered_by or "",
    )


def _led(where: Where) -> Subquery:
    """By rep: units led today, what is overdue in them, and the minutes their rhythms ask for in 30 days."""
    units, late = where.units(), _overdue(where)
    grouped = (
        select(
            Assignment.rep_id,
            func.count(Assignment.unit_id).label("units"),
            func.sum(late.c.many).label("overdue"),
            func.sum(Cadence.minutes * 1.0 / _months()).label("asked"),
        )
        .join(units, units.c.id == Assignment.unit_id)
        .outerjoin(late, late.c.unit_id == Assignment.unit_id)
        .outerjoin(Cadence, (Cadence.unit_id == Assignment.unit_id) & Cadence.in_force(where.today))
        .where(Assignment.cover == Cover.LEAD, Assignment.in_force(where.today))
        .group_by(Assignment.rep_id)
    )
    return grouped.subquery("led")


def _months() -> Any:
    """How many months a period has; thirty days count as one."""
    return case(dict(MONTHS), value=Cadence.frequency)


def overdue_parts(where: Where) -> list[Select[int]]:
    """The unit of each thing past its day: reviews, actions, requests where IT is to act, replies owed."""
    today = where.today
    late_review = select(Review.unit_id).join(BusinessUnit, BusinessUnit.id == Review.unit_id)
    return [
        late_review.where(stands(Standing.OVERDUE, where.here)),
        select(Promise.unit_id).where(Promise.state == ActionState.OPEN, Promise.due_on < today),
        select(Request.unit_id).where(request_limits.late_with_us(today)),
        select(FollowUp.unit_id).where(FollowUp.state == FollowUpState.OPEN, FollowUp.due_on < today),
    ]


def _overdue(where: Where) -> CTE:
    """By unit; each counted through its own index, and added up once."""
    each = union_all(*overdue_parts(where)).subquery()
    counted = select(each.c.unit_id, func.count().label("many")).group_by(each.c.unit_id)
    return counted.cte("overdue").prefix_with("MATERIALIZED")


def _sat(where: Where) -> Subquery:
    """Minutes by person, of the last 30 days, with these units."""
    sat = load.who_sat(where.by, where.lately, None)
    total = select(sat.c.person_id, func.sum(sat.c.lasted).label("minutes")).where(sat.c.is_rep)
    return total.where(where.among(sat.c.unit_id)).group_by(sat.c.person_id).subquery("minutes_of")
