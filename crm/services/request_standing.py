"""Where a request stands, in words: whose move it is, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.services import clock, request_limits, words
from models.request import Request, RequestState

#: Who is to do what next; the unit's name and the day stand in it.
NEXT = {
    RequestState.LOGGED: "IT is to look at it",
    RequestState.LOOKING: "IT is to decide",
    RequestState.WAITING: "{unit} is to answer",
    RequestState.ACCEPTED: "We said yes, and work is to begin",
    RequestState.DELIVERING: "It is in work, and is to be there",
    RequestState.DELIVERED: "It is there, and {unit} is to confirm it",
}


@dataclass(frozen=True)
class Standing:
    """``finding`` is what matters, as a sentence; ``rest`` what belongs to it, or ""."""

    finding: str
    rest: str


def standing(request: Request, today: date) -> Standing:
    """``request`` comes with its unit and owner."""
    if request.state not in NEXT:
        return Standing(_ended(request, today), "")
    return Standing(_next(request, today), _owned(request))


def _next(request: Request, today: date) -> str:
    who = NEXT[request.state].format(unit=request.unit.name)
    if request.due_on is None:
        return f"{who}."
    if request_limits.is_late(request, today):
        was = who.replace(" is to ", " was to ")
        return f"{was} by {words.day(request.due_on, today)}: {words.late(request.due_on, today)}."
    return f"{who} by {words.day(request.due_on, today)}."


def _owned(request: Request) -> str:
    return f"{request.owner.name} sees to it in IT." if request.owner else "Nobody in IT has taken it up yet."


def _ended(request: Request, today: date) -> str:
    if request.state is RequestState.CONFIRMED:
        on = _day(request, today, confirmed=True)
        return f"Done: {request.unit.name} said so{on}."
    instead = "and had nothing to offer instead" if request.no_alternative else "and offered something else"
    return f"We said no{_day(request, today, confirmed=False)}, {instead}."


def _day(request: Request, today: date, *, confirmed: bool) -> str:
    at = request.confirmed_at if confirmed else request.decided_at
    return f" on {words.day(clock.local_date(at, request.unit.time_zone), today)}" if at else ""
