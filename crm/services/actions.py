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
from crm.services import action_links, action_states, attendees, clock, pages
from crm.services.pages import Page
from models.action import Action, ActionState, Step
from models.person import Person
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


def make(
    session: Session,
    *,
    by: Actor,
    unit_id: int,
    meeting_id: int | None,
    text: str,
    owner_id: int | None,
    due_on: date | None,
    now: datetime,
) -> Action:
    """A new action, which begins its history. The caller has checked the words and the owner.

    Whoever makes the actions of a meeting then tells their owners with one :func:`action_links.send`.
    """
    action = Action(unit_id=unit_id, meeting_id=meeting_id, text=text, owner_id=owner_id, due_on=due_on, made_at=now)
    policy.require(by, policy.Action.LOG_MEETING, action)
    session.add(action)
    session.flush()
    action_states.note(session, action, Step.MADE, by_id=by.id, now=now)
    return action


def settle(session: Session, *, by: Actor, action: Action, state: ActionState, now: datetime) -> None:
    """Say that it is done or dropped. Saying so again changes nothing.

    Raises Conflict("state") when somebody settled it otherwise.
    """
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    action_states.close(session, action, state, by_id=by.id, now=now)


def reopen(session: Session, *, by: Actor, action: Action, now: datetime) -> None:
    """Take settling back."""
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    action_states.open_again(session, action, by_id=by.id, now=now)


def new_date(session: Session, *, by: Actor, action: Action, due_on: date | None, now: datetime) -> None:
    """Promise another day, or none yet, for an action of :func:`find`. Raises Invalid("due_on") for a day gone by,
    Conflict("due_on") when it is settled."""
    policy.require(by, policy.Action.SETTLE_ACTION, action)
    if action.state is not ActionState.OPEN:
        raise Conflict("due_on", "This is settled. Reopen it to give it another day.")
    if due_on is not None and due_on < clock.local_date(now, action.unit.time_zone):
        raise Invalid("due_on", "That day has passed.")
    action_states.move(session, action, due_on, by_id=by.id, now=now)
    action_links.extend(session, action=action)


def reassign(
    session: Session, *, by: Actor, action: Action, owner_id: int | None, now: datetime, tell: bool = True
) -> None:
    """Give an action of :func:`find` to somebody else who has to do with the unit, or to nobody yet. The link of who
    owed it before is withdrawn; a new owner of the business gets one by mail, unless ``tell`` is False: then the caller
    sends one mail for several.

    Raises Invalid("owner_id") for a stranger, Conflict("owner_id") when it is settled.
    """
    policy.require(by, policy.Action.LOG_MEETING, action)
    if action.state is not ActionState.OPEN:
        raise Conflict("owner_id", "This is settled. Reopen it to give it to somebody else.")
    if owner_id == action.owner_id:
        return
    today = clock.local_date(now, action.unit.time_zone)
    if owner_id and not attendees.admitted(session, unit=action.unit, ids={owner_id}, days={today}):
        raise Invalid("owner_id", "This person is neither of this unit nor from IT.")
    before = action.owner
    action_states.pass_on(
        session, action, before, session.get(Person, owner_id) if owner_id else None, by_id=by.id, now=now
    )
    if before:
        action_links.withdraw(session, action=action, person_id=before.id, now=now)
    if tell:
        action_links.send(session, by=by, unit=action.unit, actions=[action], now=now)


def settle_ticked(session: Session, *, by: Actor, unit_id: int, ids: Collection[int], now: datetime) -> None:
    """What was ticked as done while logging a meeting, whoever owed it. What is settled already stays as it is."""
    if not ids:
        return
    ticked = (Action.id.in_(ids), Action.unit_id == unit_id, Action.state == ActionState.OPEN)
    for action in session.scalars(select(Action).where(*ticked).order_by(Action.id)):
        action_states.close(session, action, ActionState.DONE, by_id=by.id, now=now)
