"""The own account: password, places signed in, appearance; and on a phone, everything the tab bar has no room for."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import people, sign_ins
from views import access, session
from views.access import allow
from views.forms.accounts import ChangePasswordForm, ThemeForm

bp = Blueprint("me", __name__)


def _page(form: ChangePasswordForm) -> str:
    me = access.signed_in()
    places = sign_ins.of_person(db.session(), me.person)
    theme = ThemeForm(formdata=None, theme=me.person.theme or "")
    return render_template("me/show.html", me=me.person, here=me.sign_in, places=places, form=form, theme=theme)


@bp.get("/me")
@allow(Action.SEE_OWN_ACCOUNT)
def show() -> ResponseReturnValue:
    return _page(ChangePasswordForm(formdata=None))


@bp.get("/more")
@allow(Action.SEE_OWN_ACCOUNT)
def more() -> ResponseReturnValue:
    return render_template("me/more.html")


@bp.post("/me/password")
@allow(Action.SEE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    me = access.signed_in()
    if form.validate():
        try:
            people.change_password(
                db.session(),
                person=me.person,
                current=form.current.data or "",
                new=form.password.data or "",
                keep_sign_in_id=me.sign_in.id,
            )
            flash("Your password is changed. Other places are signed out.")
            return redirect(url_for("me.show"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


@bp.post("/me/theme")
@allow(Action.SEE_OWN_ACCOUNT)
def change_theme() -> ResponseReturnValue:
    form = ThemeForm()
    if form.validate():
        access.signed_in().person.theme = form.theme.data or None
        flash("Saved.")
    return redirect(url_for("me.show"), 303)


@bp.post("/me/places/<int:sign_in_id>/end")
@allow(Action.SEE_OWN_ACCOUNT)
def end_place(sign_in_id: int) -> ResponseReturnValue:
    sign_ins.end(db.session(), sign_in_id=sign_in_id, person=access.signed_in().person)
    flash("Signed out there.")
    return redirect(url_for("me.show"), 303)


@bp.post("/me/sign-out-everywhere")
@allow(Action.SEE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    sign_ins.end_all(db.session(), person=access.signed_in().person)
    session.forget()
    return redirect(url_for("sign_ins.new"), 303)
