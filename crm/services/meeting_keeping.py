"""What comes of a meeting, kept: who was there, actions, requests, decisions, praise, and how projects stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services import action_links, actions, projects, request_making
from crm.services.new_meetings import NewAction, NewMeeting, NewProject
from models.action import Action, ActionState
from models.meeting import Attendance, Meeting
from models.project import Project, Stage
from models.remark import Decision, Praise
from models.request import Request
from models.unit import BusinessUnit


def keep(session: Session, *, by: Actor, unit: BusinessUnit, meeting: Meeting, new: NewMeeting, now: datetime) -> None:
    """Keep all that is told with a meeting. Blank rows are left out. The caller has checked it."""
    for person_id, presence in new.attendees.items():
        session.add(Attendance(meeting_id=meeting.id, person_id=person_id, presence=presence))
    made = [_make(session, by, meeting, told, now) for told in new.actions if not told.is_blank]
    action_links.send(session, by=by, unit=unit, actions=made, now=now)
    session.add_all(_remarks(meeting, new))
    request_making.begin(session, by=by, unit=unit, requests=_requests(meeting, new), now=now)
    _keep_projects(session, by, unit, meeting, new, now)
    session.flush()


def _make(session: Session, by: Actor, meeting: Meeting, told: NewAction, now: datetime) -> Action:
    made = actions.make(
        session,
        by=by,
        unit_id=meeting.unit_id,
        meeting_id=meeting.id,
        text=told.text,
        owner_id=told.owner_id,
        due_on=told.due_on,
        now=now,
    )
    if told.done:
        actions.settle(session, by=by, action=made, state=ActionState.DONE, now=now)
    return made


def _requests(meeting: Meeting, new: NewMeeting) -> list[Request]:
    return [
        Request(
            unit_id=meeting.unit_id,
            meeting_id=meeting.id,
            title=told.title,
            business_need=told.business_need,
            requester_id=told.requester_id,
            kind=told.kind,
            origin=told.origin,
            logged_on=meeting.held_on,
        )
        for told in new.requests
        if not told.is_blank
    ]


def _remarks(meeting: Meeting, new: NewMeeting) -> list[Decision | Praise]:
    of_it = {"unit_id": meeting.unit_id, "meeting_id": meeting.id}
    decisions = [
        Decision(**of_it, text=told.text, revisit_on=told.revisit_on, decided_on=meeting.held_on)
        for told in new.decisions
        if not told.is_blank
    ]
    praises = [
        Praise(**of_it, text=told.text, person_id=told.person_id, said_on=meeting.held_on)
        for told in new.praises
        if not told.is_blank
    ]
    return [*decisions, *praises]


def _keep_projects(
    session: Session, by: Actor, unit: BusinessUnit, meeting: Meeting, new: NewMeeting, now: datetime
) -> None:
    changed = [told for told in new.projects if not told.is_blank]
    ids = [told.project_id for told in changed if told.project_id]
    mine = select(Project).where(Project.id.in_(ids), Project.unit_id == unit.id)
    known = {project.id: project for project in session.scalars(mine)} if ids else {}
    for told in changed:
        if told.project_id is None:
            projects.start(session, by=by, unit=unit, name=told.name, meeting_id=meeting.id, now=now, **_stands(told))
        else:
            project = known[told.project_id]
            projects.step(session, by=by, project=project, meeting_id=meeting.id, now=now, **_stands(told))


class _Stands(TypedDict):
    stage: Stage
    state: str
    milestone: str
    milestone_on: date | None


def _stands(told: NewProject) -> _Stands:
    return _Stands(stage=told.stage, state=told.state, milestone=told.milestone, milestone_on=told.milestone_on)
