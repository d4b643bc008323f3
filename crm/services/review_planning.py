"""Planning: the next twelve months of reviews, exactly one for each period of each unit's rhythm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import Row, Select, bindparam, delete, inspect, or_, select, update
from sqlalchemy.orm import Session

from crm.services import audit, cadence_rules, working_days
from crm.services.cadence_rules import LONGEST
from crm.services.clashes import insert_unless_there
from crm.services.review_slots import Slot as Slot
from crm.services.review_slots import slots as slots
from models.audit import Change
from models.review import Cadence, Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover

#: What planning writes into a review.
PLANNED = (
    *("unit_id", "cadence_id", "period", "period_since", "period_until"),
    *("planned_on", "planned_at", "minutes", "ruled_on", "shifted_because"),
)
#: Nobody held, skipped, moved or prepared it: only then may planning touch a review.
UNTOUCHED = (Review.state == ReviewState.PLANNED) & Review.moved.is_(False) & Review.prepared_at.is_(None)


@dataclass
class Plan:
    """What has to be written down for the reviews to be in line."""

    new: list[dict[str, Any]] = field(default_factory=list)
    #: (as it is, what differs)
    changed: list[tuple[Row[Any], dict[str, Any]]] = field(default_factory=list)
    gone: list[Row[Any]] = field(default_factory=list)


def horizon(today: date) -> date:
    """The first day for which nothing is planned yet: twelve months from today."""
    return today + relativedelta(years=1)


def plan(session: Session, unit: BusinessUnit, today: date) -> int:
    """:func:`plan_many` for one unit. A closed one loses what was planned after its end."""
    if unit.closed_on is not None:
        _remove_after(session, unit, unit.closed_on)
        return 0
    return plan_many(session, [unit.id], today)


def plan_all(session: Session, today: date) -> int:
    """:func:`plan_many` for every open unit."""
    open_units = session.scalars(select(BusinessUnit.id).where(BusinessUnit.closed_on.is_(None)))
    return plan_many(session, open_units.all(), today)


def plan_led_by(session: Session, person_ids: Collection[int], today: date) -> int:
    """:func:`plan_many` for the units these people lead now or later: after a change of their absences."""
    led = select(Assignment.unit_id).where(Assignment.rep_id.in_(person_ids), Assignment.cover == Cover.LEAD)
    ahead = led.where(or_(Assignment.until.is_(None), Assignment.until > today)).distinct()
    return plan_many(session, session.scalars(ahead).all(), today)


def plan_many(session: Session, unit_ids: Collection[int], today: date) -> int:
    """Plan the next twelve months of these units, and bring what was planned into line with how things are now.

    Call it after a change of rhythm, time zone, country, closed days, absences or lead. Leaves alone what is past,
    held, skipped, prepared, or moved by a person, and closed units. Takes the same number of statements for any number
    of units. Returns how many reviews are new.
    """
    if not unit_ids:
        return 0
    found, plan = _Found(session, unit_ids, today), Plan()
    for unit_id, zone in found.zones.items():
        _plan_unit(plan, found, unit_id, zone)
    _remove(session, plan.gone)
    _change(session, plan.changed)
    return _insert(session, plan.new)


class _Found:
    """All that planning some units needs to know; closed ones left out."""

    def __init__(self, session: Session, unit_ids: Collection[int], today: date) -> None:
        self.today = today
        there = select(BusinessUnit.id, BusinessUnit.time_zone).where(BusinessUnit.id.in_(unit_ids))
        open_units = session.execute(there.where(BusinessUnit.closed_on.is_(None)))
        self.zones = {row.id: ZoneInfo(row.time_zone) for row in open_units}
        self.rhythms: dict[int, list[Cadence]] = defaultdict(list)
        for cadence in session.scalars(_rhythms(unit_ids, today)):
            self.rhythms[cadence.unit_id].append(cadence)
        self.ahead: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in session.execute(_reviews_ahead(unit_ids, today)):
            self.ahead[row.unit_id].append(row)
        since, until = today - LONGEST, horizon(today) + LONGEST
        self.calendars = working_days.calendars(session, unit_ids=self.zones, since=since, until=until)


def _rhythms(unit_ids: Collection[int], today: date) -> Select[Cadence]:
    """Rhythms of which a period may still run, each unit's in order of time, save those never in force."""
    lasts = or_(Cadence.until.is_(None), (Cadence.until > today - LONGEST) & (Cadence.until > Cadence.since))
    theirs = select(Cadence).where(Cadence.unit_id.in_(unit_ids), lasts)
    return theirs.order_by(Cadence.unit_id, Cadence.since)


def _reviews_ahead(unit_ids: Collection[int], today: date) -> Select[Any]:
    columns = (Review.id, Review.state, Review.moved, Review.prepared_at, *(getattr(Review, name) for name in PLANNED))
    return select(*columns).where(Review.unit_id.in_(unit_ids), Review.period_until > today)


