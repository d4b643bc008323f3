"""A person goes, or stops being a rep: first who takes over, then all of it at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import leaving, people
from crm.services.leaving import Ties
from models.person import Person
from views import access
from views.access import allow
from views.filters import day
from views.forms.leaving import LeavingForm

bp = Blueprint("leaving", __name__)


def _found(person_id: int) -> tuple[Person, Ties, list[Person]]:
    """Who goes, what hangs on that person today, and who may take over."""
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    hangs = leaving.ties(db.session(), person=person, on=access.today())
    reps = [rep for rep in people.reps(db.session()) if rep.id != person.id]
    return person, hangs, reps


def _page(person: Person, ties: Ties, form: LeavingForm, *, stays: bool) -> str:
    return render_template("people/leave.html", person=person, ties=ties, form=form, stays=stays)


@bp.get("/people/<int:person_id>/leave")
@allow(Action.MANAGE_PEOPLE)
def ask(person_id: int) -> ResponseReturnValue:
    person, hangs, reps = _found(person_id)
    form = LeavingForm(formdata=None, on=access.today()).offer(hangs.units, reps, person)
    return _page(person, hangs, form, stays=False)


@bp.post("/people/<int:person_id>/leave")
@allow(Action.MANAGE_PEOPLE)
def leave(person_id: int) -> ResponseReturnValue:
    person, hangs, reps = _found(person_id)
    form = LeavingForm().offer(hangs.units, reps, person)
    if form.validate():
        on = form.on.data or access.today()
        try:
            leaving.leave(
                db.session(),
                by=access.actor(),
                person=person,
                on=on,
                successors=form.successors(reps),
                now=access.now(),
            )
            flash(_gone(person) if not person.is_active else f"{person.name} leaves on {day(on, access.today())}.")
            return redirect(url_for("people.edit", person_id=person.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(person, hangs, form, stays=False), 422


def _gone(person: Person) -> str:
    return f"{person.name} has left. Everything said and promised stays."


@bp.get("/people/<int:person_id>/step-down")
@allow(Action.MANAGE_PEOPLE)
def ask_to_step_down(person_id: int) -> ResponseReturnValue:
    person, hangs, reps = _found(person_id)
    form = LeavingForm(formdata=None, on=access.today()).offer(hangs.units, reps, person)
    return _page(person, hangs, form, stays=True)


@bp.post("/people/<int:person_id>/step-down")
@allow(Action.MANAGE_PEOPLE)
def step_down(person_id: int) -> ResponseReturnValue:
    person, hangs, reps = _found(person_id)
    form = LeavingForm().offer(hangs.units, reps, person)
    form.on.data = access.today()
    del form.on
    if form.validate():
        try:
            leaving.step_down(
                db.session(), by=access.actor(), person=person, successors=form.successors(reps), now=access.now()
            )
            flash(f"{person.name} is no account rep any more.")
            return redirect(url_for("people.edit", person_id=person.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(person, hangs, form, stays=True), 422


@bp.post("/people/<int:person_id>/stay")
@allow(Action.MANAGE_PEOPLE)
def stay(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    leaving.stay(db.session(), by=access.actor(), person=person, now=access.now())
    flash(f"{person.name} stays. What was handed over for that day is taken back.")
    return redirect(url_for("people.edit", person_id=person.id), 303)
