"""Which days a view of the calendar shows, and where the neighbouring ones begin. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

DAY, WEEK, MONTH = timedelta(days=1), timedelta(weeks=1), relativedelta(months=1)
AGENDA = 4 * WEEK
#: Beyond these nothing is shown; every neighbour of a day between them is a day.
FIRST, LAST = date(2000, 1, 1), date(2200, 12, 31)


class View(enum.StrEnum):
    MONTH = "month"
    WEEK = "week"
    AGENDA = "agenda"
    DAY = "day"


#: So many events of a day are shown; the rest is counted, and on the day's own page.
SHOWN = {View.MONTH: 3, View.WEEK: 8, View.AGENDA: 8, View.DAY: 200}


@dataclass(frozen=True)
class Span:
    """The days from ``since`` to before ``until``; a month is shown in whole weeks, ``begins`` is its first day."""

    view: View
    on: date
    begins: date
    since: date
    until: date
    earlier: date
    later: date

    @property
    def shown(self) -> int:
        return SHOWN[self.view]

    @property
    def own_days(self) -> list[date]:
        """Without those of the months before and after."""
        return [day for day in self.all_days if self.view is not View.MONTH or self.is_of_month(day)]

    @property
    def all_days(self) -> list[date]:
        return [self.since + DAY * number for number in range((self.until - self.since).days)]

    @property
    def weeks(self) -> list[list[date]]:
        days = self.all_days
        return [days[start : start + 7] for start in range(0, len(days), 7)]

    def is_of_month(self, day: date) -> bool:
        return (day.year, day.month) == (self.begins.year, self.begins.month)


def span(view: View, on: date) -> Span:
    """The span of a view that has ``on`` in it; of an agenda, the one that begins there."""
    on = min(max(on, FIRST), LAST)
    if view is View.MONTH:
        begins = on.replace(day=1)
        end = begins + MONTH
        return Span(view, on, begins, _monday(begins), _monday(end - DAY) + WEEK, begins - MONTH, end)
    if view is View.WEEK:
        begins = _monday(on)
        return Span(view, on, begins, begins, begins + WEEK, begins - WEEK, begins + WEEK)
    length = AGENDA if view is View.AGENDA else DAY
    return Span(view, on, on, on, on + length, on - length, on + length)


def both(one: Span, other: Span) -> Span:
    """What is needed to show either."""
    return replace(one, view=other.view, since=min(one.since, other.since), until=max(one.until, other.until))


def _monday(day: date) -> date:
    return day - DAY * day.weekday()
