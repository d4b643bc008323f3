"""The CIO's page: one sentence, the heat map, what moved, and what else asks for a look."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import heat, outlook, portfolio_lede, portfolio_movers, portfolio_period
from crm.services.exports import heat as exports
from crm.services.health import rules
from crm.services.heat import Rolled, Wanted
from crm.services.stretches import Stretch
from models.person import Role
from views import access, downloads, start_pages
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("portfolio", __name__)


@bp.get("/portfolio")
@allow(Action.SEE_PORTFOLIO)
def index() -> ResponseReturnValue:
    session, by, now, period = db.session(), access.actor(), access.now(), _period()
    wanted = _wanted(period)
    if kind := downloads.wanted():
        return downloads.send("health", exports.lines(partial(heat.listed, session, by=by, wanted=wanted)), kind)
    movers = portfolio_movers.read(session, by=by, wanted=wanted)
    return render_template(
        "portfolio/index.html",
        heat=heat.read(session, by=by, wanted=wanted, number=page_number()),
        lede=portfolio_lede.read(session, by=by, wanted=wanted, movers=movers, now=now),
        movers=movers,
        usual=portfolio_movers.usual,
        spark_of=portfolio_movers.spark_of,
        wanted=wanted,
        period=period,
        outlook=outlook.read(
            session, by=by, branch_id=wanted.branch_id, since=period.since, until=period.until, now=now
        ),
        periods=portfolio_period.presets(access.today()),
        components=rules.NAMES,
        starts=start_pages.links(Role.CIO) if access.signed_in().person.is_cio else [],
        covers_some=bool(by.covers),
        today=access.today(),
    )


def _period() -> Stretch:
    given = request.args
    return portfolio_period.of(given.get("period", ""), given.get("from", ""), given.get("to", ""), access.today())


def _wanted(period: Stretch) -> Wanted:
    given = request.args
    rolled = given.get("rolled", "")
    return Wanted(
        on=period.until - portfolio_period.DAY,
        since=period.since,
        branch_id=chosen_id("branch"),
        rep_id=chosen_id("rep"),
        mine=given.get("whose", "") == "mine",
        level=given.get("level", ""),
        text=given.get("text", "").strip()[:100],
        sort=given.get("sort", ""),
        rolled=Rolled(rolled) if rolled in set(Rolled) else None,
    )
