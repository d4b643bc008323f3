"""While a request is typed: what was asked for in these words already."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import similar
from views import access
from views.access import allow
from views.forms.similar import WordsForm

bp = Blueprint("similar", __name__)


@bp.post("/units/<int:unit_id>/requests/similar")
@allow(Action.ADD_REQUEST)
def look(unit_id: int) -> ResponseReturnValue:
    """The part of the form that says so; nothing is kept."""
    unit = access.unit(unit_id, Action.ADD_REQUEST)
    if "HX-Request" not in request.headers:
        return redirect(url_for("request_forms.new", unit_id=unit.id), 303)
    found = similar.to(db.session(), by=access.actor(), text=WordsForm().words)
    told = {"similar": found, "unit": unit, "live": True, "looked": False}
    return render_template("requests/_similar.html", **told, today=access.today())
