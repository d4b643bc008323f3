"""Complaints: a request that says something went wrong. It has a severity, an owner and, before it is called solved, a
root cause; only the unit closes it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import clock, complaint_owners, deciding, request_limits, request_states, requests
from crm.services.request_states import LONGEST
from models.person import Person
from models.request import OPEN_STATES, UNDECIDED, Cause, Origin, Request, RequestKind, RequestState, Severity
from models.request_part import Verdict
from models.unit import BusinessUnit

owner_for = complaint_owners.owner_for


def since(request: Request) -> date:
    """The unit's own day from which it is a complaint."""
    return request.complained_on or request.logged_on


def lacks_root_cause(request: Request) -> bool:
    """Whether it is a complaint that cannot be called solved yet."""
    return request.kind is RequestKind.COMPLAINT and not request.root_cause


def can_turn(request: Request) -> bool:
    """Whether the request itself can become a complaint; of a settled one a complaint of its own is made."""
    return request.kind is not RequestKind.COMPLAINT and request.state in OPEN_STATES


def turn(session: Session, *, by: Actor, request: Request, severity: Severity, why: str, now: datetime) -> None:
    """Make a complaint of a request that is open: its history goes on, its clock begins anew.

    Raises Invalid("why"), Conflict("") when it is settled or a complaint already, Forbidden.
    """
    policy.require(by, Action.EDIT_REQUEST, request)
    _check(why, "Say what went wrong.")
    session.refresh(request, ["state", "kind", "owner_id"], with_for_update=True)
    if not can_turn(request):
        raise Conflict("why", "It is settled, or a complaint already. Complain about it instead.")
    unit = session.get_one(BusinessUnit, request.unit_id)
    request.kind, request.severity, request.origin = RequestKind.COMPLAINT, severity, Origin.ASKED
    request.complained_on = clock.local_date(now, unit.time_zone)
    own(session, request, unit=unit, today=request.complained_on)
    request_limits.set_due(session, request)
    request_states.log(session, request, by=by, why=f"Made a complaint: {why}", now=now)
    session.flush()


def own(session: Session, request: Request, *, unit: BusinessUnit, today: date) -> None:
    """Give it an owner who is of IT and still here, if it has none."""
    owner = session.get(Person, request.owner_id) if request.owner_id else None
    if owner is None or not owner.is_here(today):
        request.owner_id = owner_for(session, unit=unit, today=today)


def link(
    session: Session, *, by: Actor, complaint: Request, of: Request | None = None, response_id: int | None = None
) -> None:
    """Keep what it complains of. ``of`` comes from ``requests.find``, ``response_id`` from a rating that bears a name
    and that ``by`` may read. Raises Invalid("") for what is another unit's."""
    policy.require(by, Action.ADD_REQUEST, complaint)
    if of is not None and (of.unit_id != complaint.unit_id or of.id == complaint.id):
        raise Invalid("business_need", "That was a request of another unit.")
    complaint.complains_of_id = of.id if of else None
    complaint.response_id = response_id
    session.flush()


def correct_severity(
    session: Session, *, by: Actor, request: Request, severity: Severity, why: str, now: datetime
) -> bool:
    """By IT, with a reason that the unit reads. Returns whether it differs. Raises Invalid("why"), Conflict("why")
    when it is closed, Forbidden."""
    policy.require(by, Action.DECIDE_REQUEST, request)
    _check(why, "Say why. The unit reads it.")
    session.refresh(request, ["state", "kind", "severity"], with_for_update=True)
    _must_be_open(request)
    if severity is request.severity:
        return False
    before, request.severity = request.severity, severity
    was = f" instead of {before.value}" if before else ""
    request_states.log(session, request, by=by, why=f"Now {severity.value}{was}: {why}", now=now)
    session.flush()
    return True


def solve(
    session: Session, *, by: Actor, request: Request, root_cause: str, cause: Cause | None, did: str, now: datetime
) -> None:
    """Solved, says IT: why it came about, and what was done. The unit confirms it, or says that it is not solved.

    Raises Invalid("root_cause" | "did"), Conflict("did" | "why") where it stands elsewhere by now, Forbidden.
    """
    policy.require(by, Action.DECIDE_REQUEST, request)
    _check(root_cause, "Say why it came about: without that it comes again.", "root_cause")
    _check(did, "Write in a sentence what we did. The unit reads it.", "did")
    session.refresh(request, ["state", "kind"], with_for_update=True)
    _must_be_open(request, "did")
    request.root_cause, request.cause = root_cause, cause
    session.flush()
    if request.state in UNDECIDED:  # solved on the spot: that we see to it is said by doing it
        deciding.decide(session, by=by, request=request, verdict=Verdict.ACCEPT, reason=did, now=now)
    requests.move(session, by=by, request=request, to=RequestState.DELIVERED, why=did, now=now)


def _must_be_open(request: Request, field: str = "why") -> None:
    if request.kind is not RequestKind.COMPLAINT or request.state is RequestState.CONFIRMED:
        raise Conflict(field, "This is no open complaint any more.")


def _check(words: str, asks: str, field: str = "why") -> None:
    if not words:
        raise Invalid(field, asks)
    if len(words) > LONGEST:
        raise Invalid(field, f"Keep it under {LONGEST:,} letters.")
