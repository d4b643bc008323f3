"""What past surveys say: of one unit over all its years, and of one question unit by unit."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services.past_surveys import reading
from crm.services.past_surveys.reading import UnitPast
from crm.services.past_surveys.series import CONVERTED, starts
from crm.services.survey_reading.figures import Given
from models.past_survey import Better, PastItem
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.forms.past_surveys import BetterForm, BreakForm
from views.paging import page_number

bp = Blueprint("past_figures", __name__)


@bp.get("/past-surveys/items")
@allow(Action.SEE_RATINGS)
def items() -> ResponseReturnValue:
    text = request.args.get("text", "").strip()
    page = reading.items(db.session(), by=access.actor(), text=text, number=page_number())
    return render_template("past_figures/items.html", page=page, text=text)


@bp.get("/past-surveys/items/<int:item_id>")
@allow(Action.SEE_RATINGS)
def item(item_id: int) -> ResponseReturnValue:
    found = _item(item_id)
    return _item_page(found, BetterForm(formdata=None, better=found.better.value))


def _item(item_id: int) -> PastItem:
    return reading.item(db.session(), by=access.actor(), item_id=item_id)


def _item_page(found: PastItem, form: BetterForm) -> str:
    text = request.args.get("text", "").strip()
    session, by = db.session(), access.actor()
    return render_template(
        "past_figures/item.html",
        item=found,
        page=reading.units(session, by=by, item=found, text=text, number=page_number()),
        text=text,
        form=form,
    )


@bp.post("/past-surveys/items/<int:item_id>")
@allow(Action.REBASE_CHART)
def say_better(item_id: int) -> ResponseReturnValue:
    found, form = _item(item_id), BetterForm()
    if form.validate():
        reading.say_better(by=access.actor(), item=found, better=Better(form.better.data))
        flash("The charts of this question are judged so from now on.")
        return redirect(url_for("past_figures.item", item_id=found.id), 303)
    return _item_page(found, form), 422


@bp.get("/units/<int:unit_id>/past")
@allow(Action.SEE_RATINGS)
def of_unit(unit_id: int) -> ResponseReturnValue:
    return _unit_page(access.unit(unit_id), BreakForm(formdata=None))


def _unit_page(unit: BusinessUnit, form: BreakForm) -> str:
    found = reading.of_unit(
        db.session(),
        by=access.actor(),
        unit=unit,
        item_id=request.args.get("item", type=int),
        scale=request.args.get("scale", ""),
    )
    if found.past:
        form.since.choices = [("", "Choose a period"), *starts(found.past.periods)]
    return render_template(
        "past_figures/unit.html",
        unit=unit,
        found=found,
        item_choices=[(each.id, each.text) for each in found.items],
        form=form,
        scale_links=_scale_links(unit, found),
    )


def _scale_links(unit: BusinessUnit, found: UnitPast) -> list[tuple[str, str, bool, None]]:
    """Each scale on which figures were given, and all of them on 1 to 5, which is said."""
    if not found.past or not found.item or found.past.scales in ([], [Given.FIVE]):
        return []
    ways = [(given.value, f"As given: {given.value}") for given in found.past.scales]
    return [
        (
            label,
            url_for("past_figures.of_unit", unit_id=unit.id, item=found.item.id, scale=way),
            way == found.past.shown,
            None,
        )
        for way, label in [*ways, (CONVERTED, "Converted to 1–5")]
    ]


@bp.post("/units/<int:unit_id>/past")
@allow(Action.REBASE_CHART)
def add_break(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id), BreakForm()
    found = _item(request.args.get("item", 0, type=int))
    if form.validate():
        try:
            reading.add_break(
                db.session(),
                by=access.actor(),
                item=found,
                unit=unit if form.reach.data == "unit" else None,
                since=form.since.data,
                reason=form.reason.data or "",
                now=access.now(),
            )
            flash("The limits begin anew there. The reason stands below the chart.")
            return redirect(url_for("past_figures.of_unit", unit_id=unit.id, item=found.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _unit_page(unit, form), 422


@bp.post("/past-surveys/items/<int:item_id>/breaks/<int:break_id>/remove")
@allow(Action.REBASE_CHART)
def remove_break(item_id: int, break_id: int) -> ResponseReturnValue:
    found = _item(item_id)
    reading.remove_break(db.session(), by=access.actor(), item=found, break_id=break_id)
    flash("Taken back. The limits run through again.")
    unit_id = request.args.get("unit", type=int)
    if unit_id:
        return redirect(url_for("past_figures.of_unit", unit_id=unit_id, item=found.id), 303)
    return redirect(url_for("past_figures.item", item_id=found.id), 303)
