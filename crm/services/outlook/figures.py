"""The figures of the lower half of the portfolio, each with both its numbers. One statement.

Every condition is that of the page that lists the same things, so that a figure is what opens behind it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select, true
from sqlalchemy.orm import Session

from crm.services import complaint_lists, compliance, follow_ups, request_limits
from crm.services.comparing import responses
from crm.services.complaint_rules import CIO
from crm.services.compliance import COUNTED
from crm.services.engagement import danger_list
from crm.services.follow_ups import Only
from crm.services.outlook.where import Where
from crm.services.reviews import Standing, lies_ahead, stands
from crm.services.statements import NOW, put_together_once
from models.engagement import DangerFlag
from models.follow_up import FollowUp
from models.rating import Round
from models.request import Request, RequestKind
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover


def read(session: Session, where: Where) -> Any:
    """A row: ``held_now``, ``missed_now``, ``skipped_now``, the same ``_before``, ``late``, ``unplanned``, ``signs``,
    ``danger_units``, ``owed``, ``owed_late``, ``complaints``, ``complaints_late``, ``complaints_up``, ``asked``,
    ``answered``, ``silent``, ``nobody``, ``units``."""
    return session.execute(_all(where), {"now": where.now}).one()


@put_together_once
def _all(where: Where) -> Select[Any]:
    parts = (_reviews, _late, _danger, _replies, _complaints, _heard, _silent)
    whole, *others = [part(where).subquery(part.__name__) for part in (_units, *parts)]
    joined = select(*whole.c, *(column for other in others for column in other.c)).select_from(whole)
    for other in others:
        joined = joined.join(other, true())
    return joined


def _units(where: Where) -> Select[Any]:
    columns: list[Any] = [
        func.count().label("units"),
        func.count().filter(is_without_rep(where)).label("nobody"),
        func.count().filter(is_unplanned(where)).label("unplanned"),
    ]
    return select(*columns).select_from(BusinessUnit).where(where.condition())


def is_without_rep(where: Where) -> ColumnElement[bool]:
    """On BusinessUnit: nobody leads it today."""
    lead = Assignment.unit_id == BusinessUnit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(where.today)
    return ~exists().where(*lead).correlate(BusinessUnit)


def is_unplanned(where: Where) -> ColumnElement[bool]:
    """On BusinessUnit: no review lies ahead, and none is past its day that could still be held."""
    some = lies_ahead(where.here) | stands(Standing.OVERDUE, where.here)
    return ~exists().where(Review.unit_id == BusinessUnit.id, some).correlate(BusinessUnit)


def _reviews(where: Where) -> Select[Any]:
    columns = [
        func.count().filter(compliance.counts_as(which, where.here, stretch)).label(f"{which.value}_{name}")
        for name, stretch in (("now", where.stretch), ("before", where.before))
        for which in COUNTED
    ]
    both = Review.planned_on >= where.before.since, Review.planned_on < where.stretch.until
    return _of_units(select(*columns), Review, where).where(*both)


def _late(where: Where) -> Select[Any]:
    late = _of_units(select(func.count().label("late")), Review, where)
    return late.where(stands(Standing.OVERDUE, where.here))


def _danger(where: Where) -> Select[Any]:
    counted = select(func.count().label("signs"), func.count(DangerFlag.unit_id.distinct()).label("danger_units"))
    return _of_units(counted, DangerFlag, where).where(*danger_list.conditions(where.by, danger_list.Wanted()))


def _replies(where: Where) -> Select[Any]:
    late = func.count().filter(FollowUp.due_on < where.today)
    counted = select(func.count().label("owed"), late.label("owed_late"))
    return _of_units(counted, FollowUp, where).where(*follow_ups.conditions(Only.LOW, where.today))


def _complaints(where: Where) -> Select[Any]:
    level = complaint_lists.level_of()
    counted = select(
        func.count().label("complaints"),
        func.count().filter(request_limits.late(where.today)).label("complaints_late"),
        func.count(case((level >= CIO, 1))).label("complaints_up"),
    )
    return _of_units(counted, Request, where).where(*open_complaints(where))


def open_complaints(where: Where) -> list[ColumnElement[bool]]:
    """On Request."""
    of_kind = Request.kind == RequestKind.COMPLAINT
    wanted = complaint_lists.Wanted()
    return [of_kind, *complaint_lists.conditions(wanted, complaint_lists.level_of(), where.today)]


def _heard(where: Where) -> Select[Any]:
    return responses.counted(where.by, where.heard, NOW)


def silent_units(where: Where) -> Select[Any]:
    """Id and name of each unit that was asked and did not answer at all, with ``rounds`` and ``asked``."""
    units = BusinessUnit.id.label("unit_id"), BusinessUnit.name.label("name")
    each = responses.counted(where.by, where.heard, NOW, *units).group_by(*(unit.element for unit in units))
    return each.having(func.sum(Round.asked) > 0, func.coalesce(responses.answered(), 0) == 0)


def _silent(where: Where) -> Select[Any]:
    return select(func.count().label("silent")).select_from(silent_units(where).subquery("silent_units"))


def _of_units(statement: Any, table: Any, where: Where) -> Select[Any]:
    joined: Select[Any] = statement.select_from(table).join(BusinessUnit, BusinessUnit.id == table.unit_id)
    return joined.where(where.condition())
