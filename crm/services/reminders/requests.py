"""Requests that stand longer than the house's limit where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.services import request_limits
from crm.services.languages import Language, later
from crm.services.reminders.due import BYGONE, Due, Ground, Told
from crm.services.working_days import DAY
from models.mail import MailKind
from models.request import Request, RequestState
from models.unit import BusinessUnit

#: What is told of it, and what the button says, by where it stands.
SAID: dict[RequestState, tuple[str, str]] = {
    RequestState.LOGGED: (later("Waits for a decision: {title}"), later("Decide it")),
    RequestState.LOOKING: (later("Waits for a decision: {title}"), later("Decide it")),
    RequestState.WAITING: (later("{unit} has not answered: {title}"), later("Ask again")),
    RequestState.ACCEPTED: (later("Said yes, and not begun: {title}"), later("Open it")),
    RequestState.DELIVERING: (later("Not delivered yet: {title}"), later("Open it")),
    RequestState.DELIVERED: (later("{unit} has not confirmed: {title}"), later("Ask again")),
}


def past_limit(session: Session, ground: Ground) -> Iterator[Due]:
    """To the rep, once for each state, from the day after the limit. One statement."""
    found = session.scalars(
        select(Request)
        .join(Request.unit)
        .where(
            request_limits.late(ground.today),
            Request.due_on >= ground.today - BYGONE,
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Request.unit))
        .order_by(Request.due_on, Request.id)
    )
    for request in found:
        if request.due_on and request.unit_id in ground.reps:
            yield _due(request, request.due_on, ground)


def _due(request: Request, limit: date, ground: Ground) -> Due:
    return Due(
        kind=MailKind.REQUEST,
        about=request.id,
        person=ground.reps[request.unit_id],
        unit=request.unit,
        period=f"{request.state}:{limit}",
        falls_on=limit + DAY,
        lies_ahead=False,
        path=f"/requests/{request.id}",
        tell=lambda say: _told(request, limit, ground, say),
    )


def _told(request: Request, limit: date, ground: Ground, say: Language) -> Told:
    what, button = SAID[request.state]
    return Told(
        what=say(what, title=request.title, unit=request.unit.name),
        why=say(
            "{unit} asked on {day}; it should have moved on by {due}.",
            unit=request.unit.name,
            day=say.day(request.logged_on, ground.today),
            due=say.day(limit, ground.today),
        ),
        button=say(button),
    )
