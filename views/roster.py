"""People around a unit: who looks after it, which specialists met it, who is embedded or deputised there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import assignments, covering, roster, specialists
from crm.services.roster import Show
from models.person import Person
from models.unit import LENT, BusinessUnit, Cover, Membership, Part
from views import access
from views.access import allow
from views.filters import day
from views.forms.base import tidy
from views.forms.roster import PARTS, ExtendForm, LendForm
from views.paging import page_number

bp = Blueprint("roster", __name__)


@bp.get("/roster")
@allow(Action.SEE_ROSTER)
def index() -> ResponseReturnValue:
    part, text = request.args.get("part", ""), tidy(request.args.get("text"))[:100]
    show = Show.ENDED if request.args.get("show") == Show.ENDED else Show.NOW
    wanted = Part(part) if part in LENT else None
    page = roster.listed(db.session(), by=access.actor(), show=show, part=wanted, text=text, number=page_number())
    return render_template(
        "roster/index.html", page=page, show=show, part=part, text=text, parts=PARTS, today=access.today(), soon=_soon
    )


def _soon(lent: Membership) -> bool:
    return roster.ends_soon(lent, access.today())


@bp.get("/units/<int:unit_id>/around")
@allow(Action.SEE_ROSTER)
def around(unit_id: int) -> ResponseReturnValue:
    unit, session, by = access.unit(unit_id, Action.SEE_ROSTER), db.session(), access.actor()
    covers = [held for held in assignments.cover_history(session, unit) if held.since != held.until]
    now = [held for held in covers if held.since <= by.today and (held.until is None or held.until > by.today)]
    absences = covering.away(session, [held.rep_id for held in now], by.today)
    away = next((absences[held.rep_id] for held in now if held.cover is Cover.LEAD and held.rep_id in absences), None)
    deputies = [held.rep for held in now if held.cover is Cover.DEPUTY]
    meets = policy.can(by, Action.SEE_MEETINGS, unit)
    return render_template(
        "roster/around.html",
        unit=unit,
        covers=covers,
        away=covering.in_words(away, deputies, by.today) if away else "",
        specialists=specialists.of_unit(session, by=by, unit=unit) if meets else None,
        lent=roster.of_unit(session, by=by, unit=unit),
        soon=_soon,
        today=by.today,
    )


def _people(unit: BusinessUnit) -> list[Person]:
    text = tidy(request.values.get("find"))[:100]
    return list(roster.candidates(db.session(), by=access.actor(), unit=unit, text=text))


def _lend_page(unit: BusinessUnit, form: LendForm) -> str:
    return render_template("roster/lend.html", unit=unit, form=form, find=tidy(request.values.get("find"))[:100])


@bp.get("/units/<int:unit_id>/lend")
@allow(Action.LEND_PEOPLE)
def new(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LEND_PEOPLE)
    return _lend_page(unit, LendForm(formdata=None, since=access.today()).offer(_people(unit)))


@bp.post("/units/<int:unit_id>/lend")
@allow(Action.LEND_PEOPLE)
def create(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LEND_PEOPLE)
    people = _people(unit)
    form = LendForm().offer(people)
    if form.validate():
        try:
            lent = roster.lend(db.session(), by=access.actor(), unit=unit, told=form.told(people))
            flash(f"{lent.person.name} is on the roster of {unit.name}{_until(lent)}.")
            return redirect(url_for("roster.around", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _lend_page(unit, form), 422


def _until(lent: Membership) -> str:
    return f" until {day(lent.until, access.today())}" if lent.until else ""


@bp.get("/units/<int:unit_id>/roster/<int:lent_id>")
@allow(Action.LEND_PEOPLE)
def edit(unit_id: int, lent_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LEND_PEOPLE)
    lent = roster.find(db.session(), by=access.actor(), unit=unit, lent_id=lent_id)
    return render_template("roster/extend.html", unit=unit, lent=lent, form=ExtendForm(formdata=None, obj=lent))


@bp.post("/units/<int:unit_id>/roster/<int:lent_id>")
@allow(Action.LEND_PEOPLE)
def extend(unit_id: int, lent_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LEND_PEOPLE)
    lent = roster.find(db.session(), by=access.actor(), unit=unit, lent_id=lent_id)
    form = ExtendForm()
    if form.validate() and form.until.data:
        try:
            roster.extend(db.session(), by=access.actor(), lent=lent, until=form.until.data)
            flash(f"{lent.person.name} stays{_until(lent)}.")
            return redirect(url_for("roster.around", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("roster/extend.html", unit=unit, lent=lent, form=form), 422


@bp.post("/units/<int:unit_id>/roster/<int:lent_id>/end")
@allow(Action.LEND_PEOPLE)
def end(unit_id: int, lent_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.LEND_PEOPLE)
    lent = roster.find(db.session(), by=access.actor(), unit=unit, lent_id=lent_id)
    roster.end(db.session(), by=access.actor(), lent=lent)
    flash(f"{lent.person.name}’s time in {unit.name} has ended, and the access with it.")
    return redirect(url_for("roster.around", unit_id=unit.id), 303)
