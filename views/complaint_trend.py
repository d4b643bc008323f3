"""Complaints over time."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import complaint_figures
from models.request import Severity
from views import access, scopes
from views.access import allow

bp = Blueprint("complaint_trend", __name__)


@bp.get("/complaints/figures")
@allow(Action.SEE_REQUEST_FIGURES)
def show() -> ResponseReturnValue:
    wanted = scopes.scope()
    found = complaint_figures.read(db.session(), by=access.actor(), scope=wanted)
    severities = list(reversed(Severity))
    return render_template("complaints/figures.html", found=found, severities=severities, **scopes.choices(wanted))
