"""Why the health of a unit moved between two days: causes in words, whose points sum to the move.

Whoever calls has checked Action.SEE_HEALTH, and passes units that the reader may see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from crm.services import words
from crm.services.health import causes, reading
from crm.services.health.causes import ToldCause as ToldCause
from crm.services.health.reading import UnitHealth
from crm.stats.health import Part
from models.health import HealthEvidence

#: What a day held: by day, of one unit.
Days = Mapping[date, Sequence[HealthEvidence]]


@dataclass(frozen=True)
class Moved:
    """``causes``: the biggest first; empty without a score on both days, and where nothing moved."""

    since: date
    until: date
    before: UnitHealth | None
    after: UnitHealth | None
    causes: Sequence[ToldCause] = field(default_factory=list)

    @property
    def points(self) -> int | None:
        """By how much; None without a score on both days."""
        first, last = _score(self.before), _score(self.after)
        return None if first is None or last is None else last - first

    def in_short(self, most: int) -> list[ToldCause]:
        """As few lines: the biggest, and what is left in one, so that they sum to the move still."""
        told = [cause for cause in self.causes if cause.points]
        if len(told) <= most:
            return told
        rest = told[most - 1 :]
        said = f"{words.capital(words.counted(len(rest), 'smaller cause'))} together"
        return [*told[: most - 1], ToldCause(sum(cause.points for cause in rest), said)]


def between(session: Session, *, unit_id: int, since: date, until: date) -> Moved:
    """One unit. Two statements."""
    return of_units(session, unit_ids=[unit_id], since=since, until=until)[unit_id]


def of_units(session: Session, *, unit_ids: Collection[int], since: date, until: date) -> dict[int, Moved]:
    """Each of a few units. Two statements."""
    days = (since, until)
    standing = reading.on_days(session, unit_ids=unit_ids, days=days)
    ledger = reading.ledger(session, unit_ids=unit_ids, days=days)
    return {unit_id: told(standing[unit_id], ledger[unit_id], since, until) for unit_id in unit_ids}


def told(standing: Mapping[date, UnitHealth], ledger: Days, since: date, until: date) -> Moved:
    """The same from what was read: how the unit stood on both days, and what counted then."""
    before, after = standing.get(since), standing.get(until)
    moved = Moved(since, until, before, after)
    if before is None or after is None or moved.points is None:
        return moved
    first, last = reading.side(ledger.get(since, []), before.rule), reading.side(ledger.get(until, []), after.rule)
    shifts = _shifts(before.health.parts, after.health.parts)
    found = causes.of(first, last, moved=moved.points, shifts=shifts, today=until)
    return Moved(since, until, before, after, found)


def _score(health: UnitHealth | None) -> int | None:
    return health.health.score if health else None


def _shifts(before: Mapping[str, Part], after: Mapping[str, Part]) -> dict[str, int]:
    """By how many points each component moved, where it was known on both days."""
    return {name: after[name].points - before[name].points for name in after if name in before}
