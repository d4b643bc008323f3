"""A unit going from one lead to the next: starting it, putting it right before its day, taking it back, settling it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import assignments, handover_mail, happenings, passing_on, review_planning
from crm.services.clashes import told_as
from models.handover import Handover
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover

WORDS_LENGTH = 4000
#: How far ahead a unit may be handed over.
AHEAD = timedelta(days=366)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """What is said of a handover. ``on``: the first day of the new lead; ``tone`` and ``went_wrong``: for IT only."""

    to: Person
    on: date
    tone: str = ""
    went_wrong: str = ""
    #: Whether the open actions of the outgoing rep on the unit go over too.
    with_actions: bool = True


def start(session: Session, *, by: Actor, unit: BusinessUnit, told: Told, now: datetime) -> Handover:
    """Make ``told.to`` the lead from that day on, and tell both reps by mail.

    Raises Invalid for an impossible day or person, Conflict("on") when the unit is being handed over already.
    """
    policy.require(by, Action.HAND_OVER, unit)
    if (other := ahead(session, unit.id, by.today)) is not None:
        raise Conflict("on", f"{unit.name} goes to {other.incoming.name} already. Change or withdraw that first.")
    outgoing = _lead_before(session, unit, told.on)
    _check(told, outgoing, by.today)
    _take_over(session, by.today, unit, told)
    handover = Handover(
        unit=unit,
        outgoing=outgoing,
        incoming=told.to,
        on=told.on,
        tone=told.tone,
        went_wrong=told.went_wrong,
        with_actions=told.with_actions,
        started_at=now,
        started_by_id=by.id,
    )
    session.add(handover)
    session.flush()
    _follow(session, handover, by.today, now)
    handover_mail.tell(session, handover, now=now)
    happenings.handover_agreed(session, handover, now)
    return handover


def _lead_before(session: Session, unit: BusinessUnit, on: date) -> Person | None:
    return assignments.lead_on(session, unit.id, on - A_DAY) or assignments.lead_on(session, unit.id, on)


def _check(told: Told, outgoing: Person | None, today: date) -> None:
    checks = (
        ("to_id", told.to.is_rep and told.to.is_active, f"{told.to.name} is not an account rep here."),
        ("to_id", outgoing is None or told.to.id != outgoing.id, f"{told.to.name} leads it already."),
        ("on", told.on >= today, "Choose today or a day ahead; what was before stays as it was."),
        ("on", told.on <= today + AHEAD, "Choose a day within the next twelve months."),
        ("tone", len(told.tone) <= WORDS_LENGTH, f"Keep it under {WORDS_LENGTH} letters."),
        ("went_wrong", len(told.went_wrong) <= WORDS_LENGTH, f"Keep it under {WORDS_LENGTH} letters."),
    )
    for field, holds, message in checks:
        if not holds:
            raise Invalid(field, message)


def _take_over(session: Session, today: date, unit: BusinessUnit, told: Told) -> None:
    """Whoever may hand over may do this, which by itself is for the CIO and the administrator."""
    for deputy in session.scalars(_deputising(unit.id, told.to.id).where(Assignment.in_force(told.on))):
        deputy.until = told.on
    session.flush()
    try:
        assignments.assign(
            session, by=policy.application(today), unit=unit, rep=told.to, cover=Cover.LEAD, since=told.on
        )
    except Invalid as error:
        raise Conflict("on" if error.field == "since" else "to_id", str(error)) from error


def _deputising(unit_id: int, rep_id: int) -> Select[Assignment]:
    return select(Assignment).where(
        Assignment.unit_id == unit_id, Assignment.rep_id == rep_id, Assignment.cover == Cover.DEPUTY
    )


def _follow(session: Session, handover: Handover, today: date, now: datetime) -> None:
    """Plan the reviews around the absences of the new lead; on the day itself, all goes over."""
    review_planning.plan(session, handover.unit, today)
    if handover.on <= today:
        settle(session, handover, now)


def change(session: Session, *, by: Actor, handover: Handover, told: Told, now: datetime) -> None:
    """Say it anew, before its day. Another person or day is told by mail, and acknowledged anew. Raises as start."""
    _require_ahead(by, handover)
    unit = handover.unit
    moves = (told.to.id, told.on) != (handover.to_id, handover.on)
    _check(told, handover.outgoing, by.today)
    if moves:
        former = handover.incoming
        _give_back(session, handover)
        _take_over(session, by.today, unit, told)
        handover.incoming, handover.on, handover.acknowledged_at = told.to, told.on, None
        if former.id != told.to.id:
            handover_mail.call_off(session, handover, to=former, now=now)
    handover.tone, handover.went_wrong = told.tone, told.went_wrong
    handover.with_actions = told.with_actions
    session.flush()
    if moves:
        _follow(session, handover, by.today, now)
        handover_mail.tell(session, handover, now=now)
        happenings.handover_agreed(session, handover, now)


def withdraw(session: Session, *, by: Actor, handover: Handover, now: datetime) -> None:
    """The unit stays where it is. Raises Conflict("on") when its day has come."""
    _require_ahead(by, handover)
    unit = handover.unit
    _give_back(session, handover)
    for person in (handover.incoming, handover.outgoing):
        if person is not None:
            handover_mail.call_off(session, handover, to=person, now=now)
    happenings.handover_withdrawn(session, handover, now)
    session.delete(handover)
    session.flush()
    review_planning.plan(session, unit, by.today)


def _require_ahead(by: Actor, handover: Handover) -> None:
    policy.require(by, Action.HAND_OVER, handover)
    if handover.on <= by.today:
        raise Conflict("on", "The day has come: the unit has gone over. Hand it over anew instead.")


def _give_back(session: Session, handover: Handover) -> None:
    """As if the day were not to come: who led or deputised goes on, as far as the person stays."""
    unit_id, on = handover.unit_id, handover.on
    leads = select(Assignment).where(Assignment.unit_id == unit_id, Assignment.cover == Cover.LEAD)
    for taken in session.scalars(leads.where(Assignment.rep_id == handover.to_id, Assignment.since == on)):
        taken.until = taken.since
    session.flush()  # before the other goes on: the database refuses two leads on one day
    clash = Conflict("on", "Somebody else is to lead the unit after that day. Change the cover instead.")
    with told_as(session, clash):
        ended = Assignment.until == on, Assignment.since < on
        for lead in session.scalars(leads.where(Assignment.rep_id == handover.from_id, *ended)):
            lead.until = handover.outgoing.leaves_on if handover.outgoing else None
        for deputy in session.scalars(_deputising(unit_id, handover.to_id).where(*ended)):
            deputy.until = None


def acknowledge(*, by: Actor, handover: Handover, now: datetime) -> None:
    """The new lead has read it. Again changes nothing."""
    policy.require(by, Action.TAKE_OVER, handover)
    handover.acknowledged_at = handover.acknowledged_at or now


def settle(session: Session, handover: Handover, now: datetime) -> None:
    """The day has come: what the outgoing rep owes the unit goes over, if that was wanted. Again changes nothing."""
    if handover.done_at is not None:
        return
    handover.done_at = now
    if handover.with_actions and handover.outgoing is not None:
        passing_on.open_actions(
            session,
            unit_id=handover.unit_id,
            owner=handover.outgoing,
            to=handover.incoming,
            by_id=handover.started_by_id,
            now=now,
        )


def settle_due(session: Session, *, today: date, now: datetime) -> int:
    """Settle those whose day has come. Returns how many."""
    due = session.scalars(_loaded(Handover.on <= today, Handover.done_at.is_(None)).order_by(Handover.id)).all()
    for handover in due:
        settle(session, handover, now)
    return len(due)


def ahead(session: Session, unit_id: int, today: date) -> Handover | None:
    """The handover of this unit whose day is still to come."""
    return session.scalars(_loaded(Handover.unit_id == unit_id, Handover.on > today).limit(1)).first()


def find(session: Session, *, by: Actor, handover_id: int) -> Handover:
    """With unit and both reps. Raises NotFound."""
    policy.require(by, Action.SEE_HANDOVER)
    seen = policy.in_visible_units(by, Handover.unit_id)
    found = session.scalars(_loaded(Handover.id == handover_id, seen)).first()
    if found is None:
        raise NotFound("There is no such handover.")
    return found


def of_unit(session: Session, unit_id: int) -> Sequence[Handover]:
    """All of one unit, newest first."""
    return session.scalars(
        _loaded(Handover.unit_id == unit_id).order_by(Handover.on.desc(), Handover.id.desc()).limit(50)
    ).all()


def to_read(session: Session, *, by: Actor) -> Sequence[Handover]:
    """What ``by`` has not acknowledged yet, the soonest first."""
    mine = _loaded(Handover.to_id == by.id, Handover.acknowledged_at.is_(None))
    return session.scalars(mine.order_by(Handover.on, Handover.id).limit(50)).all()


def _loaded(*conditions: ColumnElement[bool]) -> Select[Handover]:
    people = joinedload(Handover.outgoing), joinedload(Handover.incoming)
    return select(Handover).where(*conditions).options(joinedload(Handover.unit), *people)
