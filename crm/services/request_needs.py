"""Requests of the units a rep looks after that wait for IT, or have stood too long where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from crm.policy import Actor
from crm.services import clock, request_limits, words
from crm.services.rep_needs import MOST, Kind, Need, Press
from crm.services.statements import put_together_once
from models.request import OPEN_STATES, Request, RequestKind, RequestState
from models.unit import BusinessUnit

#: IT owes a word, late or not.
OURS_TO_DECIDE = (RequestState.LOGGED, RequestState.LOOKING)
#: What is to be done, by where it stands.
TO_DO = {
    RequestState.LOGGED: "Decide",
    RequestState.LOOKING: "Decide",
    RequestState.WAITING: "Ask again",
    RequestState.ACCEPTED: "Begin",
    RequestState.DELIVERING: "Deliver",
    RequestState.DELIVERED: "Ask again",
}


def needs(session: Session, *, by: Actor, now: datetime) -> Iterator[Need]:
    """What waits for a decision, every open complaint, what is past its limit; the longest past it first. One
    statement."""
    for request in session.scalars(_waiting(by)):
        yield _need(request, clock.local_date(now, request.unit.time_zone))


@put_together_once
def _waiting(by: Actor) -> Select[Request]:
    is_complaint = and_(Request.kind == RequestKind.COMPLAINT, Request.state.in_(OPEN_STATES))
    wanted = or_(Request.state.in_(OURS_TO_DECIDE), request_limits.late(by.today), is_complaint)
    return (
        select(Request)
        .join(Request.unit)
        .where(Request.unit_id.in_(by.covers), wanted, BusinessUnit.closed_on.is_(None))
        .options(contains_eager(Request.unit))
        .order_by(Request.due_on.asc().nulls_last(), Request.logged_on, Request.id)
        .limit(MOST)
    )


def _need(request: Request, today: date) -> Need:
    is_late = request_limits.is_late(request, today)
    theirs = request_limits.is_units_move(request.state)
    do = "See to" if request.kind is RequestKind.COMPLAINT and not theirs else TO_DO[request.state]
    return Need(
        kind=Kind.REQUEST,
        id=request.id,
        unit_id=request.unit_id,
        unit_name=request.unit.name,
        what=f"{do}: {request.title}",
        why=f"{request.unit.name} has not answered" if theirs else request.business_need,
        when=_when(request, today, theirs),
        press=Press.LATE if is_late and not theirs else Press.DECIDE,
        since=request.due_on if is_late and request.due_on else request.logged_on,
        name=request.title,
        cause=do,
    )


def _when(request: Request, today: date, theirs: bool) -> str:
    if request.due_on is None or not request_limits.is_late(request, today):
        return words.waiting(request.logged_on, today)
    return f"since {words.day(request.due_on, today)}" if theirs else words.late(request.due_on, today)
