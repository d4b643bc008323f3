"""How every request begins, wherever it comes from: a form, a meeting, a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.policy import Actor
from crm.services import clock, complaint_owners, happenings, request_states
from models.request import Origin, Request, RequestKind, Severity
from models.unit import BusinessUnit

#: What can be offered: nobody offers a question or a complaint.
OFFERABLE = (RequestKind.STANDARD, RequestKind.NON_STANDARD)


def refuse(*, title: str, business_need: str, kind: RequestKind, origin: Origin) -> None:
    """Raises Invalid("title" | "business_need" | "origin") for what is no request yet."""
    if not title:
        raise Invalid("title", "Say in a few words what is asked for.")
    if not business_need:
        raise Invalid("business_need", "Say what the unit needs it for.")
    if origin is Origin.OFFERED and kind not in OFFERABLE:
        raise Invalid("origin", "A question or a complaint is nothing we offer.")


def begin(session: Session, *, by: Actor, unit: BusinessUnit, requests: Sequence[Request], now: datetime) -> None:
    """Keep new requests of one unit, each with its first step. Complaints get an owner, and a severity if none is
    told."""
    complaints = [request for request in requests if request.kind is RequestKind.COMPLAINT]
    if complaints:
        answer_for(session, complaints, unit=unit, now=now)
    session.add_all(requests)
    session.flush()
    for request in requests:
        request_states.begin(session, by=by, request=request, now=now)
        happenings.request_logged(session, request, now)


def answer_for(session: Session, complaints: Sequence[Request], *, unit: BusinessUnit, now: datetime) -> None:
    """A complaint always has a severity, and somebody in IT who owns it as soon as the unit has anybody."""
    owner_id = complaint_owners.owner_for(session, unit=unit, today=clock.local_date(now, unit.time_zone))
    for complaint in complaints:
        complaint.severity = complaint.severity or Severity.SERIOUS
        complaint.owner_id = complaint.owner_id or owner_id
