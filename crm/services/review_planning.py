"""Planning: the next twelve months of reviews, exactly one for each period of each unit's rhythm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.services import audit, cadence_rules
from crm.services.cadence_rules import Period
from models.audit import Change
from models.review import Cadence, Review, ReviewState
from models.unit import BusinessUnit

INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Slot:
    """Where a period's review belongs: the period, the rhythm it follows, the local day."""

    period: Period
    cadence: Cadence
    day: date


def horizon(today: date) -> date:
    """The first day for which nothing is planned yet: twelve months from today."""
    return today + relativedelta(years=1)


def slots(rhythms: Sequence[Cadence], since: date, until: date) -> dict[str, Slot]:
    """The reviews due to a unit in the periods from ``since`` on, on days before ``until``, by the period's key.

    ``rhythms`` are the unit's, in order of time. A rhythm's first review is the first whose day is on or after the
    rhythm's ``since``; its last is the last before its ``until``. Where one follows upon another, the period of the
    change keeps the day of the old one if the new one has none in it: no period is lost by a change.
    """
    due: dict[str, Slot] = {}
    for slot in _in_force(rhythms, since, until):
        due.setdefault(slot.period.key, slot)
    for slot in _at_changes(rhythms, due.values()):
        if slot.period.until > since and slot.day < until:
            due.setdefault(slot.period.key, slot)
    return due


def _in_force(rhythms: Iterable[Cadence], since: date, until: date) -> Iterator[Slot]:
    for cadence in rhythms:
        rule = cadence_rules.rule_of(cadence)
        end = min(cadence.until or until, until)
        for period in cadence_rules.periods(rule.frequency, max(cadence.since, since), end):
            day = cadence_rules.day_in(period, rule)
            if cadence.since <= day < end:
                yield Slot(period, cadence, day)


def _at_changes(rhythms: Sequence[Cadence], due: Collection[Slot]) -> list[Slot]:
    lost = []
    for old, new in pairwise(rhythms):
        period = cadence_rules.period_of(old.frequency, new.since)
        day = cadence_rules.day_in(period, cadence_rules.rule_of(old))
        has_one = any(slot.period.since < period.until and period.since < slot.period.until for slot in due)
        if old.until == new.since > period.since and day >= new.since and not has_one:
            lost.append(Slot(period, old, day))
    return lost


def plan(session: Session, unit: BusinessUnit, today: date) -> int:
    """Plan the unit's next twelve months, and bring what was planned into line with its rhythm and time zone.

    Leaves alone what is past, held, skipped or moved by a person. A closed unit loses what was planned after its end.
    Call it after a change of rhythm, of time zone, or of the closing day. Returns how many reviews are new.
    """
    if unit.closed_on is not None:
        _remove_after(session, unit, unit.closed_on)
        return 0
    rhythms = session.scalars(_rhythms_ahead(today).where(Cadence.unit_id == unit.id)).all()
    ahead = session.scalars(_reviews_ahead(today).where(Review.unit_id == unit.id)).all()
    end = horizon(today)
    # What an earlier run planned beyond this horizon (the date differs around the world) is compared as well.
    due = slots(rhythms, today, max([end, *(review.planned_on + timedelta(days=1) for review in ahead)]))
    for review in ahead:
        if review.state is ReviewState.PLANNED and not review.moved and review.planned_on >= today:
            _bring_into_line(session, review, due.get(review.period), unit.zone)
    session.flush()
    known = {review.period for review in ahead}
    new = [slot for key, slot in due.items() if key not in known and slot.day < end]
    return _insert(session, [_row(slot, unit.zone) for slot in new])


def plan_all(session: Session, today: date) -> int:
    """Plan the next twelve months of every open unit, in three statements. Returns how many reviews are new."""
    open_units = select(BusinessUnit.id, BusinessUnit.time_zone).where(BusinessUnit.closed_on.is_(None))
    zones = {row.id: ZoneInfo(row.time_zone) for row in session.execute(open_units)}
    rhythms: dict[int, list[Cadence]] = defaultdict(list)
    for cadence in session.scalars(_rhythms_ahead(today)):
        rhythms[cadence.unit_id].append(cadence)
    ahead = select(Review.unit_id, Review.period).where(Review.period_until > today)
    known = {(row.unit_id, row.period) for row in session.execute(ahead)}
    return _insert(
        session,
        [
            _row(slot, zone)
            for unit_id, zone in zones.items()
            for slot in slots(rhythms[unit_id], today, horizon(today)).values()
            if (unit_id, slot.period.key) not in known
        ],
    )


def _rhythms_ahead(today: date) -> Select[Cadence]:
    """Rhythms in force today or later, each unit's in order of time; those that never came into force left out."""
    lasts = or_(Cadence.until.is_(None), (Cadence.until > today) & (Cadence.until > Cadence.since))
    return select(Cadence).where(lasts).order_by(Cadence.unit_id, Cadence.since)


def _reviews_ahead(today: date) -> Select[Review]:
    return select(Review).where(Review.period_until > today)


def _bring_into_line(session: Session, review: Review, slot: Slot | None, zone: ZoneInfo) -> None:
    if slot is None:
        session.delete(review)
        return
    for name, value in _row(slot, zone).items():
        if getattr(review, name) != value:
            setattr(review, name, value)


def _row(slot: Slot, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "unit_id": slot.cadence.unit_id,
        "cadence_id": slot.cadence.id,
        "period": slot.period.key,
        "period_since": slot.period.since,
        "period_until": slot.period.until,
        "planned_on": slot.day,
        "planned_at": cadence_rules.instant(slot.day, slot.cadence.at, zone),
        "minutes": slot.cadence.minutes,
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> int:
    """Add planned reviews; one that another process planned meanwhile is left as it is."""
    if not rows:
        return 0
    insert = INSERTS[session.get_bind().dialect.name](Review.__table__)
    statement = insert.on_conflict_do_nothing(index_elements=["unit_id", "period"])
    told = (Review.id, Review.unit_id, Review.period, Review.planned_on)
    made = session.connection().execute(statement.returning(*told), rows).all()
    audit.write(session, [audit.entry(Review, Change.CREATED, row.id, {}, _said(row)) for row in made])
    return len(made)


def _said(row: Any) -> dict[str, Any]:
    return {"unit_id": row.unit_id, "period": row.period, "planned_on": row.planned_on}


def _remove_after(session: Session, unit: BusinessUnit, day: date) -> None:
    planned = select(Review).where(Review.unit_id == unit.id, Review.state == ReviewState.PLANNED)
    for review in session.scalars(planned.where(Review.planned_on >= day)):
        session.delete(review)
    session.flush()
