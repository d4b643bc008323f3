"""What happens to an action, and its history: each change writes its step. Who may do it is asked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.errors import Conflict, Invalid
from crm.services import words
from models.action import Action, ActionState, ActionStep, Step
from models.person import Person

STEPS = {ActionState.DONE: Step.DONE, ActionState.DROPPED: Step.DROPPED}


def note(session: Session, action: Action, step: Step, *, by_id: int | None, now: datetime, said: str = "") -> None:
    """One line of the history."""
    session.add(ActionStep(action_id=action.id, step=step, at=now, by_id=by_id, words=said))
    session.flush()


def history(session: Session, *, action: Action) -> Sequence[ActionStep]:
    """What happened to it, the newest first, with who did it. One statement."""
    steps = select(ActionStep).where(ActionStep.action_id == action.id).options(joinedload(ActionStep.by))
    return session.scalars(steps.order_by(ActionStep.id.desc())).all()


def close(
    session: Session, action: Action, state: ActionState, *, by_id: int | None, now: datetime, said: str = ""
) -> None:
    """Done or dropped. Saying so again changes nothing.

    Raises Invalid("state") for any other state, Conflict("state") when somebody settled it otherwise.
    """
    session.refresh(action, ["state"], with_for_update=True)  # two may settle it at once
    if state is ActionState.OPEN:
        raise Invalid("state", "Say whether it is done or dropped.")
    if action.state is state:
        return
    if action.state is not ActionState.OPEN:
        raise Conflict("state", f"Somebody marked this as {action.state} in the meantime.")
    action.state, action.settled_at = state, now
    note(session, action, STEPS[state], by_id=by_id, now=now, said=said)


def open_again(session: Session, action: Action, *, by_id: int | None, now: datetime) -> None:
    """Take settling back. What is open stays open."""
    session.refresh(action, ["state"], with_for_update=True)
    if action.state is ActionState.OPEN:
        return
    action.state, action.settled_at = ActionState.OPEN, None
    note(session, action, Step.REOPENED, by_id=by_id, now=now)


def move(session: Session, action: Action, due_on: date | None, *, by_id: int | None, now: datetime) -> None:
    """Another day, or none yet."""
    if due_on == action.due_on:
        return
    said = f"{_day(action.due_on, now)} to {_day(due_on, now)}"
    action.due_on = due_on
    note(session, action, Step.NEW_DAY, by_id=by_id, now=now, said=said)


def pass_on(
    session: Session, action: Action, old: Person | None, new: Person | None, *, by_id: int | None, now: datetime
) -> None:
    """Another owner, or none."""
    action.owner_id, action.owner = new.id if new else None, new
    said = f"{old.name if old else 'nobody'} to {new.name if new else 'nobody'}"
    note(session, action, Step.NEW_OWNER, by_id=by_id, now=now, said=said)


def _day(on: date | None, now: datetime) -> str:
    return words.day(on, now.date()) if on else "no day"
