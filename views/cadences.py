"""A unit's rhythm: choosing it, and seeing the dates it gives before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import bookings, cadence_rules, cadences, clock, house_rhythm, next_dates
from crm.services.diaries import Clash
from crm.services.next_dates import Staying
from crm.services.review_planning import Slot
from crm.services.words import number
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.forms.cadences import DATES_SHOWN, CadenceForm, opened

bp = Blueprint("cadences", __name__)


@bp.get("/units/<int:unit_id>/cadence")
@allow(Action.SET_CADENCE)
def edit(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.SET_CADENCE)
    session = db.session()
    form = opened(cadences.endless(session, unit.id), house_rhythm.of(access.organisation()), _today(unit))
    return _page(unit, form, _preview(unit, form))


@bp.post("/units/<int:unit_id>/cadence")
@allow(Action.SET_CADENCE)
def change(unit_id: int) -> ResponseReturnValue:
    """Keep the rhythm; with the button "Show the dates" only show what it would give."""
    unit = access.unit(unit_id, Action.SET_CADENCE)
    form = CadenceForm()
    if not form.validate():
        return _page(unit, form), 422
    try:
        if "show" in request.form:
            return _page(unit, form, _preview(unit, form), _clashing(unit, form))
        _set(unit, form)
        return redirect(url_for("unit_page.show", unit_id=unit.id), 303)
    except Invalid as error:
        form.refuse(error)
        return _page(unit, form), 422


@bp.post("/units/<int:unit_id>/cadence/house")
@allow(Action.SET_CADENCE)
def follow_house(unit_id: int) -> ResponseReturnValue:
    unit = access.unit(unit_id, Action.SET_CADENCE)
    try:
        house_rhythm.follow_again(db.session(), by=access.actor(), unit=unit, today=_today(unit))
    except Invalid as error:
        flash(str(error))
    else:
        flash(f"{unit.name} follows the rhythm of the house. The next twelve months are planned.")
    return redirect(url_for("cadences.edit", unit_id=unit.id), 303)


def _today(unit: BusinessUnit) -> date:
    return clock.local_date(access.now(), unit.time_zone)


def _preview(unit: BusinessUnit, form: CadenceForm) -> list[Slot | Staying]:
    """What the rule gives, with the reviews that stay where they are."""
    session, today = db.session(), _today(unit)
    since = form.since.data or today
    slots = cadences.preview(session, unit, form.rule(), since=since, today=today, number=DATES_SHOWN)
    return next_dates.among(session, unit_id=unit.id, slots=slots, since=since, today=today)


def _clashing(unit: BusinessUnit, form: CadenceForm) -> dict[datetime, list[Clash]]:
    """The reviews of the next twelve months that would not suit everybody."""
    since, today = form.since.data or _today(unit), _today(unit)
    return bookings.of_rhythm(db.session(), unit=unit, rule=form.rule(), since=since, today=today)


def _set(unit: BusinessUnit, form: CadenceForm) -> None:
    cadence = cadences.set_cadence(
        db.session(),
        by=access.actor(),
        unit=unit,
        rule=form.rule(),
        place=form.place.data or "",
        since=form.since.data or _today(unit),
        today=_today(unit),
    )
    rhythm = cadence_rules.in_words(cadence_rules.rule_of(cadence))
    planned = Markup("{}: {}. The next twelve months are planned.").format(unit.name, rhythm)
    flash(planned + _told(unit, len(_clashing(unit, form))))


def _told(unit: BusinessUnit, clashing: int) -> Markup:
    """ " Two of them do not suit everybody", with a link to the reviews."""
    if not clashing:
        return Markup("")
    words = Markup(' <a href="{}">{} not suit everybody.</a>')
    some = "One of them does" if clashing == 1 else f"{number(clashing).capitalize()} of them do"
    return words.format(url_for("reviews.index", unit=unit.id, show="next"), some)


def _page(
    unit: BusinessUnit,
    form: CadenceForm,
    slots: Sequence[Slot | Staying] = (),
    clashing: Mapping[datetime, Sequence[Clash]] = MappingProxyType({}),
) -> str:
    session = db.session()
    current = cadences.current(session, unit.id, _today(unit))
    return render_template(
        "cadences/edit.html",
        unit=unit,
        form=form,
        slots=slots,
        clashing=clashing,
        current=current,
        words=cadence_rules.in_words(cadence_rules.rule_of(current)) if current else "",
        house=house_rhythm.of(access.organisation()),
    )
