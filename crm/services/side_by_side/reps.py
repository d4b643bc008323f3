"""Rep beside rep: what each carries next to how the relationships stand. Never the one without the other."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, aliased

from crm.services import words
from crm.services.comparing import Show, lines
from crm.services.outlook import Where, reps
from crm.services.outlook.told import RepLine
from crm.services.pages import SIZE, Page
from crm.services.review_lists import lead_then
from crm.services.side_by_side import outcomes
from crm.services.side_by_side.told import Beside, Health, Held, RepBeside
from crm.services.side_by_side.wanted import Order, Wanted
from models.total import OVERALL
from models.unit import Assignment, BusinessUnit, Cover


def of_reps(session: Session, *, where: Where, wanted: Wanted, number: int = 1, size: int = SIZE) -> Beside[RepBeside]:
    """A page of reps. Four statements, however many units.

    Load and health are those of the units led today; what was said, and reviews, count for who led the unit then.
    """
    carried = reps.read(session, where)
    asked = outcomes.spoken(where)
    said = outcomes.said(session, lines.statement(Show.REPS, asked, where.by, where.months, OVERALL), Show.REPS)
    then, today = aliased(Assignment), aliased(Assignment)
    held = outcomes.held(session, where, then.rep_id, then, lead_then(then))
    leads = (today.unit_id == BusinessUnit.id) & (today.cover == Cover.LEAD) & today.in_force(where.today)
    health = outcomes.health(session, where, today.rep_id, today, leads, wanted.on)
    found = [
        RepBeside(
            one,
            said.get(one.rep_id, outcomes.NOTHING),
            held.get(one.rep_id, Held()),
            health.get(one.rep_id, Health()),
        )
        for one in carried
    ]
    return _page(found, wanted, number, size)


def reps_listed(
    session: Session, *, where: Where, wanted: Wanted, number: int = 1, size: int = SIZE
) -> Page[RepBeside]:
    """The lines alone, for a file."""
    return of_reps(session, where=where, wanted=wanted, number=number, size=size).page


def _page(found: list[RepBeside], wanted: Wanted, number: int, size: int) -> Beside[RepBeside]:
    shown = [one for one in found if wanted.text.lower() in one.load.name.lower()]
    ordered = sorted(shown, key=lambda one: _order(one, wanted.order))
    return Beside(
        page=Page(ordered[(number - 1) * size : number * size], number, len(ordered) > number * size),
        many=len(found),
        tellable=sum(one.said.apart.is_told for one in found),
        above=[one.load.name for one in found if one.said.apart.way > 0],
        below=[one.load.name for one in found if one.said.apart.way < 0],
        heaviest=_heaviest([one.load for one in found]),
    )


def _order(one: RepBeside, order: Order) -> tuple[Any, ...]:
    """Whoever has no such figure stands last; equals by name."""
    load, name = one.load, (one.load.name.lower(), one.load.rep_id)
    orders: dict[Order, tuple[Any, ...]] = {
        Order.LOAD: (-load.units,),
        Order.OVERDUE: (-load.overdue,),
        Order.SHORT: (not load.asked, load.minutes / load.asked if load.asked else 0),
        Order.SATISFACTION: (not one.said.tally.n, one.said.shrunken),
        Order.HEALTH: (one.health.score is None, one.health.score or 0),
        Order.NAME: (),
    }
    return (*orders[order], *name)


def _heaviest(carried: list[RepLine]) -> str:
    """ "Ines Carvalho leads five of eleven units and has ten of twelve overdue things"."""
    units, overdue = sum(one.units for one in carried), sum(one.overdue for one in carried)
    first = max(carried, key=lambda one: (one.units, one.overdue), default=None)
    if first is None or not first.units or len(carried) < 2:
        return ""
    said = f"{first.name} leads {words.number(first.units)} of {words.counted(units, 'unit')}"
    if not overdue:
        return said
    return f"{said} and has {words.number(first.overdue)} of {words.counted(overdue, 'overdue thing')}"
