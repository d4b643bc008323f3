"""A ticket and the request it belongs to: made of it, or said by hand."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import requests
from crm.services.tickets import feeding, listing
from crm.services.tickets.feeding import Told
from crm.services.tickets.standings import Standing, guess
from models.request import Request
from models.ticket import Ticket

#: "12", "#12", or the address of its page.
_NUMBER = re.compile(r"(?:#|\S*/requests/)?(\d{1,9})(?:[/?#]\S*)?")


def may_link(by: Actor, ticket: Ticket) -> bool:
    """Whoever looks after the ticket's unit; a ticket without one is anybody's who looks after some."""
    if not listing.sees_all(by):
        return False
    return policy.can(by, Action.DECIDE_REQUEST, ticket.unit) if ticket.unit else policy.can(by, Action.DECIDE_REQUEST)


def make_request(
    session: Session, *, by: Actor, ticket: Ticket, title: str, business_need: str, now: datetime
) -> Request:
    """A request of what a ticket turned out to be, of the ticket's unit. Raises Invalid("title" | "business_need"),
    Conflict("title") where it belongs to one already."""
    policy.require(by, Action.DECIDE_REQUEST, ticket.unit)
    if ticket.unit is None or ticket.request_id is not None:
        raise Conflict("title", "This ticket belongs to a request already.")
    made = requests.add(session, by=by, unit=ticket.unit, title=title, business_need=business_need, now=now)
    ticket.request_id = made.id
    session.flush()
    return made


def belong(session: Session, *, by: Actor, ticket: Ticket, said: str, now: datetime) -> Request:
    """Say which request it belongs to; that one moves on if the ticket is further. Raises Invalid("said")."""
    policy.require(by, Action.DECIDE_REQUEST, ticket.unit)
    found = _NUMBER.fullmatch(said.strip())
    if found is None:
        raise Invalid("said", "Write the request’s number, or paste the address of its page.")
    try:
        request = requests.find(session, by=by, request_id=int(found[1]))
    except NotFound as error:
        raise Invalid("said", f"There is no request {found[1]}.") from error
    policy.require(by, Action.DECIDE_REQUEST, request)
    if ticket.unit_id not in (None, request.unit_id):
        raise Invalid("said", f"That request is of {request.unit.name}, and this ticket is not.")
    ticket.request_id = request.id
    session.flush()
    feeding.move(session, request, _told(ticket), now=now)
    return request


def part(session: Session, *, by: Actor, ticket: Ticket) -> None:
    """Take back that it belongs to a request; the request stays where it stands."""
    policy.require(by, Action.DECIDE_REQUEST, ticket.unit)
    ticket.request_id = None
    session.flush()


def _told(ticket: Ticket) -> Told:
    standing = guess(ticket.state)
    if not ticket.is_open and standing.is_open:
        standing = Standing.CLOSED
    elif ticket.is_open and not standing.is_open:
        standing = Standing.WORKING
    return Told(ticket.number, standing, ticket.state, ticket.closed_at or ticket.resolved_at)
