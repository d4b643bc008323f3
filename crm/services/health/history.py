"""The health of one unit week by week: its chart, and which way it goes, in words only for a signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from crm.charts.process import Period, ProcessChart, process_chart
from crm.services import words
from crm.services.health import reading, weekly
from crm.services.health.rules import Rule
from crm.stats.scale import Scale
from crm.stats.series import Series, Stretch
from crm.stats.xmr import Cause, Direction, Signal
from models.health import HealthWeek, Movement
from models.unit import BusinessUnit

#: Points of 100, whole.
POINTS = Scale(0, 100, decimals=0)


@dataclass(frozen=True)
class History:
    """``chart``: None before the first week with a score."""

    weeks: Sequence[HealthWeek]
    chart: ProcessChart | None

    @property
    def movement(self) -> Movement | None:
        """Of the newest week; None: too few weeks to tell."""
        return self.weeks[-1].movement if self.weeks else None

    @property
    def way(self) -> str:
        """ "slipping" or "improving"; "" without a signal."""
        return "" if self.movement in (None, Movement.STEADY) else str(self.movement)


def read(session: Session, *, unit: BusinessUnit, until: date, rule: Rule) -> History:
    """The half year by which the last Monday up to that day is judged; ``rule``: as holds then. One statement."""
    found = reading.weeks(session, unit_ids=[unit.id], until=until, count=weekly.HALF_A_YEAR)[unit.id]
    first = next((at for at, week in enumerate(found) if week.score is not None), len(found))
    known = found[first:]
    return History(known, _chart(unit, known, rule) if known else None)


def _chart(unit: BusinessUnit, weeks: Sequence[HealthWeek], rule: Rule) -> ProcessChart:
    """With limits made as those were by which each week was judged; with other weights they begin anew."""
    values = [week.score for week in weeks]
    anew = next((at for at, week in enumerate(weeks) if rule.since and week.week_on >= rule.since), 0)
    stretches = [_stretch(values, 0, anew or len(values))]
    if anew:
        stretches.append(_stretch(values, anew, len(values), "the weights were changed"))
    found = [_as_seen(week) for week in weeks]
    series = Series(tuple(values), tuple(stretches), tuple(found), Direction.UP, POINTS, "weeks")
    return process_chart(
        series, [_period(week.week_on) for week in weeks], "Health", f"{words.whose(unit.name)} scores"
    )


def _as_seen(week: HealthWeek) -> Signal | None:
    """What the week signalled on its day."""
    if not week.signal:
        return None
    return Signal(Cause(week.signal), 1 if week.movement is Movement.IMPROVING else -1)


def _stretch(values: Sequence[int | None], start: int, end: int, reason: str = "") -> Stretch:
    return Stretch(start, end, weekly.limits_of(values[start:end]), reason)


def _period(monday: date) -> Period:
    """Named by its Monday."""
    return Period(f"{monday.day} {monday:%B %Y}", f"{monday.day} {monday:%b}", year=f"’{monday:%y}")
