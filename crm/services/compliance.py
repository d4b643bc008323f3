"""Whether the reviews that were due took place: held of due, by rep, unit or quarter, always with both numbers.

Due is what was held and what was missed. Skipped with a reason is said apart; what can still be held is not due yet.
This is the one definition: every page that shows such a figure takes it, or its conditions, from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Label, Select, cast, extract, func, literal_column, null, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages, review_lists, stretches, words
from crm.services.review_lists import Filter
from crm.services.reviews import Standing, Today, local_today, stands
from crm.services.stretches import Stretch
from models.person import Person
from models.review import Review
from models.unit import BusinessUnit

COUNTED = (Standing.HELD, Standing.MISSED, Standing.SKIPPED)


class Group(StrEnum):
    """One line of the table is a ..."""

    REP = "rep"
    UNIT = "unit"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Figure:
    held: int = 0
    missed: int = 0
    skipped: int = 0

    @property
    def due(self) -> int:
        return self.held + self.missed

    @property
    def share(self) -> float:
        """From 0 to 1; 1 when nothing was due."""
        return self.held / self.due if self.due else 1

    @property
    def said(self) -> str:
        """ "7 of 9 held"."""
        return f"{self.held} of {self.due} held" if self.due else "none due"


@dataclass(frozen=True)
class Line:
    """One rep, unit or quarter. ``key``: the id, or the quarter as in an address; None where nobody led the unit."""

    key: int | str | None
    name: str
    figure: Figure


@dataclass(frozen=True)
class Compliance:
    total: Figure
    page: pages.Page[Line]


def counts(today: Today) -> list[Label[int]]:
    """How many reviews of a statement (with BusinessUnit in it) were held, missed and skipped: ``Figure``'s columns."""
    return [func.count(Review.id).filter(stands(which, today)).label(which.value) for which in COUNTED]


def counts_as(which: Standing, today: Today, stretch: Stretch) -> ColumnElement[bool]:
    """Whether a review adds to that column of the figure of a stretch; for statements that count in their own way."""
    return stands(which, today) & review_lists.planned_in(stretch)


def read(session: Session, *, by: Actor, wanted: Filter, group: Group, number: int, now: datetime) -> Compliance:
    """The figure of everything the filter chooses, and a page of its parts, most missed first. Three statements."""
    policy.require(by, Action.SEE_LOAD)
    today = local_today(session, now)
    total = session.execute(review_lists.of_scope(select(*counts(today)), by, wanted)).one()
    grouped = _grouped(review_lists.of_scope(_by(group, today), by, wanted), group, today)
    found = pages.of_rows(session, grouped, number)
    lines = [_line(group, row) for row in found.rows]
    return Compliance(Figure(*total), pages.Page(lines, found.number, found.has_next))


def _by(group: Group, today: Today) -> Select[*tuple[Any, ...]]:
    if group is Group.REP:
        return select(Person.id.label("key"), Person.name.label("name"), *counts(today))
    if group is Group.UNIT:
        return select(BusinessUnit.id.label("key"), BusinessUnit.name.label("name"), *counts(today))
    return select(_quarter().label("key"), null().label("name"), *counts(today))


def _quarter() -> ColumnElement[int]:
    """Quarters counted from the year nought: 2026-Q4 is 8107."""
    # Written into the statement: as parameters, PostgreSQL would not see that it selects what it groups by.
    four, one, three = (literal_column(number, Integer) for number in ("4", "1", "3"))
    year, month = (cast(extract(part, Review.planned_on), Integer) for part in ("year", "month"))
    return year * four + (month - one) // three


def _grouped(statement: Select[*tuple[Any, ...]], group: Group, today: Today) -> Select[*tuple[Any, ...]]:
    """Only what has a figure; what was missed most stands first, of quarters the newest."""
    held, missed, skipped = counts(today)
    some = (held.element + missed.element + skipped.element) > 0
    if group is Group.QUARTER:
        return statement.group_by(_quarter()).having(some).order_by(_quarter().desc())
    if group is Group.REP:
        statement = review_lists.with_lead_then(statement)
    one = Person if group is Group.REP else BusinessUnit
    return statement.group_by(one.id, one.name).having(some).order_by(missed.element.desc(), one.name, one.id)


def _line(group: Group, row: Any) -> Line:
    figure = Figure(row.held, row.missed, row.skipped)
    if group is Group.QUARTER:
        quarter = stretches.quarter(int(row.key) // 4, int(row.key) % 4 + 1)
        return Line(quarter.key, quarter.words, figure)
    return Line(row.key, row.name or "Nobody led it", figure)


@dataclass(frozen=True)
class Lede:
    """The sentence under the title: the finding, then more."""

    finding: str
    rest: str


def lede(found: Compliance, group: Group, when: str) -> Lede:
    """``when``: the stretch in words, "the last twelve months"."""
    total = found.total
    if not total.due:
        return Lede(f"No review was due in {when}.", _skipped(total))
    if not total.missed:
        everything = "The one review" if total.due == 1 else f"All {words.number(total.due)} reviews"
        was = "was" if total.due == 1 else "were"
        return Lede(f"{everything} due in {when} {was} held.", _skipped(total))
    finding = f"{total.held} of {total.due} reviews due in {when} were held."
    return Lede(finding, " ".join(part for part in (_missed(found, group), _skipped(total)) if part))


def _missed(found: Compliance, group: Group) -> str:
    missed = words.capital(f"{words.number(found.total.missed)} {_were(found.total.missed)} missed")
    worst = max(found.page.rows, key=lambda line: line.figure.missed, default=None)
    if group is Group.QUARTER or worst is None or found.page.number > 1 or len(found.page.rows) < 2:
        return f"{missed}."
    where = f"{'of' if group is Group.REP else 'at'} {worst.name}"
    some = "" if worst.figure.missed == found.total.missed else f"{words.number(worst.figure.missed)} "
    return f"{missed}, {some}{where}."


def _skipped(total: Figure) -> str:
    if not total.skipped:
        return ""
    return words.capital(f"{words.number(total.skipped)} {_were(total.skipped)} skipped with a reason.")


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
