"""The portfolio as a list: every relationship with its state, the one that needs attention first."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import complaint_lists, covering, follow_ups, portfolio
from crm.services.attention import Level
from crm.services.portfolio import NEEDS_YOU, Filters, Portfolio
from models.person import Person
from models.unit import BusinessUnit
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("portfolio_list", __name__)


@bp.get("/portfolio/list")
@allow(Action.SEE_PORTFOLIO)
def index() -> ResponseReturnValue:
    session, by, filters = db.session(), access.actor(), _filters()
    found = portfolio.read(session, by=by, filters=filters, page=page_number(), now=access.now())
    return render_template(
        "portfolio/list.html",
        found=found,
        filters=filters,
        lede=portfolio.lede(found, filters),
        reps=[("", "Every rep"), *((rep.id, rep.name) for rep in portfolio.reps_to_choose(session, by=by))],
        branches=[
            ("", "Every branch"),
            *((unit.id, unit.name) for unit in portfolio.branches_to_choose(session, by=by)),
        ],
        statuses=_statuses(found),
        gaps=covering.gaps(session, by=by) if by.person and by.person.is_cio else [],
        late_replies=follow_ups.late(session, by=by) if by.person and by.person.is_cio else 0,
        complaints_up=complaint_lists.with_the_cio(session, by=by) if by.person and by.person.is_cio else 0,
        today=access.today(),
    )


def _named(rows: Sequence[Person | BusinessUnit]) -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in rows]


def _filters() -> Filters:
    return Filters(
        rep_id=chosen_id("rep"),
        branch_id=chosen_id("branch"),
        status=request.args.get("status", ""),
        text=request.args.get("text", "").strip()[:100],
    )


def _statuses(found: Portfolio) -> list[tuple[str, str]]:
    """What there is to choose from, with how many of each."""
    present = [(level.slug, f"{level.word} ({found.counts[level]})") for level in Level if found.counts[level]]
    return [("", f"Every state ({found.total})"), (NEEDS_YOU, f"Needs you ({found.needing})"), *present]
