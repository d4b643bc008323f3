"""The figures of requests, and the requests behind each."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.errors import NotFound
from crm.policy import Action
from crm.services import request_figure_rows, request_figures
from crm.services.request_figures import RATIOS
from crm.services.request_scope import Bucket
from views import access, scopes
from views.access import allow
from views.paging import page_number

bp = Blueprint("request_figures", __name__)
bp.add_app_template_filter(request_figures.median_text, "median_text")
bp.add_app_template_filter(request_figures.behind, "behind_times")


@bp.get("/requests/figures")
@allow(Action.SEE_REQUEST_FIGURES)
def show() -> ResponseReturnValue:
    wanted = scopes.scope()
    found = request_figures.read(db.session(), by=access.actor(), scope=wanted)
    return render_template("requests/figures.html", found=found, **scopes.choices(wanted))


@bp.get("/requests/figures/rows")
@allow(Action.SEE_REQUEST_FIGURES)
def rows() -> ResponseReturnValue:
    wanted, ratio = scopes.scope(), RATIOS.get(request.args.get("of", ""))
    if ratio is None:
        raise NotFound("There is no such figure.")
    buckets = wanted.span.buckets(access.today())
    since, until = _day("since") or buckets[0].since, _day("until") or buckets[-1].until
    hits = request.args.get("only") == "hits"
    page = request_figure_rows.listed(
        db.session(),
        by=access.actor(),
        ratio=ratio,
        scope=wanted,
        since=since,
        until=until,
        hits=hits,
        number=page_number(),
    )
    return render_template(
        "requests/figure_rows.html",
        page=page,
        ratio=ratio,
        hits=hits,
        when=Bucket(since, until),
        scope=wanted,
        today=access.today(),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
