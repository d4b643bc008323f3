"""The first page of an empty product."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid, NotFound
from crm.services import people, setup
from views import access, session
from views.access import PUBLIC, allow
from views.forms.accounts import SetUpForm

bp = Blueprint("setup", __name__)


def _refuse_when_done() -> None:
    if not setup.is_needed(db.session()):
        raise NotFound("This is set up already. Sign in instead.")


@bp.get("/setup")
@allow(PUBLIC)
def new() -> ResponseReturnValue:
    if not setup.is_needed(db.session()):
        return redirect(url_for("sign_ins.new"), 303)
    return render_template("setup/new.html", form=SetUpForm(formdata=None))


@bp.post("/setup")
@allow(PUBLIC)
def create() -> ResponseReturnValue:
    _refuse_when_done()
    form = SetUpForm()
    if form.validate():
        try:
            person = setup.create_administrator(
                db.session(),
                code=form.code.data or "",
                name=form.name.data or "",
                email=people.checked_email(form.email.data) or "",
                password=form.password.data or "",
                organisation_name=form.organisation_name.data or "",
                time_zone=form.time_zone.data or "UTC",
                address=session.address(),
                now=access.now(),
            )
            session.enter(person)
            return redirect(url_for("home.index"), 303)
        except Invalid as error:
            db.keep()  # a wrong code counts
            form.refuse(error)
    return render_template("setup/new.html", form=form), 422
