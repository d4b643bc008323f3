"""Handing a unit over, and the page from which the next rep learns everything."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import assignments, cadence_rules, handover_page, handovers, people
from crm.services.handovers import Told
from models.handover import Handover
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.filters import day
from views.forms.handovers import HandoverForm

bp = Blueprint("handovers", __name__)


@bp.get("/units/<int:unit_id>/handover")
@allow(Action.HAND_OVER)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.HAND_OVER)
    if (other := handovers.ahead(db.session(), unit.id, access.today())) is not None:
        return redirect(url_for("handovers.show", handover_id=other.id))
    lead = assignments.lead_on(db.session(), unit.id, access.today())
    form = HandoverForm(formdata=None, on=access.today()).offer(people.reps(db.session()), lead)
    return render_template("handovers/edit.html", unit=unit, form=form, lead=lead, handover=None)


@bp.post("/units/<int:unit_id>/handover")
@allow(Action.HAND_OVER)
def create(unit_id: int) -> ResponseReturnValue:
    unit, reps = access.unit(unit_id, Action.HAND_OVER), people.reps(db.session())
    lead = assignments.lead_on(db.session(), unit.id, access.today())
    form = HandoverForm().offer(reps, lead)
    if form.validate():
        try:
            told = form.told(reps)
            made = handovers.start(db.session(), by=access.actor(), unit=unit, told=told, now=access.now())
            return _told(made, f"{made.incoming.name} looks after {unit.name} {_from(made)}. Both of you get a mail.")
        except Invalid as error:
            form.refuse(error)
    return render_template("handovers/edit.html", unit=unit, form=form, lead=lead, handover=None), 422


def _from(handover: Handover) -> str:
    today = access.today()
    return "from today" if handover.on == today else f"from {day(handover.on, today)}"


def _told(handover: Handover, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("handovers.show", handover_id=handover.id), 303)


@bp.get("/handovers/<int:handover_id>")
@allow(Action.SEE_HANDOVER)
def show(handover_id: int) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    handover = handovers.find(session, by=by, handover_id=handover_id)
    page = handover_page.read(session, by=by, handover=handover, now=access.now())
    rhythm = page.next_reviews[0].cadence if page.next_reviews else None
    return render_template(
        "handovers/show.html",
        page=page,
        handover=handover,
        unit=handover.unit,
        rhythm=cadence_rules.in_words(cadence_rules.rule_of(rhythm)) if rhythm else "",
        today=access.today(),
    )


def _found(handover_id: int) -> tuple[Handover, BusinessUnit]:
    """One that may be put right by whoever is calling."""
    handover = handovers.find(db.session(), by=access.actor(), handover_id=handover_id)
    return handover, access.unit(handover.unit_id, Action.HAND_OVER)


@bp.get("/handovers/<int:handover_id>/change")
@allow(Action.HAND_OVER)
def edit(handover_id: int) -> ResponseReturnValue:
    handover, unit = _found(handover_id)
    form = HandoverForm(formdata=None, obj=handover).offer(people.reps(db.session()), handover.outgoing)
    return render_template("handovers/edit.html", unit=unit, form=form, lead=handover.outgoing, handover=handover)


@bp.post("/handovers/<int:handover_id>/change")
@allow(Action.HAND_OVER)
def change(handover_id: int) -> ResponseReturnValue:
    handover, unit = _found(handover_id)
    reps = people.reps(db.session())
    form = HandoverForm().offer(reps, handover.outgoing)
    if form.validate():
        told = _with_words_kept(form.told(reps), handover)
        try:
            handovers.change(db.session(), by=access.actor(), handover=handover, told=told, now=access.now())
            return _told(handover, f"{handover.incoming.name} looks after {unit.name} {_from(handover)}.")
        except Invalid as error:
            form.refuse(error)
    page = render_template("handovers/edit.html", unit=unit, form=form, lead=handover.outgoing, handover=handover)
    return page, 422


def _with_words_kept(told: Told, handover: Handover) -> Told:
    """Who may not read what the rep wrote does not overwrite it either."""
    if policy.can(access.actor(), Action.SEE_INTERNAL_NOTES):
        return told
    return replace(told, tone=handover.tone, went_wrong=handover.went_wrong)


@bp.post("/handovers/<int:handover_id>/withdraw")
@allow(Action.HAND_OVER)
def withdraw(handover_id: int) -> ResponseReturnValue:
    handover, unit = _found(handover_id)
    handovers.withdraw(db.session(), by=access.actor(), handover=handover, now=access.now())
    flash(f"{unit.name} is not handed over. Both reps get a mail.")
    return redirect(url_for("unit_page.show", unit_id=unit.id), 303)


@bp.post("/handovers/<int:handover_id>/acknowledge")
@allow(Action.SEE_HANDOVER)
def acknowledge(handover_id: int) -> ResponseReturnValue:
    handover = handovers.find(db.session(), by=access.actor(), handover_id=handover_id)
    handovers.acknowledge(by=access.actor(), handover=handover, now=access.now())
    return _told(handover, f"Noted: you have read the handover of {handover.unit.name}.")
