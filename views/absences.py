"""Absences: who is away when, and who covers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import absences, covering, people, words
from crm.services.absences import Show
from models.absence import Absence
from models.person import Person
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.forms.absences import AbsenceForm
from views.paging import page_number

bp = Blueprint("absences", __name__)


@bp.get("/absences")
@allow(Action.RECORD_ABSENCE)
def index() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    show, person_id = request.args.get("show", ""), chosen_id("person")
    shown = Show(show) if show in set(Show) else Show.AHEAD
    page = absences.listed(session, by=by, show=shown, person_id=person_id, number=page_number())
    return render_template(
        "absences/index.html",
        page=page,
        gaps=covering.without_cover(session, by=by, absence_ids=[absence.id for absence in page.rows]),
        show=shown,
        person_id=person_id,
        people=[(rep.id, rep.name) for rep in people.reps(session)] if _for_everybody() else [],
        today=access.today(),
    )


def _for_everybody() -> bool:
    return policy.can(access.actor(), Action.RECORD_ANY_ABSENCE)


def _may_be_away(reps: Sequence[Person]) -> list[Person]:
    return [rep for rep in reps if _for_everybody() or rep.id == access.actor().id]


@bp.get("/absences/new")
@allow(Action.RECORD_ABSENCE)
def new() -> ResponseReturnValue:
    reps = people.reps(db.session())
    form = AbsenceForm(formdata=None, since=access.today(), person_id=chosen_id("person") or access.actor().id)
    return render_template("absences/edit.html", form=form.offer(_may_be_away(reps), reps), absence=None)


@bp.post("/absences/new")
@allow(Action.RECORD_ABSENCE)
def create() -> ResponseReturnValue:
    reps = people.reps(db.session())
    form = AbsenceForm().offer(_may_be_away(reps), reps)
    if form.validate():
        person = next(rep for rep in reps if rep.id == form.person_id.data)
        try:
            absence = absences.record(db.session(), by=access.actor(), person=person, told=form.told(reps))
            return _kept(absence)
        except Invalid as error:
            form.refuse(error)
    return render_template("absences/edit.html", form=form, absence=None), 422


def _kept(absence: Absence) -> ResponseReturnValue:
    flash(f"{absence.person.name} is away {absences.span(absence, access.today())}. {_warning(absence)}".strip())
    return redirect(url_for("absences.index"), 303)


def _warning(absence: Absence) -> str:
    """What is not well about the cover; "" when all is."""
    session, by = db.session(), access.actor()
    told = []
    if clash := absences.cover_is_away(session, absence):
        told.append(f"Mind: {clash.person.name} is away too, {absences.span(clash, by.today)}.")
    if gap := covering.without_cover(session, by=by, absence_ids=[absence.id]).get(absence.id):
        told.append(f"Nobody covers {words.listed([name for _, name in gap.units])}.")
    return " ".join(told)


@bp.get("/absences/<int:absence_id>")
@allow(Action.RECORD_ABSENCE)
def edit(absence_id: int) -> ResponseReturnValue:
    absence = absences.find(db.session(), by=access.actor(), absence_id=absence_id)
    form = AbsenceForm(formdata=None, obj=absence).offer([absence.person], people.reps(db.session()))
    return render_template("absences/edit.html", form=form, absence=absence)


@bp.post("/absences/<int:absence_id>")
@allow(Action.RECORD_ABSENCE)
def change(absence_id: int) -> ResponseReturnValue:
    absence = absences.find(db.session(), by=access.actor(), absence_id=absence_id)
    reps = people.reps(db.session())
    form = AbsenceForm().offer([absence.person], reps)
    if form.validate():
        try:
            absences.change(db.session(), by=access.actor(), absence=absence, told=form.told(reps))
            return _kept(absence)
        except Invalid as error:
            form.refuse(error)
    return render_template("absences/edit.html", form=form, absence=absence), 422


@bp.post("/absences/<int:absence_id>/end")
@allow(Action.RECORD_ABSENCE)
def end(absence_id: int) -> ResponseReturnValue:
    absence = absences.find(db.session(), by=access.actor(), absence_id=absence_id)
    had_begun = absence.since < access.today()
    absences.end(db.session(), by=access.actor(), absence=absence)
    flash(f"{absence.person.name} is back." if had_begun else "That absence is taken back.")
    return redirect(url_for("absences.index"), 303)
