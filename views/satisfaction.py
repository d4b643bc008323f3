"""A unit's satisfaction over time, told apart from noise."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import satisfaction, service_reading
from crm.services.satisfaction import MEASURES, OVERALL, Point
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.filters import day as in_words
from views.forms.ratings import RebaseForm

bp = Blueprint("satisfaction", __name__)

#: The measures where there is little room.
SHORT = {
    OVERALL: "Overall",
    "understands": "Understands",
    "executes": "Delivers",
    "communicates": "Informs",
    "value": "Value",
}


@bp.get("/units/<int:unit_id>/satisfaction")
@allow(Action.SEE_RATINGS)
def show(unit_id: int) -> ResponseReturnValue:
    return _page(access.unit(unit_id), RebaseForm(formdata=None))


@bp.post("/units/<int:unit_id>/satisfaction")
@allow(Action.REBASE_CHART)
def rebase(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id), RebaseForm()
    if form.validate():
        try:
            satisfaction.rebase(
                db.session(),
                by=access.actor(),
                unit=unit,
                measure=_measure(),
                round_id=form.round_id.data,
                reason=form.reason.data or "",
                now=access.now(),
            )
            flash("The limits begin anew there. The reason stands below the chart.")
            return redirect(url_for("satisfaction.show", unit_id=unit.id, measure=_measure()), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, form), 422


def _measure() -> str:
    given = request.args.get("measure", OVERALL)
    return given if given in MEASURES else OVERALL


def _page(unit: BusinessUnit, form: RebaseForm) -> str:
    found = satisfaction.of_unit(db.session(), by=access.actor(), unit=unit, now=access.now(), measure=_measure())
    form.round_id.choices = [
        ("", "Choose a round"),
        *((point.round.id, _day(unit, point)) for point in found.points[1:]),
    ]
    return render_template(
        "satisfaction/show.html",
        unit=unit,
        found=found,
        reading=service_reading.of_unit(db.session(), by=access.actor(), unit=unit),
        measures=MEASURES,
        measure_links=_links(unit, found.measure),
        form=form,
    )


def _links(unit: BusinessUnit, shown: str) -> list[tuple[str, str, bool, None]]:
    return [
        (SHORT[measure], url_for("satisfaction.show", unit_id=unit.id, measure=measure), measure == shown, None)
        for measure in MEASURES
    ]


def _day(unit: BusinessUnit, point: Point) -> str:
    return in_words(point.round.opened_at.astimezone(unit.zone), access.today())
