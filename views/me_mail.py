"""One's own mail: its language, its hours, and which kinds come."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import mail_kinds, mail_preferences
from views import access
from views.access import allow
from views.forms.mail import MailForm, mail_form_for

bp = Blueprint("me_mail", __name__)


@bp.get("/me/mail")
@allow(Action.SEE_OWN_ACCOUNT)
def show() -> ResponseReturnValue:
    return _page(_form(formdata=None, obj=access.signed_in().person))


@bp.post("/me/mail")
@allow(Action.SEE_OWN_ACCOUNT)
def change() -> ResponseReturnValue:
    form = _form()
    if form.validate():
        try:
            mail_preferences.change(
                db.session(),
                by=access.actor(),
                language=form.language.data or "",
                time_zone=form.time_zone.data or None,
                quiet=(form.quiet_since.data, form.quiet_until.data),
                wanted=form.chosen(),
                now=access.now(),
            )
            flash("Saved.")
            return redirect(url_for("me_mail.show"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _form(**arguments: object) -> MailForm:
    me = access.signed_in().person
    form = mail_form_for(me, mail_preferences.of_person(db.session(), me))(**arguments)
    form.offer(access.organisation())
    return form


def _page(form: MailForm) -> str:
    me = access.signed_in().person
    kinds = mail_kinds.for_person(me).values()
    always = [kind.title for kind in kinds if not kind.is_optional]
    gathers = any(kind.gathers for kind in kinds)
    return render_template("me/mail.html", me=me, form=form, always=always, gathers=gathers)
