"""Projects: the light list of work under way for a unit, updated in place, that carries over from review to review."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import attendees, clock, pages
from crm.services.pages import Page
from crm.services.search import contains
from models.meeting import Meeting
from models.person import Person
from models.project import OVER, Project, ProjectStep, Stage
from models.unit import BusinessUnit

NAME_LENGTH = 120
#: More than this is no light list; a review could not go through it either.
MOST = 100


class Which(enum.StrEnum):
    """Which projects a list shows."""

    UNDER_WAY = "under_way"
    OVER = "over"
    ALL = "all"


def carries_over() -> ColumnElement[bool]:
    """The condition that the next review goes through it: it is not over, or no review has seen that it is."""
    last_step = select(func.max(ProjectStep.at)).where(ProjectStep.project_id == Project.id).correlate(Project)
    seen = exists().where(
        Meeting.unit_id == Project.unit_id,
        Meeting.review_id.is_not(None),
        Meeting.held_on >= Project.moved_on,
        Meeting.logged_at >= last_step.scalar_subquery(),
    )
    return Project.stage.not_in(OVER) | ~seen


def in_order() -> tuple[ColumnElement[Any], ...]:
    """What is over first, for it is news; then the soonest milestone."""
    return (
        case((Project.stage.in_(OVER), 0), else_=1),
        Project.milestone_on.asc().nulls_last(),
        func.lower(Project.name),
        Project.id.asc(),
    )


def under_way(session: Session, unit_id: int) -> Sequence[Project]:
    """What the next review goes through, with leads: see :func:`carries_over`. One statement.

    The caller has checked that the unit may be seen.
    """
    mine = select(Project).where(Project.unit_id == unit_id, carries_over())
    return session.scalars(mine.options(joinedload(Project.lead)).order_by(*in_order()).limit(MOST)).all()


def listed(
    session: Session, *, by: Actor, unit: BusinessUnit, which: Which = Which.UNDER_WAY, text: str = "", number: int = 1
) -> Page[Project]:
    """The unit's projects with their leads; those that are over, the newest first. One statement a page."""
    policy.require(by, Action.SEE_PROMISES, unit)
    wanted = [Project.unit_id == unit.id]
    if which is Which.UNDER_WAY:
        wanted.append(carries_over())
    if which is Which.OVER:
        wanted.append(Project.stage.in_(OVER))
    if text:
        wanted.append(contains(text, Project.name, Project.state, Project.milestone))
    newest = (Project.moved_on.desc(), Project.id.desc())
    statement = select(Project).where(and_(*wanted)).options(joinedload(Project.lead))
    return pages.of_objects(session, statement.order_by(*(newest if which is Which.OVER else in_order())), number)


def find(session: Session, *, by: Actor, project_id: int) -> Project:
    """The project with its unit and lead. Raises NotFound when it is not there for this person."""
    seen = (Project.id == project_id, policy.in_visible_units(by, Project.unit_id))
    whole = (joinedload(Project.unit), joinedload(Project.lead))
    found = session.scalar(select(Project).where(*seen).options(*whole))
    if found is None or not policy.can(by, Action.SEE_PROMISES, found):
        raise NotFound("There is no such project.")
    return found


def history(session: Session, *, project: Project, most: int = MOST) -> Sequence[ProjectStep]:
    """How it stood, the newest first, with who said so and the meeting in which it was said. One statement."""
    steps = select(ProjectStep).where(ProjectStep.project_id == project.id)
    told = steps.options(joinedload(ProjectStep.by), joinedload(ProjectStep.meeting))
    return session.scalars(told.order_by(ProjectStep.id.desc()).limit(most)).all()


@dataclass(frozen=True)
class Standing:
    """How a project stands."""

    stage: Stage
    state: str
    milestone: str
    milestone_on: date | None

    def __post_init__(self) -> None:
        if self.milestone_on is not None and not self.milestone:
            raise Invalid("milestone", "Say what is due on that day.")


