"""Tickets as a list, and one of them with its history. What is for IT alone reaches no unit."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, nulls_last, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.pages import Page
from crm.services.search import contains
from models.request import Request
from models.ticket import Ticket, TicketEvent, TicketSource


class Order(enum.StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    NUMBER = "number"
    CLOSED = "closed"  # the last closed first


_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.NEWEST: (nulls_last(Ticket.opened_at.desc()), Ticket.id.desc()),
    Order.OLDEST: (nulls_last(Ticket.opened_at), Ticket.id),
    Order.NUMBER: (Ticket.number, Ticket.id),
    Order.CLOSED: (nulls_last(Ticket.closed_at.desc()), Ticket.id.desc()),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None: to nothing. Opened from ``since`` to before ``until``."""

    unit_id: int | None = None
    covered: bool = False
    source_id: int | None = None
    is_open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    order: Order = Order.NEWEST


def sees_all(by: Actor) -> bool:
    """Whether private notes, and what the desk says to itself, are this person's to read."""
    return policy.can(by, Action.SEE_INTERNAL_NOTES)


def listed(session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE) -> Page[Ticket]:
    """Tickets of the units this person sees, with unit and source. One statement."""
    policy.require(by, Action.SEE_TICKETS)
    statement = select(Ticket).where(*_conditions(by, wanted))
    loaded = statement.options(joinedload(Ticket.unit), joinedload(Ticket.source))
    return pages.of_objects(session, loaded.order_by(*_ORDERS[wanted.order]), number, size)


def _conditions(by: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [_seen(by)]
    if wanted.unit_id is not None:
        found.append(Ticket.unit_id == wanted.unit_id)
    if wanted.covered:
        found.append(Ticket.unit_id.in_(by.covers))
    if wanted.source_id is not None:
        found.append(Ticket.source_id == wanted.source_id)
    if wanted.is_open is not None:
        found.append(Ticket.is_open.is_(wanted.is_open))
    if wanted.since is not None:
        found.append(Ticket.opened_at >= wanted.since)
    if wanted.until is not None:
        found.append(Ticket.opened_at < wanted.until)
    if wanted.text:
        told = (Ticket.number, Ticket.title, *((Ticket.caller, Ticket.category) if sees_all(by) else ()))
        found.append(contains(wanted.text, *told))
    return found


def _seen(by: Actor) -> ColumnElement[bool]:
    # A ticket without a unit is in none of those: no unit sees it.
    return policy.in_visible_units(by, Ticket.unit_id)  # type: ignore[arg-type]


def find(session: Session, *, by: Actor, ticket_id: int) -> Ticket:
    """With unit, source and request. Raises NotFound when it is not there for this person."""
    policy.require(by, Action.SEE_TICKETS)
    whole = (joinedload(Ticket.unit), joinedload(Ticket.source), joinedload(Ticket.request))
    found = session.scalar(select(Ticket).where(Ticket.id == ticket_id, _seen(by)).options(*whole))
    if found is None:
        raise NotFound("There is no such ticket.")
    return found


def history(session: Session, *, by: Actor, ticket: Ticket) -> Sequence[TicketEvent]:
    """What this person may read of what happened, oldest first: changes of state, and what was said. One statement."""
    mine = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    if not sees_all(by):
        mine = mine.where(TicketEvent.is_private.is_(False))
    events = session.scalars(mine.order_by(TicketEvent.number, TicketEvent.id)).all()
    return list(_without_repetition(events))


def _without_repetition(events: Sequence[TicketEvent]) -> list[TicketEvent]:
    """A desk writes a line for each touch; where nothing is said and the state stays, nothing happened."""
    told, state = [], ""
    for event in events:
        if event.words or (event.state and event.state != state):
            told.append(event)
        state = event.state or state
    return told


def of_request(session: Session, *, by: Actor, request: Request) -> Sequence[Ticket]:
    """The tickets that belong to a request, the newest first. One statement."""
    if not policy.can(by, Action.SEE_TICKETS, request):
        return ()
    linked = Ticket.request_id == request.id
    if request.source_id and request.ticket:
        linked |= (Ticket.source_id == request.source_id) & (Ticket.number == request.ticket)
    mine = select(Ticket).where(linked, _seen(by)).options(joinedload(Ticket.source))
    return session.scalars(mine.order_by(*_ORDERS[Order.NEWEST]).limit(pages.SIZE)).all()


def sources(session: Session) -> Sequence[TicketSource]:
    """By name. One statement."""
    return session.scalars(select(TicketSource).order_by(TicketSource.name, TicketSource.id)).all()
