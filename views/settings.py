"""Choices of the whole organisation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import organisation
from views import access
from views.access import allow
from views.forms.accounts import SettingsForm

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@allow(Action.CHANGE_SETTINGS)
def edit() -> ResponseReturnValue:
    form = SettingsForm(formdata=None, obj=access.organisation())
    return render_template("settings/edit.html", form=form)


@bp.post("/settings")
@allow(Action.CHANGE_SETTINGS)
def change() -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate():
        return render_template("settings/edit.html", form=form), 422
    organisation.change(
        db.session(),
        by=access.actor(),
        name=form.name.data or "",
        time_zone=form.time_zone.data or "UTC",
        reason=form.reason.data or "",
        now=access.now(),
    )
    flash("Saved, with your reason.")
    return redirect(url_for("settings.edit"), 303)
