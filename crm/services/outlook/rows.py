"""The first rows of each block of the lower half of the portfolio. One statement: all parts put under one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from crm.services import complaint_lists, covering, follow_ups
from crm.services.engagement import danger_list
from crm.services.follow_ups import Only
from crm.services.outlook import figures
from crm.services.outlook.told import Row
from crm.services.outlook.where import Where
from crm.services.reviews import Standing, stands
from crm.services.statements import put_together_once
from models.engagement import DangerFlag
from models.follow_up import FollowUp
from models.person import Person
from models.request import Request
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover

#: So many rows stand in a block.
FEW = 4

#: What each part says, in this order; what it does not say is left open.
COLUMNS: Mapping[str, Any] = {
    "key": Integer(),
    "unit_id": Integer(),
    "unit_name": String(),
    "title": String(),
    "on": Date(),
    "who": String(),
    "number": Integer(),
    "until": Date(),
    "told": JSON(),
}


def read(session: Session, where: Where) -> dict[str, list[Any]]:
    """By the name of the part, its rows in order."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(_all(where), {"now": where.now}):
        found[PARTS[row.part].__name__.removeprefix("_")].append(row)
    return found


@put_together_once
def _all(where: Where) -> Select[Any]:
    whole = union_all(*(_part(number, make(where)) for number, make in enumerate(PARTS))).subquery()
    return select(whole).order_by(whole.c.part, whole.c.place)


def row(found: Any) -> Row:
    return Row(found.key, found.unit_id, found.unit_name, found.title or "", found.on, found.who or "", found.number)


def _part(number: int, statement: Select[Any]) -> Select[Any]:
    found = statement.limit(FEW).subquery()
    columns = [found.c[name] if name in found.c else cast(null(), kind).label(name) for name, kind in COLUMNS.items()]
    return select(literal(number).label("part"), found.c.place, *columns)


def _said(order: Sequence[Any], **columns: SQLColumnExpression[Any]) -> list[ColumnElement[Any]]:
    """The columns of a part, and the place of each row in its order."""
    return [
        func.row_number().over(order_by=order).label("place"),
        *(column.label(name) for name, column in columns.items()),
    ]


def _danger(where: Where) -> Select[Any]:
    order = DangerFlag.raised_at.desc(), DangerFlag.id.desc()
    columns = _said(order, key=DangerFlag.id, title=cast(DangerFlag.rule, String), told=DangerFlag.evidence)
    found = _of_units(columns, DangerFlag, where)
    return found.where(*danger_list.conditions(where.by, danger_list.Wanted())).order_by(*order)


def _reply(where: Where) -> Select[Any]:
    owner, order = aliased(Person), (FollowUp.due_on, FollowUp.id)
    columns = _said(
        order, key=FollowUp.id, title=Person.name, on=FollowUp.due_on, who=owner.name, number=FollowUp.score
    )
    found = _of_units(columns, FollowUp, where).join(Person, Person.id == FollowUp.person_id)
    found = found.outerjoin(owner, owner.id == FollowUp.owner_id)
    return found.where(*follow_ups.conditions(Only.LOW, where.today)).order_by(*order)


def _complaint(where: Where) -> Select[Any]:
    since = func.coalesce(Request.complained_on, Request.logged_on, type_=Date())
    order = since, Request.id
    columns = _said(
        order,
        key=Request.id,
        title=Request.title,
        on=since,
        who=cast(Request.severity, String),
        number=complaint_lists.level_of(),
    )
    return _of_units(columns, Request, where).where(*figures.open_complaints(where)).order_by(*order)


def _late(where: Where) -> Select[Any]:
    order = Review.planned_on, Review.id
    lead = (Assignment.unit_id == Review.unit_id) & (Assignment.cover == Cover.LEAD) & Assignment.in_force(where.today)
    columns = _said(order, key=Review.id, on=Review.planned_on, who=Person.name)
    found = _of_units(columns, Review, where).outerjoin(Assignment, lead)
    found = found.outerjoin(Person, Person.id == Assignment.rep_id)
    return found.where(stands(Standing.OVERDUE, where.here)).order_by(*order)


def _unplanned(where: Where) -> Select[Any]:
    order = BusinessUnit.name, BusinessUnit.id
    columns = _said(order, key=BusinessUnit.id, unit_id=BusinessUnit.id, unit_name=BusinessUnit.name)
    return select(*columns).where(where.condition(), figures.is_unplanned(where)).order_by(*order)


def _without(where: Where) -> Select[Any]:
    ended = select(func.max(Assignment.until)).where(
        Assignment.unit_id == BusinessUnit.id, Assignment.cover == Cover.LEAD, Assignment.until <= where.today
    )
    since = ended.correlate(BusinessUnit).scalar_subquery()
    order = since.asc().nulls_last(), BusinessUnit.name, BusinessUnit.id
    columns = _said(order, key=BusinessUnit.id, unit_id=BusinessUnit.id, unit_name=BusinessUnit.name, on=since)
    return select(*columns).where(where.condition(), figures.is_without_rep(where)).order_by(*order)


def _absence(where: Where) -> Select[Any]:
    found = covering.left_alone(where.by).subquery()
    order = found.c.since, found.c.id, found.c.unit_name, found.c.unit_id
    return _gap(where, found, order, key=found.c.id, on=found.c.since, until=found.c.until)


def _ending(where: Where) -> Select[Any]:
    found = covering.endings(where.by).subquery()
    order = found.c.until, found.c.unit_name, found.c.unit_id
    return _gap(where, found, order, key=found.c.unit_id, on=found.c.until)


def _gap(where: Where, found: Any, order: Sequence[Any], **columns: SQLColumnExpression[Any]) -> Select[Any]:
    said = _said(order, unit_id=found.c.unit_id, unit_name=found.c.unit_name, who=found.c.name, **columns)
    return select(*said).where(where.among(found.c.unit_id)).order_by(*order)


def _silent(where: Where) -> Select[Any]:
    found = figures.silent_units(where).subquery()
    order = found.c.asked.desc(), found.c.name, found.c.unit_id
    said = _said(order, key=found.c.unit_id, unit_id=found.c.unit_id, unit_name=found.c.name)
    return select(*said, cast(found.c.asked, Integer).label("number")).order_by(*order)


def _of_units(columns: list[ColumnElement[Any]], table: Any, where: Where) -> Select[Any]:
    unit = BusinessUnit.id.label("unit_id"), BusinessUnit.name.label("unit_name")
    joined = select(*columns, *unit).select_from(table).join(BusinessUnit, BusinessUnit.id == table.unit_id)
    return joined.where(where.condition())


#: Danger first: what is left open by the others takes the kind it has there.
PARTS = (_danger, _reply, _complaint, _late, _unplanned, _without, _absence, _ending, _silent)
