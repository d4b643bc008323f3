"""Open promises of one person going over to another, when units change hands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.services import action_links, action_states
from models.action import Action, ActionState
from models.person import Person


def open_actions(
    session: Session, *, unit_id: int, owner: Person, to: Person | None, by_id: int | None, now: datetime
) -> int:
    """All that ``owner`` still owes the unit is owed by ``to`` from now on (None: by nobody yet). Returns how many.

    Each action says so in its history, and links of the former owner end.
    """
    owed = (Action.unit_id == unit_id, Action.owner_id == owner.id, Action.state == ActionState.OPEN)
    found = session.scalars(select(Action).where(*owed).options(joinedload(Action.owner)).order_by(Action.id)).all()
    for action in found:
        action_states.pass_on(session, action, owner, to, by_id=by_id, now=now)
        action_links.withdraw(session, action=action, person_id=owner.id, now=now)
    return len(found)
