"""The CIO's page: one sentence, the heat map, what moved, and what else asks for a look."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import outlook, portfolio, portfolio_period
from crm.services.portfolio import Filters
from models.person import Role
from views import access, start_pages
from views.access import allow
from views.arguments import chosen_id

bp = Blueprint("portfolio", __name__)


@bp.get("/portfolio")
@allow(Action.SEE_PORTFOLIO)
def index() -> ResponseReturnValue:
    session, by, given = db.session(), access.actor(), request.args
    period = portfolio_period.of(given.get("period", ""), given.get("from", ""), given.get("to", ""), access.today())
    filters = Filters(rep_id=chosen_id("rep"), branch_id=chosen_id("branch"))
    found = portfolio.read(session, by=by, filters=filters, page=1, now=access.now())
    return render_template(
        "portfolio/index.html",
        lede=portfolio.lede(found, filters),
        period=period,
        outlook=outlook.read(
            session, by=by, branch_id=filters.branch_id, since=period.since, until=period.until, now=access.now()
        ),
        starts=start_pages.links(Role.CIO) if access.signed_in().person.is_cio else [],
        today=access.today(),
    )
