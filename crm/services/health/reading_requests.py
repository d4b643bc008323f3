"""Reading the way of each request: where it stood, until when it might, and how it was refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select

from crm.services import clock
from crm.services.health.facts import RefusalFact, RequestFact, StepFact
from crm.services.health.pieces import HALF_A_YEAR
from crm.services.health.reading_facts import Reading
from crm.services.request_limits import LIMITED, UNITS_MOVE
from crm.services.request_reckoning import Reckoner
from models.request import Request, RequestState, RequestStep
from models.request_part import RequestVerdict, Verdict

#: Where IT is to act, within a limit.
OURS = frozenset(LIMITED) - frozenset(UNITS_MOVE)


def add(reading: Reading, reckoner: Reckoner) -> None:
    """Put the requests to the facts of their units. Three statements. ``reckoner``: of these units at least."""
    requests = _requests(reading)
    steps = select(RequestStep.request_id, RequestStep.state, RequestStep.at)
    for row in _of(reading, steps, RequestStep):
        request, unit_id = requests[row.request_id]
        due_on = _due_on(request, unit_id, row.state, row.at, reckoner)
        request.steps.append(StepFact(row.state, reading.on(row.at), due_on))
    refused = select(RequestVerdict.request_id, RequestVerdict.at, RequestVerdict.alternative)
    for row in _of(reading, refused.where(RequestVerdict.verdict == Verdict.DECLINE), RequestVerdict):
        request, _ = requests[row.request_id]
        request.refusals.append(RefusalFact(reading.on(row.at), bool(row.alternative)))


def _requests(reading: Reading) -> dict[int, tuple[RequestFact, int]]:
    """Those that may count, each with its unit."""
    found: dict[int, tuple[RequestFact, int]] = {}
    wanted = select(Request.unit_id, Request.id, Request.title, Request.kind)
    for unit_id, id_, title, kind in reading.session.execute(_recent(reading, wanted).order_by(Request.id)):
        request = RequestFact(id_, title, kind)
        found[request.id] = request, unit_id
        reading.found[unit_id].requests.append(request)
    return found


def _recent(reading: Reading, wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Of requests with us; and where one moved long ago, it counts no more."""
    moved = Request.stands_since >= reading.span.instant(HALF_A_YEAR)
    unsaid = Request.stands_since.is_(None) & (Request.logged_on >= reading.span.since(HALF_A_YEAR))
    return wanted.where(Request.unit_id.in_(reading.unit_ids), or_(Request.state.in_(OURS), moved, unsaid))


def _of(reading: Reading, wanted: Select[*tuple[Any, ...]], table: Any) -> Iterable[Any]:
    """The rows of these requests, in their order."""
    recent = _recent(reading, select(Request.id))
    return reading.session.execute(wanted.where(table.request_id.in_(recent)).order_by(table.request_id, table.id))


def _due_on(request: RequestFact, unit_id: int, state: RequestState, at: datetime, reckoner: Reckoner) -> date | None:
    """As crm.services.request_limits says it, on the unit's own clock."""
    if state not in OURS:
        return None
    return reckoner.due(unit_id, state, request.kind, clock.local_date(at, reckoner.zones[unit_id]))
