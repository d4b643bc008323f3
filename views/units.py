"""Business units: the list, the tree, and looking after them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import assignments, countries, people, units
from crm.services.exports import lists as exports
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover, Part
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.filters import day
from views.forms.units import AssignForm, JoinForm, UnitForm
from views.paging import page_number

bp = Blueprint("units", __name__)


@bp.get("/units")
@allow(Action.SEE_UNITS)
def index() -> ResponseReturnValue:
    wanted = _filter()
    as_tree = request.args.get("as") != "list" and not wanted.is_set
    session, by = db.session(), access.actor()
    listed = partial(units.listed, session, by=by, wanted=wanted)
    if kind := downloads.wanted():
        return downloads.send("units", exports.units(listed), kind)
    page = units.tree(session, by=by, number=page_number()) if as_tree else listed(number=page_number())
    return render_template(
        "units/index.html",
        page=page,
        as_tree=as_tree,
        wanted=wanted,
        rep_choices=[("", "Any rep"), *((rep.id, rep.name) for rep in people.reps(session))],
        alone=units.count_without_lead(session, by=by),
        tools=list_tools.of("units"),
    )


def _filter() -> units.Filter:
    return units.Filter(
        text=request.args.get("text", "").strip()[:100],
        rep_id=chosen_id("rep"),
        cover="none" if request.args.get("cover") == "none" else "",
    )


def _unit_form(form: UnitForm) -> UnitForm:
    form.parent_id.choices = [("", "Nothing: it stands at the top"), *units.choices(db.session(), access.actor())]
    house = access.organisation()
    form.offer(f"As the organisation: {countries.place_name(house.country, house.region) or 'not said'}", house.country)
    return form


@bp.get("/units/new")
@allow(Action.MANAGE_UNITS)
def new() -> ResponseReturnValue:
    form = _unit_form(UnitForm(formdata=None, time_zone=access.organisation().time_zone))
    return render_template("units/edit.html", form=form, unit=None)


@bp.post("/units/new")
@allow(Action.MANAGE_UNITS)
def create() -> ResponseReturnValue:
    form = _unit_form(UnitForm())
    if "show" in request.form:  # "Show its regions", for who has no script
        return render_template("units/edit.html", form=form, unit=None)
    if form.validate():
        try:
            unit = units.create(db.session(), by=access.actor(), facts=_facts(form))
            flash(f"{unit.name} is here. Give it a rep and a head next.")
            return redirect(url_for("units.cover", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("units/edit.html", form=form, unit=None), 422


def _facts(form: UnitForm) -> units.Facts:
    return units.Facts(
        code=form.code.data or "",
        name=form.name.data or "",
        parent_id=form.parent_id.data,
        time_zone=form.time_zone.data or "UTC",
        country=form.country.data,
        region=form.region.data,
        mail_name=(form.mail_name.data or "").lower() or None,
        calls_review=form.calls_review.data or "",
    )


@bp.get("/units/<int:unit_id>/edit")
@allow(Action.MANAGE_UNITS)
def edit(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    form = _unit_form(UnitForm(formdata=None, obj=unit))
    return render_template("units/edit.html", form=form, unit=unit)


@bp.post("/units/<int:unit_id>/edit")
@allow(Action.MANAGE_UNITS)
def change(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    form = _unit_form(UnitForm())
    if "show" in request.form:
        return render_template("units/edit.html", form=form, unit=unit)
    if form.validate():
        try:
            units.change(db.session(), by=access.actor(), unit=unit, facts=_facts(form))
            flash(f"{unit.name} is saved.")
            return redirect(url_for("unit_page.show", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
            db.session().refresh(unit)
    return render_template("units/edit.html", form=form, unit=unit), 422


@bp.post("/units/<int:unit_id>/close")
@allow(Action.MANAGE_UNITS)
def close(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    units.close(db.session(), by=access.actor(), unit=unit, on=access.today())
    flash(f"{unit.name} is closed. Its history stays.")
    return redirect(url_for("unit_page.show", unit_id=unit.id), 303)


@bp.post("/units/<int:unit_id>/reopen")
@allow(Action.MANAGE_UNITS)
def reopen(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    units.reopen(db.session(), by=access.actor(), unit=unit)
    flash(f"{unit.name} is open again.")
    return redirect(url_for("unit_page.show", unit_id=unit.id), 303)


@bp.get("/units/<int:unit_id>/cover")
@allow(Action.ASSIGN_REP)
def cover(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ASSIGN_REP)
    reps = people.reps(db.session())
    return _cover_page(unit, reps, _assign_form(AssignForm(formdata=None, since=access.today()), reps))


def _assign_form(form: AssignForm, reps: Sequence[Person]) -> AssignForm:
    form.rep_id.choices = [("", "Choose a rep"), *((rep.id, rep.name) for rep in reps)]
    return form


def _cover_page(unit: BusinessUnit, reps: Sequence[Person], form: AssignForm) -> str:
    history = assignments.cover_history(db.session(), unit)
    return render_template("units/cover.html", unit=unit, form=form, history=history, reps=reps)


@bp.post("/units/<int:unit_id>/cover")
@allow(Action.ASSIGN_REP)
def assign(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ASSIGN_REP)
    reps = people.reps(db.session())
    form = _assign_form(AssignForm(), reps)
    if form.validate():
        rep = next(rep for rep in reps if rep.id == form.rep_id.data)
        before = assignments.lead_on(db.session(), unit.id, form.since.data or access.today())
        try:
            made = assignments.assign(
                db.session(),
                by=access.actor(),
                unit=unit,
                rep=rep,
                cover=Cover(form.cover.data),
                since=form.since.data or access.today(),
                until=form.until.data,
            )
            flash(_assigned(unit, rep, made, before))
            return redirect(url_for("units.cover", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _cover_page(unit, reps, form), 422


def _assigned(unit: BusinessUnit, rep: Person, made: Assignment, before: Person | None) -> str:
    """What just happened, the end of the one before included."""
    since = "from today" if made.since == access.today() else f"from {day(made.since, access.today())}"
    if made.cover is Cover.DEPUTY:
        return f"{rep.name} is deputy for {unit.name} {since}."
    ended = f" {before.name}’s lead ends that day." if before and before.id != rep.id else ""
    return f"{rep.name} looks after {unit.name} as lead rep {since}.{ended}"


@bp.post("/units/<int:unit_id>/cover/<int:assignment_id>/end")
@allow(Action.ASSIGN_REP)
def end_cover(unit_id: int, assignment_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.ASSIGN_REP)
    assignments.end_assignment(
        db.session(), by=access.actor(), unit=unit, assignment_id=assignment_id, on=access.today()
    )
    flash("That cover ends today. The history keeps it.")
    return redirect(url_for("units.cover", unit_id=unit.id), 303)


@bp.get("/units/<int:unit_id>/people")
@allow(Action.MANAGE_UNITS)
def people_of(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    found = _candidates()
    return _people_page(unit, found, _join_form(JoinForm(formdata=None, since=access.today()), found))


def _candidates() -> Sequence[Person]:
    """Who may be chosen: people found by the text typed, the first few by name otherwise."""
    text = request.values.get("find", "").strip()[:100]
    return people.listed(db.session(), by=access.actor(), text=text).rows


def _join_form(form: JoinForm, found: Sequence[Person]) -> JoinForm:
    form.person_id.choices = [
        (person.id, f"{person.name}, {person.job_title or person.email or ''}") for person in found
    ]
    return form


def _people_page(unit: BusinessUnit, found: Sequence[Person], form: JoinForm) -> str:
    members = assignments.people_of(db.session(), unit, access.today())
    find = request.values.get("find", "")
    return render_template("units/people.html", unit=unit, form=form, members=members, find=find, found=found)


@bp.post("/units/<int:unit_id>/people")
@allow(Action.MANAGE_UNITS)
def join(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    found = _candidates()
    form = _join_form(JoinForm(), found)
    if form.validate():
        try:
            person = db.session().get_one(Person, form.person_id.data)
            assignments.join(
                db.session(),
                by=access.actor(),
                unit=unit,
                person=person,
                part=Part(form.part.data),
                since=form.since.data or access.today(),
                until=form.until.data,
            )
            flash(f"{person.name} belongs to {unit.name}.")
            return redirect(url_for("units.people_of", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _people_page(unit, found, form), 422


@bp.post("/units/<int:unit_id>/people/<int:membership_id>/end")
@allow(Action.MANAGE_UNITS)
def end_membership(unit_id: int, membership_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.MANAGE_UNITS)
    assignments.end_membership(
        db.session(), by=access.actor(), unit=unit, membership_id=membership_id, on=access.today()
    )
    flash("That ends today. The history keeps it.")
    return redirect(url_for("units.people_of", unit_id=unit.id), 303)
