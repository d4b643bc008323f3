"""Rows that become requests: new ones with their history, those that are here already moved on. None is confirmed by a
file, for only the unit confirms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, request_limits, request_making, working_days
from crm.services import organisation as organisations
from crm.services.tickets import feeding
from crm.services.tickets.choices import Choices
from crm.services.tickets.feeding import STEPS, Fed, Told
from crm.services.tickets.folding import Folded
from crm.services.tickets.standings import Standing, guess
from crm.services.working_days import Calendar
from models.request import Request, RequestKind, RequestState, RequestStep
from models.request_part import RequestVerdict, Verdict
from models.unit import BusinessUnit

#: Where a row stands, as a request. No row leads to "confirmed".
STATES: Mapping[Standing, RequestState] = {
    Standing.NEW: RequestState.LOGGED,
    Standing.LOOKING: RequestState.LOOKING,
    Standing.WAITING: RequestState.WAITING,
    Standing.ACCEPTED: RequestState.ACCEPTED,
    Standing.DECLINED: RequestState.DECLINED,
    Standing.WORKING: RequestState.DELIVERING,
    Standing.RESOLVED: RequestState.DELIVERED,
    Standing.CLOSED: RequestState.DELIVERED,
}
VERDICTS = {RequestState.ACCEPTED: Verdict.ACCEPT, RequestState.DECLINED: Verdict.DECLINE}
AT_ONCE = 500
Taken = Sequence[tuple[int | None, Folded]]


@dataclass(frozen=True)
class Plan:
    """``new``: with the unit’s id; ``moving``: those further than their request."""

    new: Sequence[tuple[int, Folded]]
    moving: Sequence[Folded]
    unchanged: int


def refusal(folded: Folded) -> str:
    """Why a row cannot be a request; "" where it can."""
    if not (folded.texts.get("title") or folded.texts.get("need")):
        return "It says neither what is asked for nor what for."
    if folded.standing is Standing.DECLINED and not folded.texts.get("alternative"):
        return "It was declined, and the file does not say what was offered instead."
    return ""


def compare(session: Session, *, source_id: int, tickets: Taken) -> Plan:
    """What would become of the rows. One statement."""
    known = select(Request.ticket, Request.state, Request.stands_since).where(Request.source_id == source_id)
    here = {row.ticket: row for row in session.execute(known)}
    new = [(unit_id, folded) for unit_id, folded in tickets if unit_id and folded.number not in here]
    moving = [
        folded
        for _, folded in tickets
        if (row := here.get(folded.number)) and _is_news(row.state, row.stands_since, folded)
    ]
    return Plan(new, moving, len(tickets) - len(new) - len(moving))


def _is_news(state: RequestState, since: datetime | None, folded: Folded) -> bool:
    """Whether the row is further than the request, and did not say so before somebody said otherwise."""
    at = Told.of(folded).at
    return (state, folded.standing) in STEPS and (at is None or since is None or at > since)


def write(session: Session, plan: Plan, *, source_id: int, chosen: Choices, now: datetime) -> Fed:
    """Keep the new requests with their steps, and move the others along the ways there are."""
    ids = {unit_id for unit_id, _ in plan.new}
    units = {unit.id: unit for unit in session.scalars(select(BusinessUnit).where(BusinessUnit.id.in_(ids)))}
    made = [(_request(units[unit_id], folded, source_id, chosen, now), folded) for unit_id, folded in plan.new]
    _own_complaints(session, [request for request, _ in made], units, now)
    _set_limits(session, [request for request, _ in made], units)
    session.add_all(request for request, _ in made)
    session.flush()
    for request, folded in made:
        session.add_all(_steps(request, folded, chosen, now))
        session.add_all(_verdicts(request))
    session.flush()
    return feeding.feed(session, [Told.of(folded) for folded in plan.moving], source_id=source_id, now=now)


def _request(unit: BusinessUnit, folded: Folded, source_id: int, chosen: Choices, now: datetime) -> Request:
    begun = min(folded.opened_at or now, now)
    state = STATES[folded.standing]
    since = _since(folded) or begun
    texts = folded.texts
    title = texts.get("title") or texts["need"]
    request = Request(
        unit_id=unit.id,
        title=title,
        business_need=texts.get("need") or title,
        kind=chosen.kinds.get(texts.get("kind", ""), RequestKind.STANDARD),
        state=state,
        logged_on=clock.local_date(begun, unit.time_zone),
        stands_since=since,
        source_id=source_id,
        ticket=folded.number,
    )
    if state in VERDICTS:
        request.decided_at, request.reason = since, texts.get("reason") or _as_told(folded, unit, now)
    if state is RequestState.DECLINED:
        request.alternative = texts["alternative"]
    if state in (RequestState.DELIVERED, RequestState.DECLINED):
        request.did = texts.get("reason") or _as_told(folded, unit, now)
    if state is RequestState.DELIVERED:
        request.delivered_at = since
    return request


def _as_told(folded: Folded, unit: BusinessUnit, now: datetime) -> str:
    return Told.of(folded).words(unit.time_zone, now)


def _since(folded: Folded) -> datetime | None:
    """When it came to stand where it stands."""
    return Told.of(folded).at


def _own_complaints(
    session: Session, requests: Sequence[Request], units: Mapping[int, BusinessUnit], now: datetime
) -> None:
    complaints = [request for request in requests if request.kind is RequestKind.COMPLAINT]
    for unit_id in sorted({complaint.unit_id for complaint in complaints}):
        mine = [complaint for complaint in complaints if complaint.unit_id == unit_id]
        request_making.answer_for(session, mine, unit=units[unit_id], now=now)


def _set_limits(session: Session, requests: Iterable[Request], units: Mapping[int, BusinessUnit]) -> None:
    """By when each should move on; a few statements for all."""
    running = [request for request in requests if request.state in request_limits.LIMITED]
    if not running:
        return
    days = {id(request): _day(request, units) for request in running}
    until = request_limits.horizon(max(days.values()))
    calendars = _calendars(session, units, min(days.values()), until)
    limits = request_limits.current(session)
    for request in running:
        request.due_on = request_limits.due_on(
            limits,
            state=request.state,
            kind=request.kind,
            since=days[id(request)],
            calendar=calendars[request.unit_id],
        )


def _day(request: Request, units: Mapping[int, BusinessUnit]) -> date:
    since = request.stands_since
    return clock.local_date(since, units[request.unit_id].time_zone) if since else request.logged_on


def _calendars(session: Session, units: Mapping[int, BusinessUnit], since: date, until: date) -> Mapping[int, Calendar]:
    house = organisations.current(session)
    return working_days.house_calendars(session, units=units.values(), house=house, since=since, until=until)


def _steps(request: Request, folded: Folded, chosen: Choices, now: datetime) -> Iterator[RequestStep]:
    """How it came there: logged, then each state that the desk told, as far as the file says when."""
    begun = min(folded.opened_at or now, now)
    yield RequestStep(request_id=request.id, at=begun, state=RequestState.LOGGED, why="")
    last = RequestState.LOGGED
    for event in folded.events:
        state = STATES[chosen.states.get(event.state) or guess(event.state)] if event.state else last
        if event.at and state is not last:
            why = f"{folded.number}: {event.state}"
            yield RequestStep(request_id=request.id, at=max(event.at, begun), state=state, why=why)
            last = state
    if last is not request.state:
        why = request.reason or request.did
        yield RequestStep(request_id=request.id, at=request.stands_since or now, state=request.state, why=why)


def _verdicts(request: Request) -> Iterator[RequestVerdict]:
    if request.state in VERDICTS:
        yield RequestVerdict(
            request_id=request.id,
            at=request.decided_at,
            verdict=VERDICTS[request.state],
            reason=request.reason,
            alternative=request.alternative,
        )
