"""What a comparison is asked for: of what, by which measure, in which time, against which, where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import portfolio, words
from crm.services.measures import OVERALL, asked_in, is_of_chance
from crm.services.stretches import Stretch
from crm.services.tallies import Tally
from models.question import Instrument
from models.total import PeriodTotal
from models.unit import BusinessUnit

#: The key of the question about each service.
SERVICE = "service"


class Show(StrEnum):
    """What stands beside each other."""

    UNITS = "units"
    SERVICES = "services"
    PERIODS = "periods"
    REPS = "reps"
    RESPONSES = "responses"


class Order(StrEnum):
    """Which line stands first."""

    WEAKEST = "weakest"
    STRONGEST = "strongest"
    NAME = "name"
    LEAST_HEARD = "least-heard"


class Against(StrEnum):
    """With which time the chosen one is compared."""

    BEFORE = "before"  # as long, and just before
    YEAR_BEFORE = "year-before"


@dataclass(frozen=True)
class Months:
    """Whole months, from the first of one to before the first of another."""

    since: date
    until: date

    @property
    def many(self) -> int:
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month

    @property
    def words(self) -> str:
        """ "December 2025 to November 2026", "March 2026"."""
        last = self.until - relativedelta(months=1)
        if self.many == 1:
            return f"{last:%B %Y}"
        return f"{self.since:%B}{'' if self.since.year == last.year else f' {self.since.year}'} to {last:%B %Y}"

    @property
    def address(self) -> dict[str, str]:
        """As in an address: {"from": "2026-03", "to": "2026-05"}."""
        return {"from": f"{self.since:%Y-%m}", "to": f"{self.until - relativedelta(months=1):%Y-%m}"}

    def before(self, against: Against) -> Months:
        back = relativedelta(months=self.many if against is Against.BEFORE else 12)
        return Months(self.since - back, self.until - back)


def months_of(stretch: Stretch) -> Months:
    """The whole months of a stretch; of one that begins within a month, from the next on; of days of one month: it."""
    since, until = stretch.since, stretch.until
    first = since if since.day == 1 else since.replace(day=1) + relativedelta(months=1)
    after = until if until.day == 1 else until.replace(day=1) + relativedelta(months=1)
    return Months(min(first, after - relativedelta(months=1)), after)


@dataclass(frozen=True)
class Wanted:
    """``measure`` of what is not a service; ``text``: of a unit's name; ``instrument``: of responses, None for all."""

    months: Months
    measure: str = OVERALL
    against: Against = Against.BEFORE
    branch_id: int | None = None
    text: str = ""
    order: Order = Order.WEAKEST
    instrument: Instrument | None = None

    @property
    def before(self) -> Months:
        return self.months.before(self.against)

    @property
    def when(self) -> str:
        return self.months.words


OF_WHOM = 4
SUMS = ("rounds", "asked", "n", "total", "squares", "satisfied", "promoters", "detractors")


def sums(wanted: Wanted, by: Actor, months: Months, *keys: Any, measure: str) -> Select[Any]:
    """The totals of a time, added up for each of the keys, with whose they are; BusinessUnit is joined."""
    of_chance = is_of_chance(measure)
    instruments = (Instrument.SURVEY,) if measure == SERVICE else asked_in(measure)
    added = [func.sum(getattr(PeriodTotal, name)).label(name) for name in SUMS]
    of_whom = [figure(PeriodTotal.unit_id.distinct()) for figure in (func.count, func.sum, func.min, func.max)]
    return (
        select(*keys, *added, *of_whom)
        .join_from(PeriodTotal, BusinessUnit, BusinessUnit.id == PeriodTotal.unit_id)
        .where(
            PeriodTotal.measure == measure,
            PeriodTotal.is_of_chance == of_chance,
            (PeriodTotal.about != "") if measure == SERVICE else (PeriodTotal.about == ""),
            PeriodTotal.instrument.in_(instruments),
            # A service is rated by everyone who uses it; a unit by those who answer for it.
            PeriodTotal.speaks_for_unit if measure != SERVICE else true(),
            PeriodTotal.month >= months.since,
            PeriodTotal.month < months.until,
            *scope(wanted, by),
        )
        .group_by(*keys)
    )


def scope(wanted: Wanted, by: Actor) -> list[ColumnElement[bool]]:
    """The units one may see, of the branch."""
    conditions = [policy.visible_units(by)]
    if wanted.branch_id:
        conditions.append(BusinessUnit.id.in_(portfolio.branch(wanted.branch_id)))
    return conditions


def tally_of(row: Any, measure: str) -> Tally:
    """From a row of :func:`sums`."""
    figures = {name: int(getattr(row, name)) for name in SUMS}
    return Tally(**figures, is_of_chance=is_of_chance(measure))


@dataclass(frozen=True)
class Group:
    """What is said of one unit, service or rep. ``units``: the same where the units are."""

    name: str = ""
    tally: Tally = field(default_factory=Tally)
    units: tuple[int, ...] = ()


def groups(session: Session, statement: Select[Any], measure: str) -> dict[Any, Group]:
    """Of a statement whose first two columns are ``key`` and ``name``. One statement."""
    return {
        row.key: Group(row.name or "", tally_of(row, measure), tuple(map(int, row[-OF_WHOM:])))
        for row in session.execute(statement)
    }


def in_words(wanted: Wanted) -> str:
    """ "December 2025 to November 2026, against the twelve months before"."""
    if wanted.against is Against.YEAR_BEFORE:
        return f"{wanted.when}, against the same months of the year before"
    many = wanted.months.many
    then = "the month" if many == 1 else f"the {words.number(many)} months"
    return f"{wanted.when}, against {then} before"
