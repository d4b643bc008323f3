"""The health of units as pages, mails and packs read it: from snapshots, weeks and the ledger, never from the history.

Whoever calls has checked Action.SEE_HEALTH, and passes units that the reader may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from crm.services.health import rules
from crm.services.health.rules import Rule
from crm.services.statements import put_together_once
from crm.stats.health import Health, Side, health_of
from models.health import Component, HealthEvidence, HealthRule, HealthSnapshot, HealthWeek

#: So many weeks stand behind a small chart, and behind its limits.
WEEKS = 52


@dataclass(frozen=True)
class UnitHealth:
    """One unit on one day."""

    unit_id: int
    on: date
    rule: Rule
    health: Health


def of_units(session: Session, *, unit_ids: Collection[int], on: date) -> dict[int, UnitHealth]:
    """By unit; a unit without a snapshot of that day is missing. One statement."""
    rows = session.execute(
        select(HealthSnapshot, HealthRule)
        .outerjoin(HealthRule, HealthRule.id == HealthSnapshot.rule_id)
        .where(HealthSnapshot.unit_id.in_(unit_ids), HealthSnapshot.in_force(on))
    )
    return {kept.unit_id: told(kept, rules.told(rule), on) for kept, rule in rows}


def told(kept: HealthSnapshot, rule: Rule, on: date) -> UnitHealth:
    """One snapshot as pages take it."""
    values = {component.value: kept.value(component) for component in Component}
    return UnitHealth(kept.unit_id, on, rule, health_of(values, rule.weights))


def on_days(session: Session, *, unit_ids: Collection[int], days: Sequence[date]) -> dict[int, dict[date, UnitHealth]]:
    """Each unit on each of a few days, as far as there is a snapshot. One statement."""
    rows = session.execute(_standing(len(days)), _told(unit_ids, days))
    found: dict[int, dict[date, UnitHealth]] = {unit_id: {} for unit_id in unit_ids}
    for kept, rule in rows:
        for day in days:
            if kept.holds(day):
                found[kept.unit_id][day] = told(kept, rules.told(rule), day)
    return found


@put_together_once
def _standing(days: int) -> Select[HealthSnapshot, HealthRule | None]:
    rule = HealthRule.id == HealthSnapshot.rule_id
    return select(HealthSnapshot, HealthRule).outerjoin(HealthRule, rule).where(*_then(HealthSnapshot, days))


def _then(kept: type[HealthSnapshot] | type[HealthEvidence], days: int) -> tuple[ColumnElement[bool], ...]:
    """Of ``units``, in force on one of so many days."""
    some = or_(*(kept.in_force(bindparam(f"day_{number}", type_=Date())) for number in range(days)))
    return kept.unit_id.in_(bindparam("units", expanding=True)), some


def _told(unit_ids: Collection[int], days: Sequence[date]) -> dict[str, object]:
    return {"units": list(unit_ids), **{f"day_{number}": day for number, day in enumerate(days)}}


def weeks(
    session: Session, *, unit_ids: Collection[int], until: date, count: int = WEEKS
) -> dict[int, list[HealthWeek]]:
    """Each unit's Mondays up to that day, the oldest first. One statement."""
    found: dict[int, list[HealthWeek]] = defaultdict(list)
    wanted = select(HealthWeek).where(
        HealthWeek.unit_id.in_(unit_ids),
        HealthWeek.week_on <= until,
        HealthWeek.week_on > until - timedelta(weeks=count),
    )
    for week in session.scalars(wanted.order_by(HealthWeek.unit_id, HealthWeek.week_on)):
        found[week.unit_id].append(week)
    return found


def week_of(day: date) -> ScalarSelect[date]:
    """The Monday up to that day of which a verdict is kept, as SQL."""
    return select(func.max(HealthWeek.week_on)).where(HealthWeek.week_on <= day).scalar_subquery()


def evidence(session: Session, *, unit_id: int, days: Sequence[date]) -> dict[date, list[HealthEvidence]]:
    """What counted on each of these days, in the order of components, the newest first. One statement."""
    return ledger(session, unit_ids=[unit_id], days=days)[unit_id]


def ledger(
    session: Session, *, unit_ids: Collection[int], days: Sequence[date]
) -> dict[int, dict[date, list[HealthEvidence]]]:
    """The same of several units. One statement, which reads nothing that began and ended between the days."""
    newest = session.scalars(_counting(len(days)), _told(unit_ids, days))
    order = {component: place for place, component in enumerate(Component)}
    found: dict[int, dict[date, list[HealthEvidence]]] = {unit_id: {day: [] for day in days} for unit_id in unit_ids}
    for one in sorted(newest, key=lambda one: order[one.component]):
        for day in found[one.unit_id]:
            if one.holds(day):
                found[one.unit_id][day].append(one)
    return found


@put_together_once
def _counting(days: int) -> Select[HealthEvidence]:
    wanted = select(HealthEvidence).where(*_then(HealthEvidence, days))
    return wanted.order_by(HealthEvidence.happened_on.desc(), HealthEvidence.id)


def side(found: Sequence[HealthEvidence], rule: Rule) -> Side:
    """A day as crm.stats.health takes it; the evidence by kind and source."""
    items: dict[str, dict[tuple[str, str], HealthEvidence]] = {component.value: {} for component in Component}
    for one in found:
        items[one.component.value][one.kind.value, one.source] = one
    return Side(items, rule.weights)
