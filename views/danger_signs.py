"""What counts as a danger sign: choices of the house, changed with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services.engagement import choosing, thresholds
from crm.services.engagement.thresholds import Thresholds
from views import access
from views.access import allow
from views.forms.engagement import ThresholdsForm, what_changed

bp = Blueprint("danger_signs", __name__)


@bp.get("/danger/signs")
@allow(Action.SET_REQUEST_RULES)
def edit() -> ResponseReturnValue:
    return _page(ThresholdsForm.of(thresholds.of(access.organisation())))


@bp.post("/danger/signs")
@allow(Action.SET_REQUEST_RULES)
def change() -> ResponseReturnValue:
    form = ThresholdsForm()
    if form.validate():
        try:
            changed = choosing.change(
                db.session(),
                by=access.actor(),
                wanted=form.thresholds,
                reason=form.reason.data or "",
                now=access.now(),
            )
            flash("Saved, with your reason. Every unit was looked at again." if changed else "As it was.")
            return redirect(url_for("danger_signs.edit"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _page(form: ThresholdsForm) -> str:
    kept = choosing.history(db.session(), by=access.actor()).rows
    return render_template(
        "engagement/signs.html",
        form=form,
        usual=Thresholds(),
        kept=[(what_changed(setting), setting, who) for setting, who in kept],
    )
