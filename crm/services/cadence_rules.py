"""The arithmetic of a rhythm: which periods there are, on which day of one to meet, at which instant. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.review import Cadence, DayRule, Frequency

MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}

NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Period:
    """A calendar month or quarter: ``since`` its first day, ``until`` the first day after it."""

    #: "2026-11" or "2026-Q4".
    key: str
    since: date
    until: date


@dataclass(frozen=True)
class Rule:
    """How often, on which day, at which time. The values are those of :class:`models.review.Cadence`."""

    frequency: Frequency
    #: 1 to 3; of no meaning when monthly.
    anchor_month: int
    day_rule: DayRule
    #: 1 to 4, or -1 for the last.
    nth: int
    #: 0 is Monday.
    weekday: int
    #: 1 to 31.
    month_day: int
    #: Wall-clock time.
    at: time
    minutes: int


def rule_of(cadence: Cadence) -> Rule:
    return Rule(
        frequency=cadence.frequency,
        anchor_month=cadence.anchor_month,
        day_rule=cadence.day_rule,
        nth=cadence.nth,
        weekday=cadence.weekday,
        month_day=cadence.month_day,
        at=cadence.at,
        minutes=cadence.minutes,
    )


def period_of(frequency: Frequency, day: date) -> Period:
    """The period that a day lies in."""
    if frequency is Frequency.MONTHLY:
        return Period(f"{day:%Y-%m}", day.replace(day=1), _months_later(day, 1))
    quarter = (day.month + 2) // 3
    since = date(day.year, 3 * quarter - 2, 1)
    return Period(f"{day.year:04}-Q{quarter}", since, _months_later(since, 3))


def periods(frequency: Frequency, since: date, until: date) -> Iterator[Period]:
    """The periods that share at least one day with the span from ``since`` to before ``until``, in order."""
    day = since
    while day < until:
        period = period_of(frequency, day)
        yield period
        day = period.until


def day_in(period: Period, rule: Rule) -> date:
    """The day of the period on which the rule falls.

    Days 29 to 31 mean "or the last day of the month": RFC 5545 would skip the short months (STATISTICS.md, section 9).
    """
    month = period.since
    if rule.frequency is Frequency.QUARTERLY:
        month = _months_later(month, rule.anchor_month - 1)
    if rule.day_rule is DayRule.MONTH_DAY:
        return month.replace(day=min(rule.month_day, _last_day(month)))
    return _nth_weekday(month, rule.nth, rule.weekday)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clock on the wall there shows that time on that day.

    A time that does not exist (the clock is put forward over it) moves forward by what was left out: 02:30 becomes
    03:30. A time that comes twice (the clock is put back) is the first of the two. Both are what ``fold=0`` of PEP 495
    means.
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def in_words(rule: Rule) -> str:
    """The rule as people say it: "Monthly, on the second Thursday at 10:00"."""
    day = _day_in_words(rule)
    if rule.frequency is Frequency.QUARTERLY:
        return f"Quarterly, on the {day} of the {NTH[rule.anchor_month]} month at {rule.at:%H:%M}"
    return f"Monthly, on the {day} at {rule.at:%H:%M}"


def _day_in_words(rule: Rule) -> str:
    if rule.day_rule is DayRule.WEEKDAY:
        return f"{NTH[rule.nth]} {WEEKDAYS[rule.weekday]}"
    if rule.month_day == 31:
        return "last day"
    if rule.month_day > 28:
        return f"{ordinal(rule.month_day)}, or the last day,"
    return ordinal(rule.month_day)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st; for 1 to 31."""
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _nth_weekday(month: date, nth: int, weekday: int) -> date:
    if nth < 0:
        last = month.replace(day=_last_day(month))
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = month.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_day(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _months_later(day: date, months: int) -> date:
    """The first day of the month so many months after that of ``day``."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
