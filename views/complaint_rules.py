"""When complaints go up by themselves: said once for the house, changed with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import complaint_rules, request_stages
from models.request import Severity
from views import access
from views.access import allow
from views.forms.complaints import RulesForm

bp = Blueprint("complaint_rules", __name__)


@bp.get("/complaints/rules")
@allow(Action.SET_REQUEST_RULES)
def edit() -> ResponseReturnValue:
    return _page(RulesForm.of(complaint_rules.rules_of(access.organisation())))


@bp.post("/complaints/rules")
@allow(Action.SET_REQUEST_RULES)
def change() -> ResponseReturnValue:
    form = RulesForm()
    if form.validate():
        try:
            differs = complaint_rules.change(
                db.session(), by=access.actor(), rules=form.rules, reason=form.reason.data or "", now=access.now()
            )
            flash("Kept. From now on complaints go up by these days." if differs else "It stays as it was.")
            return redirect(url_for("complaint_rules.edit"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _page(form: RulesForm) -> str:
    words, said = request_stages.SEVERITIES, request_stages.IN_THEIR_WORDS
    severities = [(one.value, words[one], said[one]) for one in reversed(Severity)]
    return render_template("complaints/rules.html", form=form, severities=severities)
