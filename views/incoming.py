"""Mail that came in: what was taken, what was dismissed, and what waits aside for somebody to sort it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.config import Settings
from crm.errors import Invalid
from crm.policy import Action
from crm.services import units
from crm.services.incoming import sorting
from models.mail import IncomingMail, IncomingState
from views import access
from views.access import allow
from views.forms.base import tidy
from views.forms.incoming import TakeForm
from views.paging import page_number

bp = Blueprint("incoming", __name__, url_prefix="/incoming")


@bp.get("")
@allow(Action.SORT_INCOMING_MAIL)
def index() -> ResponseReturnValue:
    text, show = tidy(request.args.get("text"))[:100], request.args.get("show", "")
    state = IncomingState(show) if show in set(IncomingState) else None
    session = db.session()
    settings: Settings = current_app.extensions["settings"]
    return render_template(
        "incoming/index.html",
        page=sorting.listed(session, by=access.actor(), state=state, text=text, number=page_number()),
        waiting=sorting.waiting(session),
        text=text,
        show=state.value if state else "",
        connected=settings.mailbox is not None,
    )


@bp.get("/<int:incoming_id>")
@allow(Action.SORT_INCOMING_MAIL)
def show(incoming_id: int) -> ResponseReturnValue:
    mail = _find(incoming_id)
    return _page(mail, TakeForm(formdata=None, unit_id=mail.unit_id))


@bp.post("/<int:incoming_id>/take")
@allow(Action.SORT_INCOMING_MAIL)
def take(incoming_id: int) -> ResponseReturnValue:
    mail, form = _find(incoming_id), _with_units(TakeForm())
    if form.validate():
        unit = access.unit(form.unit_id.data, Action.SORT_INCOMING_MAIL)
        try:
            sorting.take_as_note(db.session(), by=access.actor(), mail=mail, unit=unit, now=access.now())
            flash(mail.outcome)
            return redirect(url_for("incoming.index"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(mail, form), 422


@bp.post("/<int:incoming_id>/dismiss")
@allow(Action.SORT_INCOMING_MAIL)
def dismiss(incoming_id: int) -> ResponseReturnValue:
    mail = _find(incoming_id)
    sorting.dismiss(db.session(), by=access.actor(), mail=mail)
    flash(f"“{mail.subject}” is dismissed." if mail.subject else "The mail is dismissed.")
    return redirect(url_for("incoming.index"), 303)


def _find(incoming_id: int) -> IncomingMail:
    return sorting.find(db.session(), by=access.actor(), incoming_id=incoming_id)


def _with_units(form: TakeForm) -> TakeForm:
    form.unit_id.choices = [("", "Choose a unit"), *units.choices(db.session(), access.actor())]
    return form


def _page(mail: IncomingMail, form: TakeForm) -> str:
    return render_template("incoming/show.html", mail=mail, form=_with_units(form))
