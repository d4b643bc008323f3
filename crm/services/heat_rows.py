"""The heat map as SQL: one row for each unit, or for each branch with the sums of the units in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from crm import policy
from crm.policy import Actor
from crm.services import portfolio
from crm.services.health import reading
from crm.services.heat_wanted import Rolled, Wanted
from crm.services.portfolio import Filters
from crm.services.search import contains
from crm.stats.health import FAIR, GOOD, STRONG, Level
from models.health import Component, HealthSnapshot, HealthWeek, Movement
from models.person import Person
from models.unit import BusinessUnit, Membership

Parent = aliased(BusinessUnit)
#: From so many points on, and below so many.
ROOM = {Level.WEAK: (0, FAIR), Level.FAIR: (FAIR, GOOD), Level.GOOD: (GOOD, STRONG), Level.STRONG: (STRONG, 101)}
FIGURES = ("score", *(component.value for component in Component))


def scope(by: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """The units one may see that were open on the day, of the branch and the rep."""
    conditions = [policy.visible_units(by), or_(BusinessUnit.closed_on.is_(None), BusinessUnit.closed_on > wanted.on)]
    filters = Filters(rep_id=wanted.rep_id, branch_id=wanted.branch_id)
    conditions += portfolio.conditions(filters, wanted.on)
    if wanted.mine:
        conditions.append(BusinessUnit.id.in_(by.covers))
    return and_(*conditions)


def units(by: Actor, wanted: Wanted) -> Select[Any]:
    """A row for each unit, in order. A unit without a snapshot is there today, and is not on a day before its first."""
    kept = HealthSnapshot
    found = (
        select(
            BusinessUnit.id.label("unit_id"),
            BusinessUnit.name,
            BusinessUnit.code,
            Parent.name.label("parent_name"),
            kept.place,
            *(getattr(kept, name) for name in FIGURES),
            HealthWeek.movement,
        )
        .select_from(BusinessUnit)
        .outerjoin(Parent, Parent.id == BusinessUnit.parent_id)
        .join(kept, (kept.unit_id == BusinessUnit.id) & kept.in_force(wanted.on), isouter=wanted.on >= by.today)
        .outerjoin(
            HealthWeek, (HealthWeek.unit_id == BusinessUnit.id) & (HealthWeek.week_on == reading.week_of(wanted.on))
        )
        .where(scope(by, wanted))
    )
    if wanted.text:
        found = found.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code))
    if wanted.wanted_movement:
        found = found.where(HealthWeek.movement == wanted.wanted_movement)
    figure = kept.place if wanted.order == "health" else getattr(kept, wanted.order, None)
    return found.where(_fits(wanted, kept.score)).order_by(*_order(wanted, figure, BusinessUnit.name, BusinessUnit.id))


def titles(wanted: Wanted) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The names of the branch and the rep that the address names, beside each row."""
    branch, rep = aliased(BusinessUnit), aliased(Person)
    return (
        select(branch.name).where(branch.id == wanted.branch_id).scalar_subquery().label("branch_name"),
        select(rep.name).where(rep.id == wanted.rep_id).scalar_subquery().label("rep_name"),
    )


def count(by: Actor, wanted: Wanted) -> Select[int]:
    """How many units there are in the scope that had a snapshot on that day."""
    kept = HealthSnapshot
    joined = select(func.count(BusinessUnit.id)).join(kept, kept.unit_id == BusinessUnit.id)
    return joined.where(kept.in_force(wanted.on), scope(by, wanted))


def branches(by: Actor, wanted: Wanted) -> Select[Any]:
    """A row for each branch right below the chosen one, or from the top, and one for the chosen unit itself."""
    sums = _sums(by, wanted)
    found = (
        select(sums, BusinessUnit.name, BusinessUnit.code, Parent.name.label("parent_name"))
        .join(BusinessUnit, BusinessUnit.id == sums.c.unit_id)
        .outerjoin(Parent, Parent.id == BusinessUnit.parent_id)
    )
    if wanted.text:
        found = found.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code))
    if wanted.wanted_movement is Movement.SLIPPING:
        found = found.where(sums.c.slipping > 0)
    name = "score" if wanted.order == "health" else wanted.order
    figure = None if wanted.order == "name" else _mean(sums, name)
    return found.where(_fits(wanted, _mean(sums, "score"))).order_by(
        *_order(wanted, figure, BusinessUnit.name, BusinessUnit.id)
    )


