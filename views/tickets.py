"""Tickets of service desks: the list, and one of them with its history."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm import db
from crm.policy import Action
from crm.services import stretches, units
from crm.services.exports import tickets as exports
from crm.services.tickets import listing
from crm.services.tickets.listing import Order, Wanted
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.paging import page_number

bp = Blueprint("tickets", __name__)
ORDERS = (
    (Order.NEWEST.value, "Newest first"),
    (Order.OLDEST.value, "Oldest first"),
    (Order.CLOSED.value, "Last closed first"),
    (Order.NUMBER.value, "By number"),
)
PARTS = {"open": True, "over": False}


@bp.get("/tickets")
@allow(Action.SEE_TICKETS)
def index() -> ResponseReturnValue:
    session, by, wanted = db.session(), access.actor(), _wanted()
    listed = partial(listing.listed, session, by=by, wanted=wanted)
    sees_all = listing.sees_all(by)
    if kind := downloads.wanted():
        return downloads.send("tickets", exports.tickets(listed, is_inside=sees_all), kind)
    return render_template(
        "tickets/index.html",
        page=listed(number=page_number()),
        wanted=wanted,
        unit=request.args.get("unit", ""),
        show=request.args.get("show", ""),
        stretch=stretches.named(request.args.get("period", ""), access.today()),
        stretches=stretches.to_choose(access.today()),
        orders=ORDERS,
        own=units.own_choices(session, by, wanted.unit_id),
        sources=listing.sources(session),
        sees_all=sees_all,
        today=access.today(),
        tools=list_tools.of("tickets"),
    )


def _wanted() -> Wanted:
    stretch = stretches.named(request.args.get("period", ""), access.today())
    order = request.args.get("order", "")
    return Wanted(
        unit_id=chosen_id("unit"),
        covered=request.args.get("unit") == "mine",
        source_id=chosen_id("source"),
        is_open=PARTS.get(request.args.get("show", "")),
        since=_midnight(stretch.since) if stretch else None,
        until=_midnight(stretch.until) if stretch else None,
        text=tidy(request.args.get("text"))[:100],
        order=Order(order) if order in set(Order) else Order.NEWEST,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(access.organisation().time_zone))


@bp.get("/tickets/<int:ticket_id>")
@allow(Action.SEE_TICKETS)
def show(ticket_id: int) -> ResponseReturnValue:
    session, by = db.session(), access.actor()
    found = listing.find(session, by=by, ticket_id=ticket_id)
    return render_template(
        "tickets/show.html",
        ticket=found,
        events=listing.history(session, by=by, ticket=found),
        sees_all=listing.sees_all(by),
        zone=found.unit.time_zone if found.unit else access.organisation().time_zone,
        today=access.today(),
    )
