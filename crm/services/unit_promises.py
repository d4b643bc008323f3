"""What stands on the page of a unit, read together, for it has no statement to spare: open actions, projects under way,
requests, and the last meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager

from crm.services import projects
from crm.services.statements import UNIT, put_together_once
from models.action import Action, ActionState
from models.meeting import Meeting
from models.person import Person
from models.project import Project
from models.request import OPEN_STATES, Request
from models.unit import BusinessUnit

ACTIONS_SHOWN = 5
PROJECTS_SHOWN = 8
REQUESTS_SHOWN = 5
MEETINGS_SHOWN = 5


@dataclass(frozen=True)
class Promised:
    """Actions and projects: the soonest due first, with owners and leads. Requests: what is open first, with who asked.
    Meetings: the newest first, with who logged them."""

    actions: Sequence[Action] = ()
    projects: Sequence[Project] = ()
    requests: Sequence[Request] = ()
    meetings: Sequence[Meeting] = ()


def of(session: Session, *, unit: BusinessUnit, promises: bool, meetings: bool) -> Promised:
    """As far as the reader sees promises, and meetings. One statement, or none."""
    if not (promises or meetings):
        return Promised()
    rows = session.execute(_all(promises, meetings), {"unit": unit.id}).all()
    return Promised(
        [row.Action for row in rows if row.Action is not None],
        [row.Project for row in rows if row.Project is not None],
        [row.Request for row in rows if row.Request is not None],
        [row.Meeting for row in rows if row.Meeting is not None],
    )


@put_together_once
def _all(promises: bool, meetings: bool) -> Select[*tuple[Any, ...]]:
    wanted = [*([_actions(), _projects(), _requests()] if promises else []), *([_met()] if meetings else [])]
    kept = union_all(*(select(each.subquery()) for each in wanted)).subquery()
    whose = func.coalesce(Action.owner_id, Project.lead_id, Request.requester_id, Meeting.logged_by_id)
    return (
        select(Action, Project, Request, Meeting)
        .select_from(kept)
        .outerjoin(Action, (kept.c.kind == "action") & (Action.id == kept.c.id))
        .outerjoin(Project, (kept.c.kind == "project") & (Project.id == kept.c.id))
        .outerjoin(Request, (kept.c.kind == "request") & (Request.id == kept.c.id))
        .outerjoin(Meeting, (kept.c.kind == "meeting") & (Meeting.id == kept.c.id))
        .outerjoin(Person, Person.id == whose)
        .options(
            contains_eager(Action.owner),
            contains_eager(Project.lead),
            contains_eager(Request.requester),
            contains_eager(Meeting.logged_by),
        )
        .order_by(kept.c.kind, kept.c.place)
    )


def _actions() -> Select[str, int, int]:
    place = _place(Action.due_on.asc().nulls_last(), Action.id.asc())
    still = (Action.unit_id == UNIT, Action.state == ActionState.OPEN)
    return _kept("action", Action.id, place).where(*still).order_by(place).limit(ACTIONS_SHOWN)


def _projects() -> Select[str, int, int]:
    place = _place(*projects.in_order())
    mine = (Project.unit_id == UNIT, projects.carries_over())
    return _kept("project", Project.id, place).where(*mine).order_by(place).limit(PROJECTS_SHOWN)


def _requests() -> Select[str, int, int]:
    """What is open first, then what was answered last."""
    still_open = case((Request.state.in_(OPEN_STATES), 0), else_=1)
    place = _place(still_open.asc(), Request.logged_on.desc(), Request.id.desc())
    return _kept("request", Request.id, place).where(Request.unit_id == UNIT).order_by(place).limit(REQUESTS_SHOWN)


def _met() -> Select[str, int, int]:
    place = _place(Meeting.held_on.desc(), Meeting.id.desc())
    return _kept("meeting", Meeting.id, place).where(Meeting.unit_id == UNIT).order_by(place).limit(MEETINGS_SHOWN)


def _place(*order: ColumnElement[Any]) -> ColumnElement[int]:
    return func.row_number().over(order_by=order)


def _kept(kind: str, id_: SQLColumnExpression[int], place: ColumnElement[int]) -> Select[str, int, int]:
    return select(literal(kind).label("kind"), id_.label("id"), place.label("place"))
