"""Who in IT sees to a complaint: the lead rep of the day, or whoever covers; never nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import covering
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover


def owner_for(session: Session, *, unit: BusinessUnit, today: date) -> int | None:
    """The id of who owns a complaint of the unit from that day on; None only in a house without a CIO. At most four
    statements."""
    owner = person_for(session, unit=unit, today=today)
    return owner.id if owner else None


def person_for(session: Session, *, unit: BusinessUnit, today: date) -> Person | None:
    """The same as a person: the lead; while away who covers, or a deputy; the lead all the same where there is nobody;
    the CIO where nobody leads."""
    holders = _holders(session, unit, today)
    away = covering.away(session, {person.id for _, person in holders}, today)
    here = [(cover, person) for cover, person in holders if person.id not in away]
    leads = [person for cover, person in holders if cover is Cover.LEAD]
    named = [away[lead.id].covered_by for lead in leads if lead.id in away]
    wanted = [
        *(person for cover, person in here if cover is Cover.LEAD),
        *_at_work(session, [person for person in named if person], today),
        *(person for _, person in here),
        *leads,
    ]
    return next((person for person in wanted if person.is_here(today)), None) or cio(session, today=today)


def cio(session: Session, *, today: date) -> Person | None:
    """The highest to whom a complaint can go; the first where there are several."""
    chiefs = session.scalars(select(Person).where(Person.is_cio, Person.left_on.is_(None)).order_by(Person.id))
    return next((chief for chief in chiefs if chief.is_here(today)), None)


def _holders(session: Session, unit: BusinessUnit, today: date) -> Sequence[tuple[Cover, Person]]:
    """Lead and deputies of the day, those for longest first."""
    held = select(Assignment.cover, Person).join(Person, Person.id == Assignment.rep_id)
    mine = held.where(Assignment.unit_id == unit.id, Assignment.in_force(today))
    return [(row[0], row[1]) for row in session.execute(mine.order_by(Assignment.since, Assignment.id))]


def _at_work(session: Session, people: Sequence[Person], today: date) -> list[Person]:
    """Those of them who are not away themselves."""
    away = covering.away(session, {person.id for person in people}, today) if people else {}
    return [person for person in people if person.id not in away]
