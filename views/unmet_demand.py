"""Unmet demand by theme: what units needed and did not get."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import no_register, stretches, unmet_demand
from crm.services.request_facts import money
from views import access
from views.access import allow

bp = Blueprint("unmet_demand", __name__, url_prefix="/unmet-demand")


@bp.get("")
@allow(Action.SEE_REQUEST_FIGURES)
def index() -> ResponseReturnValue:
    today, period = access.today(), request.args.get("period", "")
    stretch = None if period == "ever" else stretches.named(period, today) or stretches.last_year(today)
    return render_template(
        "no_register/unmet.html",
        demand=unmet_demand.by_theme(db.session(), by=access.actor(), stretch=stretch),
        stretch=stretch,
        periods=[stretches.last_year(today), *stretches.to_choose(today)],
        not_sorted=no_register.NOT_SORTED,
        money=money,
    )
