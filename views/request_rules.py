"""How we decide: the house's rule and its limits, readable by everybody who sees requests."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import priority_rules, request_limits, request_rules
from models.request import RequestKind
from views import access
from views.access import allow
from views.forms.request_rules import RulesForm, opened

bp = Blueprint("request_rules", __name__)


@bp.get("/requests/rules")
@allow(Action.SEE_PROMISES)
def show() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "requests/rules.html",
        rule=priority_rules.current(session),
        limits=request_limits.current(session),
        versions=request_rules.history(session),
        states=request_rules.STATES,
        kinds=list(RequestKind),
        today=access.today(),
    )


@bp.get("/requests/rules/edit")
@allow(Action.SET_REQUEST_RULES)
def edit() -> ResponseReturnValue:
    session = db.session()
    return _page(opened(priority_rules.current(session), request_limits.current(session)))


@bp.post("/requests/rules/edit")
@allow(Action.SET_REQUEST_RULES)
def change() -> ResponseReturnValue:
    session, form = db.session(), RulesForm()
    if form.validate():
        try:
            changed = request_rules.change(
                session,
                by=access.actor(),
                wanted=form.wanted(priority_rules.current(session)),
                reason=form.reason.data or "",
                now=access.now(),
            )
            flash("From now on we decide in this way." if changed else "Nothing was different.")
            return redirect(url_for("request_rules.edit"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _page(form: RulesForm) -> str:
    return render_template("requests/rules_edit.html", form=form, states=request_rules.STATES, kinds=list(RequestKind))
