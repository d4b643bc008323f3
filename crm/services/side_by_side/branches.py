"""Branch beside branch: those right below the chosen one, or the tops of the tree, each with all that is below it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, func, select, union_all
from sqlalchemy.orm import Session

from crm.services import heat_rows, heat_wanted
from crm.services.comparing import Show, responses
from crm.services.comparing.wanted import sums
from crm.services.outlook import Where, reps
from crm.services.pages import SIZE, Page
from crm.services.side_by_side import outcomes
from crm.services.side_by_side.told import Beside, BranchLine, Health, Held
from crm.services.side_by_side.wanted import Order, Wanted
from crm.stats.wilson import Share, share_of
from models.total import OVERALL
from models.unit import BusinessUnit


def of_branches(
    session: Session, *, where: Where, wanted: Wanted, number: int = 1, size: int = SIZE
) -> Beside[BranchLine]:
    """A page of branches. Six statements, however many units."""
    tree = heat_rows.tree(heat_wanted.Wanted(wanted.on, wanted.stretch.since, branch_id=wanted.branch_id))
    here = tree.c.unit_id == BusinessUnit.id
    health = outcomes.health(session, where, tree.c.branch_id, tree, here, wanted.on)
    said = outcomes.said(session, _spoken(where, tree), Show.UNITS)
    held = outcomes.held(session, where, tree.c.branch_id, tree, here)
    heard, overdue, names = _heard(session, where, tree), _overdue(session, where, tree), _names(session, tree)
    found = [
        BranchLine(
            unit_id=key,
            name=names[key],
            health=health.get(key, Health()),
            said=said.get(key, outcomes.NOTHING),
            held=held.get(key, Held()),
            heard=heard.get(key, share_of(0, 0)),
            overdue=overdue.get(key, 0),
            is_own=key == wanted.branch_id,
        )
        for key in health
    ]
    return _page(found, wanted, number, size)


def branches_listed(
    session: Session, *, where: Where, wanted: Wanted, number: int = 1, size: int = SIZE
) -> Page[BranchLine]:
    """The lines alone, for a file."""
    return of_branches(session, where=where, wanted=wanted, number=number, size=size).page


def _page(found: list[BranchLine], wanted: Wanted, number: int, size: int) -> Beside[BranchLine]:
    shown = [one for one in found if wanted.text.lower() in one.name.lower()]
    ordered = sorted(shown, key=lambda one: _order(one, wanted.order))
    return Beside(
        page=Page(ordered[(number - 1) * size : number * size], number, len(ordered) > number * size),
        many=len(found),
        tellable=sum(one.said.apart.is_told for one in found),
        above=[one.name for one in found if one.said.apart.way > 0],
        below=[one.name for one in found if one.said.apart.way < 0],
    )


def _order(one: BranchLine, order: Order) -> tuple[Any, ...]:
    name = one.name.lower(), one.unit_id
    orders: dict[Order, tuple[Any, ...]] = {
        Order.LOAD: (-one.health.units,),
        Order.OVERDUE: (-one.overdue,),
        Order.SATISFACTION: (not one.said.tally.n, one.said.shrunken),
        Order.HEALTH: (one.health.score is None, one.health.score or 0),
    }
    return (*orders.get(order, ()), *name)


def _spoken(where: Where, tree: FromClause) -> Any:
    asked = outcomes.spoken(where)
    key = tree.c.branch_id
    summed = sums(asked, where.by, where.months, key.label("key"), key.label("name"), measure=OVERALL)
    return summed.join(tree, tree.c.unit_id == BusinessUnit.id).where(where.condition())


def _heard(session: Session, where: Where, tree: FromClause) -> dict[int, Share]:
    counted = responses.counted(where.by, where.heard, where.now, tree.c.branch_id)
    each = counted.join(tree, tree.c.unit_id == BusinessUnit.id).group_by(tree.c.branch_id)
    return {
        row[0]: share_of(int(row.answered), max(int(row.asked), int(row.answered))) for row in session.execute(each)
    }


def _overdue(session: Session, where: Where, tree: FromClause) -> dict[int, int]:
    each = union_all(*reps.overdue_parts(where)).subquery()
    counted = (
        select(tree.c.branch_id, func.count())
        .join_from(each, tree, tree.c.unit_id == each.c.unit_id)
        .join(BusinessUnit, BusinessUnit.id == each.c.unit_id)
        .where(where.condition())
        .group_by(tree.c.branch_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _names(session: Session, tree: FromClause) -> dict[int, str]:
    named = select(BusinessUnit.id, BusinessUnit.name).where(BusinessUnit.id.in_(select(tree.c.branch_id)))
    return {row.id: row.name for row in session.execute(named)}
