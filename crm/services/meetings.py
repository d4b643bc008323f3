"""Meetings: logged once, read by whoever sees the unit, corrected by who looks after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, String, cast, literal, literal_column, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, NotFound
from crm.policy import Actor
from crm.services import action_links, actions, reviews
from crm.services.new_meetings import NewMeeting, mistakes
from models.action import Action
from models.meeting import Attendance, Meeting, MeetingKind
from models.person import Person
from models.remark import Decision, Praise
from models.request import Request
from models.review import Review, ReviewState
from models.unit import BusinessUnit

SAVED_ALREADY = (
    "This meeting is saved already. What you changed since then is only on this page: correct the saved one."
)


def log(session: Session, *, by: Actor, unit: BusinessUnit, new: NewMeeting, now: datetime) -> Meeting:
    """Keep what is told of a meeting, with its actions and requests. A review closes its period.

    The same form sent twice, or the same words within an hour, are one meeting: the first is returned. Raises Invalid
    for the first of ``new_meetings.mistakes``; Conflict("kind") when the review has its meeting already;
    Conflict("meeting") when a form that was saved comes again with other words.
    """
    policy.require(by, policy.Action.LOG_MEETING, unit)
    if first := _first_of(session, by, unit, new) or _told_before(session, by, unit, new, now):
        return first
    for mistake in mistakes(session, unit=unit, new=new, now=now):
        raise mistake
    review = _review_held(session, unit, new)
    meeting = Meeting(
        unit_id=unit.id,
        review_id=review.id if review else None,
        kind=new.kind,
        held_on=new.held_on,
        minutes=new.minutes,
        internal_notes=new.internal_notes,
        logged_by_id=by.id,
        logged_at=now,
        form_key=new.form_key,
    )
    try:
        with session.begin_nested():
            session.add(meeting)
    except IntegrityError as clash:
        # Somebody else, or a second click, was quicker; the database allows one.
        if first := _first_of(session, by, unit, new):
            return first
        raise Conflict("kind", "Somebody else logged this a moment ago.") from clash
    if review:
        reviews.hold(session, review=review, held_on=new.held_on)
    _keep(session, meeting, new)
    made = _make_actions(session, by, meeting, new, now)
    actions.settle_ticked(session, by=by, unit_id=unit.id, ids=new.settled, now=now)
    action_links.send(session, by=by, unit=unit, actions=made, now=now)
    session.flush()
    return meeting


def _told_before(session: Session, by: Actor, unit: BusinessUnit, new: NewMeeting, now: datetime) -> Meeting | None:
    """The same words from the same person within the hour: the Back button, and Save once more."""
    mine = (Meeting.unit_id == unit.id, Meeting.logged_by_id == by.id, Meeting.held_on == new.held_on)
    recent = select(Meeting).where(*mine, Meeting.logged_at > now - timedelta(hours=1)).order_by(Meeting.id)
    return next((meeting for meeting in session.scalars(recent) if _says_the_same(session, meeting, new)), None)


def _first_of(session: Session, by: Actor, unit: BusinessUnit, new: NewMeeting) -> Meeting | None:
    if new.form_key is None:
        return None
    mine = (Meeting.form_key == new.form_key, Meeting.unit_id == unit.id, Meeting.logged_by_id == by.id)
    first = session.scalar(select(Meeting).where(*mine))
    if first and not _says_the_same(session, first, new):
        raise Conflict("meeting", SAVED_ALREADY)
    return first


def _says_the_same(session: Session, meeting: Meeting, new: NewMeeting) -> bool:
    """Whether nothing typed would be lost by taking the one for the other."""
    promised = session.scalars(select(Action.text).where(Action.meeting_id == meeting.id)).all()
    requests = session.scalars(select(Request.title).where(Request.meeting_id == meeting.id)).all()
    return (
        (meeting.kind, meeting.held_on) == (new.kind, new.held_on)
        and (meeting.minutes, meeting.internal_notes) == (new.minutes, new.internal_notes)
        and sorted(promised) == sorted(action.text for action in new.actions if not action.is_blank)
        and sorted(requests) == sorted(request.title for request in new.requests if not request.is_blank)
    )


def _review_held(session: Session, unit: BusinessUnit, new: NewMeeting) -> Review | None:
    """The review this meeting holds: the one meant, when the day lies in its period; else the open one of that day."""
    if new.kind is not MeetingKind.REVIEW:
        return None
    meant = session.get(Review, new.review_id) if new.review_id else None
    if meant is None or meant.unit_id != unit.id or not meant.period_since <= new.held_on < meant.period_until:
        return reviews.open_review_for(session, unit.id, new.held_on)
    if meant.state is ReviewState.HELD:
        raise Conflict("kind", "This review has its meeting already. Log this one as a touchpoint.")
    return meant


def _keep(session: Session, meeting: Meeting, new: NewMeeting) -> None:
    for person_id, presence in new.attendees.items():
        session.add(Attendance(meeting_id=meeting.id, person_id=person_id, presence=presence))
    common = {"unit_id": meeting.unit_id, "meeting_id": meeting.id}
    for request in new.requests:
        if not request.is_blank:
            session.add(
                Request(
                    **common,
                    title=request.title,
                    business_need=request.business_need,
                    requester_id=request.requester_id,
                    origin=request.origin,
                    logged_on=meeting.held_on,
                )
            )


def _make_actions(session: Session, by: Actor, meeting: Meeting, new: NewMeeting, now: datetime) -> list[Action]:
    return [
        actions.make(
            session,
            by=by,
            unit_id=meeting.unit_id,
            meeting_id=meeting.id,
            text=action.text,
            owner_id=action.owner_id,
            due_on=action.due_on,
            now=now,
        )
        for action in new.actions
        if not action.is_blank
    ]


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
    promised = select(Action).where(Action.meeting_id == meeting.id).options(joinedload(Action.owner))
    requests = select(Request).where(Request.meeting_id == meeting.id).options(joinedload(Request.requester))
    attended = there.options(contains_eager(Attendance.person))
    return Kept(
        session.scalars(attended.order_by(Attendance.person_id)).all(),
        session.scalars(promised.order_by(Action.id)).all(),
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
    rows = session.execute(union_all(decisions, praise).order_by(literal_column("1"), literal_column("5")))
    return [Remark(*row[:4]) for row in rows]


def last(session: Session, *, unit: BusinessUnit, before: date | None = None) -> Meeting | None:
    """The newest meeting with the unit."""
    mine = select(Meeting).where(Meeting.unit_id == unit.id)
    if before is not None:
        mine = mine.where(Meeting.held_on < before)
    return session.scalar(mine.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(1))
