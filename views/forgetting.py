"""Forgetting a person: first what goes and what stays, in plain words, then all of it at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import forgetting, forgetting_traces, people
from models.person import Person
from views import access
from views.access import allow
from views.forms.forgetting import ForgetForm

bp = Blueprint("forgetting", __name__)


@bp.get("/people/<int:person_id>/forget")
@allow(Action.FORGET_PERSON)
def ask(person_id: int) -> ResponseReturnValue:
    person = people.find(db.session(), by=access.actor(), person_id=person_id)
    form = ForgetForm(formdata=None)
    return _page(person, form)


@bp.post("/people/<int:person_id>/forget")
@allow(Action.FORGET_PERSON)
def forget(person_id: int) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    person = people.find(session, by=by, person_id=person_id)
    form = ForgetForm()
    if form.validate():
        try:
            forgetting.forget(
                session,
                by=by,
                person=person,
                typed=form.typed.data or "",
                answers_too=form.answers_too.data,
                now=access.now(),
            )
            flash("Forgotten. Backups made until today still hold what is gone.")
            return redirect(url_for("people.index", left=1), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(person, form), 422


def _page(person: Person, form: ForgetForm) -> str:
    session, by = db.session(), access.actor()
    why_not = ""
    try:
        forgetting.refuse(by=by, person=person)
    except Invalid as error:
        why_not = str(error)
    found = [] if why_not else forgetting_traces.traces(session, by=by, person=person)
    return render_template(
        "people/forget.html",
        person=person,
        form=form,
        why_not=why_not,
        traces=found[: forgetting_traces.MOST],
        more=len(found) > forgetting_traces.MOST,
        waiting=forgetting_traces.waiting_imports(session),
    )
