"""Logging a meeting: kept once, with all that comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import literal, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict
from crm.policy import Actor
from crm.services import actions, agenda, happenings, meeting_keeping, minutes, reviews
from crm.services.engagement import danger
from crm.services.meeting_mistakes import mistakes
from crm.services.new_meetings import NewMeeting
from models.action import Action
from models.meeting import Meeting, MeetingKind
from models.remark import Decision, Praise
from models.request import Request
from models.review import Review, ReviewState
from models.unit import BusinessUnit

SAVED_ALREADY = (
    "This meeting is saved already. What you changed since then is only on this page: correct the saved one."
)


def log(session: Session, *, by: Actor, unit: BusinessUnit, new: NewMeeting, now: datetime) -> Meeting:
    """Keep what is told of a meeting, with all that comes of it. A review closes its period.

    The same form sent twice, or the same words within an hour, are one meeting: the first is returned. Raises Invalid
    for the first of ``meeting_mistakes.mistakes``; Conflict("kind") when the review has its meeting already;
    Conflict("meeting") when a form that was saved comes again with other words.
    """
    policy.require(by, policy.Action.LOG_MEETING, unit)
    if first := _first_of(session, by, unit, new) or _told_before(session, by, unit, new, now):
        if new.share:
            minutes.share(session, by=by, meeting=first, now=now)
        return first
    for mistake in mistakes(session, unit=unit, new=new, now=now):
        raise mistake
    review = _review_held(session, unit, new)
    meeting = _meeting(by, unit, review, new, now)
    try:
        with session.begin_nested():
            session.add(meeting)
            session.flush()
            if review:
                reviews.hold(session, review=review, held_on=new.held_on)
                agenda.settle(session, review=review, done=new.agenda_done)
            meeting_keeping.keep(session, by=by, unit=unit, meeting=meeting, new=new, now=now)
            actions.settle_ticked(session, by=by, unit_id=unit.id, ids=new.settled, now=now)
            session.flush()
            if new.share:
                minutes.share(session, by=by, meeting=meeting, now=now)
            happenings.meeting_logged(session, meeting, now)
            danger.look(session, unit_ids=[unit.id], now=now)
    except IntegrityError as clash:
        # Somebody else, or a second click, was quicker; the database allows one.
        if first := _first_of(session, by, unit, new):
            return first
        raise Conflict("kind", "Somebody else logged this a moment ago.") from clash
    return meeting


def _meeting(by: Actor, unit: BusinessUnit, review: Review | None, new: NewMeeting, now: datetime) -> Meeting:
    return Meeting(
        unit_id=unit.id,
        review_id=review.id if review else None,
        kind=new.kind,
        asked_by=new.asked_by,
        held_on=new.held_on,
        lasted=new.lasted,
        minutes=new.minutes,
        internal_notes=new.internal_notes,
        logged_by_id=by.id,
        logged_at=now,
        form_key=new.form_key,
    )


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
    return _facts_of(meeting) == _facts_of(new) and lines_of(session, meeting) == _told_lines(new)


def _facts_of(one: Meeting | NewMeeting) -> tuple[object, ...]:
    return one.kind, one.asked_by, one.held_on, one.lasted, one.minutes, one.internal_notes


def lines_of(session: Session, meeting: Meeting) -> list[tuple[str, str]]:
    """What came of it, with the kind of each."""
    texts = [
        select(literal(kind), text).where(meeting_id == meeting.id)
        for kind, text, meeting_id in (
            ("action", Action.text, Action.meeting_id),
            ("request", Request.title, Request.meeting_id),
            ("decision", Decision.text, Decision.meeting_id),
            ("praise", Praise.text, Praise.meeting_id),
        )
    ]
    return sorted((row[0], row[1]) for row in session.execute(union_all(*texts)))


def _told_lines(new: NewMeeting) -> list[tuple[str, str]]:
    return sorted(
        [
            *(("action", told.text) for told in new.actions if not told.is_blank),
            *(("request", told.title) for told in new.requests if not told.is_blank),
            *(("decision", told.text) for told in new.decisions if not told.is_blank),
            *(("praise", told.text) for told in new.praises if not told.is_blank),
        ]
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
