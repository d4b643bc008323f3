"""Requests: what units need, the answer, and what came of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import deciding, request_page, requests
from models.request import Request, RequestState
from models.request_part import Verdict
from views import access
from views.access import allow
from views.forms.deciding import DecideForm, MoveForm

bp = Blueprint("requests", __name__)

#: What is said once it stands there.
MOVED = {
    RequestState.LOOKING: "Somebody looks into it. The unit sees that.",
    RequestState.WAITING: "The unit sees what you need to know.",
    RequestState.DELIVERING: "It is in work. Both sides see that.",
    RequestState.DELIVERED: "It is there. The unit is asked to confirm it.",
    RequestState.CONFIRMED: "Thank you. It counts as done now, because you said so.",
}


def _show(found: Request, form: DecideForm, move_form: MoveForm | None = None) -> str:
    page = request_page.of(db.session(), by=access.actor(), request=found)
    return render_template(
        "requests/show.html",
        page=page,
        wish=found,
        form=form,
        move_form=move_form or MoveForm(formdata=None),
        today=access.today(),
    )


@bp.get("/requests/<int:request_id>")
@allow(Action.SEE_PROMISES)
def show(request_id: int) -> ResponseReturnValue:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    return _show(found, DecideForm(formdata=None))


@bp.post("/requests/<int:request_id>/decide")
@allow(Action.SEE_PROMISES)
def decide(request_id: int) -> ResponseReturnValue:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), Action.DECIDE_REQUEST, found)
    form = DecideForm()
    if form.validate():
        try:
            deciding.decide(
                db.session(),
                by=access.actor(),
                request=found,
                verdict=Verdict(form.verdict.data),
                reason=form.reason.data or "",
                now=access.now(),
                alternative=form.alternative.data or "",
                no_alternative=bool(form.no_alternative.data),
                did=form.did.data or "",
            )
            said = "We said yes to" if found.state is RequestState.ACCEPTED else "We said no to"
            flash(f"{said} “{found.title}”.")
            return redirect(url_for("requests.show", request_id=found.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(found, form), 422


@bp.post("/requests/<int:request_id>/move")
@allow(Action.SEE_PROMISES)
def move(request_id: int) -> ResponseReturnValue:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    form = MoveForm()
    if form.validate() and form.wanted:
        try:
            requests.move(
                db.session(),
                by=access.actor(),
                request=found,
                to=form.wanted,
                why=form.why.data or "",
                now=access.now(),
            )
            flash(MOVED[found.state])
            return redirect(url_for("requests.show", request_id=found.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(found, DecideForm(formdata=None), form), 422
