"""Whose health moved between two days: those where it is a signal, and those where it only looks like one."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.charts.spark import Spark
from crm.policy import Action, Actor
from crm.services import heat_rows, words
from crm.services.health import reading
from crm.services.heat_wanted import Wanted
from models.health import HealthSnapshot, HealthWeek, Movement
from models.unit import BusinessUnit

#: So many of each kind are shown; the map holds the others.
MOST = 4
#: So many causes are told of one.
TOLD = 2
#: So many Mondays make a small chart.
WEEKS = 26
#: A move of fewer points without a signal is not worth a line.
LEAST = 3
#: A chart spans so many points at least, so that a flat line looks flat.
LEAST_ROOM = 10.0


class Kind(enum.StrEnum):
    """What a move is."""

    SLIPPED = "slipped"
    IMPROVED = "improved"
    NOISE = "noise"


@dataclass(frozen=True)
class Week:
    """The score of a Monday, and where it normally stays; None without limits."""

    on: date
    score: int | None
    movement: Movement | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Mover:
    """One relationship. ``before`` and ``after``: its scores; None where too little was known."""

    unit_id: int
    name: str
    kind: Kind
    before: int | None
    after: int | None
    #: The oldest first; the newest says which way it goes now.
    weeks: Sequence[Week] = field(default_factory=tuple)
    #: What moved it, in words, the biggest first.
    causes: Sequence[str] = field(default_factory=tuple)

    @property
    def now(self) -> Movement | None:
        return self.weeks[-1].movement if self.weeks else None

    @property
    def because(self) -> str:
        """The causes in a sentence or two; "" where none is known."""
        return " ".join(f"{words.capital(cause)}." for cause in self.causes[:TOLD])

    @property
    def is_new(self) -> bool:
        """Whether the signal came up with the newest week."""
        return len(self.weeks) > 1 and self.now in SIGNALS and self.weeks[-2].movement != self.now


SIGNALS = (Movement.SLIPPING, Movement.IMPROVING)
TONES = {Kind.SLIPPED: "worse", Kind.IMPROVED: "better", Kind.NOISE: "plain"}


@dataclass(frozen=True)
class Movers:
    """``counts``: how many there are of each kind, shown or not; ``now``: how many of them go that way still."""

    slipped: Sequence[Mover] = field(default_factory=tuple)
    improved: Sequence[Mover] = field(default_factory=tuple)
    noise: Sequence[Mover] = field(default_factory=tuple)
    counts: Mapping[Kind, int] = field(default_factory=dict)
    now: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def real(self) -> Sequence[Mover]:
        """The worse news first."""
        return [*self.slipped, *self.improved]

    @property
    def slipping(self) -> int:
        return self.now.get(Kind.SLIPPED, 0)

    @property
    def improving(self) -> int:
        return self.now.get(Kind.IMPROVED, 0)

    @property
    def really(self) -> int:
        return self.counts.get(Kind.SLIPPED, 0) + self.counts.get(Kind.IMPROVED, 0)


def read(session: Session, *, by: Actor, wanted: Wanted) -> Movers:
    """The biggest moves of each kind. One statement."""
    policy.require(by, Action.SEE_HEALTH)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_statement(by, wanted)):
        found[row.unit_id].append(row)
    movers = [_mover(rows) for rows in found.values()]
    counts = {Kind(rows[0].kind): rows[0].many for rows in found.values()}
    by_kind = {kind: [one for one in movers if one.kind is kind] for kind in Kind}
    now = {Kind(rows[0].kind): rows[0].many_now for rows in found.values()}
    return Movers(by_kind[Kind.SLIPPED], by_kind[Kind.IMPROVED], by_kind[Kind.NOISE], counts, now)


def _mover(rows: Sequence[Any]) -> Mover:
    first = rows[0]
    weeks = [Week(row.week_on, row.score, row.movement, row.lower, row.upper) for row in rows if row.week_on]
    return Mover(first.unit_id, first.name, Kind(first.kind), first.before, first.after, weeks)


def _statement(by: Actor, wanted: Wanted) -> Select[Any]:
    """A row for each of the newest weeks of each mover; without weeks, one row."""
    top, week = _ranked(by, wanted), aliased(HealthWeek)
    near = and_(
        week.unit_id == top.c.unit_id,
        week.week_on <= wanted.on,
        week.week_on > wanted.on - timedelta(weeks=WEEKS),
    )
    return (
        select(top, week.week_on, week.score, week.movement, week.lower, week.upper)
        .outerjoin(week, near)
        .where(top.c.place <= MOST)
        .order_by(top.c.kind, top.c.place, week.week_on)
    )


def _ranked(by: Actor, wanted: Wanted) -> FromClause:
    """Whoever moved, with the place among its like and how many they are."""
    moved_units = _moved(by, wanted)
    it = moved_units.c
    far = (it.is_now.desc(), func.abs(it.after - it.before).desc().nulls_last(), it.name, it.unit_id)
    return select(
        it.unit_id,
        it.name,
        it.before,
        it.after,
        it.kind,
        func.row_number().over(partition_by=it.kind, order_by=far).label("place"),
        func.count().over(partition_by=it.kind).label("many"),
        func.sum(it.is_now).over(partition_by=it.kind).label("many_now"),
    ).subquery()


def _moved(by: Actor, wanted: Wanted) -> FromClause:
    before, after, now = aliased(HealthSnapshot), aliased(HealthSnapshot), aliased(HealthWeek)
    kind = case(
        (now.movement == Movement.SLIPPING, Kind.SLIPPED.value),
        (now.movement == Movement.IMPROVING, Kind.IMPROVED.value),
        ((after.score < before.score) & _was(Movement.SLIPPING, wanted), Kind.SLIPPED.value),
        ((after.score > before.score) & _was(Movement.IMPROVING, wanted), Kind.IMPROVED.value),
        else_=Kind.NOISE.value,
    )
    is_now = case((now.movement.in_(SIGNALS), 1), else_=0)
    return (
        select(BusinessUnit.id.label("unit_id"), BusinessUnit.name, before.score.label("before"))
        .add_columns(after.score.label("after"), kind.label("kind"), is_now.label("is_now"))
        .join(after, (after.unit_id == BusinessUnit.id) & after.in_force(wanted.on))
        .outerjoin(before, (before.unit_id == BusinessUnit.id) & before.in_force(wanted.since))
        .outerjoin(now, (now.unit_id == BusinessUnit.id) & (now.week_on == reading.week_of(wanted.on)))
        .where(heat_rows.scope(by, wanted), (func.abs(after.score - before.score) >= LEAST) | (is_now == 1))
        .subquery()
    )


def _was(movement: Movement, wanted: Wanted) -> ColumnElement[bool]:
    """Whether it went that way, as it was seen on any Monday in between."""
    then = aliased(HealthWeek)
    seen = (then.unit_id == BusinessUnit.id, then.movement == movement)
    return exists().where(*seen, then.week_on > wanted.since, then.week_on <= wanted.on).correlate(BusinessUnit)


def usual(mover: Mover) -> str:
    """Why a move is noise: "Within its usual range of 61 to 74."."""
    last = mover.weeks[-1] if mover.weeks else None
    if last is None or last.lower is None or last.upper is None:
        return "Too few weeks to tell."
    low, high = max(0, round(last.lower)), min(100, round(last.upper))
    return f"Within its usual range of {low}–{high}." if low < high else f"Its usual level is {low}."


def spark_of(mover: Mover) -> Spark:
    """Its last weeks as a small chart, with the band in which the score normally stays."""
    shown = mover.weeks[-WEEKS:]
    values = [None if week.score is None else float(week.score) for week in shown]
    last = shown[-1] if shown else None
    band = None
    if last and last.lower is not None and last.upper is not None:
        band = (max(0.0, last.lower), min(100.0, last.upper))
    known = [value for value in values if value is not None] + list(band or ())
    low, high = min(known, default=0.0), max(known, default=100.0)
    if high - low < LEAST_ROOM:
        low, high = low - LEAST_ROOM / 2, high + LEAST_ROOM / 2
    return Spark(tuple(values), _finding(mover), low, high, band, TONES[mover.kind])


def _finding(mover: Mover) -> str:
    went = {Kind.SLIPPED: "below where it normally stays", Kind.IMPROVED: "above where it normally stays"}
    return f"{mover.name}: {went.get(mover.kind, 'within its usual range')}"
