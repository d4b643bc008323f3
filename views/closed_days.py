"""Days on which the house, or a unit, is closed: the list, adding, taking back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import closed_days, units
from models.absence import ClosedDays
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.forms.closed_days import ClosedDaysForm
from views.paging import page_number

bp = Blueprint("closed_days", __name__)


@bp.get("/settings/closed-days")
@allow(Action.CHANGE_SETTINGS)
def index() -> ResponseReturnValue:
    return _page(_filled(ClosedDaysForm(formdata=None)))


@bp.post("/settings/closed-days")
@allow(Action.CHANGE_SETTINGS)
def add() -> ResponseReturnValue:
    form = _filled(ClosedDaysForm())
    if form.validate():
        try:
            days = _add(form)
            flash(f"{days.name} is noted. Reviews on these days have moved, and say why.")
            return redirect(url_for("closed_days.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


@bp.post("/settings/closed-days/<int:closed_days_id>/remove")
@allow(Action.CHANGE_SETTINGS)
def remove(closed_days_id: int) -> ResponseReturnValue:
    days = closed_days.remove(db.session(), by=access.actor(), closed_days_id=closed_days_id, today=access.today())
    flash(f"{days.name} is taken back. Reviews that had moved because of it are on their days again.")
    return redirect(url_for("closed_days.index"), 303)


def _filled(form: ClosedDaysForm) -> ClosedDaysForm:
    form.unit_id.choices = [("", "Everywhere"), *units.choices(db.session(), access.actor())]
    return form


def _add(form: ClosedDaysForm) -> ClosedDays:
    session, unit_id = db.session(), form.unit_id.data
    return closed_days.add(
        session,
        by=access.actor(),
        name=form.name.data or "",
        first=form.first.data or access.today(),
        last=form.last.data,
        unit=session.get_one(BusinessUnit, unit_id) if unit_id else None,
        today=access.today(),
    )


def _page(form: ClosedDaysForm) -> str:
    past = request.args.get("past") == "1"
    page = closed_days.listed(db.session(), by=access.actor(), number=page_number(), past=past)
    return render_template("closed_days/index.html", form=form, page=page, past=past)
