"""What a unit and IT are to each other: model, words, and what contradicts them."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid
from crm.policy import Action
from crm.services import clock, engagement, units, words
from crm.services.assessments import four, maturity
from crm.services.assessments.cycle import in_words
from crm.services.assessments.levels import LEVELS
from crm.services.engagement import danger, danger_list, page
from crm.services.engagement.danger_list import Only, Wanted
from crm.services.engagement.signs import NAMES
from crm.services.exports import danger as exports
from models.engagement import Called, DangerFlag, DangerRule, Model
from models.unit import BusinessUnit
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.engagement import CALLED, MODELS, AnswerForm, ModelForm, WordsForm
from views.paging import page_number

bp = Blueprint("engagement", __name__)


@bp.get("/units/<int:unit_id>/engagement")
@allow(Action.SEE_ENGAGEMENT)
def show(unit_id: int) -> ResponseReturnValue:
    return _page(access.unit(unit_id, Action.SEE_ENGAGEMENT))


@bp.post("/units/<int:unit_id>/engagement")
@allow(Action.SET_ENGAGEMENT)
def change(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.SET_ENGAGEMENT), ModelForm()
    if form.validate():
        try:
            made = engagement.change(
                db.session(),
                by=access.actor(),
                unit=unit,
                model=Model(form.model.data),
                since=form.since.data or access.today(),
                why=form.why.data or "",
                meeting_id=form.meeting_id.data,
                now=access.now(),
            )
            flash(f"{unit.name} is a {made.model.value} now. Both sides read why.")
            return redirect(url_for("engagement.show", unit_id=unit.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, model_form=form), 422


@bp.post("/units/<int:unit_id>/engagement/words")
@allow(Action.SET_ENGAGEMENT)
def say(unit_id: int) -> ResponseReturnValue:
    unit, form = access.unit(unit_id, Action.SET_ENGAGEMENT), WordsForm()
    if form.validate():
        try:
            said = engagement.say(
                db.session(),
                by=access.actor(),
                unit=unit,
                called=Called(form.called.data),
                unit_may_expect=form.unit_may_expect.data or "",
                it_may_expect=form.it_may_expect.data or "",
                now=access.now(),
            )
            flash(f"Kept. {unit.name} reads it from now on." if said else "As it was.")
            return redirect(url_for("engagement.show", unit_id=unit.id) + "#expect", 303)
        except Invalid as error:
            form.refuse(error)
    return _page(unit, words_form=form), 422


@bp.post("/danger/<int:flag_id>")
@allow(Action.ACKNOWLEDGE_DANGER)
def acknowledge(flag_id: int) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    form = _answer_form(flag_id)
    try:
        flag = danger.acknowledge(session, by=by, flag_id=flag_id, reason=form.reason.data or "", now=access.now())
        flash("Kept with your reason. It comes back only with new evidence.")
        return redirect(url_for("engagement.show", unit_id=flag.unit_id) + "#danger", 303)
    except Invalid as error:
        form.refuse(error)
        unit = access.unit(session.get_one(DangerFlag, flag_id).unit_id)
    return _page(unit, answers={flag_id: form}), 422


def _answer_form(flag_id: int, *, fresh: bool = False) -> AnswerForm:
    """Several stand on one page: each has names of its own."""
    return AnswerForm(**({"formdata": None} if fresh else {}), prefix=f"sign-{flag_id}-")


def _page(
    unit: BusinessUnit,
    *,
    model_form: ModelForm | None = None,
    words_form: WordsForm | None = None,
    answers: dict[int, AnswerForm] | None = None,
) -> str:
    session, by = db.session(), access.actor()
    changes = model_form is not None or request.args.get("edit") == "model"
    found = page.read(session, by=by, unit=unit, changes=changes)
    today = clock.local_date(access.now(), unit.time_zone)
    form = model_form or ModelForm(formdata=None, since=today)
    # Who changes the model has the conversations to choose from instead: the page has no statement to spare.
    assesses = policy.can(by, Action.SEE_ASSESSMENTS, unit) and not changes
    return render_template(
        "engagement/show.html",
        page=found,
        unit=unit,
        form=form.offer(found.conversations, today, is_first=not found.history),
        words_form=words_form or WordsForm.of(found.words),
        answers={flag.id: (answers or {}).get(flag.id) or _answer_form(flag.id, fresh=True) for flag in found.flags},
        local_today=today,
        relation=found.relation,
        on_day=words.day,
        changes=changes,
        models=MODELS,
        called=CALLED[found.words.called].lower(),
        rules=NAMES,
        facts_of=danger.facts_of,
        clears=danger.clears,
        **(_assessed(unit) if assesses else {}),
    )


def _assessed(unit: BusinessUnit) -> dict[str, object]:
    """The four questions and how far the relationship has come, as their parts of the page want them."""
    session, by = db.session(), access.actor()
    both = maturity.of_unit(session, by=by, unit=unit)
    return {
        "four": four.of_unit(session, by=by, unit=unit),
        "short": four.SHORT,
        "in_words": in_words,
        "both": both,
        "levels": LEVELS,
        "gap": maturity.gap_in_words(both.gap, unit.name),
    }


@bp.get("/danger")
@allow(Action.SEE_DANGER)
def index() -> ResponseReturnValue:
    session, by, wanted = db.session(), access.actor(), _wanted()
    listed = partial(danger_list.listed, session, by=by, wanted=wanted)
    if kind := downloads.wanted():
        return downloads.send("danger", exports.signs(listed), kind)
    return render_template(
        "engagement/danger.html",
        page=listed(number=page_number()),
        wanted=wanted,
        branch=access.branch(wanted.branch_id),
        units=units.choices(session, by),
        rules=NAMES,
        facts_of=danger.facts_of,
        clears=danger.clears,
        tools=list_tools.of("engagement"),
    )


def _wanted() -> Wanted:
    only, rule = request.args.get("only", ""), request.args.get("rule", "")
    return Wanted(
        only=Only(only) if only in set(Only) else Only.OPEN,
        rule=DangerRule(rule) if rule in set(DangerRule) else None,
        unit_id=chosen_id("unit"),
        branch_id=chosen_id("branch"),
        is_mine=request.args.get("whose") == "mine",
    )
