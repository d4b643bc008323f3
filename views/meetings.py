"""Meetings: the list, choosing with whom one was held, reading and correcting it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import clock, meeting_lists, meetings, reviews, units
from crm.services.exports import lists as exports
from models.meeting import MeetingKind
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.forms.meetings import KINDS, CorrectForm
from views.paging import page_number

bp = Blueprint("meetings", __name__)


@bp.get("/meetings")
@allow(Action.SEE_MEETINGS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    kind, unit_id = request.args.get("kind", ""), chosen_id("unit")
    text = tidy(request.args.get("text"))[:100]
    listed = partial(
        meeting_lists.listed,
        session,
        by=by,
        unit_id=unit_id,
        kind=MeetingKind(kind) if kind in set(MeetingKind) else None,
        text=text,
    )
    if asked := downloads.wanted():
        return downloads.send("meetings", exports.meetings(listed), asked)
    own = units.own_choices(session, by, unit_id)
    return render_template(
        "meetings/index.html",
        page=listed(number=page_number()),
        kind=kind,
        unit_id=unit_id,
        text=text,
        own=own,
        kinds=KINDS,
        tools=list_tools.of("meetings"),
    )


@bp.get("/meetings/new")
@allow(Action.START_MEETING)
def choose() -> ResponseReturnValue:
    lines = meeting_lists.to_log(db.session(), by=access.actor(), now=access.now())
    return render_template("meetings/choose.html", lines=lines)


@bp.get("/meetings/<int:meeting_id>")
@allow(Action.SEE_MEETINGS)
def show(meeting_id: int) -> ResponseReturnValue:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    kept = meetings.kept(db.session(), meeting=meeting)
    today = clock.local_date(access.now(), meeting.unit.time_zone)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        kept=kept,
        kinds=dict(KINDS),
        period=reviews.period_in_words(meeting.review) if meeting.review else "",
        today=today,
    )


@bp.get("/meetings/<int:meeting_id>/correct")
@allow(Action.START_MEETING)
def correct(meeting_id: int) -> ResponseReturnValue:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    access.unit(meeting.unit_id, Action.LOG_MEETING)
    return render_template("meetings/correct.html", meeting=meeting, form=CorrectForm(formdata=None, obj=meeting))


@bp.post("/meetings/<int:meeting_id>/correct")
@allow(Action.START_MEETING)
def change(meeting_id: int) -> ResponseReturnValue:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    access.unit(meeting.unit_id, Action.LOG_MEETING)
    form = CorrectForm()
    if not form.validate():
        return render_template("meetings/correct.html", meeting=meeting, form=form), 422
    meetings.correct(
        by=access.actor(),
        meeting=meeting,
        minutes=form.minutes.data or "",
        internal_notes=form.internal_notes.data or "",
    )
    flash("The notes are corrected.")
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)
