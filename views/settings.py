"""Choices of the whole organisation."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import languages, settings
from crm.services.languages import ENGLISH
from crm.services.organisation import Organisation
from views import access
from views.access import allow
from views.forms.accounts import SettingsForm

bp = Blueprint("settings", __name__)

NO_COUNTRY = "Not said: only Saturdays and Sundays are free"


@bp.get("/settings")
@allow(Action.CHANGE_SETTINGS)
def edit() -> ResponseReturnValue:
    return _page(_offered(SettingsForm(formdata=None, obj=access.organisation())))


@bp.post("/settings")
@allow(Action.CHANGE_SETTINGS)
def change() -> ResponseReturnValue:
    """Keep the choices; when only the country was chosen, show its regions."""
    form = _offered(SettingsForm())
    if "show" in request.form:
        return _page(form)
    if form.validate():
        try:
            _change(form)
            flash("Saved, with your reason.")
            return redirect(url_for("settings.edit"), 303)
        except Invalid as error:
            form.refuse(error)
    return _page(form), 422


def _offered(form: SettingsForm) -> SettingsForm:
    form.language.choices = [(one.code, one.own_name) for one in languages.known()]
    return form


def _change(form: SettingsForm) -> None:
    wanted = replace(
        access.organisation(),
        name=form.name.data or "",
        time_zone=form.time_zone.data or "UTC",
        country=form.country.data or "",
        region=form.region.data or "",
        language=form.language.data or ENGLISH,
        currency=form.currency.data or Organisation.currency,
    )
    settings.change(
        db.session(),
        by=access.actor(),
        wanted=wanted,
        reason=form.reason.data or "",
        today=access.today(),
        now=access.now(),
    )


def _page(form: SettingsForm) -> str:
    form.offer(NO_COUNTRY)
    return render_template("settings/edit.html", form=form)
