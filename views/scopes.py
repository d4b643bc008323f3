"""Which requests figures are about, as an address says."""

from __future__ import annotations

from flask import request

from crm import db
from crm.services import portfolio, units
from crm.services.request_scope import SPANS, USUAL, Scope
from views import access
from views.arguments import chosen_id


def scope() -> Scope:
    span = SPANS.get(request.args.get("over", ""), USUAL)
    return Scope(span, unit_id=chosen_id("unit"), branch_id=chosen_id("branch"), rep_id=chosen_id("rep"))


def choices(wanted: Scope) -> dict[str, object]:
    """What the filter of such a page offers. Three statements at most."""
    session, by = db.session(), access.actor()
    return {
        "scope": wanted,
        "spans": [(one.key, one.words) for one in SPANS.values()],
        "own": units.own_choices(session, by, wanted.unit_id),
        "branches": [(unit.id, unit.name) for unit in portfolio.branches_to_choose(session, by=by)],
        "reps": [(rep.id, rep.name) for rep in portfolio.reps_to_choose(session, by=by)],
    }
