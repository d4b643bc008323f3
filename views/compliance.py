"""Compliance: how many of the reviews that were due were held, by rep, unit or quarter."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import compliance, portfolio, review_lists, stretches
from crm.services.compliance import Group
from crm.services.review_lists import Filter, Which
from crm.services.stretches import Stretch
from models.person import Person
from views import access
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("compliance", __name__)


@bp.get("/compliance")
@allow(Action.SEE_LOAD)
def show() -> ResponseReturnValue:
    session, by, now, stretch = db.session(), access.actor(), access.now(), _stretch()
    wanted, group = _wanted(stretch), _group()
    found = compliance.read(session, by=by, wanted=wanted, group=group, number=page_number(), now=now)
    return render_template(
        "compliance/show.html",
        found=found,
        lede=compliance.lede(found, group, stretch.words),
        missed=review_lists.listed(session, by=by, wanted=wanted, number=1, now=now),
        group=group,
        stretch=stretch,
        stretches=stretches.with_chosen(stretch, access.today()),
        rep=session.get(Person, wanted.rep_id) if wanted.rep_id else None,
        rep_id=wanted.rep_id,
        branch=access.branch(wanted.branch_id),
        reps=portfolio.reps_to_choose(session, by=by),
        home_zone=access.organisation().time_zone,
    )


def _wanted(stretch: Stretch) -> Filter:
    return Filter(which=Which.MISSED, rep_id=chosen_id("rep"), branch_id=chosen_id("branch"), stretch=stretch)


def _stretch() -> Stretch:
    today = access.today()
    return stretches.named(request.args.get("period", ""), today) or stretches.last_year(today)


def _group() -> Group:
    given = request.args.get("by", "")
    return Group(given) if given in set(Group) else Group.UNIT if chosen_id("rep") else Group.REP
