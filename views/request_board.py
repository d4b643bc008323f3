"""The board of requests, and bringing a card to another column: by mouse, by keyboard, by its menu."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import Conflict, Invalid
from crm.policy import Action
from crm.services import request_board, request_choices, request_lateness, request_states, requests, units
from crm.services.request_lists import Wanted
from crm.services.request_states import Way
from models.request import Request, RequestState
from views import access, request_filters
from views.access import allow
from views.arguments import back_or
from views.forms.deciding import WhyForm

bp = Blueprint("request_board", __name__)


@bp.get("/requests/board")
@allow(Action.SEE_PROMISES)
def show() -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    narrowed = request_filters.given()
    wanted, unit = _for_the_board(narrowed.wanted)
    columns = request_board.of(session, by=by, wanted=wanted)
    shown = [card.request for column in columns for card in column.cards]
    return render_template(
        "requests/board.html",
        columns=columns,
        limits=request_lateness.told(session, requests=shown, house=access.organisation(), today=access.today()),
        names=request_filters.NAMES,
        narrowed=narrowed,
        unit=unit,
        own=units.own_choices(session, by, wanted.unit_id),
        choices=request_choices.of(session),
        decided=request_states.DECIDED,
    )


def _for_the_board(wanted: Wanted) -> tuple[Wanted, str]:
    """Which, and what the choice of units says: a rep begins with the own ones."""
    if access.actor().covers and not {"unit", "rep"} & set(request.args):
        return replace(wanted, covered=True), request_filters.MINE
    return wanted, request.args.get("unit", "")


@bp.get("/requests/<int:request_id>/to/<state>")
@allow(Action.SEE_PROMISES)
def words(request_id: int, state: str) -> ResponseReturnValue:
    """What has to be said before it stands there."""
    found, way = _way(request_id, state)
    if way and way.to in request_states.DECIDED:
        verdict = "accept" if way.to is RequestState.ACCEPTED else "decline"
        back = request.args.get("back")
        return redirect(url_for("requests.show", request_id=found.id, verdict=verdict, back=back) + "#verdict", 303)
    return _words(found, way, WhyForm(formdata=None)) if way else _stands_elsewhere(found)


@bp.post("/requests/<int:request_id>/to/<state>")
@allow(Action.SEE_PROMISES)
def move(request_id: int, state: str) -> ResponseReturnValue:
    found, way = _way(request_id, state)
    form, to = WhyForm(), RequestState(state)
    if way and not form.validate():
        return _words(found, way, form), 422
    try:
        requests.move(db.session(), by=access.actor(), request=found, to=to, why=form.why.data or "", now=access.now())
    except Invalid as error:
        if way is None or isinstance(error, Conflict):
            return _stands_elsewhere(found)
        form.refuse(error)
        return _words(found, way, form), 422
    flash(f"“{found.title}” is in “{request_filters.NAMES[to]}” now.")
    return redirect(_back(found), 303)


def _way(request_id: int, state: str) -> tuple[Request, Way | None]:
    found = requests.find(db.session(), by=access.actor(), request_id=request_id)
    if state not in set(RequestState):
        abort(404)
    ways = request_states.ways(found, by=access.actor())
    return found, next((way for way in ways if way.to == state), None)


def _words(found: Request, way: Way, form: WhyForm) -> str:
    return render_template(
        "requests/words.html", wish=found, way=way, form=form, names=request_filters.NAMES, back=_back(found)
    )


def _stands_elsewhere(found: Request) -> ResponseReturnValue:
    flash(
        f"“{found.title}” stays where it is: in “{request_filters.NAMES[found.state]}”. There is no way from "
        "there to where you wanted it.",
        "error",
    )
    return redirect(_back(found), 303)


def _back(found: Request) -> str:
    return back_or(url_for("request_board.show")) + f"#request-{found.id}"
