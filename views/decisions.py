"""Decisions of a unit, and when to look at them again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, decisions
from crm.services.decisions import Which
from models.remark import Decision
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.filters import day
from views.forms.agenda import RevisitForm
from views.forms.base import tidy
from views.paging import page_number

bp = Blueprint("decisions", __name__)


@bp.get("/units/<int:unit_id>/decisions")
@allow(Action.SEE_AGENDA)
def index(unit_id: int) -> ResponseReturnValue:
    return _list(access.unit(unit_id, Action.SEE_AGENDA))


def _list(unit: BusinessUnit, refused: Decision | None = None, form: RevisitForm | None = None) -> str:
    """``refused`` and ``form``: the row whose day could not be taken."""
    given, text = request.args.get("show", ""), tidy(request.args.get("text"))[:100]
    which = Which(given) if given in set(Which) else Which.ALL
    page = decisions.listed(db.session(), by=access.actor(), unit=unit, which=which, text=text, number=page_number())
    return render_template(
        "preparing/decisions.html",
        unit=unit,
        page=page,
        which=which.value,
        text=text,
        refused=refused,
        form=form,
        today=clock.local_date(access.now(), unit.time_zone),
    )


@bp.post("/decisions/<int:decision_id>/revisit")
@allow(Action.PREPARE_REVIEW)
def revisit(decision_id: int) -> ResponseReturnValue:
    decision = decisions.find(db.session(), by=access.actor(), decision_id=decision_id)
    policy.require(access.actor(), Action.PREPARE_REVIEW, decision)
    form = RevisitForm()
    if form.validate():
        try:
            decisions.revisit(by=access.actor(), decision=decision, on=form.day, now=access.now())
            flash(f"The next review from {day(form.day)} on asks about it." if form.day else "No day is set any more.")
            anchor = f"decision-{decision.id}"
            show = request.args.get("show")
            return redirect(url_for("decisions.index", unit_id=decision.unit_id, show=show, _anchor=anchor), 303)
        except Invalid as error:
            form.refuse(error)
    return _list(decision.unit, decision, form), 422
