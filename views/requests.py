"""Requests: what units need, the answer, and what came of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import deciding, priority_rules, request_page, requests
from models.request import UNDECIDED, Request, RequestState
from models.request_part import Verdict
from views import access
from views.access import allow
from views.arguments import back_or
from views.forms.deciding import DecideForm, MoveForm, deciding_form

bp = Blueprint("requests", __name__)

#: What is said once it stands there.
MOVED = {
    RequestState.LOOKING: "Somebody looks into it. The unit sees that.",
    RequestState.WAITING: "The unit sees what you need to know.",
    RequestState.DELIVERING: "It is in work. Both sides see that.",
    RequestState.DELIVERED: "It is there. The unit is asked to confirm it.",
    RequestState.CONFIRMED: "Thank you. It counts as done now, because you said so.",
}


def _show(found: Request, form: DecideForm, move_form: MoveForm | None = None, preview: str = "") -> str:
    page = request_page.of(db.session(), by=access.actor(), request=found)
    blank = {way.to: MoveForm.towards(way.to) for way in page.ways}
    typed = {move_form.wanted: move_form} if move_form and move_form.wanted else {}
    return render_template(
        "requests/show.html",
        page=page,
        wish=found,
        form=form,
        move_form=move_form or MoveForm(formdata=None),
        move_forms={to.value: typed.get(to, form) for to, form in blank.items()},
        preview=preview,
        today=access.today(),
    )


def _deciding(found: Request, *, fresh: bool) -> DecideForm:
    """With a field for each criterion of the rule, for whoever may decide."""
    rule = priority_rules.current(db.session()) if not fresh or _may_decide(found) else priority_rules.DEFAULT
    return deciding_form(rule, fresh=fresh)


def _may_decide(found: Request) -> bool:
    return found.state in UNDECIDED and policy.can(access.actor(), Action.DECIDE_REQUEST, found)


@bp.get("/requests/<int:request_id>")
@allow(Action.SEE_PROMISES)
def show(request_id: int) -> ResponseReturnValue:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    form = _deciding(found, fresh=True)
    form.verdict.data = request.args.get("verdict")  # a card of the board was dropped there
    return _show(found, form)


@bp.post("/requests/<int:request_id>/decide")
@allow(Action.SEE_PROMISES)
def decide(request_id: int) -> ResponseReturnValue:
    """Keep the decision; with the button "Show the score" only say what the points come to."""
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    policy.require(access.actor(), Action.DECIDE_REQUEST, found)
    form = _deciding(found, fresh=False)
    try:
        if "show" in request.form:
            rule = priority_rules.current(db.session())
            return _show(found, form, preview=priority_rules.explained(rule, form.points()))
        if form.validate():
            return _decided(found, form)
    except Invalid as error:
        form.refuse(error)
    return _show(found, form), 422


def _decided(found: Request, form: DecideForm) -> ResponseReturnValue:
    deciding.decide(
        db.session(),
        by=access.actor(),
        request=found,
        verdict=Verdict(form.verdict.data),
        reason=form.reason.data or "",
        now=access.now(),
        alternative=form.alternative.data or "",
        no_alternative=bool(form.no_alternative.data),
        trade_off=form.trade_off.data or "",
        points=form.points(),
        bends_process=bool(form.bends_process.data),
        did=form.did.data or "",
    )
    said = "We said yes to" if found.state is RequestState.ACCEPTED else "We said no to"
    flash(f"{said} “{found.title}”.")
    return redirect(back_or(url_for("requests.show", request_id=found.id)), 303)


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
    return _show(found, _deciding(found, fresh=True), form), 422
