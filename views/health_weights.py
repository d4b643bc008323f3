"""How much each part of health weighs: who would move is seen first, then it is kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services.health import method, rules, weights
from crm.services.health.weights import Preview
from models.health import Component
from views import access
from views.access import allow
from views.forms.health import WeightsForm
from views.paging import page_number

bp = Blueprint("health_weights", __name__)


@bp.get("/health/weights")
@allow(Action.SET_HEALTH)
def edit() -> ResponseReturnValue:
    """The form; with numbers in the address, who would move."""
    if Component.SATISFACTION.value not in request.args:
        return _page()
    form = WeightsForm.asked(request.args)
    seen = _preview(form)
    return _page(form, seen), 200 if seen else 422


@bp.post("/health/weights")
@allow(Action.SET_HEALTH)
def keep() -> ResponseReturnValue:
    form, status = WeightsForm(), 422
    if form.validate():
        try:
            weights.change(
                db.session(),
                by=access.actor(),
                weights=form.weights,
                reason=form.reason.data or "",
                seen=_seen(),
                today=access.today(),
                now=access.now(),
            )
            flash("Kept. Health is told by these weights from today on; what was before stays as it was.")
            return redirect(url_for("health_weights.edit"), 303)
        except Invalid as error:
            form.refuse(error)
            status = error.status
    return _page(form, None if _has_errors_in_numbers(form) else _preview(form)), status


def _has_errors_in_numbers(form: WeightsForm) -> bool:
    return any(form[component.value].errors for component in Component)


def _seen() -> int | None:
    given = request.form.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _preview(form: WeightsForm) -> Preview | None:
    """Who would move; None, with a word beside the field, for numbers that cannot be."""
    if not form.has_numbers():
        return None
    try:
        return weights.preview(db.session(), by=access.actor(), weights=form.weights, number=page_number())
    except Invalid as error:
        form.refuse(error)
        return None


def _page(form: WeightsForm | None = None, seen: Preview | None = None) -> str:
    history = method.changes(db.session(), access.today())
    current = rules.told(history[0] if history else None)
    form = form or WeightsForm.of(current.weights)
    if seen is None:
        form.reason.errors = []  # it is asked for beside the preview only
    return render_template(
        "health/weights.html",
        form=form,
        preview=seen,
        current=current,
        components=[*Component],
        history=history,
        names=rules.NAMES,
        defaults=rules.DEFAULT.weights,
        today=access.today(),
    )
