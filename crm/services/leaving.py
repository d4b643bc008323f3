"""A person goes, or stops being a rep: no unit is left silently without cover, no promise without an owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Actor
from crm.services import handovers, passing_on, people
from crm.services.clashes import told_as
from models.action import Action, ActionState
from models.handover import Handover
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

#: How far ahead a leaving may be said.
AHEAD = timedelta(days=366)

#: Who leads each unit next, by its id. None: nobody, said in so many words.
Successors = Mapping[int, Person | None]


@dataclass(frozen=True)
class Ties:
    """What hangs on a person, from that day on."""

    leads: Sequence[Assignment]
    deputises: Sequence[Assignment]
    heads: Sequence[Membership]
    #: How many open actions the person owes.
    actions: int

    @property
    def units(self) -> list[BusinessUnit]:
        """The units that need a new lead."""
        return [assignment.unit for assignment in self.leads]


def ties(session: Session, *, person: Person, on: date) -> Ties:
    """Three statements; open units only, by name."""
    covers = session.scalars(
        select(Assignment)
        .join(Assignment.unit)
        .where(Assignment.rep_id == person.id, Assignment.lasts(on), BusinessUnit.closed_on.is_(None))
        .options(contains_eager(Assignment.unit))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    ).all()
    heads = session.scalars(
        select(Membership)
        .join(Membership.unit)
        .where(Membership.person_id == person.id, Membership.part == Part.HEAD, Membership.lasts(on))
        .where(BusinessUnit.closed_on.is_(None))
        .options(contains_eager(Membership.unit))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    ).all()
    owed = select(func.count(Action.id)).where(Action.owner_id == person.id, Action.state == ActionState.OPEN)
    leads = [held for held in covers if held.cover is Cover.LEAD]
    deputises = [held for held in covers if held.cover is Cover.DEPUTY]
    return Ties(leads, deputises, heads, session.scalar(owed) or 0)


def leave(
    session: Session, *, by: Actor, person: Person, on: date, successors: Successors, now: datetime
) -> list[Handover]:
    """``on`` is the first day without the person: today, or one ahead. All in one transaction, or nothing.

    Each unit led goes to its successor by a handover; cover and parts in units end that day; on the day itself the
    access ends, and what the person owes goes to the lead of each unit. Raises Invalid for a unit without a word on
    who leads it next, for the only administrator, for oneself, and as starting a handover does.
    """
    people.refuse_leaving(session, by=by, person=person)
    _check(person, on, by.today)
    made = _hand_over(session, by, person, on, successors, now)
    _end_all(session, person, on)
    if on <= by.today:
        depart(session, person, on=on, now=now)
    else:
        person.leaves_on = on
        session.flush()
    return made


def _check(person: Person, on: date, today: date) -> None:
    if not person.is_active:
        raise Invalid("on", f"{person.name} has left already.")
    if on < today:
        raise Invalid("on", "Choose today or a day ahead; what was before stays as it was.")
    if on > today + AHEAD:
        raise Invalid("on", "Choose a day within the next twelve months.")


def _hand_over(
    session: Session, by: Actor, person: Person, on: date, successors: Successors, now: datetime
) -> list[Handover]:
    made = []
    for unit in ties(session, person=person, on=on).units:
        if unit.id not in successors:
            raise Invalid("units", f"Say who leads {unit.name} next, or that nobody does.")
        successor = successors[unit.id]
        if successor is not None:
            made.append(handovers.start(session, by=by, unit=unit, told=handovers.Told(to=successor, on=on), now=now))
    return made


def _end_all(session: Session, person: Person, on: date) -> None:
    covers = session.scalars(select(Assignment).where(Assignment.rep_id == person.id, Assignment.lasts(on)))
    belongs = session.scalars(select(Membership).where(Membership.person_id == person.id, Membership.lasts(on)))
    for held in (*covers, *belongs):
        held.until = max(held.since, on)
    session.flush()


def depart(session: Session, person: Person, *, on: date, now: datetime) -> None:
    """The day has come: the access ends, and what the person owes goes to the lead of each unit, or to nobody yet."""
    people.close_account(session, person=person, on=on, now=now)
    owed = select(Action.unit_id).where(Action.owner_id == person.id, Action.state == ActionState.OPEN)
    for unit_id in session.scalars(owed.distinct().order_by(Action.unit_id)).all():
        passing_on.open_actions(
            session, unit_id=unit_id, owner=person, to=_lead(session, unit_id, on), by_id=None, now=now
        )
    session.flush()


def _lead(session: Session, unit_id: int, on: date) -> Person | None:
    leads = Assignment.unit_id == unit_id, Assignment.cover == Cover.LEAD, Assignment.in_force(on)
    found = session.scalar(select(Assignment).where(*leads).options(joinedload(Assignment.rep)))
    return found.rep if found else None


def depart_due(session: Session, *, today: date, now: datetime) -> int:
    """Everyone whose leaving day has come. Returns how many."""
    due = session.scalars(select(Person).where(Person.leaves_on <= today).order_by(Person.id)).all()
    for person in due:
        depart(session, person, on=person.leaves_on or today, now=now)
    return len(due)


def stay(session: Session, *, by: Actor, person: Person, now: datetime) -> None:
    """Nothing comes of a leaving that is still ahead: what it was to end goes on, and its handovers are withdrawn.

    Raises Conflict("on") when somebody else holds a part by now.
    """
    policy.require(by, policy.Action.MANAGE_PEOPLE)
    on, person.leaves_on = person.leaves_on, None
    if on is None:
        return
    session.flush()
    given = select(Handover).where(Handover.from_id == person.id, Handover.on == on, Handover.done_at.is_(None))
    for handover in session.scalars(given):
        found = handovers.find(session, by=by, handover_id=handover.id)
        handovers.withdraw(session, by=by, handover=found, now=now)
    with told_as(session, Conflict("on", f"Somebody else has taken over from {person.name}. Change the cover there.")):
        for held in (
            *session.scalars(select(Assignment).where(Assignment.rep_id == person.id, Assignment.until == on)),
            *session.scalars(select(Membership).where(Membership.person_id == person.id, Membership.until == on)),
        ):
            held.until = None


def step_down(session: Session, *, by: Actor, person: Person, successors: Successors, now: datetime) -> None:
    """The person stays, and is no rep from today. Raises as :func:`leave` does."""
    policy.require(by, policy.Action.MANAGE_PEOPLE)
    _hand_over(session, by, person, by.today, successors, now)
    for held in session.scalars(select(Assignment).where(Assignment.rep_id == person.id, Assignment.lasts(by.today))):
        held.until = max(held.since, by.today)
    person.is_rep = False
    session.flush()
