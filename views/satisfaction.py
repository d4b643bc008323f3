"""A unit's satisfaction over time, told apart from noise."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import comparing, rebasings, satisfaction, service_reading
from crm.services.measures import OF_UNIT, OVERALL, SHORT
from crm.services.satisfaction import Point
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.filters import day as in_words
from views.forms.ratings import RebaseForm, WithdrawForm

bp = Blueprint("satisfaction", __name__)


@bp.get("/units/<int:unit_id>/satisfaction")
@allow(Action.SEE_RATINGS)
def show(unit_id: int) -> ResponseReturnValue:
    return _page(access.unit(unit_id))


@bp.post("/units/<int:unit_id>/satisfaction")
@allow(Action.REBASE_CHART)
def rebase(unit_id: int) -> ResponseReturnValue:
    unit, form, session = access.unit(unit_id), RebaseForm(), db.session()
    points = satisfaction.points_of(session, unit=unit, measure=_measure(), now=access.now())
    if form.validate():
        try:
            rebasings.rebase(
                session,
                by=access.actor(),
                unit=unit,
                measure=_measure(),
                round_id=form.round_id.data,
                places=[point.round.id for point in points[1:]],
                reason=form.reason.data or "",
                now=access.now(),
            )
            flash("The limits begin anew there. The reason stands below the chart.")
            return _back(unit)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, form), 422


@bp.post("/units/<int:unit_id>/satisfaction/as-before")
@allow(Action.REBASE_CHART)
def withdraw(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id), WithdrawForm()
    if form.validate():
        try:
            rebasings.withdraw(
                db.session(),
                by=access.actor(),
                unit=unit,
                rebasing_id=form.rebasing_id.data,
                why=form.why.data or "",
                now=access.now(),
            )
            flash("Taken back: the limits are as before. Both reasons are kept.")
            return _back(unit)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, withdrawal=form), 422


def _back(unit: BusinessUnit) -> ResponseReturnValue:
    return redirect(url_for("satisfaction.show", unit_id=unit.id, measure=_measure()), 303)


def _measure() -> str:
    given = request.args.get("measure", OVERALL)
    return given if given in OF_UNIT else OVERALL


def _page(unit: BusinessUnit, form: RebaseForm | None = None, withdrawal: WithdrawForm | None = None) -> str:
    session, by, now = db.session(), access.actor(), access.now()
    found = satisfaction.of_unit(session, by=by, unit=unit, now=now, measure=_measure())
    form, withdrawal = form or RebaseForm(formdata=None), withdrawal or WithdrawForm(formdata=None)
    days = {point.round.id: _day(unit, point) for point in found.points}
    form.round_id.choices = [("", "Choose a round"), *list(days.items())[1:]]
    withdrawal.rebasing_id.choices = [
        ("", "Choose one"),
        *((one.id, f"{days[one.round_id]}: {one.reason[:60]}") for one in found.anew),
    ]
    return render_template(
        "satisfaction/show.html",
        unit=unit,
        found=found,
        heard=comparing.of_unit(session, by=by, unit=unit, now=now),
        reading=service_reading.of_unit(session, by=by, unit=unit),
        measures=OF_UNIT,
        measure_links=_links(unit, found.measure),
        form=form,
        withdrawal=withdrawal,
        newest_day=_day(unit, found.newest) if found.newest else "",
    )


def _links(unit: BusinessUnit, shown: str) -> list[tuple[str, str, bool, None]]:
    return [
        (SHORT[measure], url_for("satisfaction.show", unit_id=unit.id, measure=measure), measure == shown, None)
        for measure in OF_UNIT
    ]


def _day(unit: BusinessUnit, point: Point) -> str:
    return in_words(point.round.opened_at.astimezone(unit.zone), access.today())
