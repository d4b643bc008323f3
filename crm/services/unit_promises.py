"""Open actions and projects under way of one unit, read together: its page has no statement to spare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager

from crm.services import projects
from models.action import Action, ActionState
from models.person import Person
from models.project import Project
from models.unit import BusinessUnit

ACTIONS_SHOWN = 5
PROJECTS_SHOWN = 8


@dataclass(frozen=True)
class Promised:
    """The soonest due first, with owners and leads."""

    actions: Sequence[Action] = ()
    projects: Sequence[Project] = ()


def of(session: Session, *, unit: BusinessUnit) -> Promised:
    """What IT and the unit owe each other, and what is under way. One statement."""
    kept = union_all(select(_actions(unit).subquery()), select(_projects(unit).subquery())).subquery()
    rows = session.execute(
        select(Action, Project)
        .select_from(kept)
        .outerjoin(Action, (kept.c.kind == "action") & (Action.id == kept.c.id))
        .outerjoin(Project, (kept.c.kind == "project") & (Project.id == kept.c.id))
        .outerjoin(Person, Person.id == func.coalesce(Action.owner_id, Project.lead_id))
        .options(contains_eager(Action.owner), contains_eager(Project.lead))
        .order_by(kept.c.kind, kept.c.place)
    ).all()
    return Promised(
        [row.Action for row in rows if row.Action is not None],
        [row.Project for row in rows if row.Project is not None],
    )


def _actions(unit: BusinessUnit) -> Select[str, int, int]:
    place = _place(Action.due_on.asc().nulls_last(), Action.id.asc())
    still = (Action.unit_id == unit.id, Action.state == ActionState.OPEN)
    return _kept("action", Action.id, place).where(*still).order_by(place).limit(ACTIONS_SHOWN)


def _projects(unit: BusinessUnit) -> Select[str, int, int]:
    place = _place(*projects.in_order())
    mine = (Project.unit_id == unit.id, projects.carries_over())
    return _kept("project", Project.id, place).where(*mine).order_by(place).limit(PROJECTS_SHOWN)


def _place(*order: ColumnElement[Any]) -> ColumnElement[int]:
    return func.row_number().over(order_by=order)


def _kept(kind: str, id_: SQLColumnExpression[int], place: ColumnElement[int]) -> Select[str, int, int]:
    return select(literal(kind).label("kind"), id_.label("id"), place.label("place"))
