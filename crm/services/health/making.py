"""The health of some units on some days: what counts is read, kept in the ledger, and what it comes to beside it.

One day is taken, and years are made anew, in the same way: what is written of a day depends on what had happened by
then, and on nothing that is written of other days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from crm.services import organisation
from crm.services.health import ledger, priors, reading_requests, rules, snapshots, weeks
from crm.services.health.facts import Facts
from crm.services.health.pieces import DAY
from crm.services.health.priors import Priors
from crm.services.health.reading_facts import Reading, Span
from crm.services.health.snapshots import Rules
from crm.services.request_reckoning import reckoner_of
from models.health import HealthRule, HealthSnapshot
from models.unit import BusinessUnit

#: So many units are looked at at once.
AT_ONCE = 500


@dataclass(frozen=True)
class Ground:
    """What is the same for all units."""

    span: Span
    zone: ZoneInfo
    rules: Rules
    priors: Priors
    now: datetime


@dataclass
class Made:
    """How many units were there, and were otherwise than the day before, by day."""

    units: Counter[date] = field(default_factory=Counter)
    changed: Counter[date] = field(default_factory=Counter)

    def add(self, other: Made) -> None:
        self.units.update(other.units)
        self.changed.update(other.changed)


def ground(session: Session, *, span: Span, now: datetime) -> Ground:
    """Three statements."""
    zone = ZoneInfo(organisation.current(session).time_zone)
    return Ground(span, zone, all_rules(session), priors.of(session, span=span, zone=zone), now)


def all_rules(session: Session) -> Rules:
    """One statement."""
    kept = session.scalars(select(HealthRule).order_by(HealthRule.since, HealthRule.id))
    return Rules([(date.min, rules.DEFAULT), *((one.since, rules.told(one)) for one in kept)])


def batches(session: Session, span: Span) -> Iterator[Sequence[int]]:
    """The units there were on one of these days, or that were thought to be. One statement."""
    snapshot = exists().where(
        HealthSnapshot.unit_id == BusinessUnit.id,
        or_(HealthSnapshot.until.is_(None), HealthSnapshot.until >= span.first),
    )
    was_there = or_(BusinessUnit.closed_on.is_(None), BusinessUnit.closed_on >= span.first - DAY, snapshot)
    unit_ids = session.scalars(select(BusinessUnit.id).where(was_there).order_by(BusinessUnit.id)).all()
    for begin in range(0, len(unit_ids), AT_ONCE):
        yield unit_ids[begin : begin + AT_ONCE]


def make(session: Session, *, unit_ids: Collection[int], ground: Ground) -> Made:
    """Write these days of these units, over what may stand there. Some thirty statements however many units."""
    span, made = ground.span, Made()
    for table in (ledger, snapshots, weeks):
        table.forget_since(session, unit_ids, span.first)
    facts = _facts(session, unit_ids, ground)
    counted, was = ledger.kept(session, unit_ids, span.first), snapshots.kept(session, unit_ids)
    known = weeks.before(session, unit_ids, span)
    entries, days = ledger.Changes(), snapshots.Changes()
    mondays: list[dict[str, Any]] = []
    for unit_id, closed_on in _closings(session, unit_ids):
        end = closed_on + DAY if closed_on else None
        pieces = ledger.pieces_of(facts.get(unit_id, Facts()), end)
        standing = ledger.reconcile(unit_id, pieces, counted.get(unit_id, ()), span, entries)
        stretches = snapshots.stretches(standing, span, ground.rules, ground.priors, end)
        made.changed.update(snapshots.reconcile(unit_id, stretches, was.get(unit_id), span, days))
        made.units.update(_days(span, end))
        mondays += weeks.rows(unit_id, stretches, known.get(unit_id, {}), span, ground.rules)
    ledger.write(session, entries)
    snapshots.write(session, days)
    weeks.write(session, mondays)
    return made


def _facts(session: Session, unit_ids: Collection[int], ground: Ground) -> dict[int, Facts]:
    reading = Reading(session, unit_ids, ground.span, ground.zone)
    reading.everything()
    reading_requests.add(reading, reckoner_of(session, now=ground.now, unit_ids=unit_ids))
    return reading.found


def _closings(session: Session, unit_ids: Collection[int]) -> Sequence[tuple[int, date | None]]:
    """Each unit, and the day on which it closed."""
    wanted = select(BusinessUnit.id, BusinessUnit.closed_on).where(BusinessUnit.id.in_(unit_ids))
    return [(row.id, row.closed_on) for row in session.execute(wanted.order_by(BusinessUnit.id))]


def _days(span: Span, end: date | None) -> Iterator[date]:
    """Those on which a unit was there."""
    day = span.first
    while day <= span.last and (end is None or day < end):
        yield day
        day += DAY
