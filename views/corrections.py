"""Correcting a meeting that was saved. Of two who do it at once, the second sees both changes and settles them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import attendees, meeting_corrections, meetings, minutes_replies
from crm.services.meeting_corrections import ChangedMeanwhile, Told
from crm.services.text_changes import Piece, difference
from models.meeting import Meeting
from views import access
from views.access import allow
from views.forms.corrections import CorrectForm
from views.forms.meetings import KINDS

bp = Blueprint("corrections", __name__)
NAMES = {
    "held_on": "the day",
    "kind": "the kind",
    "asked_by": "who asked for it",
    "lasted": "the duration",
    "attendees": "who was there",
    "minutes": "the minutes",
    "internal_notes": "the notes only for IT",
}


@bp.get("/meetings/<int:meeting_id>/correct")
@allow(Action.START_MEETING)
def edit(meeting_id: int) -> ResponseReturnValue:
    meeting = _find(meeting_id)
    saved = meeting_corrections.as_saved(db.session(), meeting=meeting)
    return _page(meeting, saved, saved, meeting.revision)


@bp.post("/meetings/<int:meeting_id>/correct")
@allow(Action.START_MEETING)
def save(meeting_id: int) -> ResponseReturnValue:
    meeting = _find(meeting_id)
    form = CorrectForm()
    if not form.validate():
        return _shown(meeting, form), 422
    told, (seen, revision) = form.told(), form.begun_with()
    try:
        added = meeting_corrections.correct(
            db.session(),
            by=access.actor(),
            meeting=meeting,
            seen=seen,
            revision=revision,
            told=told,
            now=access.now(),
        )
    except ChangedMeanwhile as clash:
        return _page(meeting, clash.told, clash.theirs, clash.revision, _clash(clash, seen, told)), 409
    except Invalid:
        for mistake in meeting_corrections.mistakes(db.session(), meeting=meeting, told=told, now=access.now()):
            form.refuse(mistake)
        return _shown(meeting, form), 422
    flash(f"The meeting is corrected. {added or ''}".rstrip())
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)


def _find(meeting_id: int) -> Meeting:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    access.unit(meeting.unit_id, Action.LOG_MEETING)
    return meeting


def _page(meeting: Meeting, told: Told, seen: Told, revision: int, clash: dict[str, object] | None = None) -> str:
    """The form filled anew."""
    candidates = attendees.candidates(db.session(), unit=meeting.unit, on=told.held_on, last=None)
    form = CorrectForm.of(told, seen=seen, revision=revision, candidates=candidates)
    for name in clash["unsettled"] if clash else ():  # type: ignore[attr-defined]
        form.refuse(Invalid(name, f"Both of you changed {NAMES[name]}. Look at it before you save."))
    return _shown(meeting, form, clash)


def _shown(meeting: Meeting, form: CorrectForm, clash: dict[str, object] | None = None) -> str:
    candidates = attendees.candidates(db.session(), unit=meeting.unit, on=meeting.held_on, last=None)
    form.offer(candidates)
    _, replies = minutes_replies.newest(db.session(), meeting=meeting)
    return render_template(
        "meetings/correct.html",
        meeting=meeting,
        form=form,
        people=attendees.named(db.session(), [row.form.who for row in form.attendees]),
        objections=minutes_replies.objecting(replies),
        clash=clash,
        kinds=dict(KINDS),
    )


def _clash(clash: ChangedMeanwhile, seen: Told, mine: Told) -> dict[str, object]:
    """What each of the two changed, for those texts that either did."""
    return {
        "who": clash.who,
        "unsettled": clash.unsettled,
        "texts": [
            (NAMES[name], *(_change(getattr(seen, name), getattr(one, name)) for one in (clash.theirs, mine)))
            for name in meeting_corrections.TEXTS
            if getattr(seen, name) != getattr(clash.theirs, name) or getattr(seen, name) != getattr(mine, name)
        ],
    }


def _change(before: str, after: str) -> list[Piece]:
    return difference(before, after) if before != after else []
