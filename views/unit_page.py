"""One unit at a glance."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import cadence_rules, home_business, unit_page
from views import access
from views.access import allow

bp = Blueprint("unit_page", __name__)


@bp.get("/units/<int:unit_id>")
@allow(Action.SEE_UNIT)
def show(unit_id: int) -> ResponseReturnValue:
    unit, by = access.unit(unit_id), access.actor()
    page = unit_page.read(db.session(), by=by, unit=unit, now=access.now())
    rhythm = page.rhythm
    return render_template(
        "units/show.html",
        page=page,
        unit=unit,
        facts=page.facts,
        lede=unit_page.lede(page, by=by),
        rhythm=cadence_rules.in_words(cadence_rules.rule_of(rhythm)) if rhythm else "",
        standing_of=home_business.standing_of,
        today=access.today(),
    )
