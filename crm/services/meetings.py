"""Meetings that were held: finding one, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, String, cast, literal, literal_column, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import NotFound
from crm.policy import Actor
from models.action import Action
from models.meeting import Attendance, Meeting
from models.person import Person
from models.remark import Decision, Praise
from models.request import Request
from models.unit import BusinessUnit


def find(session: Session, *, by: Actor, meeting_id: int) -> Meeting:
    """The meeting with its unit, review and author. Raises NotFound when it is not there for this person."""
    whole = (joinedload(Meeting.unit), joinedload(Meeting.review), joinedload(Meeting.logged_by))
    seen = (Meeting.id == meeting_id, policy.in_visible_units(by, Meeting.unit_id))
    found = session.scalar(select(Meeting).where(*seen).options(*whole))
    if found is None or not policy.can(by, policy.Action.SEE_MEETINGS, found):
        raise NotFound("There is no such meeting.")
    return found


@dataclass(frozen=True)
class Kept:
    """What came of a meeting, with people loaded."""

    attendances: Sequence[Attendance]
    actions: Sequence[Action]
    requests: Sequence[Request]
    remarks: Sequence[Remark]


@dataclass(frozen=True)
class Remark:
    """A decision, or praise for somebody."""

    kind: str
    text: str
    person_name: str | None
    revisit_on: date | None


def kept(session: Session, *, meeting: Meeting) -> Kept:
    """Who was there and what is kept of a meeting found through :func:`find`. Four statements."""
    there = select(Attendance).where(Attendance.meeting_id == meeting.id).join(Attendance.person)
    actions = select(Action).where(Action.meeting_id == meeting.id).options(joinedload(Action.owner))
    requests = select(Request).where(Request.meeting_id == meeting.id).options(joinedload(Request.requester))
    attended = there.options(contains_eager(Attendance.person))
    return Kept(
        session.scalars(attended.order_by(Attendance.person_id)).all(),
        session.scalars(actions.order_by(Action.id)).all(),
        session.scalars(requests.order_by(Request.id)).all(),
        _remarks(session, meeting),
    )


def _remarks(session: Session, meeting: Meeting) -> list[Remark]:
    """Decisions first, then praise, in one statement."""
    nothing = literal(None)
    decisions = select(
        literal("decision"), Decision.text, cast(nothing, String), Decision.revisit_on, Decision.id
    ).where(Decision.meeting_id == meeting.id)
    praise = (
        select(literal("praise"), Praise.text, Person.name, cast(nothing, Date), Praise.id)
        .outerjoin(Person, Person.id == Praise.person_id)
        .where(Praise.meeting_id == meeting.id)
    )
    both: Any = union_all(decisions, praise).order_by(literal_column("1"), literal_column("5"))
    return [Remark(*row[:4]) for row in session.execute(both).all()]


def last(session: Session, *, unit: BusinessUnit, before: date | None = None) -> Meeting | None:
    """The newest meeting with the unit."""
    mine = select(Meeting).where(Meeting.unit_id == unit.id)
    if before is not None:
        mine = mine.where(Meeting.held_on < before)
    return session.scalar(mine.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(1))
