"""Requests: what units need, the answer, and what came of it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import attendees, clock, requests, units
from crm.services.exports import lists as exports
from crm.services.requests import Verdict
from models.request import OPEN_STATES, Origin, Request, RequestState
from models.unit import BusinessUnit
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import back_or, chosen_id
from views.forms.base import tidy
from views.forms.promises import DecideForm, RequestForm, RequestForSomebodyForm
from views.paging import page_number

bp = Blueprint("requests", __name__)

#: The parts of the list: what each shows, and how it is called.
PARTS = (
    (RequestState.LOGGED.value, "To decide"),
    ("open", "Open"),
    (RequestState.ACCEPTED.value, "Accepted"),
    (RequestState.DELIVERED.value, "Delivered"),
    (RequestState.DECLINED.value, "The “No” register"),
)

STATES = {"all": (), "open": OPEN_STATES} | {state.value: (state,) for state in RequestState}


@bp.get("/requests")
@allow(Action.SEE_PROMISES)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    part, unit = request.args.get("show", ""), request.args.get("unit", "")
    unit_id = chosen_id("unit")
    text = tidy(request.args.get("text"))[:100]
    part = part if part in STATES else RequestState.LOGGED.value
    listed = partial(
        requests.listed,
        session,
        by=by,
        states=STATES[part],
        unit_id=unit_id,
        covered=unit == "mine",
        text=text,
    )
    if kind := downloads.wanted():
        return downloads.send("requests", exports.requests(listed), kind)
    own = units.own_choices(session, by, unit_id)
    return render_template(
        "requests/index.html",
        page=listed(number=page_number()),
        part=part,
        parts=PARTS,
        unit=unit,
        text=text,
        own=own,
        today=access.today(),
        tools=list_tools.of("requests"),
    )


def _form(unit: BusinessUnit, *, fresh: bool) -> RequestForm:
    """The form for the own wish; with the name of who asks for those who look after the unit."""
    given = {"formdata": None} if fresh else {}
    if not policy.can(access.actor(), Action.DECIDE_REQUEST, unit):
        return RequestForm(**given)
    form = RequestForSomebodyForm(**given)
    today = clock.local_date(access.now(), unit.time_zone)
    people = attendees.candidates(db.session(), unit=unit, on=today, last=None)
    theirs = [(one.person.id, one.person.name) for one in people if one.is_from_unit]
    form.requester_id.choices = [("", "Nobody in particular"), *theirs]
    return form


@bp.get("/units/<int:unit_id>/requests/new")
@allow(Action.ADD_REQUEST)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    return render_template("requests/new.html", unit=unit, form=_form(unit, fresh=True))


@bp.post("/units/<int:unit_id>/requests/new")
@allow(Action.ADD_REQUEST)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    form = _form(unit, fresh=False)
    if form.validate():
        try:
            added = requests.add(
                db.session(),
                by=access.actor(),
                unit=unit,
                title=form.title.data or "",
                business_need=form.business_need.data or "",
                now=access.now(),
                requester_id=form.requester_id.data if isinstance(form, RequestForSomebodyForm) else None,
                origin=Origin(form.origin.data) if isinstance(form, RequestForSomebodyForm) else Origin.ASKED,
            )
            flash(f"“{added.title}” is with us now.")
            return redirect(url_for("requests.show", request_id=added.id), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("requests/new.html", unit=unit, form=form), 422


def _show(found: Request, form: DecideForm) -> str:
    return render_template("requests/show.html", wish=found, form=form)


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
            requests.decide(
                db.session(),
                by=access.actor(),
                request=found,
                verdict=Verdict(form.verdict.data),
                reason=form.reason.data or "",
                now=access.now(),
                alternative=form.alternative.data or "",
                no_alternative=bool(form.no_alternative.data),
            )
            said = "We said yes to" if found.state is RequestState.ACCEPTED else "We said no to"
            flash(f"{said} “{found.title}”.")
            return redirect(url_for("requests.show", request_id=found.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(found, form), 422


@bp.post("/requests/<int:request_id>/deliver")
@allow(Action.SEE_PROMISES)
def deliver(request_id: int) -> ResponseReturnValue:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    try:
        requests.deliver(db.session(), by=access.actor(), request=found, now=access.now())
        flash(f"“{found.title}” is delivered.")
    except Invalid as error:
        flash(str(error), "error")
    return redirect(back_or(url_for("requests.show", request_id=found.id)), 303)
