"""The health of a unit in short, for its own page: the figure that adds up, and why it moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services.health import moved, page
from crm.services.health.moved import Moved
from crm.services.health.page import Line
from crm.stats.health import Health
from models.unit import BusinessUnit

#: So many causes are named on the page of the unit.
CAUSES = 4


@dataclass(frozen=True)
class Sheet:
    moved: Moved
    lines: Sequence[Line]
    #: Whether the first day is that of the last review.
    since_review: bool

    @property
    def health(self) -> Health | None:
        return self.moved.after.health if self.moved.after else None


def read(session: Session, *, by: Actor, unit: BusinessUnit, last_review: date | None) -> Sheet | None:
    """Today against the last review, or a quarter ago. None for those who do not see health. Two statements."""
    if not policy.can(by, Action.SEE_HEALTH, unit):
        return None
    reviewed = last_review is not None and last_review < by.today
    since = last_review if last_review and reviewed else by.today - relativedelta(months=3)
    why = moved.between(session, unit_id=unit.id, since=since, until=by.today)
    return Sheet(why, page.lines(why), reviewed)
