"""Periods, branches and reps beside each other."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import portfolio, portfolio_period, side_by_side
from crm.services.comparing import Against
from crm.services.exports import side_by_side as exports
from crm.services.exports.sheets import Sheet
from crm.services.side_by_side import Beside, Kind, Order, Wanted
from views import access, downloads
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("portfolio_compare", __name__)

TABS = {Kind.PERIOD: "Periods", Kind.BRANCH: "Branches", Kind.REP: "Reps"}
ORDERS = {
    Order.LOAD: "Most units first",
    Order.OVERDUE: "Most overdue first",
    Order.SHORT: "Fewest of the hours asked first",
    Order.HEALTH: "Weakest health first",
    Order.SATISFACTION: "Least satisfied first",
    Order.NAME: "By name",
}


@bp.get("/portfolio/compare")
@allow(Action.SEE_PORTFOLIO)
def index() -> ResponseReturnValue:
    wanted = _wanted()
    where = side_by_side.where(db.session(), by=access.actor(), wanted=wanted, now=access.now())
    if kind := downloads.wanted():
        return downloads.send(f"{wanted.kind}s-beside", _sheet(where, wanted), kind)
    found = _found(where, wanted)
    return render_template(
        f"portfolio/compare_{wanted.kind}.html",
        found=found,
        lede=side_by_side.lede(found, wanted),
        wanted=wanted,
        lately=where.lately,
        heard=where.months,
        tabs=[(TABS[one], one, one is wanted.kind) for one in Kind],
        orders=[(order, label) for order, label in ORDERS.items() if _fits(order, wanted.kind)],
        periods=portfolio_period.presets(access.today()),
        branches=portfolio.branches_to_choose(db.session(), by=access.actor()),
        today=access.today(),
    )


def _fits(order: Order, kind: Kind) -> bool:
    return kind is Kind.REP or order is not Order.SHORT


def _found(where: side_by_side.Where, wanted: Wanted) -> Beside[Any]:
    session = db.session()
    if wanted.kind is Kind.PERIOD:
        return side_by_side.of_periods(session, where=where, wanted=wanted)
    read = side_by_side.of_reps if wanted.kind is Kind.REP else side_by_side.of_branches
    return read(session, where=where, wanted=wanted, number=page_number())


def _sheet(where: side_by_side.Where, wanted: Wanted) -> Sheet:
    session = db.session()
    if wanted.kind is Kind.PERIOD:
        return exports.periods(side_by_side.of_periods(session, where=where, wanted=wanted))
    if wanted.kind is Kind.REP:
        return exports.reps(partial(side_by_side.reps_listed, session, where=where, wanted=wanted))
    return exports.branches(partial(side_by_side.branches_listed, session, where=where, wanted=wanted))


def _wanted() -> Wanted:
    given = request.args
    kind, order, against = given.get("by", ""), given.get("order", ""), given.get("against", "")
    period = portfolio_period.of(given.get("period", ""), given.get("from", ""), given.get("to", ""), access.today())
    return Wanted(
        stretch=period,
        kind=Kind(kind) if kind in set(Kind) else Kind.PERIOD,
        branch_id=chosen_id("branch"),
        against=Against(against) if against in set(Against) else Against.BEFORE,
        order=Order(order) if order in set(Order) else Order.LOAD,
        text=given.get("text", "").strip()[:100],
    )
