"""Requests move as their tickets do: into work, and to "delivered". No ticket decides anything, and none confirms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from crm import policy
from crm.services import complaints, requests
from crm.services.tickets.folding import Folded
from crm.services.tickets.standings import Standing
from models.request import UNDECIDED, Request, RequestState
from models.ticket import Ticket
from models.unit import BusinessUnit

_LOGGED, _LOOKING = RequestState.LOGGED, RequestState.LOOKING
_ACCEPTED, _DELIVERING = RequestState.ACCEPTED, RequestState.DELIVERING
#: From where a request stands, and where its ticket stands, to where the request goes.
STEPS: Mapping[tuple[RequestState, Standing], RequestState] = {
    (_LOGGED, Standing.LOOKING): _LOOKING,
    (_LOGGED, Standing.WORKING): _LOOKING,
    (_LOGGED, Standing.WAITING): RequestState.WAITING,
    (_LOOKING, Standing.WAITING): RequestState.WAITING,
    (_ACCEPTED, Standing.WORKING): _DELIVERING,
    (_ACCEPTED, Standing.RESOLVED): RequestState.DELIVERED,
    (_ACCEPTED, Standing.CLOSED): RequestState.DELIVERED,
    (_DELIVERING, Standing.RESOLVED): RequestState.DELIVERED,
    (_DELIVERING, Standing.CLOSED): RequestState.DELIVERED,
}


@dataclass(frozen=True)
class Told:
    """What a service desk says of a ticket. ``at``: when it came to stand there, None where that is not told."""

    number: str
    standing: Standing
    state: str
    at: datetime | None

    @classmethod
    def of(cls, folded: Folded) -> Told:
        at = folded.last_at
        if folded.standing is Standing.CLOSED:
            at = folded.closed_at or folded.resolved_at or at
        elif folded.standing is Standing.RESOLVED:
            at = folded.resolved_at or at
        return cls(folded.number, folded.standing, folded.texts.get("state", ""), at)

    def words(self, zone: str, now: datetime) -> str:
        """ "INC0000045: Closed on 5 March", on the unit's calendar."""
        said = f"{self.number}: {self.state or self.standing.value.capitalize()}"
        if self.at is None:
            return said
        day = self.at.astimezone(ZoneInfo(zone))
        year = f" {day.year}" if day.year != now.year else ""
        return f"{said} on {day.day} {day:%B}{year}"


@dataclass(frozen=True)
class Fed:
    """``moved``: requests that came further; ``undecided``: those whose ticket is over, and that nobody decided."""

    moved: int = 0
    undecided: int = 0


def feed(session: Session, told: Iterable[Told], *, source_id: int, now: datetime) -> Fed:
    """Move the requests of these tickets along the ways there are. One statement, and a few for each that moves."""
    by_number = {one.number: one for one in told}
    moved = undecided = 0
    for request, number in _linked(session, source_id):
        one = by_number.get(number)
        if one is None:
            continue
        if move(session, request, one, now=now):
            moved += 1
        elif one.standing.is_done and request.state in UNDECIDED:
            undecided += 1
    return Fed(moved, undecided)


def move(session: Session, request: Request, told: Told, *, now: datetime) -> bool:
    """Whether the request moved. ``request``: with its unit."""
    to = STEPS.get((request.state, told.standing))
    if to is None or (to is RequestState.DELIVERED and complaints.lacks_root_cause(request)):
        return False  # nobody but a person says why a complaint came about
    by = policy.application(now.date())
    requests.move(session, by=by, request=request, to=to, why=told.words(request.unit.time_zone, now), now=now)
    return True


def _linked(session: Session, source_id: int) -> list[tuple[Request, str]]:
    """Requests that name a ticket of this source, or that one of its tickets names, with the ticket's number."""
    theirs = (Ticket.request_id == Request.id) & (Ticket.source_id == source_id)
    statement = (
        select(Request, Ticket.number)
        .join(BusinessUnit, BusinessUnit.id == Request.unit_id)
        .join(Ticket, theirs, isouter=True)
        .where(or_(Ticket.id.is_not(None), (Request.source_id == source_id) & Request.ticket.is_not(None)))
        .options(contains_eager(Request.unit))
        .order_by(Request.id, Ticket.number)
    )
    return [(request, number or request.ticket or "") for request, number in session.execute(statement)]
