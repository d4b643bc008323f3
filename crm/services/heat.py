"""The heat map: each relationship by the parts of its health, the weakest first; a page of it, however many there are.

On a day of the past it shows what stood then: snapshots are kept for every day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import heat_rows, pages
from crm.services.health import rules
from crm.services.heat_wanted import Rolled as Rolled
from crm.services.heat_wanted import Wanted as Wanted
from crm.services.pages import Page
from crm.services.statements import put_together_once
from crm.stats.health import Level, level_of
from models.health import Component, Movement

MOVEMENTS: Mapping[Movement, str] = {
    Movement.IMPROVING: "Improving",
    Movement.STEADY: "Steady",
    Movement.SLIPPING: "Slipping",
}


@dataclass(frozen=True)
class Cell:
    """One part of one relationship; of a branch, the mean of those units of which it is known."""

    component: Component
    value: int | None

    @property
    def name(self) -> str:
        return rules.NAMES[self.component]

    @property
    def level(self) -> Level:
        return level_of(self.value)


@dataclass(frozen=True)
class Line:
    """One unit, or with ``is_branch`` a unit and all below it."""

    unit_id: int
    name: str
    code: str
    parent_name: str | None
    #: 0 to 100; None: too little is known.
    score: int | None
    #: None: too few weeks to tell; always of a branch.
    movement: Movement | None
    cells: Sequence[Cell] = field(default_factory=tuple)
    is_branch: bool = False
    #: How many units stand in it, how many of them have a score, and how many slip for real.
    units: int = 1
    known: int = 1
    slipping: int = 0

    @property
    def level(self) -> Level:
        return level_of(self.score)

    @property
    def parts(self) -> str:
        """ "based on 3 of 4 parts"; "" when all are known."""
        known = sum(cell.value is not None for cell in self.cells)
        return "" if known in (0, len(self.cells)) else f"from {known} of {len(self.cells)} parts"


@dataclass(frozen=True)
class Heat:
    """``branch_name`` and ``rep_name``: of what the address names; "" where it names none, or nothing is shown."""

    page: Page[Line]
    wanted: Wanted
    branch_name: str = ""
    rep_name: str = ""

    @property
    def only(self) -> str:
        """Which units are shown, when not all: "Only Finance and what is below it, led by Ines Carvalho."."""
        below = f"{self.branch_name or 'the branch'} and what is below it" if self.wanted.branch_id else ""
        led = f"units led by {self.rep_name or 'the rep'}" if self.wanted.rep_id else ""
        return f"Only {', '.join(part for part in (below, led) if part)}."


def read(session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE) -> Heat:
    """A page of the map. One statement, however many units."""
    found = _rows(session, by, wanted, number, size)
    first = found.rows[0] if found.rows else None
    names = (first.branch_name or "", first.rep_name or "") if first else ("", "")
    return Heat(_told(found, wanted), wanted, *names)


def listed(session: Session, *, by: Actor, wanted: Wanted, number: int, size: int = pages.SIZE) -> Page[Line]:
    """Its lines alone. One statement."""
    return _told(_rows(session, by, wanted, number, size), wanted)


def _rows(session: Session, by: Actor, wanted: Wanted, number: int, size: int) -> Page[Any]:
    policy.require(by, Action.SEE_HEALTH)
    statement = _page(by, wanted, number, size) if wanted.text else _page_once(by, wanted, number, size)
    return pages.cut(session.execute(statement).all(), number, size)


def _page(by: Actor, wanted: Wanted, number: int, size: int) -> Select[*tuple[Any, ...]]:
    statement = heat_rows.branches(by, wanted) if wanted.rolled else heat_rows.units(by, wanted)
    return pages.sliced(statement.add_columns(*heat_rows.titles(wanted)), number, size)


#: No two searches are alike; all else is asked again and again.
_page_once = put_together_once(_page)


def _told(found: Page[Any], wanted: Wanted) -> Page[Line]:
    line = _branch if wanted.rolled else _unit
    return Page([line(row) for row in found.rows], found.number, found.has_next)


def _unit(row: Any) -> Line:
    return Line(
        unit_id=row.unit_id,
        name=row.name,
        code=row.code,
        parent_name=row.parent_name,
        score=row.score,
        movement=row.movement,
        cells=tuple(Cell(each, getattr(row, each.value)) for each in Component),
        known=int(row.score is not None),
        slipping=int(row.movement is Movement.SLIPPING),
    )


def _branch(row: Any) -> Line:
    return Line(
        unit_id=row.unit_id,
        name=row.name,
        code=row.code,
        parent_name=row.parent_name,
        score=mean(row.score_sum, row.score_weight),
        movement=None,
        cells=tuple(
            Cell(each, mean(getattr(row, f"{each.value}_sum"), getattr(row, f"{each.value}_weight")))
            for each in Component
        ),
        is_branch=True,
        units=row.units,
        known=row.known,
        slipping=row.slipping,
    )


def mean(total: int | None, weight: int | None) -> int | None:
    """Rounded half up, without a float between; None where nothing is weighed."""
    return floor(Fraction(int(total or 0), int(weight)) + Fraction(1, 2)) if weight else None
