"""Actions: what is owed, and settling it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action as Right
from crm.services import action_states, actions, attendees, clock, units
from crm.services.actions import Standing
from crm.services.exports import lists as exports
from models.action import Action, ActionState
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import back_or, chosen_id
from views.forms.promises import NewDateForm, OwnerForm
from views.paging import page_number

bp = Blueprint("actions", __name__)

WORDS = {ActionState.DONE: "done", ActionState.DROPPED: "dropped"}


@bp.get("/actions")
@allow(Right.SEE_PROMISES)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    given, whose = request.args.get("show", ""), request.args.get("whose", "")
    standing = given if given in set(Standing) else ""
    unit_id = chosen_id("unit")
    listed = partial(
        actions.listed,
        session,
        by=by,
        today=access.today(),
        standing=Standing(standing or Standing.OPEN),
        mine=whose == "mine",
        covered=whose == "units",
        unit_id=unit_id,
    )
    if kind := downloads.wanted():
        return downloads.send("actions", exports.actions(listed), kind)
    own = units.own_choices(session, by, unit_id)
    return render_template(
        "actions/index.html",
        page=listed(number=page_number()),
        show=standing,
        whose=whose,
        unit_id=unit_id,
        own=own,
        today=access.today(),
        tools=list_tools.of("actions"),
    )


def _show(action: Action, *, form: NewDateForm | None = None, owner_form: OwnerForm | None = None) -> str:
    session, today = db.session(), clock.local_date(access.now(), action.unit.time_zone)
    owner_form = owner_form or OwnerForm(formdata=None, owner_id=action.owner_id)
    is_open = action.state is ActionState.OPEN
    if is_open and policy.can(access.actor(), Right.LOG_MEETING, action):
        owner_form.offer(attendees.candidates(session, unit=action.unit, on=today, last=None), action.owner)
    return render_template(
        "actions/show.html",
        action=action,
        form=form or NewDateForm(formdata=None, due_on=action.due_on),
        owner_form=owner_form,
        steps=action_states.history(session, action=action),
        today=today,
    )


@bp.get("/actions/<int:action_id>")
@allow(Right.SEE_PROMISES)
def show(action_id: int) -> ResponseReturnValue:
    action = actions.find(db.session(), by=access.actor(), action_id=action_id)
    return _show(action)


@bp.post("/actions/<int:action_id>/settle")
@allow(Right.SEE_PROMISES)
def settle(action_id: int) -> ResponseReturnValue:
    """``state``: done or dropped; open takes it back."""
    action = actions.find(db.session(), by=access.actor(), action_id=action_id)
    given = request.form.get("state", ActionState.DONE.value)
    state = ActionState(given) if given in set(ActionState) else ActionState.DONE
    try:
        if state is ActionState.OPEN:
            actions.reopen(db.session(), by=access.actor(), action=action, now=access.now())
            flash(f"“{action.text}” is open again.")
        else:
            actions.settle(db.session(), by=access.actor(), action=action, state=state, now=access.now())
            undo = url_for("actions.show", action_id=action.id)
            flash(Markup('“{}” is {}. <a href="{}">Undo</a>').format(action.text, WORDS[state], undo))
    except Invalid as error:
        flash(str(error), "error")
    return redirect(back_or(url_for("actions.index")), 303)


@bp.post("/actions/<int:action_id>/date")
@allow(Right.SEE_PROMISES)
def new_date(action_id: int) -> ResponseReturnValue:
    action = actions.find(db.session(), by=access.actor(), action_id=action_id)
    form = NewDateForm()
    if form.validate():
        try:
            actions.new_date(db.session(), by=access.actor(), action=action, due_on=form.due_on.data, now=access.now())
            flash(f"“{action.text}” has another day.")
            return redirect(back_or(url_for("actions.show", action_id=action.id)), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(action, form=form), 422


@bp.post("/actions/<int:action_id>/owner")
@allow(Right.SEE_PROMISES)
def new_owner(action_id: int) -> ResponseReturnValue:
    action = actions.find(db.session(), by=access.actor(), action_id=action_id)
    form = OwnerForm()
    if form.validate():
        try:
            actions.reassign(
                db.session(), by=access.actor(), action=action, owner_id=form.owner_id.data, now=access.now()
            )
            flash(f"“{action.text}” is {action.owner.name + '’s' if action.owner else 'nobody’s'} now.")
            return redirect(back_or(url_for("actions.show", action_id=action.id)), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(action, owner_form=form), 422
