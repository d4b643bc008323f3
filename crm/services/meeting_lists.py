"""Meetings in lists: those held, and the units with which the next one can be logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import clock, minutes, pages
from crm.services.pages import Page
from crm.services.search import contains
from crm.services.stretches import Stretch
from models.meeting import Attendance, Meeting, MeetingKind, Presence
from models.review import Review, ReviewState
from models.unit import BusinessUnit


def listed(
    session: Session,
    *,
    by: Actor,
    unit_id: int | None = None,
    kind: MeetingKind | None = None,
    person_id: int | None = None,
    stretch: Stretch | None = None,
    text: str = "",
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[Meeting]:
    """Meetings of the units this person sees, newest first, with unit and author. One statement a page.

    ``text`` is looked for in the unit's name and in what ``by`` may read of the meeting; ``person_id``: who was there,
    which only those may ask who see the hours.
    """
    policy.require(by, policy.Action.SEE_MEETINGS)
    wanted = [policy.in_visible_units(by, Meeting.unit_id)]
    if unit_id is not None:
        wanted.append(Meeting.unit_id == unit_id)
    if kind is not None:
        wanted.append(Meeting.kind == kind)
    if person_id is not None and policy.can(by, policy.Action.SEE_LOAD):
        present = (Attendance.meeting_id == Meeting.id, Attendance.presence == Presence.PRESENT)
        wanted.append(exists().where(*present, Attendance.person_id == person_id))
    if stretch is not None:
        wanted += [Meeting.held_on >= stretch.since, Meeting.held_on < stretch.until]
    if text:
        wanted.append(or_(contains(text, BusinessUnit.name), minutes.mentions(by, text)))
    statement = select(Meeting).join(Meeting.unit).where(and_(*wanted))
    loaded = statement.options(contains_eager(Meeting.unit), joinedload(Meeting.logged_by))
    return pages.of_objects(session, loaded.order_by(Meeting.held_on.desc(), Meeting.id.desc()), number, size)


@dataclass(frozen=True)
class ToLog:
    """A unit with which a meeting may be logged: its next open review, and when it was met last."""

    unit: BusinessUnit
    review: Review | None
    last_held_on: date | None
    #: The date on the unit's wall.
    today: date


def to_log(session: Session, *, by: Actor, now: datetime) -> list[ToLog]:
    """The open units ``by`` looks after, the one whose review is due soonest first. One statement."""
    policy.require(by, policy.Action.START_MEETING)
    still = (Review.unit_id == BusinessUnit.id, Review.state == ReviewState.PLANNED, Review.period_until > by.today)
    soonest = select(Review.id).where(*still).order_by(Review.planned_on, Review.id).limit(1).correlate(BusinessUnit)
    last = select(func.max(Meeting.held_on)).where(Meeting.unit_id == BusinessUnit.id).correlate(BusinessUnit)
    rows = session.execute(
        select(BusinessUnit, Review, last.scalar_subquery())
        .outerjoin(Review, Review.id == soonest.scalar_subquery())
        .where(BusinessUnit.id.in_(by.covers), BusinessUnit.closed_on.is_(None))
        .order_by(Review.planned_on.asc().nulls_last(), func.lower(BusinessUnit.name), BusinessUnit.id)
    )
    return [ToLog(*row, clock.local_date(now, row.BusinessUnit.time_zone)) for row in rows]
