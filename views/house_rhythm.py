"""The rhythm that every unit follows which has none of its own."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import cadences, house_rhythm, words
from crm.services.house_rhythm import HouseRhythm
from crm.services.review_planning import Slot
from views import access
from views.access import allow
from views.forms.cadences import DATES_SHOWN, HouseRhythmForm, opened_for_house

bp = Blueprint("house_rhythm", __name__)


@bp.get("/settings/rhythm")
@allow(Action.CHANGE_SETTINGS)
def edit() -> ResponseReturnValue:
    form = opened_for_house(house_rhythm.of(access.organisation()))
    return _page(form, _preview(form))


@bp.post("/settings/rhythm")
@allow(Action.CHANGE_SETTINGS)
def change() -> ResponseReturnValue:
    """Keep it; with the button "Show the dates" only show what it would give."""
    form, shows = HouseRhythmForm(), "show" in request.form
    if shows:
        form.reason.validators = ()
    if not form.validate():
        return _page(form), 422
    try:
        if shows:
            return _page(form, _preview(form))
        return _kept(HouseRhythm(form.rule(), form.place.data or ""), form.reason.data or "")
    except Invalid as error:
        form.refuse(error)
        return _page(form), 422


@bp.post("/settings/rhythm/end")
@allow(Action.CHANGE_SETTINGS)
def end() -> ResponseReturnValue:
    return _kept(None, "Given up")


def _kept(wanted: HouseRhythm | None, reason: str) -> ResponseReturnValue:
    number = house_rhythm.change(
        db.session(), by=access.actor(), wanted=wanted, reason=reason, today=access.today(), now=access.now()
    )
    counted = words.counted(number, "unit")
    if wanted is None:
        flash(f"The house has no rhythm any more. {words.capital(counted)} followed it, and meet in none now.")
    else:
        flash(f"{wanted.in_words}. {words.capital(counted)} changed, and the next twelve months are planned.")
    return redirect(url_for("house_rhythm.edit"), 303)


def _preview(form: HouseRhythmForm) -> list[Slot]:
    today = access.today()
    return cadences.preview(db.session(), None, form.rule(), since=today, today=today, number=DATES_SHOWN)


def _page(form: HouseRhythmForm, slots: Sequence[Slot] = ()) -> str:
    session = db.session()
    return render_template(
        "house_rhythm/edit.html",
        form=form,
        slots=slots,
        current=house_rhythm.of(access.organisation()),
        followers=house_rhythm.followers(session),
    )
