"""Everything that happened with a unit, newest first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.policy import Action
from crm.services import timeline
from crm.services.timeline import Only
from views import access
from views.access import allow
from views.forms.base import tidy

bp = Blueprint("timeline", __name__)

LONGEST = 100
#: What it can be narrowed to, in words, and who can read any of it.
NARROWED = (
    (Only.ALL, "Everything", Action.SEE_UNIT),
    (Only.MEETINGS, "Meetings of every kind", Action.SEE_MEETINGS),
    (Only.REVIEWS, "Reviews", Action.SEE_MEETINGS),
    (Only.TOUCHPOINTS, "Touchpoints", Action.SEE_MEETINGS),
    (Only.OWN, "Their own meetings", Action.SEE_MEETINGS),
    (Only.OURS, "Our own meetings", Action.SEE_MEETINGS),
    (Only.ESCALATIONS, "Escalations", Action.SEE_MEETINGS),
    (Only.NOT_HELD, "Reviews skipped or missed", Action.SEE_REVIEWS),
    (Only.ACTIONS, "Actions", Action.SEE_PROMISES),
    (Only.REQUESTS, "Requests", Action.SEE_PROMISES),
    (Only.RATINGS, "Ratings", Action.SEE_RATINGS),
    (Only.DECISIONS, "Decisions", Action.SEE_MEETINGS),
    (Only.PRAISE, "Thanks", Action.SEE_MEETINGS),
    (Only.PROJECTS, "Projects", Action.SEE_PROMISES),
    (Only.MINUTES, "Minutes shared", Action.SEE_MEETINGS),
    (Only.PEOPLE, "Reps, heads and handovers", Action.SEE_UNIT),
)


@bp.get("/units/<int:unit_id>/timeline")
@allow(Action.SEE_UNIT)
def show(unit_id: int) -> ResponseReturnValue:
    """``?kind=``, ``?text=``, and ``?before=``: the place to go on from."""
    unit, by = access.unit(unit_id), access.actor()
    given, text = request.args.get("kind", ""), tidy(request.args.get("text"))[:LONGEST]
    only = Only(given) if given in set(Only) else Only.ALL
    after = timeline.found_in(request.args.get("before", ""))
    stretch = timeline.read(db.session(), by=by, unit=unit, now=access.now(), only=only, text=text, after=after)
    return render_template(
        "timeline/show.html",
        unit=unit,
        stretch=stretch,
        only=only,
        text=text,
        is_later_page=after is not None,
        narrowed=[(one.value, words) for one, words, right in NARROWED if policy.can(by, right, unit)],
        reads_notes=policy.can(by, Action.SEE_INTERNAL_NOTES, unit),
    )
