"""Which units the lower half of the portfolio is about: the open ones one may see, of a branch where one is chosen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CTE, ColumnElement, Select, SQLColumnExpression, and_, select

from crm import policy
from crm.policy import Actor
from crm.services import branches, stretches
from crm.services.comparing.wanted import Months, Wanted, months_of
from crm.services.reviews import LocalToday
from crm.services.stretches import Stretch
from models.unit import BusinessUnit

#: Hours are told of so many days.
DAYS = 30


@dataclass(frozen=True)
class Where:
    """Who asks, about which branch, looking back on which time; ``here`` is today on the wall of each unit."""

    by: Actor
    branch_id: int | None
    stretch: Stretch
    now: datetime
    here: LocalToday

    @property
    def sight(self) -> Hashable:
        """What its conditions depend on; the moment is told when a statement is run."""
        return self.by.sight, self.branch_id, self.stretch, self.here.sight

    @property
    def today(self) -> date:
        return self.by.today

    @property
    def before(self) -> Stretch:
        """As long, and just before."""
        long = self.stretch.until - self.stretch.since
        return stretches.days(self.stretch.since - long, self.stretch.since)

    @property
    def lately(self) -> Stretch:
        """The last 30 days, with today."""
        return stretches.days(self.today - timedelta(days=DAYS), self.today + timedelta(days=1))

    @property
    def months(self) -> Months:
        return months_of(self.stretch)

    @property
    def heard(self) -> Wanted:
        return Wanted(self.months, branch_id=self.branch_id)

    def condition(self) -> ColumnElement[bool]:
        """On BusinessUnit."""
        seen = and_(BusinessUnit.closed_on.is_(None), policy.visible_units(self.by))
        return and_(seen, BusinessUnit.id.in_(branches.branch(self.branch_id))) if self.branch_id else seen

    def units(self) -> CTE:
        """Their ids and names."""
        found = select(BusinessUnit.id, BusinessUnit.name).where(self.condition())
        return found.cte("here_units").prefix_with("MATERIALIZED")

    def among(self, unit_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """On the ``unit_id`` of what belongs to a unit."""
        mine: Select[int] = select(BusinessUnit.id).where(self.condition())
        return unit_id.in_(mine)
