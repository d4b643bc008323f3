"""Open promises of one person going over to another, when units change hands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.action import Action, ActionState, ActionStep, Step
from models.person import Person


def open_actions(
    session: Session,
    *,
    unit_ids: Collection[int] | None,
    owner: Person,
    to: Person | None,
    by_id: int | None,
    now: datetime,
) -> int:
    """All that ``owner`` still owes these units (None: any unit) is owed by ``to`` from now on. Returns how many."""
    theirs = select(Action).where(Action.owner_id == owner.id, Action.state == ActionState.OPEN)
    if unit_ids is not None:
        theirs = theirs.where(Action.unit_id.in_(unit_ids))
    moved = session.scalars(theirs.options(joinedload(Action.owner)).order_by(Action.id)).all()
    words = f"{owner.name} to {to.name if to else 'nobody yet'}"
    for action in moved:
        action.owner = to
        session.add(ActionStep(action_id=action.id, step=Step.NEW_OWNER, at=now, by_id=by_id, words=words))
    session.flush()
    return len(moved)
