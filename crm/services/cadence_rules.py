"""The arithmetic of a rhythm: which periods there are, on which day of one to meet, at which instant. Pure."""

from __future__ import annotations

from calendar import month_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from crm.services.countries import WEEKDAYS as WEEKDAYS
from crm.services.working_days import DAY, Calendar, days_between
from models.review import Cadence, DayRule, Frequency

#: How many months a period has, and the letter in its key.
MONTHS = {
    Frequency.MONTHLY: 1,
    Frequency.TWO_MONTHLY: 2,
    Frequency.QUARTERLY: 3,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
}
LETTERS = {Frequency.TWO_MONTHLY: "B", Frequency.QUARTERLY: "Q", Frequency.HALF_YEARLY: "H"}
#: The longest a period can be.
LONGEST = timedelta(days=366)

OFTEN = {
    Frequency.MONTHLY: "Monthly",
    Frequency.TWO_MONTHLY: "Every two months",
    Frequency.QUARTERLY: "Quarterly",
    Frequency.HALF_YEARLY: "Half-yearly",
    Frequency.YEARLY: "Yearly",
}
ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
)
#: Which weekday of a month, and which working day.
NTH = {**dict(enumerate(ORDINALS[:4], start=1)), -1: "last"}
NTH_WORKING = {**dict(enumerate(ORDINALS, start=1)), -1: "last"}


@dataclass(frozen=True)
class Period:
    """A month, two months, a quarter, half a year, a year: ``since`` its first day, ``until`` the first day after."""

    #: "2026-11", "2026-B6", "2026-Q4", "2026-H2" or "2026".
    key: str
    since: date
    until: date


@dataclass(frozen=True)
class Day:
    """Where in a period to meet, and why it is not the day the rule alone would give."""

    on: date
    ruled: date
    #: Why nobody meets on ``ruled``: "Christmas Day"; "" when that is the day.
    because: str = ""


@dataclass(frozen=True)
class Rule:
    """How often, on which day, at which time. The values are those of :class:`models.review.Cadence`."""

    frequency: Frequency
    #: Which month of the period: 1 to 12, as many as it has.
    anchor_month: int
    day_rule: DayRule
    #: 1 to 4 (working days: to 15), or -1 for the last.
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
    months = MONTHS[frequency]
    number = (day.month - 1) // months
    since = date(day.year, number * months + 1, 1)
    return Period(_key(frequency, since, number + 1), since, _months_later(since, months))


def _key(frequency: Frequency, since: date, number: int) -> str:
    if frequency is Frequency.MONTHLY:
        return f"{since.year:04}-{since.month:02}"
    return f"{since.year:04}-{LETTERS[frequency]}{number}" if frequency in LETTERS else f"{since.year:04}"


def periods(frequency: Frequency, since: date, until: date) -> Iterator[Period]:
    """The periods that share at least one day with the span from ``since`` to before ``until``, in order."""
    day = since
    while day < until:
        period = period_of(frequency, day)
        yield period
        day = period.until


def day_in(period: Period, rule: Rule, calendar: Calendar) -> date:
    """The day of the period on which the rule falls, whether people work on it or not.

    Days 29 to 31 mean "or the last day of the month": RFC 5545 would skip the short months (STATISTICS.md, section 9).
    Working days are counted whoever is away; a month with fewer than asked for gives its last, one with none at all is
    counted as if people worked every day.
    """
    month = _months_later(period.since, rule.anchor_month - 1)
    if rule.day_rule is DayRule.MONTH_DAY:
        return month.replace(day=min(rule.month_day, _last_day(month)))
    if rule.day_rule is DayRule.WORKING_DAY:
        return _nth_working_day(month, rule.nth, calendar.house)
    return _nth_weekday(month, rule.nth, rule.weekday)


def placed(period: Period, rule: Rule, calendar: Calendar, not_before: date) -> Day:
    """The day of the period on which to meet.

    That is the day of the rule when people work on it; otherwise the next working day within the period; when none is
    left, the last before it in the period, but not before ``not_before``. A rep who is away for all of it does not
    count. When nobody works on any of these days it stays where it is.
    """
    ruled = day_in(period, rule, calendar)
    because = calendar.why_not(ruled)
    if because is None:
        return Day(ruled, ruled)
    floor = max(period.since, not_before)
    there = _working_day_near(ruled, floor, period.until, calendar)
    return Day(there or _working_day_near(ruled, floor, period.until, calendar.house) or ruled, ruled, because)


def _working_day_near(day: date, since: date, until: date, calendar: Calendar) -> date | None:
    return calendar.next_working(day, until) or calendar.last_working(since, day)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clock on the wall there shows that time on that day.

    A time that does not exist (the clock is put forward over it) moves forward by what was left out: 02:30 becomes
    03:30. A time that comes twice (the clock is put back) is the first of the two. Both are what ``fold=0`` of PEP 495
    means.
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def in_words(rule: Rule) -> str:
    """The rule as people say it: "Half-yearly, on the last working day of the second month at 10:00"."""
    return f"{OFTEN[rule.frequency]}, on the {_day_in_words(rule)}{_month_in_words(rule)} at {rule.at:%H:%M}"


def _month_in_words(rule: Rule) -> str:
    if rule.frequency is Frequency.MONTHLY:
        return ""
    if rule.frequency is Frequency.YEARLY:
        return f" of {month_name[rule.anchor_month]}"
    return f" of the {ORDINALS[rule.anchor_month - 1]} month"


def period_in_words(key: str, since: date) -> str:
    """ "November 2026", "November and December 2026", "the fourth quarter of 2026", "the second half of 2026", or
    "the year 2026": the period with that key, of which ``since`` is the first day."""
    year, _, part = key.partition("-")
    if not part:
        return f"the year {year}"
    if part.startswith("B"):
        return f"{since:%B} and {_months_later(since, 1):%B} {year}"
    name = {"Q": "quarter", "H": "half"}.get(part[0])
    return f"the {ORDINALS[int(part[1]) - 1]} {name} of {year}" if name else f"{since:%B} {year}"


def _day_in_words(rule: Rule) -> str:
    if rule.day_rule is DayRule.WEEKDAY:
        return f"{NTH[rule.nth]} {WEEKDAYS[rule.weekday]}"
    if rule.day_rule is DayRule.WORKING_DAY:
        return f"{NTH_WORKING[rule.nth]} working day"
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


def _nth_working_day(month: date, nth: int, calendar: Calendar) -> date:
    end = _months_later(month, 1)
    last = calendar.last_working(month, before=end)
    if last is None:
        return end - DAY if nth < 0 else month + DAY * (nth - 1)
    if nth < 0:
        return last
    worked = (day for day in days_between(month, end) if calendar.is_working(day))
    return next(islice(worked, nth - 1, None), last)


def _last_day(month: date) -> int:
    return monthrange(month.year, month.month)[1]


def _months_later(day: date, months: int) -> date:
    """The first day of the month so many months after that of ``day``."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
