"""Who leads whom in IT, and so reads what the business says of the work together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import attendees
from models.person import Person


def choices(session: Session, *, person: Person) -> Sequence[Person]:
    """Who of IT could lead this person, by name; whoever does so far even when gone. One statement."""
    here = attendees.is_from_it() & Person.left_on.is_(None)
    might = select(Person).where(Person.id != person.id, here | (Person.id == person.lead_id))
    return session.scalars(might.order_by(func.lower(Person.name), Person.id)).all()


def set_lead(session: Session, *, by: Actor, person: Person, lead_id: int | None) -> None:
    """Say who leads this person; None: nobody. Raises Invalid("lead_id") for oneself and for whoever is not of IT, on
    either side."""
    policy.require(by, Action.MANAGE_PEOPLE)
    if lead_id == person.lead_id:
        return
    if lead_id == person.id:
        raise Invalid("lead_id", "Nobody leads themselves here. Choose somebody else.")
    if lead_id is not None and lead_id not in [one.id for one in choices(session, person=person)]:
        raise Invalid("lead_id", "Choose somebody of IT.")
    is_of_it = session.scalar(select(Person.id).where(Person.id == person.id, attendees.is_from_it()))
    if lead_id is not None and is_of_it is None:
        raise Invalid("lead_id", f"{person.name} is of the business, and is not evaluated here.")
    person.lead_id = lead_id
    session.flush()
