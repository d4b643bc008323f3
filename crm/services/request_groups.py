"""Requests counted: by unit, by rep, by where they stand; how many, how many late, since when the oldest."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import request_limits, request_lists
from crm.services.request_lists import Wanted
from models.person import Person
from models.request import Request, RequestState
from models.unit import Assignment, BusinessUnit, Cover

#: So many groups are shown; a house with more units narrows first.
MOST = 500


class By(enum.StrEnum):
    UNIT = "unit"
    REP = "rep"
    STATE = "state"


@dataclass(frozen=True)
class Group:
    """``key``: the id of the unit or rep, or the state; None: units that nobody leads."""

    key: int | str | None
    name: str
    count: int
    late: int
    oldest: date


def of(session: Session, *, by: Actor, wanted: Wanted, group: By) -> Sequence[Group]:
    """The wanted requests by that, the largest group first; states in the order a request takes. One statement."""
    policy.require(by, policy.Action.SEE_PROMISES)
    counted = _counted(session, by, wanted, group)
    found = [Group(*row) for row in session.execute(_named(counted, by, group).limit(MOST))]
    if group is By.STATE:
        return sorted(found, key=lambda one: list(RequestState).index(RequestState(str(one.key))))
    return found


def _counted(session: Session, by: Actor, wanted: Wanted, group: By) -> Any:
    """A row for each unit or state: names are joined to those few, and not to each request."""
    key: ColumnElement[Any] = (Request.state if group is By.STATE else Request.unit_id).expression
    late = func.sum(case((request_limits.late(by.today), 1), else_=0))
    figures = (func.count().label("many"), late.label("late"), func.min(Request.logged_on).label("oldest"))
    asked = select(key.label("key"), *figures).where(request_lists.condition(session, by=by, wanted=wanted))
    return asked.group_by(key).subquery("counted")


def _named(counted: Any, by: Actor, group: By) -> Select[*tuple[Any, ...]]:
    figures = (counted.c.many, counted.c.late, counted.c.oldest)
    if group is By.STATE:
        return select(counted.c.key, counted.c.key, *figures)
    if group is By.UNIT:
        named = select(BusinessUnit.id, BusinessUnit.name, *figures).join(counted, counted.c.key == BusinessUnit.id)
        return named.order_by(counted.c.many.desc(), func.lower(BusinessUnit.name), BusinessUnit.id)
    leads = and_(Assignment.unit_id == counted.c.key, Assignment.cover == Cover.LEAD, Assignment.in_force(by.today))
    summed = (func.sum(counted.c.many), func.sum(counted.c.late), func.min(counted.c.oldest))
    named = select(Person.id, func.coalesce(Person.name, ""), *summed).select_from(counted)
    named = named.outerjoin(Assignment, leads).outerjoin(Person, Person.id == Assignment.rep_id)
    return named.group_by(Person.id, Person.name).order_by(summed[0].desc(), Person.name, Person.id)
