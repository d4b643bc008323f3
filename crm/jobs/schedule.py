"""When a job is due: on the wall clock of the organisation's seat, and never in the hours in which clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.services.cadence_rules import WEEKDAYS, instant

EVERY_DAY = frozenset(range(7))
MONDAY_TO_FRIDAY = frozenset(range(5))
#: Between these hours of the night clocks are put forward and back: a time may come twice there, or not at all.
CLOCKS_CHANGE = (time(1), time(3))


@dataclass(frozen=True)
class Due:
    """One time at which a job was to run. ``key`` is the same however often, and by whomever, it is worked out."""

    key: str
    at: datetime


@dataclass(frozen=True)
class Daily:
    """Once on each local day, or on some days of the week. Its key is the local date."""

    at: time
    #: 0 is Monday.
    weekdays: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if CLOCKS_CHANGE[0] <= self.at < CLOCKS_CHANGE[1]:
            raise ValueError(f"{self.at:%H:%M} may come twice in a night, or not at all")

    def last(self, now: datetime, zone: ZoneInfo) -> Due:
        """The newest due time that is not after ``now``: after three days down there is one, not three."""
        today = now.astimezone(zone).date()
        days = (today - timedelta(days=back) for back in range(9))
        dues = (Due(day.isoformat(), instant(day, self.at, zone)) for day in days if day.weekday() in self.weekdays)
        return next(due for due in dues if due.at <= now)

    def next(self, now: datetime, zone: ZoneInfo) -> Due:
        """The first due time after ``now``."""
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(9))
        dues = (Due(day.isoformat(), instant(day, self.at, zone)) for day in days if day.weekday() in self.weekdays)
        return next(due for due in dues if due.at > now)

    def __str__(self) -> str:
        return f"{self._days()} at {self.at:%H:%M}"

    def _days(self) -> str:
        if self.weekdays == EVERY_DAY:
            return "Every day"
        if self.weekdays == MONDAY_TO_FRIDAY:
            return "Monday to Friday"
        return ", ".join(WEEKDAYS[day] for day in sorted(self.weekdays))


@dataclass(frozen=True)
class Every:
    """Again and again, so many minutes apart, counted from midnight UTC."""

    minutes: int

    def last(self, now: datetime, _: ZoneInfo) -> Due:
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + (now - midnight) // timedelta(minutes=self.minutes) * timedelta(minutes=self.minutes)
        return Due(f"{at:%Y-%m-%dT%H:%MZ}", at)

    def next(self, now: datetime, zone: ZoneInfo) -> Due:
        """The first due time after ``now``. The count begins anew at midnight, even where the minutes do not fit."""
        return self.last(self.last(now, zone).at + timedelta(minutes=self.minutes), zone)

    def __str__(self) -> str:
        return "Every minute" if self.minutes == 1 else f"Every {self.minutes} minutes"


Schedule = Daily | Every
