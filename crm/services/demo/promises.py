"""What came of the promises made in a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.demo.wording import Promise, Side
from models.action import Action, ActionState, ActionStep, Step

#: Promises due longer ago than this were kept or dropped, whatever the unit.
LATELY = timedelta(days=75)
#: Of what was promised in so many days, every step is known.
REMEMBERED = timedelta(days=200)
#: Without a date: done, or forgotten and dropped, within so many days.
PATIENCE = 40
DROPPED, WITHOUT_OWNER, WITHOUT_DATE, EARLY, PUT_OFF = 0.05, 0.05, 0.04, 0.2, 0.4


@dataclass(frozen=True)
class Occasion:
    """Where promises are made."""

    meeting_id: int
    on: date
    logged_at: datetime
    lead: Known


@dataclass(frozen=True)
class Made:
    """A promise as it stands today."""

    action_id: int
    text: str
    due: date | None
    settled_on: date | None
    state: ActionState


def write(
    rows: Rows,
    unit: Unit,
    era: Era,
    rng: Random,
    *,
    promise: Promise,
    text: str,
    owner: Known | None,
    at: Occasion,
) -> Made:
    """Keep one promise. Chance takes the owner or the date from a few."""
    loses_owner, loses_date = rng.random() < WITHOUT_OWNER, rng.random() < WITHOUT_DATE
    if loses_owner:
        owner = None
    pace = unit.pace(at.on)
    due = None if promise.days is None or loses_date else working_day(at.on + timedelta(days=promise.days * pace))
    state, settled_on = _outcome(
        unit, era, rng, due=due, met_on=at.on, ours=promise.side in (Side.REP, Side.SPECIALIST)
    )
    hour = office_hour(rng)
    settled_at = era.instant(settled_on, hour, unit.zone) if settled_on else None
    action_id = rows.add(
        Action,
        unit_id=unit.id,
        meeting_id=at.meeting_id,
        text=text,
        owner_id=owner.id if owner else None,
        due_on=due,
        state=state,
        settled_at=settled_at,
        made_at=at.logged_at,
    )
    made = Made(action_id, text, due, settled_on, state)
    if at.on + REMEMBERED > era.today:
        _remember(rows, unit, era, made, owner=owner, at=at, settled_at=settled_at)
    return made


def _remember(
    rows: Rows,
    unit: Unit,
    era: Era,
    made: Made,
    *,
    owner: Known | None,
    at: Occasion,
    settled_at: datetime | None,
) -> None:
    """The history of the promise; a few of those still open were put off once."""
    rng = unit.chance(f"steps of {made.action_id}")
    put_off = at.on + timedelta(days=rng.randint(3, 12))
    _step(rows, made, Step.MADE, at.logged_at, at.lead)
    if made.state is ActionState.OPEN and made.due and put_off < era.today and rng.random() < PUT_OFF:
        first = working_day(made.due - timedelta(days=7))
        words = f"{first.day} {first:%b} to {made.due.day} {made.due:%b}"
        _step(rows, made, Step.NEW_DAY, era.instant(put_off, office_hour(rng), unit.zone), at.lead, words)
    if settled_at:
        _step(rows, made, Step(made.state.value), settled_at, owner or at.lead)


def _step(rows: Rows, made: Made, step: Step, when: datetime, by: Known, words: str = "") -> None:
    rows.add(ActionStep, action_id=made.action_id, step=step, at=when, by_id=by.id, words=words)


def _outcome(
    unit: Unit, era: Era, rng: Random, *, due: date | None, met_on: date, ours: bool
) -> tuple[ActionState, date | None]:
    luck, late, kept = rng.random(), rng.randint(-7, 6), rng.random()
    yesterday = era.ago(1)
    if due is None:
        settled_on = met_on + timedelta(days=10 + abs(late) * 4)
    elif due >= era.today:
        settled_on = met_on + timedelta(days=abs(late)) if luck < EARLY else era.today
    elif due + LATELY > era.today and _slips(unit, kept, ours):
        settled_on = era.today
    else:
        settled_on = min(due + timedelta(days=late), yesterday)
    if settled_on > yesterday:
        return ActionState.OPEN, None
    state = ActionState.DROPPED if luck > 1 - DROPPED else ActionState.DONE
    return state, max(settled_on, met_on)


def _slips(unit: Unit, kept: float, ours: bool) -> bool:
    if unit.story.lets_slip:
        return ours
    return not unit.story.keeps_promises and kept < unit.character.slips
