"""Whose health moved between two days, as SQL."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from crm.policy import Actor
from crm.services import heat_rows
from crm.services.health import reading
from crm.services.heat_wanted import Wanted
from crm.services.statements import put_together_once
from models.health import HealthRule, HealthSnapshot, HealthWeek, Movement
from models.unit import BusinessUnit

#: So many of each kind are shown; the map holds the others.
MOST = 4
#: So many Mondays make a small chart.
WEEKS = 26
#: A move of fewer points without a signal is not worth a line.
LEAST = 3
SIGNALS = (Movement.SLIPPING, Movement.IMPROVING)


class Kind(enum.StrEnum):
    """What a move is."""

    SLIPPED = "slipped"
    IMPROVED = "improved"
    NOISE = "noise"


@put_together_once
def statement(by: Actor, wanted: Wanted) -> Select[Any]:
    """A row for each of the newest weeks of each mover, with both snapshots and their weights; without weeks, one."""
    top, week = _ranked(by, wanted), aliased(HealthWeek, name="week")
    old, new = aliased(HealthSnapshot, name="old"), aliased(HealthSnapshot, name="new")
    old_rule, new_rule = aliased(HealthRule, name="old_rule"), aliased(HealthRule, name="new_rule")
    near = and_(
        week.unit_id == top.c.unit_id,
        week.week_on <= wanted.on,
        week.week_on > wanted.on - timedelta(weeks=WEEKS),
    )
    return (
        select(top, week, old, new, old_rule, new_rule)
        .join(new, new.id == top.c.new_id)
        .outerjoin(new_rule, new_rule.id == new.rule_id)
        .outerjoin(old, old.id == top.c.old_id)
        .outerjoin(old_rule, old_rule.id == old.rule_id)
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
        it.old_id,
        it.new_id,
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
        .add_columns(
            after.score.label("after"),
            before.id.label("old_id"),
            after.id.label("new_id"),
            kind.label("kind"),
            is_now.label("is_now"),
        )
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
