"""Many actions at once: done, another day, another owner. Each goes through the service of a single one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import action_links, actions, attendees, bulk, words
from crm.services.bulk import Outcome
from models.action import Action, ActionState
from models.person import Person


def find(session: Session, *, by: Actor, ids: Collection[int]) -> Sequence[Action]:
    """Those of these actions that this person sees, with unit and owner, in the order of the list. One statement."""
    policy.require(by, policy.Action.SEE_PROMISES)
    seen = (Action.id.in_(sorted(ids)[: bulk.MOST]), policy.in_visible_units(by, Action.unit_id))
    loaded = (
        select(Action).join(Action.unit).where(*seen).options(contains_eager(Action.unit), joinedload(Action.owner))
    )
    fresh = loaded.execution_options(populate_existing=True)  # after a trial that was taken back
    return session.scalars(fresh.order_by(Action.due_on.asc().nulls_last(), Action.id)).all()


def complete(session: Session, *, by: Actor, chosen: Sequence[Action], now: datetime) -> Outcome:
    """Each is done."""

    def change(action: Action) -> str:
        actions.settle(session, by=by, action=action, state=ActionState.DONE, now=now)
        return "done"

    return bulk.each(session, chosen, change)


def obstacles(by: Actor, chosen: Sequence[Action]) -> dict[int, str]:
    """Which of them can already be told not to be done by this person, and why, by id."""
    found = {}
    for action in chosen:
        if not policy.can(by, policy.Action.SETTLE_ACTION, action):
            found[action.id] = f"You may not {policy.Action.SETTLE_ACTION}."
        elif action.state is ActionState.DROPPED:
            found[action.id] = f"Somebody marked this as {action.state} in the meantime."
    return found


def move(session: Session, *, by: Actor, chosen: Sequence[Action], due_on: date | None, now: datetime) -> Outcome:
    """Each is promised for that day."""

    def change(action: Action) -> str:
        actions.new_date(session, by=by, action=action, due_on=due_on, now=now)
        return f"by {words.day(due_on, by.today)}" if due_on else "no day yet"

    return bulk.each(session, chosen, change)


def give(session: Session, *, by: Actor, chosen: Sequence[Action], owner_id: int | None, now: datetime) -> Outcome:
    """Each goes to that person; of the business, one mail for each unit tells of all of them."""
    taker = session.get(Person, owner_id) if owner_id else None

    def change(action: Action) -> str:
        actions.reassign(session, by=by, action=action, owner_id=owner_id, now=now, tell=False)
        return f"{taker.name} does it" if taker else "nobody yet"

    moved = [action for action in chosen if action.owner_id != owner_id]
    outcome = bulk.each(session, chosen, change)
    _tell(session, by, [action for action in moved if action.id in outcome.done], now)
    return outcome


def _tell(session: Session, by: Actor, given: Sequence[Action], now: datetime) -> None:
    by_meeting: dict[tuple[int, int | None], list[Action]] = defaultdict(list)
    for action in given:
        by_meeting[action.unit_id, action.meeting_id or -action.id].append(action)
    for together in by_meeting.values():  # a link opens the promises of one meeting
        action_links.send(session, by=by, unit=together[0].unit, actions=together, now=now)


def takers(session: Session, *, chosen: Sequence[Action], today: date) -> Sequence[Person]:
    """Who may be given some of these actions, by name. One statement."""
    return attendees.of_units(session, unit_ids={action.unit_id for action in chosen}, on=today)
