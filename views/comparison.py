"""Units, services, periods and reps beside each other, and who was not heard."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.policy import Action
from crm.services import comparing, comparing_words, portfolio, stretches
from crm.services.comparing import Against, Order, Show, Wanted, responses, wanted
from crm.services.exports import comparison as exports
from crm.services.exports.sheets import Sheet
from crm.services.measures import MEASURES, OVERALL
from crm.services.stretches import Stretch
from models.question import Instrument
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.paging import page_number

bp = Blueprint("comparison", __name__)

TABS = {
    Show.UNITS: "Units",
    Show.SERVICES: "Services",
    Show.PERIODS: "Periods",
    Show.REPS: "Reps",
    Show.RESPONSES: "Who was heard",
}
ONE = {Show.UNITS: "Unit", Show.SERVICES: "Service", Show.REPS: "Rep"}
INSTRUMENTS = {Instrument.PULSE: "Pulses", Instrument.SURVEY: "Surveys", Instrument.PROJECT: "Projects"}


@bp.get("/comparison")
@allow(Action.COMPARE_RATINGS)
def index() -> ResponseReturnValue:
    show, asked = _show(), _wanted()
    if kind := downloads.wanted():
        return downloads.send(f"comparison-{show}", _sheet(show, asked), kind)
    return render_template(
        f"comparison/{'lines' if show in ONE else show}.html",
        **_found(show, asked),
        show=show,
        wanted=asked,
        stretch=_stretch(show),
        tabs=_tabs(),
        measures=MEASURES,
        instruments=INSTRUMENTS,
        stretches=[stretches.three_years(access.today()), *stretches.to_choose(access.today())],
        branches=portfolio.branches_to_choose(db.session(), by=access.actor()),
        tools=list_tools.of("comparison"),
        one=ONE.get(show, ""),
    )


def _found(show: Show, asked: Wanted) -> dict[str, object]:
    """What stands on the page, and the sentence under its title."""
    session, by = db.session(), access.actor()
    if show is Show.PERIODS:
        over = comparing.over_time(session, by=by, wanted=asked)
        return {"found": over, "lede": comparing_words.of_periods(over, asked)}
    if show is Show.RESPONSES:
        heard = comparing.heard(session, by=by, wanted=asked, now=access.now(), number=page_number())
        return {"found": heard, "lede": comparing_words.of_responses(heard, asked)}
    found = comparing.read(session, by=by, show=show, wanted=asked, number=page_number())
    return {"found": found, "lede": comparing_words.of_lines(found, show, asked)}


def _sheet(show: Show, asked: Wanted) -> Sheet:
    session, by = db.session(), access.actor()
    if show is Show.PERIODS:
        return exports.periods(comparing.over_time(session, by=by, wanted=asked))
    if show is Show.RESPONSES:
        return exports.heard(partial(responses.listed, session, by=by, wanted=asked, now=access.now()))
    return exports.lines(partial(comparing.listed, session, by=by, show=show, wanted=asked), ONE[show])


def _show() -> Show:
    given = request.args.get("show", "")
    show = Show(given) if given in set(Show) else Show.UNITS
    return show if show is not Show.REPS or policy.can(access.actor(), Action.SEE_LOAD) else Show.UNITS


def _wanted() -> Wanted:
    given = request.args
    measure, against, order = given.get("measure", ""), given.get("against", ""), given.get("order", "")
    instrument = given.get("instrument", "")
    return Wanted(
        months=wanted.months_of(_stretch(_show())),
        measure=measure if measure in MEASURES else OVERALL,
        against=Against(against) if against in set(Against) else Against.BEFORE,
        branch_id=chosen_id("branch"),
        text=given.get("text", "").strip()[:100],
        order=Order(order) if order in set(Order) else Order.WEAKEST,
        instrument=Instrument(instrument) if instrument in set(Instrument) else None,
    )


def _stretch(show: Show) -> Stretch:
    """Free months before a named time; the last twelve months, of periods the last three years, for neither."""
    today = access.today()
    usual = stretches.three_years(today) if show is Show.PERIODS else stretches.last_year(today)
    free = stretches.months(request.args.get("from", ""), request.args.get("to", ""))
    return free or stretches.named(request.args.get("period", ""), today) or usual


def _tabs() -> list[tuple[str, Show, bool]]:
    may = policy.can(access.actor(), Action.SEE_LOAD)
    return [(label, show, show is _show()) for show, label in TABS.items() if show is not Show.REPS or may]
