"""The calendar: reviews and due actions by month, week or day."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.policy import Action
from crm.services import diary, people, units
from crm.services.diary import Scope, View
from views import access
from views.access import allow
from views.arguments import chosen_id

bp = Blueprint("calendar", __name__)


@bp.get("/calendar")
@allow(Action.SEE_CALENDAR)
def show() -> ResponseReturnValue:
    """``?view=``, ``?on=``, ``?whose=`` (mine, all, a rep's id), ``?unit=``. Without a view: what there is room for."""
    session, by, given = db.session(), access.actor(), request.args.get("view", "")
    view = View(given) if given in set(View) else None
    on = _day(request.args.get("on", "")) or access.today()
    span = diary.span(view or View.MONTH, on)
    agenda = diary.span(View.AGENDA, on) if view is None else None
    whole, scope = diary.both(span, agenda) if agenda else span, _scope()
    return render_template(
        "calendar/show.html",
        span=span,
        agenda=agenda,
        days=diary.days(session, by=by, span=whole, scope=scope),
        notes=diary.notes(session, by=by, span=whole, scope=scope),
        scope=scope,
        whose=_whose(scope),
        reps=[(rep.id, rep.name) for rep in people.reps(session)] if policy.sees_all_units(by) else [],
        own=units.own_choices(session, by, scope.unit_id),
        has_own=bool(by.covers),
        home_zone=access.organisation().time_zone,
    )


def _scope() -> Scope:
    whose, has_own = request.args.get("whose", ""), bool(access.actor().covers)
    rep_id = chosen_id("whose") if policy.sees_all_units(access.actor()) else None
    mine = has_own and rep_id is None and whose != "all"
    return Scope(mine=mine, rep_id=rep_id, unit_id=chosen_id("unit"))


def _whose(scope: Scope) -> str:
    """As the filter says it."""
    return str(scope.rep_id) if scope.rep_id else "mine" if scope.mine else "all"


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