def _plan_unit(plan: Plan, found: _Found, unit_id: int, zone: ZoneInfo) -> None:
    ahead, today, end = found.ahead[unit_id], found.today, horizon(found.today)
    # What an earlier run planned beyond this horizon (the date differs around the world) is compared as well.
    until = max([end, *(row.period_until for row in ahead)])
    due = slots(found.rhythms[unit_id], today, until, found.calendars[unit_id])
    for row in ahead:
        if _is_untouched(row) and row.planned_on >= today:
            _compare(plan, row, due.get(row.period), zone, today)
    known = {row.period for row in ahead}
    plan.new += [_row(slot, zone, today) for key, slot in due.items() if key not in known and slot.ruled < end]


def _is_untouched(row: Row[Any]) -> bool:
    """:data:`UNTOUCHED`, of a row."""
    return row.state is ReviewState.PLANNED and not row.moved and row.prepared_at is None


def _compare(plan: Plan, row: Row[Any], slot: Slot | None, zone: ZoneInfo, today: date) -> None:
    if slot is None:
        plan.gone.append(row)
        return
    if max(slot.day, slot.ruled) < today:  # nothing that lies ahead becomes overdue by planning
        slot = replace(slot, day=row.planned_on, ruled=row.ruled_on or row.planned_on, because=row.shifted_because)
    wanted = _row(slot, zone, today)
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if differing:
        plan.changed.append((row, differing))


def _row(slot: Slot, zone: ZoneInfo, today: date) -> dict[str, Any]:
    # A review whose rule lies ahead is not moved back into the past: it stays, and says so.
    day = slot.day if slot.day >= today else max(slot.day, slot.ruled)
    return {
        "unit_id": slot.cadence.unit_id,
        "cadence_id": slot.cadence.id,
        "period": slot.period.key,
        "period_since": slot.period.since,
        "period_until": slot.period.until,
        "planned_on": day,
        "planned_at": cadence_rules.instant(day, slot.cadence.at, zone),
        "minutes": slot.cadence.minutes,
        "ruled_on": slot.ruled if slot.because else None,
        "shifted_because": slot.because,
    }


def _remove(session: Session, rows: Sequence[Row[Any]]) -> None:
    """Take planned reviews away, unless somebody else did something with one meanwhile."""
    if not rows:
        return
    one = delete(Review).where(Review.id == bindparam("key"), UNTOUCHED)
    session.connection().execute(one, [{"key": row.id} for row in rows])
    for known in _known(session, rows):
        session.expunge(known)
    audit.write(session, [audit.entry(Review, Change.REMOVED, row.id, _said(row), {}) for row in rows])


def _change(session: Session, changed: Sequence[tuple[Row[Any], dict[str, Any]]]) -> None:
    if not changed:
        return
    one = update(Review).where(Review.id == bindparam("key"), UNTOUCHED)
    statement = one.values({name: bindparam(f"new_{name}") for name in PLANNED})
    session.connection().execute(statement, [_parameters(row, differing) for row, differing in changed])
    for known in _known(session, [row for row, _ in changed]):
        session.expire(known)
    entries = [
        audit.entry(Review, Change.CHANGED, row.id, {name: getattr(row, name) for name in differing}, differing)
        for row, differing in changed
    ]
    audit.write(session, entries)


def _known(session: Session, rows: Sequence[Row[Any]]) -> list[Review]:
    """Those of the rows that the session holds as objects: these do not see what bulk statements do."""
    ids = {row.id for row in rows}
    held = [one for one in session.identity_map.values() if isinstance(one, Review)]
    return [review for review in held if (inspect(review).identity or (None,))[0] in ids]


def _parameters(row: Row[Any], differing: Mapping[str, Any]) -> dict[str, Any]:
    values = {f"new_{name}": differing.get(name, getattr(row, name)) for name in PLANNED}
    return {"key": row.id, **values}


def _insert(session: Session, rows: list[dict[str, Any]]) -> int:
    """Add planned reviews; one that another process planned meanwhile is left as it is."""
    if not rows:
        return 0
    statement = insert_unless_there(session, Review, "unit_id", "period")
    told = (Review.id, Review.unit_id, Review.period, Review.planned_on)
    made = session.connection().execute(statement.returning(*told), rows).all()
    audit.write(session, [audit.entry(Review, Change.CREATED, row.id, {}, _said(row)) for row in made])
    return len(made)


def _said(row: Any) -> dict[str, Any]:
    return {"unit_id": row.unit_id, "period": row.period, "planned_on": row.planned_on}


def _remove_after(session: Session, unit: BusinessUnit, day: date) -> None:
    """What was prepared stays with its agenda, as skipped."""
    planned = select(Review).where(Review.unit_id == unit.id, Review.state == ReviewState.PLANNED)
    for review in session.scalars(planned.where(Review.planned_on >= day)):
        if review.prepared_at is None:
            session.delete(review)
        else:
            review.state, review.skip_reason = ReviewState.SKIPPED, f"{unit.name} is closed."
    session.flush()
