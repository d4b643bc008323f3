"""What became of a unit's reviews: held, skipped with a reason, missed, or still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from crm.services import cadence_rules, review_planning, review_slots
from crm.services.demo.deck import Deck
from crm.services.demo.era import DAY, SATURDAY, Era, working_day
from crm.services.demo.remarks import SKIPPED
from crm.services.demo.rows import Rows
from crm.services.demo.units import Unit
from crm.services.review_slots import Slot
from models.review import Review, ReviewState

#: One in so many reviews took place on another day of its period.
SHIFTED = 0.2
PREPARED_BEFORE = timedelta(hours=20)


@dataclass(frozen=True)
class Fate:
    state: ReviewState
    planned_on: date
    held_on: date | None = None
    reason: str = ""
    moved: bool = False


@dataclass(frozen=True)
class Held:
    """A review that took place."""

    review_id: int
    on: date
    minutes: int


@dataclass(frozen=True)
class Planned:
    """Those held, in order of time, and the next to come (0: none)."""

    held: list[Held]
    next_id: int


def write(rows: Rows, unit: Unit, era: Era) -> Planned:
    """All reviews of the unit, past and planned."""
    rng = unit.chance("reviews")
    slots = sorted(
        review_slots.slots(unit.rhythms, era.start, review_planning.horizon(era.today), unit.calendar).values(),
        key=lambda slot: slot.day,
    )
    reasons = Deck(rng, SKIPPED)
    closed = sum(slot.period.until <= era.today for slot in slots)
    held: list[Held] = []
    next_id = 0
    for place, slot in enumerate(slots):
        fate = _fate(slot, unit=unit, era=era, rng=rng, reasons=reasons, periods_after=closed - 1 - place)
        is_next = not next_id and slot.day >= era.today
        review_id = _add(rows, unit, slot, fate, prepared_at=_prepared(unit, era) if is_next else None)
        next_id = review_id if is_next else next_id
        if fate.held_on:
            held.append(Held(review_id, fate.held_on, slot.cadence.minutes))
    return Planned(held, next_id)


def _prepared(unit: Unit, era: Era) -> datetime | None:
    return era.now - PREPARED_BEFORE if unit.story.prepared else None


def _fate(slot: Slot, *, unit: Unit, era: Era, rng: Random, reasons: Deck, periods_after: int) -> Fate:
    """``periods_after``: how many periods have closed since this one; below 0 it still runs or is to come."""
    luck, shifted = rng.random(), rng.random() < SHIFTED
    shift, told = rng.choice((-5, -3, -2, -1, 1, 2, 4, 6)), rng.random() < 0.5
    planned = Fate(ReviewState.PLANNED, slot.day)
    if slot.day >= era.today or unit.lead(slot.day) is None or _is_missed(unit, luck, periods_after):
        return planned
    if _is_skipped(unit, luck, periods_after):
        return Fate(
            ReviewState.SKIPPED, slot.day, reason=reasons.draw().format(unit=unit.name, head=unit.head(slot.day).given)
        )
    held_on = _day_held(slot, shift if shifted else 0, era)
    if unit.lead(held_on) is None:
        return planned
    moved = told and held_on != slot.day
    return Fate(ReviewState.HELD, held_on if moved else slot.day, held_on, moved=moved)


def _is_missed(unit: Unit, luck: float, periods_after: int) -> bool:
    if unit.story.reliable:
        return False
    if periods_after < unit.story.silent:
        return unit.story.silent > 0
    if periods_after == 0:
        return unit.character.missed_lately
    return periods_after > 1 and luck > (1 + unit.character.held) / 2


def _is_skipped(unit: Unit, luck: float, periods_after: int) -> bool:
    return not unit.story.reliable and periods_after > 1 and luck > unit.character.held


def _day_held(slot: Slot, shift: int, era: Era) -> date:
    """A working day before today and within the period, near the one planned."""
    wished = working_day(slot.day + timedelta(days=shift))
    if slot.period.since <= wished < min(slot.period.until, era.today):
        return wished
    day = slot.day
    while day.weekday() >= SATURDAY and day > slot.period.since:
        day -= DAY
    return day


def _add(rows: Rows, unit: Unit, slot: Slot, fate: Fate, *, prepared_at: datetime | None) -> int:
    return rows.add(
        Review,
        unit_id=unit.id,
        cadence_id=slot.cadence.id,
        period=slot.period.key,
        period_since=slot.period.since,
        period_until=slot.period.until,
        planned_on=fate.planned_on,
        ruled_on=slot.ruled if slot.because else None,
        shifted_because=slot.because,
        planned_at=cadence_rules.instant(fate.planned_on, slot.cadence.at, unit.zone),
        minutes=slot.cadence.minutes,
        moved=fate.moved,
        state=fate.state,
        held_on=fate.held_on,
        skip_reason=fate.reason,
        prepared_at=prepared_at,
    )
