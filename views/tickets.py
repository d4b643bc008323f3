"""Tickets of service desks: the list, and one of them with its history."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm import db, policy
from crm.errors import Invalid, NotFound
from crm.policy import Action
from crm.services import stretches, units
from crm.services.exports import tickets as exports
from crm.services.tickets import linking, listing
from crm.services.tickets.listing import Order, Wanted
from models.ticket import Ticket
from views import access, downloads, list_tools
from views.access import allow
from views.arguments import chosen_id
from views.forms.base import tidy
from views.forms.tickets import BelongForm, MakeForm
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
    return _show(_find(ticket_id), BelongForm(formdata=None))


def _find(ticket_id: int) -> Ticket:
    return listing.find(db.session(), by=access.actor(), ticket_id=ticket_id)


def _show(ticket: Ticket, form: BelongForm) -> str:
    by = access.actor()
    return render_template(
        "tickets/show.html",
        ticket=ticket,
        form=form,
        events=listing.history(db.session(), by=by, ticket=ticket),
        sees_all=listing.sees_all(by),
        may_link=linking.may_link(by, ticket),
        zone=ticket.unit.time_zone if ticket.unit else access.organisation().time_zone,
        today=access.today(),
    )


@bp.post("/tickets/<int:ticket_id>/belong")
@allow(Action.SEE_TICKETS)
def belong(ticket_id: int) -> ResponseReturnValue:
    ticket, form = _find(ticket_id), BelongForm()
    policy.require(access.actor(), Action.DECIDE_REQUEST, ticket.unit)
    if form.validate():
        try:
            said = form.said.data or ""
            found = linking.belong(db.session(), by=access.actor(), ticket=ticket, said=said, now=access.now())
            flash(f"{ticket.number} belongs to “{found.title}” now.")
            return redirect(url_for("tickets.show", ticket_id=ticket.id), 303)
        except Invalid as error:
            form.refuse(error)
    return _show(ticket, form), 422


@bp.post("/tickets/<int:ticket_id>/part")
@allow(Action.SEE_TICKETS)
def part(ticket_id: int) -> ResponseReturnValue:
    ticket = _find(ticket_id)
    linking.part(db.session(), by=access.actor(), ticket=ticket)
    flash(f"{ticket.number} stands by itself again. The request stays where it is.")
    return redirect(url_for("tickets.show", ticket_id=ticket.id), 303)


@bp.get("/tickets/<int:ticket_id>/request")
@allow(Action.SEE_TICKETS)
def request_of(ticket_id: int) -> ResponseReturnValue:
    ticket = _of_a_unit(ticket_id)
    form = MakeForm(formdata=None, data={"title": ticket.title, "business_need": ""})
    return render_template("tickets/request.html", ticket=ticket, form=form)


def _of_a_unit(ticket_id: int) -> Ticket:
    """A ticket that can become a request of its unit. Raises NotFound, Forbidden."""
    ticket = _find(ticket_id)
    if ticket.unit is None:
        raise NotFound("This ticket is of no unit.")
    policy.require(access.actor(), Action.DECIDE_REQUEST, ticket.unit)
    return ticket


@bp.post("/tickets/<int:ticket_id>/request")
@allow(Action.SEE_TICKETS)
def make_request(ticket_id: int) -> ResponseReturnValue:
    ticket, form = _of_a_unit(ticket_id), MakeForm()
    if form.validate():
        try:
            made = linking.make_request(
                db.session(),
                by=access.actor(),
                ticket=ticket,
                title=form.title.data or "",
                business_need=form.business_need.data or "",
                now=access.now(),
            )
            flash(f"“{made.title}” is a request now, and {ticket.number} belongs to it.")
            return redirect(url_for("requests.show", request_id=made.id), 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("tickets/request.html", ticket=ticket, form=form), 422
