"""Drafts: kept while somebody types, listed, thrown away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import drafts
from views import access
from views.access import allow
from views.filters import clock_time
from views.forms.log_meeting import MeetingForm

bp = Blueprint("drafts", __name__)


@bp.get("/unfinished")
@allow(Action.START_MEETING)
def index() -> ResponseReturnValue:
    found = drafts.unfinished(db.session(), by=access.actor())
    return render_template(
        "drafts/index.html",
        drafts=found,
        open_to={one.id for one in found if policy.can(access.actor(), Action.LOG_MEETING, one)},
        words_of=drafts.words_of,
        mails_in=drafts.mails_in,
    )


@bp.post("/units/<int:unit_id>/meetings/draft")
@allow(Action.START_MEETING)
def keep(unit_id: int) -> ResponseReturnValue:
    """What static/js/draft.js sends. Answers what to say about it, and when the newest draft was saved."""
    unit = access.unit(unit_id, Action.LOG_MEETING)
    form, key = MeetingForm(), drafts.log_key(unit.id)
    form.leave_open(request.form)
    try:
        draft = drafts.keep(
            db.session(),
            by=access.actor(),
            unit=unit,
            key=key,
            fields=form.typed(request.form),
            known=form.known_draft,
            now=access.now(),
        )
    except Invalid as error:
        newest = drafts.find(db.session(), by=access.actor(), key=key)
        return {"words": str(error), "saved_at": drafts.stamp(newest) if newest else ""}, error.status
    return {"words": f"Draft saved {clock_time(draft.saved_at, unit.time_zone)}", "saved_at": drafts.stamp(draft)}


@bp.post("/units/<int:unit_id>/meetings/draft/throw-away")
@allow(Action.START_MEETING)
def throw_away(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id)
    drafts.throw_away(db.session(), by=access.actor(), key=drafts.log_key(unit.id))
    flash(f"The unfinished notes about {unit.name} are gone.")
    may_log = policy.can(access.actor(), Action.LOG_MEETING, unit)
    return redirect(url_for("log_meeting.new", unit_id=unit.id) if may_log else url_for("drafts.index"), 303)
