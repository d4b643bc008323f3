"""Many requests at once: those ticked, or all of the list, get an owner, a kind or a theme, or are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crm import db
from crm.policy import Action
from crm.services import bulk, bulk_requests, request_lists, request_themes
from crm.services.bulk import Outcome
from crm.services.bulk_requests import MOST
from models.request import Request, RequestKind
from views import access, request_filters, together
from views.access import allow
from views.arguments import back_or
from views.filters import day
from views.forms.base import Form
from views.forms.together import CallRequestsForm, GiveRequestsForm, SortRequestsForm, SureForm
from views.together import Kind, Line, Way

bp = Blueprint("requests_together", __name__)

WAYS = {
    "look": Way("Look at", "{} will stand in “Being looked at”.", "{} in “Being looked at” now."),
    "give": Way(
        "Hand over",
        "{} will go to somebody.",
        "{} handed over.",
        "Say who sees to them; you see what happens before anything changes.",
        "owner_id",
    ),
    "call": Way(
        "Name",
        "{} will be of that kind, and have its limits.",
        "{} of another kind now.",
        "Say what they are; you see what happens before anything changes.",
        "kind",
    ),
    "sort": Way(
        "Sort",
        "{} will have that theme.",
        "{} sorted.",
        "Say what they are about; you see what happens before anything changes.",
        "theme_id",
    ),
}
#: Where a request keeps what a way changes, as the form takes it back.
KEPT: dict[str, Callable[[Request], str]] = {
    "give": lambda one: str(one.owner_id or ""),
    "call": lambda one: one.kind.value,
    "sort": lambda one: str(one.theme_id or ""),
}


@bp.get("/requests/together")
@allow(Action.SEE_PROMISES)
def choose() -> ResponseReturnValue:
    chosen = _chosen()
    if not chosen:
        return together.nothing_ticked(_kind())
    form = _form(fresh=True)
    if _what() != "look":
        return _page(chosen, form)
    refused = bulk_requests.obstacles(access.actor(), chosen)
    able = {one.id: bulk_requests.LOOKED_AT for one in chosen if one.id not in refused}
    return _page(chosen, form, Outcome(able, refused))


@bp.post("/requests/together")
@allow(Action.SEE_PROMISES)
def change() -> ResponseReturnValue:
    """First what would happen, then, when that is agreed, it happens."""
    chosen = _chosen()
    if not chosen:
        return together.nothing_ticked(_kind())
    form, before = _form(fresh=False), _before(chosen)
    return together.carry_out(
        _kind(),
        WAYS[_what()],
        form,
        _said(form),
        outcome=partial(_outcome, chosen, form),
        page=lambda outcome: _page(_chosen(), form, outcome),
        afterwards=partial(_offer_undo, before),
    )


def _what() -> str:
    given = request.args.get("what", "")
    return given if given in WAYS else "give"


def _chosen() -> Sequence[Request]:
    """What was ticked; or, when that was pressed, the first of all that the list shows."""
    session, by = db.session(), access.actor()
    ids = together.ids(MOST)
    if request.args.get("all") == "1":
        wanted = request_filters.given().wanted
        ids = frozenset(request_lists.ids(session, by=by, wanted=wanted, most=MOST))
    return bulk_requests.find(session, by=by, ids=ids)


def _kind() -> Kind:
    return Kind("request", "requests", "Requests", url_for("requests.index"))


def _form(*, fresh: bool) -> Form:
    """``was``: what an Undo goes back to."""
    session, what, was = db.session(), _what(), request.args.get("was")
    given = {"formdata": None, "data": {WAYS[what].field: was}} if fresh else {}
    if what == "give":
        form = GiveRequestsForm(**given)
        form.owner_id.choices = [("", "Nobody yet"), *((one.id, one.name) for one in bulk_requests.owners(session))]
        return form
    if what == "sort":
        sorting = SortRequestsForm(**given)
        themes = request_themes.to_choose(session)
        sorting.theme_id.choices = [("", "No theme"), *((theme.id, theme.name) for theme in themes)]
        return sorting
    return CallRequestsForm(**given) if what == "call" else SureForm(**given)


def _said(form: Form) -> str:
    """What was chosen, as it is sent back once it was shown."""
    field = WAYS[_what()].field
    return str(form[field].data or "") if field else _what()


def _outcome(chosen: Sequence[Request], form: Form) -> Outcome:
    session, by, now = db.session(), access.actor(), access.now()
    match _what():
        case "give":
            return bulk_requests.give(session, by=by, chosen=chosen, owner_id=form["owner_id"].data)
        case "sort":
            return bulk_requests.sort(session, by=by, chosen=chosen, theme_id=form["theme_id"].data)
        case "call":
            return bulk_requests.call(session, by=by, chosen=chosen, kind=RequestKind(form["kind"].data), now=now)
    return bulk_requests.look(session, by=by, chosen=chosen, now=now)


def _before(chosen: Sequence[Request]) -> dict[int, str]:
    kept = KEPT.get(_what())
    return {one.id: kept(one) for one in chosen} if kept else {}


def _offer_undo(before: dict[int, str], outcome: Outcome) -> None:
    """Back to what it was, where it was the same for all of them."""
    values = {before[row_id] for row_id in outcome.done if row_id in before}
    if len(values) != 1 or len(outcome.done) > bulk.MOST:
        return
    told = [("what", _what()), ("was", values.pop()), ("back", back_or(_kind().list_url))]
    address = url_for("requests_together.choose") + "?" + urlencode([*told, *(("id", one) for one in outcome.done)])
    flash(Markup('<a href="{}">Undo: back to what it was before</a>').format(address))


def _page(chosen: Sequence[Request], form: Form, outcome: Outcome | None = None) -> str:
    lines = [Line(one.id, one.title, _facts(one)) for one in chosen]
    return together.page(_kind(), WAYS[_what()], lines, form, outcome, _said(form))


def _facts(one: Request) -> tuple[str, ...]:
    owner = f"{one.owner.name} sees to it" if one.owner else "nobody sees to it yet"
    theme = (one.theme.name,) if one.theme else ()
    return one.unit.name, request_filters.NAMES[one.state], f"since {day(one.logged_on, access.today())}", owner, *theme