def start(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    name: str,
    lead_id: int | None = None,
    stage: Stage = Stage.UNDER_WAY,
    state: str = "",
    milestone: str = "",
    milestone_on: date | None = None,
    meeting_id: int | None = None,
    now: datetime,
) -> Project:
    """Put a project on the unit's list; its first step is its beginning.

    Raises Invalid("name" | "lead_id" | "milestone"), Conflict("name") when one of that name is under way.
    """
    policy.require(by, Action.KEEP_PROJECT, unit)
    standing = Standing(stage, state, milestone, milestone_on)
    _check_name(session, unit_id=unit.id, name=name, besides=None)
    _check_lead(session, unit=unit, lead_id=lead_id, now=now)
    on = _day(session, unit, meeting_id, now)
    project = Project(unit_id=unit.id, name=name, lead_id=lead_id, moved_on=on, **vars(standing))
    session.add(project)
    session.flush()
    _keep_step(session, project, standing, by=by, on=on, meeting_id=meeting_id, now=now)
    return project


def step(
    session: Session,
    *,
    by: Actor,
    project: Project,
    stage: Stage,
    state: str,
    milestone: str,
    milestone_on: date | None,
    meeting_id: int | None = None,
    now: datetime,
) -> ProjectStep | None:
    """Say how it stands now. Without a difference there is no step, and None comes back.

    Raises Invalid("milestone") for a day on which nothing is said to be due.
    """
    policy.require(by, Action.KEEP_PROJECT, project)
    standing = Standing(stage, state, milestone, milestone_on)
    if standing == Standing(project.stage, project.state, project.milestone, project.milestone_on):
        return None
    unit = session.get_one(BusinessUnit, project.unit_id)
    on = _day(session, unit, meeting_id, now)
    for field, value in vars(standing).items():
        setattr(project, field, value)
    project.moved_on = max(project.moved_on, on)
    return _keep_step(session, project, standing, by=by, on=on, meeting_id=meeting_id, now=now)


def rename(session: Session, *, by: Actor, project: Project, name: str, lead_id: int | None, now: datetime) -> None:
    """Another name, another lead in IT. Raises Invalid("name" | "lead_id"), Conflict("name")."""
    policy.require(by, Action.KEEP_PROJECT, project)
    if name != project.name:
        _check_name(session, unit_id=project.unit_id, name=name, besides=project.id)
    if lead_id != project.lead_id:
        _check_lead(session, unit=session.get_one(BusinessUnit, project.unit_id), lead_id=lead_id, now=now)
    project.name, project.lead_id = name, lead_id


def _keep_step(
    session: Session,
    project: Project,
    standing: Standing,
    *,
    by: Actor,
    on: date,
    meeting_id: int | None,
    now: datetime,
) -> ProjectStep:
    kept = ProjectStep(project_id=project.id, meeting_id=meeting_id, at=now, on=on, by_id=by.id, **vars(standing))
    session.add(kept)
    session.flush()
    return kept


def _day(session: Session, unit: BusinessUnit, meeting_id: int | None, now: datetime) -> date:
    """The day of the meeting in which it was said; else today at the unit."""
    if meeting_id is None:
        return clock.local_date(now, unit.time_zone)
    return session.get_one(Meeting, meeting_id).held_on


def _check_name(session: Session, *, unit_id: int, name: str, besides: int | None) -> None:
    if not name:
        raise Invalid("name", "Give the project a name.")
    if len(name) > NAME_LENGTH:
        raise Invalid("name", f"Keep the name under {NAME_LENGTH} letters.")
    same = (Project.unit_id == unit_id, Project.stage.not_in(OVER), func.lower(Project.name) == name.lower())
    if session.scalar(select(Project.id).where(*same, Project.id != (besides or 0)).limit(1)):
        raise Conflict("name", f"“{name}” is on the list already.")


def _check_lead(session: Session, *, unit: BusinessUnit, lead_id: int | None, now: datetime) -> None:
    if lead_id is None:
        return
    today = clock.local_date(now, unit.time_zone)
    lead = session.get(Person, lead_id)
    admitted = attendees.admitted(session, unit=unit, ids={lead_id}, days={today})
    if lead is None or not admitted or (lead.is_business and not lead.is_from_it):
        raise Invalid("lead_id", "This person is not from IT.")
