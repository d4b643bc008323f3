"""Whose health moved between two days: those where it is a signal, and those where it only looks like one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from crm import policy
from crm.charts.spark import Spark
from crm.policy import Action, Actor
from crm.services import portfolio_movers_rows as rows
from crm.services.health import moved, reading, rules
from crm.services.health.moved import ToldCause
from crm.services.health.reading import UnitHealth
from crm.services.heat_wanted import Wanted
from crm.services.portfolio_movers_rows import SIGNALS, WEEKS
from crm.services.portfolio_movers_rows import Kind as Kind
from models.health import HealthWeek, Movement

#: So many causes are told of one.
TOLD = 2
#: A chart spans so many points at least, so that a flat line looks flat.
LEAST_ROOM = 10.0
TONES = {Kind.SLIPPED: "worse", Kind.IMPROVED: "better", Kind.NOISE: "plain"}


@dataclass(frozen=True)
class Mover:
    """One relationship. ``standing``: on the first and the last day, as far as there are snapshots."""

    unit_id: int
    name: str
    kind: Kind
    standing: Mapping[date, UnitHealth] = field(default_factory=dict)
    #: The oldest first; the newest says which way it goes now.
    weeks: Sequence[HealthWeek] = field(default_factory=tuple)
    #: What moved it the way it went, the biggest first; of noise nobody asks.
    causes: Sequence[ToldCause] = field(default_factory=tuple)
    before: int | None = None
    after: int | None = None

    @property
    def now(self) -> Movement | None:
        return self.weeks[-1].movement if self.weeks else None

    @property
    def told(self) -> Sequence[ToldCause]:
        """The few causes that a line has room for."""
        return self.causes[:TOLD]

    @property
    def is_new(self) -> bool:
        """Whether the signal came up with the newest week."""
        return len(self.weeks) > 1 and self.now in SIGNALS and self.weeks[-2].movement != self.now


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
    """The biggest moves of each kind. Two statements at most: who moved, and what caused the real moves."""
    policy.require(by, Action.SEE_HEALTH)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(rows.statement(by, wanted)):
        found[row.unit_id].append(row)
    movers = _with_causes(session, [_mover(those, wanted) for those in found.values()], wanted)
    first = {Kind(those[0].kind): those[0] for those in found.values()}
    slipped, improved, noise = ([one for one in movers if one.kind is kind] for kind in Kind)
    return Movers(
        slipped,
        improved,
        noise,
        counts={kind: row.many for kind, row in first.items()},
        now={kind: row.many_now for kind, row in first.items()},
    )


def _mover(those: Sequence[Any], wanted: Wanted) -> Mover:
    first = those[0]
    kept = [(first.old, first.old_rule, wanted.since), (first.new, first.new_rule, wanted.on)]
    standing = {day: reading.told(one, rules.told(rule), day) for one, rule, day in kept if one}
    return Mover(
        first.unit_id,
        first.name,
        Kind(first.kind),
        standing,
        [row.week for row in those if row.week],
        before=first.old.score if first.old else None,
        after=first.new.score,
    )


def _with_causes(session: Session, movers: Sequence[Mover], wanted: Wanted) -> Sequence[Mover]:
    """Noise has no cause worth a word."""
    real = [one.unit_id for one in movers if one.kind is not Kind.NOISE]
    if not real:
        return movers
    days = (wanted.since, wanted.on)
    ledger = reading.ledger(session, unit_ids=real, days=days)
    return [
        replace(one, causes=_causes(moved.told(one.standing, ledger[one.unit_id], *days), one.kind))
        if one.unit_id in ledger
        else one
        for one in movers
    ]


def _causes(found: moved.Moved, kind: Kind) -> Sequence[ToldCause]:
    way = -1 if kind is Kind.SLIPPED else 1
    return [cause for cause in found.causes if cause.points * way > 0]


def usual(mover: Mover) -> str:
    """Why a move is noise: "Within its usual range of 61 to 74."."""
    last = mover.weeks[-1] if mover.weeks else None
    if last is None or last.lower is None or last.upper is None:
        return "Too few weeks to tell."
    low, high = round(last.lower), round(last.upper)
    return f"Within its usual range of {low}–{high}." if low < high else f"Its usual level is {low}."


def spark_of(mover: Mover) -> Spark:
    """Its last weeks as a small chart, with the band in which the score normally stays."""
    shown = mover.weeks[-WEEKS:]
    values = [None if week.score is None else float(week.score) for week in shown]
    last = shown[-1] if shown else None
    band = None
    if last and last.lower is not None and last.upper is not None:
        band = (last.lower, last.upper)
    known = [value for value in values if value is not None] + list(band or ())
    low, high = min(known, default=0.0), max(known, default=100.0)
    if high - low < LEAST_ROOM:
        low, high = low - LEAST_ROOM / 2, high + LEAST_ROOM / 2
    return Spark(tuple(values), _finding(mover), low, high, band, TONES[mover.kind])


def _finding(mover: Mover) -> str:
    went = {Kind.SLIPPED: "below where it normally stays", Kind.IMPROVED: "above where it normally stays"}
    return f"{mover.name}: {went.get(mover.kind, 'within its usual range')}"
