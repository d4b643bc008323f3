"""What an address asks to see beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import reviews, stretches
from crm.services.comparing.wanted import Against, months_of
from crm.services.outlook import Where
from crm.services.stretches import Stretch


class Kind(StrEnum):
    """What a line is."""

    PERIOD = "period"
    BRANCH = "branch"
    REP = "rep"


class Order(StrEnum):
    """Which line stands first."""

    LOAD = "load"  # most units
    OVERDUE = "overdue"
    SHORT = "short"  # least of the hours asked for
    SATISFACTION = "satisfaction"  # weakest, small samples drawn to the average
    HEALTH = "health"  # weakest
    NAME = "name"


@dataclass(frozen=True)
class Wanted:
    stretch: Stretch
    kind: Kind = Kind.PERIOD
    branch_id: int | None = None
    against: Against = Against.BEFORE
    order: Order = Order.LOAD
    text: str = ""

    @property
    def then(self) -> Stretch:
        """The time it is compared with: as long and just before, or the same days a year ago."""
        since, until = self.stretch.since, self.stretch.until
        if self.against is Against.YEAR_BEFORE:
            return stretches.days(since - relativedelta(years=1), until - relativedelta(years=1))
        return stretches.days(since - (until - since), since)

    @property
    def on(self) -> date:
        """The last day of the time chosen."""
        return self.stretch.until - relativedelta(days=1)

    @property
    def then_on(self) -> date:
        return self.then.until - relativedelta(days=1)

    @property
    def days(self) -> Stretch:
        """The time by its days, as every list knows it."""
        return stretches.days(self.stretch.since, self.stretch.until)

    @property
    def months_address(self) -> dict[str, str]:
        """Its whole months, as ratings are counted, in an address."""
        return months_of(self.stretch).address


def where(session: Session, *, by: Actor, wanted: Wanted, now: datetime) -> Where:
    """The units it is about. One statement. Raises Forbidden."""
    policy.require(by, Action.SEE_PORTFOLIO)
    return Where(by, wanted.branch_id, wanted.stretch, now, reviews.local_today(session, now))
