"""What IT knows of a relationship: the four questions of each cycle, and how far both sides say it has come."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import words
from crm.services.assessments import cycle, four, listing, maturity
from crm.services.assessments.levels import LEVELS
from crm.services.assessments.listing import Only
from crm.services.exports.assessments import assessments as as_sheet
from models.unit import BusinessUnit
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.assessments import FourForm, LevelForm
from views.forms.base import tidy
from views.paging import page_number

bp = Blueprint("assessments", __name__)


@bp.get("/assessments")
@allow(Action.SEE_ASSESSMENTS)
def index() -> ResponseReturnValue:
    given, text = request.args.get("show", ""), tidy(request.args.get("text"))[:100]
    only = Only(given) if given in set(Only) else Only.ALL
    listed = partial(listing.listed, db.session(), by=access.actor(), only=only, text=text)
    if kind := downloads.wanted():
        return downloads.send("assessments", as_sheet(listed), kind)
    return render_template(
        "assessments/index.html",
        page=listed(number=page_number()),
        only=only,
        text=text,
        in_words=cycle.in_words,
        tools=list_tools.of("assessments"),
    )


@bp.get("/units/<int:unit_id>/assessment")
@allow(Action.SEE_ASSESSMENTS)
def show(unit_id: int) -> ResponseReturnValue:
    return _page(access.unit(unit_id, Action.SEE_ASSESSMENTS))


@bp.post("/units/<int:unit_id>/assessment")
@allow(Action.ASSESS_UNIT)
def keep(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.ASSESS_UNIT), FourForm()
    review_id = chosen_id("review")
    if form.validate():
        try:
            many = four.keep(
                db.session(),
                by=access.actor(),
                unit=unit,
                answers=form.answers,
                now=access.now(),
                review_id=review_id,
            )
            flash(f"{words.capital(words.counted(many, 'answer'))} kept." if many else "Nothing was different.")
            return redirect(url_for("assessments.show", unit_id=unit.id, review=review_id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, form=form), 422


@bp.post("/units/<int:unit_id>/maturity")
@allow(Action.ASSESS_UNIT)
def say_level(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.ASSESS_UNIT), LevelForm()
    if form.validate():
        try:
            said = maturity.say(
                db.session(),
                by=access.actor(),
                unit=unit,
                level=form.level.data,
                why=form.why.data or "",
                now=access.now(),
            )
            flash(f"IT sees itself as {LEVELS[said.level].name.lower()} to {unit.name}.")
            return redirect(url_for("assessments.show", unit_id=unit.id) + "#maturity", 303)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, level_form=form), 422


def _page(unit: BusinessUnit, form: FourForm | None = None, level_form: LevelForm | None = None) -> str:
    session, by = db.session(), access.actor()
    standings = four.of_unit(session, by=by, unit=unit)
    both = maturity.of_unit(session, by=by, unit=unit)
    said = {"level": both.ours.level, "why": both.ours.why} if both.ours else {}
    return render_template(
        "assessments/show.html",
        unit=unit,
        four=standings,
        form=form or FourForm.of(standings),
        both=both,
        levels=LEVELS,
        level_means={step: level.means for step, level in LEVELS.items()},
        gap=maturity.gap_in_words(both.gap, unit.name),
        level_form=level_form or LevelForm(formdata=None, **said),
        past=four.history(session, by=by, unit=unit, number=page_number()),
        short=four.SHORT,
        cycle=cycle.in_words(cycle.cycle_of(by.today).since),
        in_words=cycle.in_words,
        review_id=chosen_id("review"),
    )
