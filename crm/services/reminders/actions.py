"""Promises due tomorrow, and overdue ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.services.languages import Language
from crm.services.reminders.due import BYGONE, FURTHER, Due, Ground, Told
from crm.services.working_days import DAY
from models.action import Action, ActionState
from models.mail import MailKind
from models.person import Person
from models.unit import BusinessUnit


def due_or_late(session: Session, ground: Ground) -> Iterator[Due]:
    """To who owes it; what nobody owns, to the rep: the day before, and once when the day has passed. One statement."""
    near = Action.due_on.between(ground.today - BYGONE, ground.today + DAY + FURTHER)
    found = session.scalars(
        select(Action)
        .join(Action.unit)
        .where(Action.state == ActionState.OPEN, near, BusinessUnit.closed_on.is_(None))
        .options(contains_eager(Action.unit), joinedload(Action.owner))
        .order_by(Action.due_on, Action.id)
    )
    for action in found:
        person = action.owner or ground.reps.get(action.unit_id)
        if person is not None and action.due_on is not None:
            yield _due(action, action.due_on, person, ground)


def _due(action: Action, due_on: date, person: Person, ground: Ground) -> Due:
    is_late = due_on < ground.today
    return Due(
        kind=MailKind.ACTION,
        about=action.id,
        person=person,
        unit=action.unit,
        period=f"{due_on}:{'late' if is_late else 'soon'}",
        falls_on=due_on + DAY if is_late else due_on - DAY,
        lies_ahead=not is_late,
        path=f"/actions/{action.id}" if settles_here(person) else "",
        tell=lambda say: Told(
            _what(action, due_on, ground.today, say), _why(action, due_on, ground.today, say), _button(action, say)
        ),
    )


def settles_here(person: Person) -> bool:
    """Whether the person signs in and settles it on its page, instead of by a personal link."""
    return person.is_rep or person.is_cio


def _what(action: Action, due_on: date, today: date, say: Language) -> str:
    if due_on < today:
        return say("Overdue: {text}", text=action.text)
    return say("Due {soon}: {text}", soon=say.soon(due_on, today), text=action.text)


def _why(action: Action, due_on: date, today: date, say: Language) -> str:
    unit, day = action.unit.name, say.weekday(due_on, today)
    if action.owner is None:
        return say("Promised between {unit} and IT, for {day}. Nobody owns it yet.", unit=unit, day=day)
    return say("Promised between {unit} and IT, for {day}.", unit=unit, day=day)


def _button(action: Action, say: Language) -> str:
    return say("Say who does it") if action.owner is None else say("Say that it is done")
