"""How all relationships together went over half a year, week by week: one statement over the weeks that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from crm.documents.content import Line, Point, Section, Text, Tone
from crm.policy import Actor
from crm.services import heat_rows
from crm.services.health import weekly
from crm.services.heat_wanted import Wanted
from crm.stats.health import GOOD
from crm.stats.xmr import Limits, Signal
from models.health import HealthWeek
from models.unit import BusinessUnit

#: Fewer weeks are no trend.
LEAST = 2


@dataclass(frozen=True)
class Week:
    """``mean``: of the scores of those known; ``good``: how many of them are good or strong."""

    on: date
    known: int
    mean: float
    good: int

    @property
    def share(self) -> float:
        return 100 * self.good / self.known


def read(session: Session, *, by: Actor, wanted: Wanted) -> tuple[Week, ...]:
    """The oldest first; a week in which nothing was known is missing. One statement."""
    good = func.sum(case((HealthWeek.score >= GOOD, 1), else_=0))
    found = (
        select(HealthWeek.week_on, func.count(HealthWeek.score), func.sum(HealthWeek.score), good)
        .join(BusinessUnit, BusinessUnit.id == HealthWeek.unit_id)
        .where(
            HealthWeek.week_on.between(wanted.on - timedelta(weeks=weekly.HALF_A_YEAR - 1), wanted.on),
            HealthWeek.score.is_not(None),
            heat_rows.scope(by, wanted),
        )
        .group_by(HealthWeek.week_on)
        .order_by(HealthWeek.week_on)
    )
    return tuple(Week(on, known, total / known, int(many)) for on, known, total, many in session.execute(found))


def sections(weeks: Sequence[Week], today: date) -> Iterator[Section]:
    if len(weeks) < LEAST:
        yield Section("The trend", (Text("There are too few weeks to show a trend. It begins with the second."),))
        return
    evidence = (f"Health of each Monday from {weeks[0].on} to {weeks[-1].on}; {weeks[-1].known} known in the last.",)
    yield Section("The trend of health", (_mean(weeks, today),), evidence=evidence)
    yield Section("How many are good or strong", (_share(weeks, today),), evidence=evidence)


def _mean(weeks: Sequence[Week], today: date) -> Line:
    values = [week.mean for week in weeks]
    return _line(weeks, values, "Health of all together", "of 100", today)


def _share(weeks: Sequence[Week], today: date) -> Line:
    values = [week.share for week in weeks]
    last = weeks[-1]
    return _line(weeks, values, f"{last.good} of {last.known} are good or strong, that share", "%", today)


def _line(weeks: Sequence[Week], values: Sequence[float], what: str, unit: str, today: date) -> Line:
    limits = weekly.limits_of(values)
    found = weekly.counted(values, limits)
    points = tuple(
        Point(_label(week.on, today), round(value, 1), _tone(signal))
        for week, value, signal in zip(weeks, values, found, strict=True)
    )
    lower, upper = (max(limits.lower, 0), min(limits.upper, 100)) if limits else (None, None)
    mean = limits.mean if limits else None
    return Line(_says(what, found[-1], limits), points, 0, 100, mean, lower, upper, unit)


def _label(on: date, today: date) -> str:
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b} ’{on:%y}"


def _tone(signal: Signal | None) -> Tone:
    return Tone.PLAIN if signal is None else Tone.BETTER if signal.way > 0 else Tone.WORSE


def _says(what: str, last: Signal | None, limits: Limits | None) -> str:
    if limits is None:
        return f"{what}: too few weeks to tell a change from noise."
    if last is None:
        return f"{what}: steady. The last week is what it usually is."
    return f"{what}: {'better' if last.way > 0 else 'worse'} for real, {last.cause.value}."
