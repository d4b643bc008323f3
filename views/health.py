"""The health of one unit: how it adds up, why it moved, and every piece of evidence; and how health is told."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services.health import method as telling_method
from crm.services.health import page, rules
from crm.services.health.page import Span, Taken
from crm.stats.health import LEAST_WEIGHT
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("health", __name__)


@bp.get("/units/<int:unit_id>/health")
@allow(Action.SEE_HEALTH)
def show(unit_id: int) -> ResponseReturnValue:
    unit, session, today = access.unit(unit_id, Action.SEE_HEALTH), db.session(), access.today()
    given = request.args
    taken = page.taken(session, unit_id=unit.id, today=today)
    span = page.span_of(given.get("since", ""), given.get("from", ""), given.get("to", ""), taken, today)
    found = page.read(
        session,
        by=access.actor(),
        unit=unit,
        span=span,
        found=taken,
        part=given.get("part", ""),
        number=page_number(),
    )
    return render_template(
        "health/show.html",
        unit=unit,
        found=found,
        lede=page.lede(found, today),
        names=rules.NAMES,
        spans=_spans(unit, taken, span),
        today=today,
    )


def _spans(unit: BusinessUnit, taken: Taken, span: Span) -> list[tuple[str, str, bool, None]]:
    return [
        (label, url_for("health.show", unit_id=unit.id, since=key, _anchor="why"), key == span.key, None)
        for key, label in page.presets(taken)
    ]


@bp.get("/health/method")
@allow(Action.SEE_HEALTH)
def method() -> ResponseReturnValue:
    found = telling_method.read(db.session(), by=access.actor(), today=access.today())
    return render_template(
        "health/method.html",
        found=found,
        thresholds=telling_method.THRESHOLDS,
        least_weight=LEAST_WEIGHT,
        names=rules.NAMES,
        defaults=rules.DEFAULT.weights,
        today=access.today(),
    )
