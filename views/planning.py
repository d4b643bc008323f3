"""The rhythm of many units at once: choose them, see what it means for each week, then set it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import bulk_planning, cadence_rules, review_load, words
from crm.services.bulk_planning import Choice, Proposal
from crm.services.review_lists import Which
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.forms.planning import PlanForm, offering, opened

bp = Blueprint("planning", __name__)

CLASHES_SHOWN = 10


@bp.get("/reviews/plan")
@allow(Action.SET_CADENCE)
def choose() -> ResponseReturnValue:
    choices = _choices()
    return _choose_page(opened(choices, access.today()), choices)


@bp.post("/reviews/plan")
@allow(Action.SET_CADENCE)
def put() -> ResponseReturnValue:
    """What the button says: narrow or choose the units, show the load, or set the rhythm."""
    choices = _choices()
    form = offering(PlanForm(), choices)
    asked = request.form.get("do", "load")
    if asked in ("narrow", "all", "none", "change"):
        _pick(form, asked, choices)
        return _choose_page(form, choices)
    if not form.validate():
        return _choose_page(form, choices), 422
    units = [choice.unit for choice in choices if choice.unit.id in set(form.units.data or [])]
    try:
        if asked == "keep":
            return _keep(form, units)
        proposal = bulk_planning.propose(db.session(), by=access.actor(), units=units, wish=form.wish())
        return _load_page(form, units, proposal)
    except Invalid as error:
        form.refuse(error)
        return _choose_page(form, choices), 422


def _choices() -> list[Choice]:
    return bulk_planning.to_choose(db.session(), by=access.actor())


def _text() -> str:
    return request.form.get("text", "").strip()[:100]


def _pick(form: PlanForm, asked: str, choices: Sequence[Choice]) -> None:
    """Tick every unit the words fit, or untick them."""
    fitting = {choice.unit.id for choice in choices if choice.fits(_text())}
    chosen = set(form.units.data or [])
    if asked == "all":
        form.units.data = sorted(chosen | fitting)
    if asked == "none":
        form.units.data = sorted(chosen - fitting)


def _keep(form: PlanForm, units: Sequence[BusinessUnit]) -> ResponseReturnValue:
    made = bulk_planning.keep(db.session(), by=access.actor(), units=units, wish=form.wish(), now=access.now())
    have = "has" if len(units) == 1 else "have"
    told = f"{words.counted(len(units), 'unit')} {have} the new rhythm, with {words.counted(made, 'review')} ahead."
    flash(words.capital(told))
    return redirect(url_for("reviews.index", show=Which.NEXT.value), 303)


def _choose_page(form: PlanForm, choices: Sequence[Choice]) -> str:
    """What is ticked stays in sight, whatever the words."""
    ticked = set(form.units.data or [])
    shown = {choice.unit.id: choice for choice in choices if choice.fits(_text()) or choice.unit.id in ticked}
    return render_template(
        "planning/choose.html",
        form=form,
        shown=shown,
        ticked=len(ticked),
        total=len(choices),
        text=_text(),
        in_words=lambda rhythm: cadence_rules.in_words(cadence_rules.rule_of(rhythm)),
    )


def _given(units: Sequence[BusinessUnit], proposal: Proposal) -> list[tuple[BusinessUnit, str, date | None]]:
    """Each unit with its rule in words and its first new review; None: all its reviews stay where they are."""
    firsts: dict[int, date] = {}
    for review in proposal.reviews:
        firsts[review.unit_id] = min(review.day, firsts.get(review.unit_id, review.day))
    return [(unit, cadence_rules.in_words(proposal.rules[unit.id]), firsts.get(unit.id)) for unit in units]


def _load_page(form: PlanForm, units: Sequence[BusinessUnit], proposal: Proposal) -> str:
    finding, heaviest = review_load.in_words(proposal.load, access.today())
    return render_template(
        "planning/load.html",
        proposal=proposal,
        finding=finding,
        heaviest=heaviest,
        many=len(units),
        given=_given(units, proposal),
        zones={unit.id: unit.time_zone for unit in units},
        clashing=proposal.clashing[:CLASHES_SHOWN],
        hours=review_load.hours,
        kept=[pair for pair in request.form.items(multi=True) if pair[0] in form and pair[0] != "csrf_token"],
        rhythm=cadence_rules.in_words(form.rule()),
        spread=form.wish().spread,
        home_zone=access.organisation().time_zone,
    )
