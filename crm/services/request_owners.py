"""Who in IT sees to a request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import attendees, request_states
from models.person import Person
from models.request import Request


def choices(session: Session, *, request: Request) -> Sequence[Person]:
    """Who of IT is here, by name; and whoever has it now. One statement."""
    here = attendees.is_from_it() & Person.left_on.is_(None)
    might = select(Person).where(or_(here, Person.id == request.owner_id))
    return session.scalars(might.order_by(func.lower(Person.name), Person.id)).all()


def give(session: Session, *, by: Actor, request: Request, owner_id: int, now: datetime) -> bool:
    """Say who sees to it from now on; it is kept among the steps. False when that person does already. The right to
    see or decide comes with it to nobody.

    Raises Invalid("owner_id") for whoever is not of IT, or has left.
    """
    policy.require(by, Action.DECIDE_REQUEST, request)
    if owner_id == request.owner_id:
        return False
    chosen = next((person for person in choices(session, request=request) if person.id == owner_id), None)
    if chosen is None:
        raise Invalid("owner_id", "Choose somebody of IT.")
    request.owner_id, request.owner = chosen.id, chosen
    why = f"{chosen.name} sees to it from now on."
    request_states.log(session, request, by=by, why=why, now=now)
    session.flush()
    return True
