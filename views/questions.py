"""What is asked: the sets of questions, their versions, and changing one after seeing it as a head will."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action
from crm.services import pages, question_changes, question_editing, question_sets, survey
from crm.services.languages import AS_WRITTEN
from crm.services.question_editing import MOST_QUESTIONS, PLACES, Wanted
from models.question import Instrument, QuestionSet
from views import access
from views.access import allow
from views.forms.answers import answer_form
from views.forms.questions import QuestionsForm
from views.paging import page_number

bp = Blueprint("questions", __name__)

#: What each is called, and when it is asked.
NAMES = {
    Instrument.PULSE: ("The pulse", "After a review, of who was there."),
    Instrument.SURVEY: ("The survey", "Once a quarter, of the head and the key users."),
    Instrument.PROJECT: ("The project questions", "At delivery, and three and six months after."),
}
WORDS = {"kinds": question_changes.KINDS, "pers": question_changes.PERS}


@bp.get("/questions")
@allow(Action.SEE_ASKING)
def index() -> ResponseReturnValue:
    session, now = db.session(), access.now()
    sets = {each: question_sets.in_force(session, instrument=each, now=now) for each in question_sets.FIRST}
    return render_template("questions/index.html", names=NAMES, sets=sets, **WORDS)


@bp.get("/questions/<instrument>")
@allow(Action.SEE_ASKING)
def versions(instrument: str) -> ResponseReturnValue:
    """Version by version: why, what changed, and when it was asked."""
    session, which, number = db.session(), _instrument(instrument), page_number()
    found = question_sets.versions(session, instrument=which, number=number)
    first = question_sets.in_force(session, instrument=which, now=access.now())
    shown = found[: pages.SIZE] or [first]
    changed = [question_changes.differences(old.questions, new.questions) for new, old in pairwise(found)]
    return render_template(
        "questions/versions.html",
        instrument=which,
        name=NAMES[which][0],
        page=pages.Page(shown, number, len(found) > pages.SIZE),
        changes=dict(zip([one.version for one in shown], changed, strict=False)),
        asked=question_sets.asked_in(session, set_ids=[one.id for one in found]),
        newest=first.version,
    )


@bp.get("/questions/<instrument>/<int:set_version>")
@allow(Action.SEE_ASKING)
def show(instrument: str, set_version: int) -> ResponseReturnValue:
    """One version as a head meets it."""
    session, which = db.session(), _instrument(instrument)
    found = question_sets.version(session, instrument=which, number=set_version, now=access.now())
    return render_template(
        "questions/show.html",
        instrument=which,
        name=NAMES[which][0],
        version=found,
        **WORDS,
        **_preview([Wanted.of(question) for question in found.questions]),
    )


@bp.get("/questions/<instrument>/edit")
@allow(Action.MANAGE_ASKING)
def edit(instrument: str) -> ResponseReturnValue:
    which = _instrument(instrument)
    return _edit_page(which, QuestionsForm.of(_in_force(which)))


@bp.post("/questions/<instrument>/edit")
@allow(Action.MANAGE_ASKING)
def change(instrument: str) -> ResponseReturnValue:
    """Each button of the two pages: moving, adding and taking away; seeing it as a head will; saving."""
    which, form, button = _instrument(instrument), QuestionsForm(), request.form.get("do", "")
    if button not in ("see", "save"):
        return _edit_page(which, form if button == "back" else form.after(button))
    wanted = form.wanted()
    form.validate()
    wrong = question_editing.mistakes(wanted)
    for mistake in wrong:
        form.refuse(mistake)
    if wrong:
        return _edit_page(which, form), 422
    if button == "save":
        return _saved(which, form, wanted)
    form.reason.errors = ()
    return _check_page(which, form, wanted)


def _saved(which: Instrument, form: QuestionsForm, wanted: Sequence[Wanted]) -> ResponseReturnValue:
    session = db.session()
    try:
        made = question_editing.save(
            session,
            by=access.actor(),
            instrument=which,
            base=form.version,
            wanted=wanted,
            reason=form.reason.data or "",
            now=access.now(),
        )
    except Conflict as error:
        others = _meanwhile(which, form)
        form.refuse(error)
        return _check_page(which, form, wanted, others), 409
    except Invalid as error:
        form.refuse(error)
        return _check_page(which, form, wanted), 422
    flash(f"Version {made.version} is asked from the next round on. Open rounds keep theirs, and so do old answers.")
    return redirect(url_for("questions.versions", instrument=which.value), 303)


def _meanwhile(which: Instrument, form: QuestionsForm) -> list[str]:
    """What somebody else changed since this form was opened; saving again goes on from there."""
    session, now, newest = db.session(), access.now(), _in_force(which)
    known = question_sets.version(session, instrument=which, number=form.version or 1, now=now)
    form.base.data = str(newest.version)
    return question_changes.differences(known.questions, newest.questions)


def _in_force(which: Instrument) -> QuestionSet:
    return question_sets.in_force(db.session(), instrument=which, now=access.now())


def _instrument(given: str) -> Instrument:
    """One whose questions can be changed; a pulse is one question and a comment."""
    if given not in [instrument.value for instrument in question_sets.FIRST]:
        raise NotFound("There are no such questions.")
    return Instrument(given)


def _edit_page(which: Instrument, form: QuestionsForm) -> str:
    return render_template(
        "questions/edit.html", form=form, instrument=which, name=NAMES[which][0], most=MOST_QUESTIONS, places=PLACES
    )


def _check_page(which: Instrument, form: QuestionsForm, wanted: Sequence[Wanted], others: Sequence[str] = ()) -> str:
    planned = question_editing.plan(db.session(), by=access.actor(), instrument=which, wanted=wanted, now=access.now())
    return render_template(
        "questions/check.html",
        form=form,
        instrument=which,
        name=NAMES[which][0],
        planned=planned,
        others=others,
        **_preview(wanted),
    )


def _preview(wanted: Sequence[Wanted]) -> dict[str, object]:
    """The page of an answer with these questions, for looking at it."""
    questions = [one.at(place, one.key) for place, one in enumerate(wanted, start=1)]
    for question in questions:
        question.id = question.position
    unit, asked = survey.sample(db.session(), questions=questions, today=access.today())
    return {"preview": answer_form(asked, AS_WRITTEN)(formdata=None), "questions": asked, "unit": unit}
