"""The time the demonstration covers, reckoned from today, so that it is always fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from crm.services import cadence_rules

MONTHS = 30
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Era:
    today: date
    now: datetime

    @property
    def start(self) -> date:
        """The first of a month, two and a half years ago."""
        return self.today.replace(day=1) - relativedelta(months=MONTHS)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def quarter_start(self, quarters_ago: int) -> date:
        month = (self.today.month - 1) // 3 * 3 + 1
        return self.today.replace(month=month, day=1) - relativedelta(months=3 * quarters_ago)

    def instant(self, day: date, at: time, zone: ZoneInfo) -> datetime:
        """That moment, or now if it is still to come."""
        return min(cadence_rules.instant(day, at, zone), self.now)


def working_day(day: date) -> date:
    """That day, or the Monday after."""
    return day + DAY * max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else day


def office_hour(rng: Random) -> time:
    return time(rng.randint(8, 17), rng.choice((0, 5, 10, 20, 30, 40, 50)))
