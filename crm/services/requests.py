"""Requests: a need of a unit, the answer to it, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid, NotFound
from crm.policy import Actor
from crm.services import (
    attendees,
    clock,
    happenings,
    organisation,
    request_facts,
    request_kinds,
    request_mail,
    request_making,
    request_states,
)
from crm.services.request_facts import Facts
from models.request import Origin, Request, RequestKind, RequestState, Severity
from models.unit import BusinessUnit


def add(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    title: str,
    business_need: str,
    now: datetime,
    requester_id: int | None = None,
    origin: Origin = Origin.ASKED,
    kind: RequestKind = RequestKind.STANDARD,
    facts: Facts | None = None,
    severity: Severity | None = None,
) -> Request:
    """A new request; the same words on the same day are one: the first is returned (the Back button, and Send again).
    A head or key user asks for the own unit and in the own name; what it costs, and whether it leaves the usual way,
    is for IT to say. A complaint has a severity and an owner from the start.

    Raises Invalid("title" | "business_need" | "requester_id" | "origin" | a field of Facts).
    """
    policy.require(by, policy.Action.ADD_REQUEST, unit)
    today = clock.local_date(now, unit.time_zone)
    facts = request_facts.checked(facts or Facts(), today=today)
    if not policy.can(by, policy.Action.DECIDE_REQUEST, unit):
        requester_id, origin, kind = by.id, Origin.ASKED, request_kinds.as_a_unit_says(kind)
        facts = request_facts.of_a_unit(facts)
    elif requester_id and not attendees.admitted(session, unit=unit, ids={requester_id}, days={today}):
        raise Invalid("requester_id", "This person is neither of this unit nor from IT.")
    request_making.refuse(title=title, business_need=business_need, kind=kind, origin=origin)
    words = {"unit_id": unit.id, "title": title, "business_need": business_need, "requester_id": requester_id}
    told_today = select(Request).filter_by(**words, logged_on=today, state=RequestState.LOGGED)
    if first := session.scalars(told_today.limit(1)).first():
        return first
    request = Request(**words, origin=origin, kind=kind, severity=severity, logged_on=today)
    request_facts.put(request, facts, organisation.current(session).currency)
    request_making.begin(session, by=by, unit=unit, requests=[request], now=now)
    return request


def move(session: Session, *, by: Actor, request: Request, to: RequestState, why: str, now: datetime) -> None:
    """Bring a request further, other than by a decision: see ``request_states.move`` for what it raises."""
    moved = request_states.move(session, by=by, request=request, to=to, why=why, now=now)
    if moved and to is RequestState.DELIVERED:
        happenings.request_delivered(session, request, now)
    if moved and to in (RequestState.DELIVERED, RequestState.WAITING):
        request_mail.tell(session, request=request, said=why, now=now)


def find(session: Session, *, by: Actor, request_id: int) -> Request:
    """The request with unit, meeting and people. Raises NotFound when it is not there for this person."""
    whole = (Request.unit, Request.meeting, Request.requester, Request.owner, Request.decided_by, Request.theme)
    seen = (Request.id == request_id, policy.in_visible_units(by, Request.unit_id))
    found = session.scalar(select(Request).where(*seen).options(*(joinedload(part) for part in whole)))
    if found is None or not policy.can(by, policy.Action.SEE_PROMISES, found):
        raise NotFound("There is no such request.")
    return found
