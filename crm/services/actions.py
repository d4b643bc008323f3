"""Actions: promises with an owner and a day, until they are done or dropped."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Actor
from crm.services import clock, pages
from crm.services.pages import Page
from models.action import Action, ActionState
from models.unit import BusinessUnit


class Standing(enum.StrEnum):
    """Which actions a list shows."""

    OPEN = "open"
    OVERDUE = "overdue"
    SETTLED = "settled"


def overdue(today: date) -> ColumnElement[bool]:
    """The condition that an action is open and its day has passed."""
    return and_(Action.state == ActionState.OPEN, Action.due_on < today)


def is_overdue(action: Action, today: date) -> bool:
    """The same, of one action."""
    return action.state is ActionState.OPEN and action.due_on is not None and action.due_on < today


def find(session: Session, *, by: Actor, action_id: int) -> Action:
    """The action with its unit and owner. Raises NotFound when it is not there for this person."""
    seen = (Action.id == action_id, policy.in_visible_units(by, Action.unit_id))
    found = session.scalar(select(Action).where(*seen).options(joinedload(Action.unit), joinedload(Action.owner)))
    if found is None or not policy.can(by, policy.Action.SEE_PROMISES, found):
        raise NotFound("There is no such action.")
    return found


def listed(
    session: Session,
    *,
    by: Actor,
    today: date,
    standing: Standing = Standing.OPEN,
    mine: bool = False,
    covered: bool = False,
    unit_id: int | None = None,
    number: int = 1,
    size: int = pages.SIZE,
) -> Page[Action]:
    """Actions of the units this person sees, with unit and owner: the soonest due first, settled ones newest first.

    ``mine``: only what ``by`` owes; ``covered``: only of units ``by`` looks after. One statement a page.
    """
    policy.require(by, policy.Action.SEE_PROMISES)
    wanted = [policy.in_visible_units(by, Action.unit_id), _stands(standing, today)]
    if mine:
        wanted.append(Action.owner_id == by.id)
    if covered:
        wanted.append(Action.unit_id.in_(by.covers))
    if unit_id is not None:
        wanted.append(Action.unit_id == unit_id)
    statement = select(Action).join(Action.unit).where(and_(*wanted))
    loaded = statement.options(contains_eager(Action.unit), joinedload(Action.owner))
    return pages.of_objects(session, loaded.order_by(*_order(standing)), number, size)


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    if standing is Standing.OVERDUE:
        return overdue(today)
    is_open = Action.state == ActionState.OPEN
    return is_open if standing is Standing.OPEN else ~is_open


def _order(standing: Standing) -> tuple[ColumnElement[Any], ...]:
    if standing is Standing.SETTLED:
        return Action.settled_at.desc().nulls_last(), Action.id.desc()
    return Action.due_on.asc().nulls_last(), Action.id.asc()


def left(session: Session, *, unit: BusinessUnit, most: int = 50) -> Sequence[Action]:
    """What is still open for a unit, the soonest due first, with owners."""
    still = select(Action).where(Action.unit_id == unit.id, Action.state == ActionState.OPEN)
    loaded = still.options(joinedload(Action.owner)).order_by(*_order(Standing.OPEN))
    return session.scalars(loaded.limit(most)).all()


def settle(session: Session, *, by: Actor, action: Action, state: ActionState, now: datetime) -> None:
    """Say that it is done or dropped. Saying so again changes nothing.

    Raises Conflict("state") when somebody settled it otherwise.
    """
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    session.refresh(action, ["state"], with_for_update=True)  # two may settle it at once
    if state is ActionState.OPEN:
        raise Invalid("state", "Say whether it is done or dropped.")
    if action.state is state:
        return
    if action.state is not ActionState.OPEN:
        raise Conflict("state", f"Somebody marked this as {action.state} in the meantime.")
    action.state = state
    action.settled_at = now
    session.flush()


def reopen(*, by: Actor, action: Action) -> None:
    """Take settling back."""
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    action.state = ActionState.OPEN
    action.settled_at = None


def new_date(*, by: Actor, action: Action, due_on: date | None, now: datetime) -> None:
    """Promise another day, or none yet, for an action of :func:`find`. Raises Invalid("due_on") for a day gone by."""
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    if action.state is not ActionState.OPEN:
        raise Conflict("due_on", "This is settled. Reopen it to give it another day.")
    if due_on is not None and due_on < clock.local_date(now, action.unit.time_zone):
        raise Invalid("due_on", "That day has passed.")
    action.due_on = due_on


def settle_ticked(session: Session, *, unit_id: int, ids: Collection[int], now: datetime) -> None:
    """What was ticked as done while logging a meeting, whoever owed it. What is settled already stays as it is."""
    if not ids:
        return
    ticked = (Action.id.in_(ids), Action.unit_id == unit_id, Action.state == ActionState.OPEN)
    for action in session.scalars(select(Action).where(*ticked)):
        action.state = ActionState.DONE
        action.settled_at = now
