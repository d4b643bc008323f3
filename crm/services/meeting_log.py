"""Logging a meeting: kept once, with all that comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict
from crm.policy import Actor
from crm.services import action_links, actions, reviews
from crm.services.new_meetings import NewMeeting, mistakes
from models.action import Action
from models.meeting import Attendance, Meeting, MeetingKind
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
