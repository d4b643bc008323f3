"""The "No" register: what was refused, what was offered instead, how it was solved; and sorting it by theme."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Invalid
from crm.policy import Action
from crm.services import bulk, no_register, no_register_words, request_themes, stretches, units
from crm.services.bulk import Outcome as Done
from crm.services.exports import no_register as exports
from crm.services.no_register import Order, Outcome, Wanted
from crm.services.stretches import Stretch
from models.request import Request
from views import access, downloads, list_tools, together
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.forms.themes import SortForm, sort_form
from views.paging import page_number
from views.together import Kind, Line, Way

bp = Blueprint("no_register", __name__, url_prefix="/no-register")

EVER = "ever"
SORT = Way(
    "Sort",
    "{} will be under this theme.",
    "{} sorted.",
    "Say what they are about; you see what happens before anything changes.",
    "theme_id",
    "Themes are kept by the CIO.",
)


@bp.get("")
@allow(Action.SEE_PROMISES)
def index() -> ResponseReturnValue:
    session, by, wanted = db.session(), access.actor(), _wanted()
    listed = partial(no_register.listed, session, by=by, wanted=wanted)
    if kind := downloads.wanted():
        return downloads.send("no-register", exports.sheet(listed), kind)
    share = no_register.without_alternative(session, by=by, wanted=wanted)
    return render_template(
        "no_register/index.html",
        page=listed(number=page_number()),
        wanted=wanted,
        finding=no_register_words.finding(share, wanted.stretch),
        share=share,
        outcomes=no_register_words.OUTCOMES,
        themes=request_themes.all_of(session),
        own=units.own_choices(session, by, wanted.unit_id),
        periods=[stretches.last_year(access.today()), *stretches.to_choose(access.today())],
        may_sort=lambda one: request_themes.may_sort(by, one),
        tools=list_tools.of("no_register"),
        today=access.today(),
    )


def _wanted() -> Wanted:
    said = request.args
    outcome, order, instead = said.get("outcome", ""), said.get("order", ""), said.get("instead", "")
    return Wanted(
        unit_id=chosen_id("unit"),
        covered=said.get("unit") == "mine",
        theme_id=chosen_id("theme"),
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        has_alternative={"yes": True, "no": False}.get(instead),
        stretch=_stretch(said.get("period", "")),
        stands=said.get("stands") == "yes",
        has_value=said.get("value") == "given",
        text=tidy(said.get("text"))[:100],
        order=Order(order) if order in set(Order) else Order.NEWEST,
    )


def _stretch(period: str) -> Stretch | None:
    """The last twelve months unless the address says otherwise; None: ever."""
    if period == EVER:
        return None
    return stretches.named(period, access.today()) or stretches.last_year(access.today())


# ---- Sorting many at once


@bp.get("/sort")
@allow(Action.SEE_PROMISES)
def choose() -> ResponseReturnValue:
    chosen = _chosen()
    return _page(chosen, _form(fresh=True)) if chosen else together.nothing_ticked(_kind())


@bp.post("/sort")
@allow(Action.SEE_PROMISES)
def sort() -> ResponseReturnValue:
    """First what would happen, then, when that is agreed, it happens."""
    chosen, form = _chosen(), _form(fresh=False)
    if not chosen:
        return together.nothing_ticked(_kind())
    if not form.validate():
        return _page(chosen, form), 422
    trial = db.session().begin_nested()
    outcome = bulk.each(db.session(), chosen, partial(_sort, form))
    if together.is_agreed(outcome, str(form.theme_id.data or "")):
        trial.commit()
        return together.done(_kind(), SORT, outcome)
    trial.rollback()
    return _page(_chosen(), form, outcome)


def _sort(form: SortForm, one: Request) -> str:
    if form.theme_id.data == one.theme_id:
        raise Invalid("theme_id", "It is sorted like that already.")
    request_themes.sort(db.session(), by=access.actor(), request=one, theme_id=form.theme_id.data)
    return form.chosen


def _form(*, fresh: bool) -> SortForm:
    return sort_form(request_themes.to_choose(db.session()), fresh=fresh)


def _chosen() -> list[Request]:
    return list(request_themes.chosen(db.session(), by=access.actor(), ids=together.ids()))


def _kind() -> Kind:
    return Kind("request", "requests", "The “No” register", url_for("no_register.index"))


def _page(chosen: list[Request], form: SortForm, outcome: Done | None = None) -> str:
    lines = [Line(one.id, one.title, [one.unit.name, one.theme.name if one.theme else ""]) for one in chosen]
    return together.page(_kind(), SORT, lines, form, outcome, str(form.theme_id.data or ""))
