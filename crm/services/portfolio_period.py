"""The time that the portfolio looks back on: the last week, month, quarter or year, or from one day to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from crm.services import words
from crm.services.stretches import Stretch

USUAL = "quarter"
#: How far back each goes from today, and what it is called.
PRESETS: Mapping[str, tuple[relativedelta, str]] = {
    "week": (relativedelta(weeks=1), "the last week"),
    "month": (relativedelta(months=1), "the last month"),
    USUAL: (relativedelta(months=3), "the last three months"),
    "year": (relativedelta(years=1), "the last twelve months"),
}
FIRST = date(2000, 1, 1)
DAY = timedelta(days=1)


def of(key: str, first: str, last: str, today: date) -> Stretch:
    """What an address asks for: two days ("2026-09-01"), both included, before a preset; the usual one for neither.

    It ends today at the latest, and begins a day before it ends at the latest: a move needs two days.
    """
    free = _between(first, last, today)
    if free:
        return free
    key = key if key in PRESETS else USUAL
    back, called = PRESETS[key]
    return Stretch(key, today - back, today + DAY, called)


def presets(today: date) -> list[Stretch]:
    """All that a page offers, the shortest first."""
    return [of(key, "", "", today) for key in PRESETS]


def _between(first: str, last: str, today: date) -> Stretch | None:
    since, until = _day(first), _day(last) or today
    if since is None or not FIRST <= since < until:
        return None
    until = min(until, today)
    since = min(since, until - DAY)
    return Stretch("", since, until + DAY, f"{words.day(since, today)} to {words.day(until, today)}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
