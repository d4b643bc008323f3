"""The start page: for each role what it needs first."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import comment_outcomes, home, home_administrator, home_business, home_rep
from models.person import Role
from views import access, start_pages
from views.access import allow

bp = Blueprint("home", __name__)


@bp.get("/")
@allow(Action.SEE_HOME)
def index() -> ResponseReturnValue:
    role = home.chosen(access.signed_in().person, request.args.get("as", ""))
    if role is Role.CIO:
        return redirect(url_for("portfolio.index"))
    if role is None:
        return render_template("home/nobody.html", greeting=_greeting())
    return _PAGES[role]()


def _greeting() -> str:
    person, zone = access.signed_in().person, access.organisation().time_zone
    return home.greeting(person, now=access.now(), time_zone=zone)


def _rep() -> str:
    found = home_rep.today(db.session(), by=access.actor(), now=access.now())
    return render_template(
        "home/rep.html", greeting=_greeting(), found=found, today=access.today(), starts=start_pages.links(Role.REP)
    )


def _business() -> str:
    found = home_business.my_it(db.session(), by=access.actor(), now=access.now())
    return render_template(
        "home/business.html",
        greeting=_greeting(),
        found=found,
        today=access.today(),
        standing_of=home_business.standing_of,
        heard=comment_outcomes.heard,
        starts=start_pages.links(Role.BUSINESS),
    )


def _administrator() -> str:
    found = home_administrator.household(
        db.session(), by=access.actor(), jobs=[job.name for job in current_app.extensions["jobs"]]
    )
    starts = start_pages.links(Role.ADMINISTRATOR)
    return render_template(
        "home/administrator.html", greeting=_greeting(), found=found, today=access.today(), starts=starts
    )


_PAGES = {Role.REP: _rep, Role.BUSINESS: _business, Role.ADMINISTRATOR: _administrator}
