"""Passing a complaint up: from who owns it to the lead rep, to who leads them, to the CIO. By hand with a reason, or by
the rule of the house. To each level once; each is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import clock, complaint_owners, escalation_mail
from crm.services.clashes import told_as
from crm.services.complaint_rules import CIO, LEADER, OWNER
from crm.services.languages import AS_WRITTEN, Language
from crm.services.request_states import LONGEST
from models.person import Person
from models.request import Request, RequestKind, RequestState
from models.request_part import Escalation
from models.unit import BusinessUnit

_TAKEN = Conflict("level", "It was passed up there in the meantime.")


@dataclass(frozen=True)
class Rung:
    """To whom a complaint can go, and how high that is: 1 lead rep, 2 who leads them, 3 CIO."""

    level: int
    person: Person


def of_request(session: Session, *, request: Request) -> Sequence[Escalation]:
    """How it was passed up, the first first, with who did it and to whom. One statement."""
    mine = select(Escalation).where(Escalation.request_id == request.id)
    loaded = mine.options(joinedload(Escalation.by), joinedload(Escalation.to))
    return session.scalars(loaded.order_by(Escalation.level)).all()


def reached(session: Session, *, request: Request) -> int:
    """How high it is; 0 while it is with its owner."""
    return session.scalar(select(func.max(Escalation.level)).where(Escalation.request_id == request.id)) or 0


def ladder(session: Session, *, request: Request, unit: BusinessUnit, today: date) -> list[Rung]:
    """Everybody above its owner, the nearest first. At most six statements."""
    lead = complaint_owners.person_for(session, unit=unit, today=today)
    leader = session.get(Person, lead.lead_id) if lead and lead.lead_id else None
    chief = complaint_owners.cio(session, today=today)
    known = [(OWNER, lead), (LEADER, leader), (CIO, chief)]
    rungs = _once_each([Rung(level, person) for level, person in known if person and person.is_here(today)])
    own = next((rung.level for rung in rungs if rung.person.id == request.owner_id), 0)
    return [rung for rung in rungs if rung.level > own]


def _once_each(rungs: Sequence[Rung]) -> list[Rung]:
    """Whoever stands on two rungs stands on the higher one."""
    return [rung for at, rung in enumerate(rungs) if rung.person.id not in {one.person.id for one in rungs[at + 1 :]}]


def ways_up(session: Session, *, request: Request, unit: BusinessUnit, today: date) -> list[Rung]:
    """Those whom it has not reached yet."""
    above = reached(session, request=request)
    return [rung for rung in ladder(session, request=request, unit=unit, today=today) if rung.level > above]


def pass_up(session: Session, *, by: Actor, request: Request, level: int, why: str, now: datetime) -> Escalation:
    """By hand, by IT or by the unit: to that level.

    Raises Invalid("why" | "level"), Conflict("level") when somebody else did it meanwhile or it is no open complaint,
    Forbidden.
    """
    policy.require(by, Action.ESCALATE_COMPLAINT, request)
    if not why:
        raise Invalid("why", "Say why. Whoever gets it reads that first.")
    if len(why) > LONGEST:
        raise Invalid("why", f"Keep it under {LONGEST:,} letters.")
    session.refresh(request, ["state", "kind"], with_for_update=True)
    if request.kind is not RequestKind.COMPLAINT or request.state is RequestState.CONFIRMED:
        raise Conflict("level", "This is no open complaint any more.")
    unit = session.get_one(BusinessUnit, request.unit_id)
    rungs = ways_up(session, request=request, unit=unit, today=clock.local_date(now, unit.time_zone))
    rung = next((rung for rung in rungs if rung.level == level), None)
    if rung is None:
        if reached(session, request=request) >= level:
            raise _TAKEN
        raise Invalid("level", "Choose to whom it goes.")
    return write(session, by=by, request=request, unit=unit, rung=rung, why=lambda _: why, now=now)


def write(
    session: Session,
    *,
    by: Actor,
    request: Request,
    unit: BusinessUnit,
    rung: Rung,
    why: Callable[[Language], str],
    now: datetime,
) -> Escalation:
    """Keep that it went up, and tell that person, each in their language. Raises Conflict("level") when it was there
    already."""
    said = why(AS_WRITTEN)
    passed = Escalation(request_id=request.id, at=now, by_id=by.id, to_id=rung.person.id, level=rung.level, why=said)
    with told_as(session, _TAKEN):
        session.add(passed)
    escalation_mail.tell(
        session, by=by.person, request=request, unit=unit, level=rung.level, why=why, to=rung.person, now=now
    )
    return passed


def higher(rungs: Iterable[Rung], level: int) -> Rung | None:
    """The nearest from this level on: where nobody leads the rep, the CIO."""
    return next((rung for rung in rungs if rung.level >= level), None)
