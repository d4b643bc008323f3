"""Stretches of time to look back on: the last twelve months, a quarter, a year. An address names one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

LAST_YEAR = "12-months"
THREE_YEARS = "3-years"
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
YEAR = re.compile(r"\d{4}")
DAYS = re.compile(r"(\d{4}-\d\d-\d\d)--(\d{4}-\d\d-\d\d)")
QUARTERS_SHOWN, YEARS_SHOWN = 8, 3


@dataclass(frozen=True)
class Stretch:
    """Days from ``since`` to before ``until``."""

    #: As in an address: "12-months", "2026-Q4", "2026", "2026-08-24--2026-11-23".
    key: str
    since: date
    until: date
    #: "the last twelve months", "October to December 2026", "2026".
    words: str


def last_year(today: date) -> Stretch:
    """The twelve months up to today, with it."""
    return Stretch(LAST_YEAR, today - relativedelta(years=1), today + timedelta(days=1), "the last twelve months")


def quarter(year: int, number: int) -> Stretch:
    """``number``: 1 to 4."""
    since = date(year, 3 * number - 2, 1)
    last = since + relativedelta(months=2)
    return Stretch(f"{year}-Q{number}", since, since + relativedelta(months=3), f"{since:%B} to {last:%B} {year}")


def quarter_of(day: date) -> Stretch:
    return quarter(day.year, (day.month + 2) // 3)


def year(number: int) -> Stretch:
    return Stretch(str(number), date(number, 1, 1), date(number + 1, 1, 1), str(number))


def three_years(today: date) -> Stretch:
    """The three years up to today, with it."""
    return Stretch(THREE_YEARS, today - relativedelta(years=3), today + timedelta(days=1), "the last three years")


def months(first: str, last: str) -> Stretch | None:
    """From one month to another, both included, as in "2026-03"; None for anything else, or more than ten years."""
    days = [date(int(text[:4]), int(text[5:]), 1) for text in (first, last) if MONTH.fullmatch(text)]
    if len(days) < len((first, last)) or not days[0] <= days[1] < days[0] + relativedelta(years=10):
        return None
    return Stretch("", days[0], days[1] + relativedelta(months=1), f"{days[0]:%B %Y} to {days[1]:%B %Y}")


def days(since: date, until: date) -> Stretch:
    """From one day to before another."""
    last = until - timedelta(days=1)
    first = f"{since.day} {since:%B}{'' if since.year == last.year else f' {since.year}'}"
    return Stretch(f"{since}--{last}", since, until, f"{first} to {last.day} {last:%B %Y}")


def _days(key: str) -> Stretch | None:
    """As in an address: "2026-08-24--2026-11-23", both included."""
    found = DAYS.fullmatch(key)
    try:
        first, last = [date.fromisoformat(day) for day in found.groups()] if found else (date.max, date.min)
    except ValueError:
        return None
    if not 2000 <= first.year <= last.year < 2200 or first > last:
        return None
    return days(first, last + timedelta(days=1))


def named(key: str, today: date) -> Stretch | None:
    """The stretch with that key; None for anything else."""
    if key == LAST_YEAR:
        return last_year(today)
    if key == THREE_YEARS:
        return three_years(today)
    found = QUARTER.fullmatch(key)
    if found and 2000 <= int(found[1]) < 2200:
        return quarter(int(found[1]), int(found[2]))
    return year(int(key)) if YEAR.fullmatch(key) and 2000 <= int(key) < 2200 else _days(key)


def with_chosen(chosen: Stretch | None, today: date) -> list[Stretch]:
    """What a page offers, and what its address names besides."""
    offered = to_choose(today)
    return offered if chosen is None or chosen.key in [one.key for one in offered] else [chosen, *offered]


def to_choose(today: date) -> list[Stretch]:
    """What a page offers: the last twelve months, then quarters from this one back, then years."""
    this_quarter = today.year * 4 + (today.month - 1) // 3
    quarters = [
        quarter(number // 4, number % 4 + 1) for number in range(this_quarter, this_quarter - QUARTERS_SHOWN, -1)
    ]
    years = [year(today.year - back) for back in range(YEARS_SHOWN)]
    return [last_year(today), *quarters, *years]
