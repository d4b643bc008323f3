"""What the business says of people of IT, for themselves, whoever leads them, and the CIO."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import evaluations
from crm.stats.suppression import SCORES_FROM
from views import access
from views.access import allow
from views.paging import page_number

bp = Blueprint("evaluations", __name__)


@bp.get("/evaluations")
@allow(Action.SEE_EVALUATIONS)
def index() -> ResponseReturnValue:
    """The own, and a list of those of others."""
    session, by = db.session(), access.actor()
    text = request.args.get("text", "").strip()[:100]
    me = access.signed_in().person
    own = evaluations.of_person(session, by=by, person_id=me.id)
    others = evaluations.listed(session, by=by, text=text, number=page_number())
    return render_template(
        "evaluations/index.html", own=own, page=others, text=text, sees_all=me.is_cio, least=SCORES_FROM
    )


@bp.get("/evaluations/<int:person_id>")
@allow(Action.SEE_EVALUATIONS)
def show(person_id: int) -> ResponseReturnValue:
    found = evaluations.of_person(db.session(), by=access.actor(), person_id=person_id)
    return render_template("evaluations/show.html", line=found, least=SCORES_FROM)