def _mean(sums: FromClause, name: str) -> ColumnElement[Any]:
    return 1.0 * sums.c[f"{name}_sum"] / func.nullif(sums.c[f"{name}_weight"], 0)


def _sums(by: Actor, wanted: Wanted) -> FromClause:
    """By branch: how many units, and of each figure the weighted sum and what it weighs."""
    below, kept = tree(wanted), HealthSnapshot
    weight = _people(wanted) if wanted.rolled is Rolled.PEOPLE else literal(1)
    weighed = (
        select(below.c.branch_id, BusinessUnit.id, weight.label("weight"), *(getattr(kept, name) for name in FIGURES))
        .add_columns(case((HealthWeek.movement == Movement.SLIPPING, 1), else_=0).label("slips"))
        .select_from(below)
        .join(BusinessUnit, BusinessUnit.id == below.c.unit_id)
        .outerjoin(kept, (kept.unit_id == BusinessUnit.id) & kept.in_force(wanted.on))
        .outerjoin(
            HealthWeek, (HealthWeek.unit_id == BusinessUnit.id) & (HealthWeek.week_on == reading.week_of(wanted.on))
        )
        .where(scope(by, wanted))
        .subquery()
    )
    counted = (weighed.c.score.is_not(None)) & (weighed.c.weight > 0)
    figures = [part for name in FIGURES for part in _weighed(weighed, name)]
    return (
        select(
            weighed.c.branch_id.label("unit_id"),
            func.count().label("units"),
            func.sum(case((counted, 1), else_=0)).label("known"),
            func.sum(weighed.c.slips).label("slipping"),
            *figures,
        )
        .group_by(weighed.c.branch_id)
        .subquery()
    )


def _weighed(of: FromClause, name: str) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    value, weight = of.c[name], of.c.weight
    known = func.sum(case((value.is_not(None), weight), else_=0))
    return func.sum(value * weight).label(f"{name}_sum"), known.label(f"{name}_weight")


def tree(wanted: Wanted) -> FromClause:
    """Each unit beside the branch it is counted in: one right below the chosen unit, or the chosen unit itself."""
    child = aliased(BusinessUnit)
    parent = BusinessUnit.parent_id == wanted.branch_id if wanted.branch_id else BusinessUnit.parent_id.is_(None)
    first = select(BusinessUnit.id.label("branch_id"), BusinessUnit.id.label("unit_id")).where(parent)
    tree = first.cte("tree", recursive=True)
    whole = tree.union(select(tree.c.branch_id, child.id).join(tree, child.parent_id == tree.c.unit_id))
    below = select(whole.c.branch_id, whole.c.unit_id)
    if not wanted.branch_id:
        return below.subquery()
    own = select(literal(wanted.branch_id).label("branch_id"), literal(wanted.branch_id).label("unit_id"))
    return below.union_all(own).subquery()


def _people(wanted: Wanted) -> ColumnElement[int]:
    return (
        select(func.count(Membership.person_id.distinct()))
        .where(Membership.unit_id == BusinessUnit.id, Membership.in_force(wanted.on))
        .correlate(BusinessUnit)
        .scalar_subquery()
    )


def _fits(wanted: Wanted, score: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """As the word of the rounded score says."""
    level = wanted.wanted_level
    if level is None:
        return true()
    if level is Level.NOT_KNOWN:
        return score.is_(None)
    least, most = ROOM[level]
    return (score >= least - 0.5) & (score < most - 0.5)


def _order(wanted: Wanted, figure: Any, *names: SQLColumnExpression[Any]) -> tuple[SQLColumnExpression[Any], ...]:
    """What is not known comes last, whichever way; of equals, the name tells."""
    if figure is None:
        return (names[0].desc() if wanted.falls else names[0], *names[1:])
    return (figure.is_(None), figure.desc() if wanted.falls else figure, *names)
