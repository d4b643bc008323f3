"""Requests as a list: narrowed, counted in groups, and as a file."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import (
    request_choices,
    request_facts,
    request_groups,
    request_lateness,
    request_lists,
    stretches,
    units,
)
from crm.services.exports import lists as exports
from crm.services.request_groups import By
from views import access, downloads, list_tools, request_filters
from views.access import allow
from views.paging import page_number

bp = Blueprint("request_lists", __name__)
bp.add_app_template_filter(request_facts.worth, "worth")


@allow(Action.SEE_PROMISES)
def index() -> ResponseReturnValue:
    session, by, narrowed = db.session(), access.actor(), request_filters.given()
    listed = partial(request_lists.listed, session, by=by, wanted=narrowed.wanted)
    if kind := downloads.wanted():
        return downloads.send("requests", exports.requests(listed), kind)
    group = request.args.get("by", "")
    if group in set(By):
        return _grouped(narrowed, By(group))
    page = listed(number=page_number())
    limits = request_lateness.told(session, requests=page.rows, house=access.organisation(), today=access.today())
    return render_template(
        "requests/index.html",
        page=page,
        limits=limits,
        many=request_lists.count(session, by=by, wanted=narrowed.wanted),
        most=request_lists.COUNTED,
        **_bar(narrowed),
    )


def _grouped(narrowed: request_filters.Filter, group: By) -> str:
    groups = request_groups.of(db.session(), by=access.actor(), wanted=narrowed.wanted, group=group)
    return render_template("requests/groups.html", groups=groups, group=group.value, **_bar(narrowed))


def _bar(narrowed: request_filters.Filter) -> dict[str, object]:
    """What the head and the filter of the list show."""
    session, by = db.session(), access.actor()
    return {
        "narrowed": narrowed,
        "parts": request_filters.PARTS,
        "names": request_filters.NAMES,
        "own": units.own_choices(session, by, narrowed.wanted.unit_id),
        "choices": request_choices.of(session),
        "stretches": stretches.to_choose(access.today()),
        "today": access.today(),
        "tools": list_tools.of("requests"),
    }


@bp.record_once
def _as_links_call_it(state: BlueprintSetupState) -> None:
    """The list stands among the requests themselves: "requests.index"."""
    state.app.add_url_rule("/requests", "requests.index", index)
