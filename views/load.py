"""Hours per unit and rep."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import load, stretches
from crm.services.stretches import Stretch
from models.person import Person
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("load", __name__)


@bp.get("/load")
@allow(Action.SEE_LOAD)
def show() -> ResponseReturnValue:
    session, by, stretch, rep_id = db.session(), access.actor(), _stretch(), chosen_id("rep")
    rep = session.get(Person, rep_id) if rep_id else None
    found = load.read(session, by=by, stretch=stretch, rep_id=rep.id if rep else None, number=page_number())
    return render_template(
        "load/show.html",
        found=found,
        lede=load.lede(found, stretch, rep.name if rep else ""),
        stretch=stretch,
        stretches=stretches.with_chosen(stretch, access.today()),
        rep=rep,
    )


def _stretch() -> Stretch:
    """This quarter, unless another time is asked for."""
    today = access.today()
    this_quarter = stretches.quarter(today.year, (today.month + 2) // 3)
    return stretches.named(request.args.get("period", ""), today) or this_quarter
