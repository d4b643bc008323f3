"""Meetings: the list, choosing with whom one was held, reading one."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.policy import Action
from crm.services import drafts, meeting_lists, meetings, minutes, stretches, units
from crm.services.exports import lists as exports
from models.meeting import MeetingKind
from models.person import Person
from views import access, downloads, list_tools, meeting_page
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.forms.meetings import KINDS
from views.paging import page_number

bp = Blueprint("meetings", __name__)


@bp.get("/meetings")
@allow(Action.SEE_MEETINGS)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    kind, unit_id = request.args.get("kind", ""), chosen_id("unit")
    text = tidy(request.args.get("text"))[:100]
    stretch = stretches.named(request.args.get("period", ""), access.today())
    attendee = _attendee()
    listed = partial(
        meeting_lists.listed,
        session,
        by=by,
        unit_id=unit_id,
        kind=MeetingKind(kind) if kind in set(MeetingKind) else None,
        person_id=attendee.id if attendee else None,
        stretch=stretch,
        text=text,
    )
    if asked := downloads.wanted():
        return downloads.send("meetings", exports.meetings(session, by, listed), asked)
    page = listed(number=page_number())
    own = units.own_choices(session, by, unit_id)
    return render_template(
        "meetings/index.html",
        page=page,
        texts=minutes.readable(session, by=by, meetings=page.rows),
        kind=kind,
        unit_id=unit_id,
        text=text,
        own=own,
        stretch=stretch,
        stretches=stretches.to_choose(access.today()),
        attendee=attendee,
        kinds=KINDS,
        tools=list_tools.of("meetings"),
    )


def _attendee() -> Person | None:
    """Who was there, for those who see the hours."""
    person_id = chosen_id("person") if policy.can(access.actor(), Action.SEE_LOAD) else None
    return db.session().get(Person, person_id) if person_id else None


@bp.get("/meetings/new")
@allow(Action.START_MEETING)
def choose() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    return render_template(
        "meetings/choose.html",
        lines=meeting_lists.to_log(session, by=by, now=access.now()),
        left_off={draft.unit_id: draft.saved_at for draft in drafts.unfinished(session, by=by)},
    )


@bp.get("/meetings/<int:meeting_id>")
@allow(Action.SEE_MEETINGS)
def show(meeting_id: int) -> ResponseReturnValue:
    meeting = meetings.find(db.session(), by=access.actor(), meeting_id=meeting_id)
    return meeting_page.render(meeting)
