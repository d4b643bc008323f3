"""Days with a number in them: "31 Jan", "2026-12-01", "12/11". Two readings of one writing are asked about."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from crm.services.capture.calendar_words import MONTHS, WEEKDAYS, either
from crm.services.capture.said import WHICH, Said, from_now_on, passed, which

_MONTH = f"({either(MONTHS)})"
_YEAR = r"([0-9]{4})"
_DAY_NAME = f"(?:({either(WEEKDAYS)}) )?"
_DAY = "([0-9]{1,2})(?:st|nd|rd|th)?"
_MOST_YEARS = 8  # from one 29 February to the next, at worst
_CENTURY = 2000


def _iso(found: re.Match[str], on: date) -> Said:
    return from_now_on(date(int(found[1]), int(found[2]), int(found[3])), on)


def _day_and_month(found: re.Match[str], on: date) -> Said:
    return _named(found[1], int(found[2]), MONTHS[found[3]], found[4], on)


def _month_and_day(found: re.Match[str], on: date) -> Said:
    return _named(found[1], int(found[3]), MONTHS[found[2]], found[4], on)


def _named(weekday: str | None, day: int, month: int, year: str | None, on: date) -> Said:
    """ "Fri 13 November 2026". A weekday that is not that day's is asked about."""
    said = from_now_on(date(int(year), month, day), on) if year else coming(day, month, on)
    first = said.days[0]
    if weekday is None or not said.is_sure or first.weekday() == WEEKDAYS[weekday]:
        return said
    return Said((first, first + timedelta(days=(WEEKDAYS[weekday] - first.weekday()) % 7)), WHICH)


def coming(day: int, month: int, on: date) -> Said:
    """The day without a year: the next one, unless the one behind us is nearer. Raises ValueError for 31 February."""
    date(2000, month, day)  # a leap year: raises for what never comes
    days = _in_years(day, month, on)
    ahead = next(one for one in days if one >= on)
    behind = max((one for one in days if one < on), default=None)
    if ahead.year - on.year > 1:  # 29 February, and the coming one is years away
        return Said((ahead,), WHICH)
    return passed(behind, on) if behind and on - behind < ahead - on else Said((ahead,))


def _in_years(day: int, month: int, on: date) -> list[date]:
    days = []
    for year in range(on.year - 1, on.year + _MOST_YEARS + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:  # 29 February, or beyond the calendar
            continue
    if not days or days[-1] < on:
        raise ValueError(f"no {day}.{month}. after {on}")
    return days


def _month_alone(found: re.Match[str], on: date) -> Said:
    """ "January", "Jan 2027": its first day or its last."""
    last = _last_of(MONTHS[found[1]], found[2], on)
    return Said(tuple(day for day in (last.replace(day=1), last) if day >= on), WHICH)


def _end_of_month(found: re.Match[str], on: date) -> Said:
    return from_now_on(_last_of(MONTHS[found[1]], found[2], on), on)


def _last_of(month: int, year: str | None, on: date) -> date:
    last = date(int(year or on.year), month, 1) + relativedelta(day=31)
    return last if year or last >= on else date(on.year + 1, month, 1) + relativedelta(day=31)


def _of_the_month(found: re.Match[str], on: date) -> Said:
    """ "The 5th": the coming one. Where the month is too short for it, its last day or the next month's."""
    day = int(found[1])
    days = [on + relativedelta(months=ahead, day=day) for ahead in (0, 1, 2)]
    ahead = [one for one in days if one >= on]
    return Said((ahead[0],)) if ahead[0].day == day else Said((ahead[0], ahead[1]), WHICH)


def _figures(found: re.Match[str], on: date) -> Said:
    """ "13/2" can be read in one way, "12/11" in two. Without a slash it may be no day at all: asked."""
    first, mark, second = int(found[1]), found[2], int(found[3])
    said = _both_ways(first, second, lambda day, month: coming(day, month, on))
    return said if mark == "/" else Said(said.days, said.ask or WHICH)


def _figures_and_year(found: re.Match[str], on: date) -> Said:
    year = int(found[4]) if len(found[4]) == len("2026") else _CENTURY + int(found[4])
    if found[2] == ".":  # only ever the day first
        return from_now_on(date(year, int(found[3]), int(found[1])), on)
    return _both_ways(int(found[1]), int(found[3]), lambda day, month: from_now_on(date(year, month, day), on))


def _both_ways(first: int, second: int, read: Callable[[int, int], Said]) -> Said:
    """Day and month, month and day. Raises ValueError when neither can be."""
    ways = []
    for day, month in {(first, second), (second, first)}:
        try:
            ways.append(read(day, month))
        except ValueError:
            continue
    if not ways:
        raise ValueError("neither way is a day")
    return ways[0] if len(ways) == 1 else which([day for way in ways for day in way.days])


READERS: tuple[tuple[str, Callable[[re.Match[str], date], Said | None]], ...] = (
    (r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", _iso),
    (rf"{_DAY_NAME}{_DAY}(?: of)? ?{_MONTH}(?: {_YEAR})?", _day_and_month),
    (rf"{_DAY_NAME}{_MONTH} ?{_DAY}(?: {_YEAR})?", _month_and_day),
    (r"([0-9]{1,2})(?:st|nd|rd|th)", _of_the_month),
    (rf"{_MONTH}(?: {_YEAR})?", _month_alone),
    (rf"end of {_MONTH}(?: {_YEAR})?", _end_of_month),
    (r"([0-9]{1,2})([-/.])([0-9]{1,2})", _figures),
    (r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})", _figures_and_year),
)
