"""Who looks after a unit, and who belongs to it: one lead and one head on any date, history kept by ending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import follow_up_owing, review_planning, totals
from crm.services.clashes import told_as
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

Held = TypeVar("Held", Assignment, Membership)


def assign(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    rep: Person,
    cover: Cover,
    since: date,
    until: date | None = None,
) -> Assignment:
    """Make the rep lead or deputy. A new lead ends the one in force that day.

    Raises Invalid when the person is no rep or the dates are impossible, Conflict when they clash with a later lead.
    """
    policy.require(by, Action.ASSIGN_REP, unit)
    if not rep.is_rep or not rep.is_active:
        raise Invalid("rep_id", f"{rep.name} is not an account rep here.")
    _refuse_backwards(since, until)
    _refuse_twice(session, unit, rep, since)
    if cover is Cover.LEAD:
        _end_holder(session, _current_lead(session, unit, since), since)
    assignment = Assignment(unit_id=unit.id, rep_id=rep.id, cover=cover, since=since, until=until)
    _start(
        session, assignment, f"{unit.name} has a lead in that time already. Choose an end before the next one begins."
    )
    _lead_changes(session, assignment, unit, since, by.today)
    return assignment


def join(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    person: Person,
    part: Part,
    since: date,
    until: date | None = None,
) -> Membership:
    """Make the person head, key user or member. A new head ends the one in force that day.

    Heads and key users get the business role, so that they can sign in to see the unit. Raises Invalid, Conflict.
    """
    policy.require(by, Action.MANAGE_UNITS, unit)
    if not person.is_active:
        raise Invalid("person_id", f"{person.name} has left.")
    _refuse_backwards(since, until)
    if part is Part.HEAD:
        _end_holder(session, _current_head(session, unit, since), since)
    if part is not Part.MEMBER:
        person.is_business = True
    membership = Membership(unit_id=unit.id, person_id=person.id, part=part, since=since, until=until)
    _start(session, membership, f"{unit.name} has a head in that time already.")
    return membership


def _refuse_backwards(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Invalid("until", "The end has to come after the beginning.")


def _refuse_twice(session: Session, unit: BusinessUnit, rep: Person, since: date) -> None:
    there = select(Assignment).where(
        Assignment.unit_id == unit.id, Assignment.rep_id == rep.id, Assignment.in_force(since)
    )
    held = session.scalars(there.limit(1)).first()
    if held is not None:
        as_what = "leads" if held.cover is Cover.LEAD else "is deputy for"
        raise Invalid("rep_id", f"{rep.name} {as_what} {unit.name} already on that day. End that first.")


def _current_lead(session: Session, unit: BusinessUnit, on: date) -> Assignment | None:
    return session.scalar(
        select(Assignment).where(Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(on))
    )


def _current_head(session: Session, unit: BusinessUnit, on: date) -> Membership | None:
    return session.scalar(
        select(Membership).where(Membership.unit_id == unit.id, Membership.part == Part.HEAD, Membership.in_force(on))
    )


def _end_holder(session: Session, holder: Assignment | Membership | None, on: date) -> None:
    if holder is not None:
        holder.until = on
        session.flush()  # before the next one begins: one flush would insert first, and the database would refuse


def _start(session: Session, held: Assignment | Membership, clash: str) -> None:
    with told_as(session, Conflict("since", clash)):
        session.add(held)


def end_assignment(session: Session, *, by: Actor, unit: BusinessUnit, assignment_id: int, on: date) -> Assignment:
    """End it on that day; before it began, it never came into force. Raises NotFound when it is not this unit's."""
    policy.require(by, Action.ASSIGN_REP, unit)
    ended = _end(_of_unit(session.get(Assignment, assignment_id), unit), on)
    _lead_changes(session, ended, unit, on, by.today)
    return ended


def _lead_changes(session: Session, assignment: Assignment, unit: BusinessUnit, since: date, today: date) -> None:
    """Reviews keep clear of the absences of whoever leads, ratings count for whoever led then, and replies are owed by
    whoever leads now."""
    if assignment.cover is Cover.LEAD:
        session.flush()
        follow_up_owing.follow_leads(session, today=today, unit_ids=[unit.id])
        review_planning.plan(session, unit, today)
        totals.led_anew(session, unit=unit, since=since)


def end_membership(session: Session, *, by: Actor, unit: BusinessUnit, membership_id: int, on: date) -> Membership:
    """The same for a person of the unit."""
    policy.require(by, Action.MANAGE_UNITS, unit)
    return _end(_of_unit(session.get(Membership, membership_id), unit), on)


def _of_unit(held: Held | None, unit: BusinessUnit) -> Held:
    if held is None or held.unit_id != unit.id:
        raise NotFound("That is no longer there.")
    return held


def _end(held: Held, on: date) -> Held:
    held.until = max(held.since, on)
    return held


def cover_history(session: Session, unit: BusinessUnit) -> Sequence[Assignment]:
    """Every lead and deputy the unit ever had, newest first."""
    return session.scalars(
        select(Assignment)
        .where(Assignment.unit_id == unit.id)
        .options(joinedload(Assignment.rep))
        .order_by(Assignment.since.desc(), Assignment.id.desc())
        .limit(100)
    ).all()


def people_of(session: Session, unit: BusinessUnit, on: date, limit: int = 200) -> Sequence[Membership]:
    """Who belongs to the unit that day: the head first, then key users, then members, each by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.person)
        .where(Membership.unit_id == unit.id, Membership.in_force(on))
        .options(joinedload(Membership.person))
        # "head" < "key_user" < "member": the alphabet has them in the right order.
        .order_by(Membership.part, func.lower(Person.name), Membership.id)
        .limit(limit)
    ).all()


def lead_on(session: Session, unit_id: int, on: date) -> Person | None:
    """Who was the lead rep of the unit on that day."""
    return session.scalar(
        select(Person)
        .join(Assignment, Assignment.rep_id == Person.id)
        .where(Assignment.unit_id == unit_id, Assignment.cover == Cover.LEAD, Assignment.in_force(on))
    )
