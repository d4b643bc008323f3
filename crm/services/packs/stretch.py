"""The stretch of days a pack tells of, and how much of a long list it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, and_

from crm.documents.content import Item, Table, Text
from crm.services import clock, words
from models.unit import BusinessUnit

#: Rows of a table or lines of a list; what is more is counted.
MOST = 12
#: What is still owed is told of for so long.
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Stretch:
    """Both days included, on the unit's calendar. ``today``: when it is told."""

    unit: BusinessUnit
    since: date
    until: date
    today: date

    def holds(self, moment: SQLColumnExpression[datetime | None]) -> ColumnElement[bool]:
        """The condition that an instant lies in it."""
        return and_(moment >= self._midnight(self.since), moment < self._midnight(self.until + timedelta(days=1)))

    def is_recent(self, moment: SQLColumnExpression[datetime | None]) -> ColumnElement[bool]:
        """The condition that an instant lies in the year before its end."""
        return and_(moment >= self.ended() - REMEMBERED, moment < self.ended())

    def holds_day(self, day: SQLColumnExpression[date]) -> ColumnElement[bool]:
        return day.between(self.since, self.until)

    def ended(self) -> datetime:
        """The instant after it."""
        return self._midnight(self.until + timedelta(days=1))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.unit.time_zone)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def day(self, moment: datetime) -> date:
        return clock.local_date(moment, self.unit.time_zone)

    def said(self, on: date) -> str:
        """ "4 August"; the year where it is another than today's."""
        return words.day(on, self.today)


@dataclass(frozen=True)
class Bounded:
    """The first rows of a list, and how many there are."""

    rows: Sequence[Any]
    count: int

    @property
    def rest(self) -> int:
        return self.count - len(self.rows)


def more(bounded: Bounded, one: str, many: str | None = None) -> str:
    """ "And 480 more requests."; "" where all are shown."""
    told = words.counted(bounded.rest, f"more {one}", f"more {many or one + 's'}")
    return f"And {told}." if bounded.rest else ""


def with_rest(items: Sequence[Item], rest: str) -> tuple[Item, ...]:
    return (*items, Item(rest)) if rest else tuple(items)


def table(shown: Table, rest: str) -> tuple[Table | Text, ...]:
    """With what is left out said below."""
    return (shown, Text(rest)) if rest else (shown,)
