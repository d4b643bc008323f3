"""A place in a timeline, as an address can carry it: what comes after it is the next stretch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_WRITTEN = re.compile(r"([12]\d{3}-\d\d-\d\d)\.(\d{1,2})\.(\d{1,17}|-)\.(\d{1,9})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """The entry last read: its day on the unit's calendar, its kind's rank within a day, its instant if it has one."""

    day: date
    rank: int
    at: datetime | None
    id: int

    @property
    def order(self) -> tuple[int, ...]:
        """What comes first has the smaller one: the newest, and within a day the smaller rank."""
        return -self.day.toordinal(), self.rank, -self._microseconds, -self.id

    @property
    def _microseconds(self) -> int:
        return (self.at - _EPOCH) // _MICROSECOND if self.at else 0

    def written(self) -> str:
        """As :func:`found_in` understands it; exact to the microsecond, as the databases are."""
        at = self._microseconds if self.at else "-"
        return f"{self.day}.{self.rank}.{at}.{self.id}"


def found_in(text: str) -> Place | None:
    """None for anything that was not written by :meth:`Place.written`."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day, rank, at, identity = found.groups()
    try:
        instant = None if at == "-" else _EPOCH + int(at) * _MICROSECOND
        return Place(date.fromisoformat(day), int(rank), instant, int(identity))
    except (ValueError, OverflowError):
        return None


def before_all(today: date) -> Place:
    """From here everything until today is still to come."""
    return Place(today, -1, None, 0)
