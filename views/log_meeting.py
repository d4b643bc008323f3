"""Logging a meeting: the form, and keeping what it says."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import actions, attendees, clock, meeting_log, meetings, new_meetings, reviews
from crm.services.attendees import Candidate
from models.meeting import MeetingKind
from models.unit import BusinessUnit, Part
from views import access
from views.access import allow
from views.forms.meetings import MeetingForm

bp = Blueprint("log_meeting", __name__)
#: Who of a unit signs in to read.
READERS = (Part.HEAD, Part.KEY_USER)


@bp.get("/units/<int:unit_id>/meetings/new")
@allow(Action.START_MEETING)
def new(unit_id: int) -> ResponseReturnValue:
    return _log_page(access.unit(unit_id, Action.LOG_MEETING), None), 200


@bp.post("/units/<int:unit_id>/meetings/new")
@allow(Action.START_MEETING)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LOG_MEETING)
    form = MeetingForm()
    if more := request.form.get("add"):
        form.add(more)
        return _log_page(unit, form)
    if form.validate() and (saved := _saved(unit, form)):
        return saved
    return _log_page(unit, form), 422


def _saved(unit: BusinessUnit, form: MeetingForm) -> ResponseReturnValue | None:
    """The way on when the meeting could be kept; otherwise the form says what cannot be taken."""
    told, session, now = form.told(), db.session(), access.now()
    mistakes = new_meetings.mistakes(session, unit=unit, new=told, now=now)
    for mistake in mistakes:
        form.refuse(mistake)
    if mistakes:
        return None
    try:
        meeting = meeting_log.log(session, by=access.actor(), unit=unit, new=told, now=now)
    except Invalid as error:
        form.refuse(error)
        return None
    flash(f"The meeting with {unit.name} is kept.")
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)


def _log_page(unit: BusinessUnit, form: MeetingForm | None) -> str:
    """The form, with everybody and everything there is to choose from; empty when none is given."""
    session, today = db.session(), clock.local_date(access.now(), unit.time_zone)
    last = meetings.last(session, unit=unit)
    candidates = attendees.candidates(session, unit=unit, on=today, last=last)
    left = actions.left(session, unit=unit)
    review = reviews.open_review_for(session, unit.id, today)
    if form is None:
        is_due = review is not None and (review.planned_on <= today or request.args.get("review") == str(review.id))
        form = MeetingForm.empty(
            held_on=today,
            kind=MeetingKind.REVIEW if is_due else MeetingKind.TOUCHPOINT,
            attendees=_as_last_time(candidates, has_last=last is not None),
            review_id=review.id if review and is_due else None,
        )
    form.offer(candidates, left)
    return render_template(
        "meetings/log.html",
        unit=unit,
        form=form,
        last=last,
        left={action.id: action for action in left},
        people={one.person.id: one.person for one in candidates},
        readers=[one.person for one in candidates if one.part in READERS],
        review=review,
        period=reviews.period_in_words(review) if review else "",
        today=today,
    )


def _as_last_time(candidates: Sequence[Candidate], *, has_last: bool) -> list[int]:
    """Who is ticked at first: as at the meeting before; at the very first, the head. And whoever writes this."""
    me = access.actor().id
    return [
        one.person.id
        for one in candidates
        if one.person.id == me or (one.was_at_last if has_last else one.part is Part.HEAD)
    ]
