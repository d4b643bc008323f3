"""What came of the promises made in a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from crm.services.demo.era import Era, office_hour, working_day
from crm.services.demo.people import Known
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.demo.wording import Promise, Side
from models.action import Action, ActionState

#: Promises due longer ago than this were kept or dropped, whatever the unit.
LATELY = timedelta(days=75)
#: Without a date: done, or forgotten and dropped, within so many days.
PATIENCE = 40
DROPPED, WITHOUT_OWNER, WITHOUT_DATE, EARLY = 0.05, 0.05, 0.04, 0.2


@dataclass(frozen=True)
class Made:
    """A promise as it stands today."""

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
    meeting_id: int,
    met_on: date,
) -> Made:
    """Keep one promise. Chance takes the owner or the date from a few."""
    loses_owner, loses_date = rng.random() < WITHOUT_OWNER, rng.random() < WITHOUT_DATE
    if loses_owner:
        owner = None
    pace = unit.pace(met_on)
    due = None if promise.days is None or loses_date else working_day(met_on + timedelta(days=promise.days * pace))
    state, settled_on = _outcome(
        unit, era, rng, due=due, met_on=met_on, ours=promise.side in (Side.REP, Side.SPECIALIST)
    )
    hour = office_hour(rng)
    rows.add(
        Action,
        unit_id=unit.id,
        meeting_id=meeting_id,
        text=text,
        owner_id=owner.id if owner else None,
        due_on=due,
        state=state,
        settled_at=era.instant(settled_on, hour, unit.zone) if settled_on else None,
    )
    return Made(text, due, settled_on, state)


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
