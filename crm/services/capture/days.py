"""Days in words, as seen from the day of a meeting: "Friday", "in 2 weeks", "31 Jan". What may mean two is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from crm.services.capture import written_days
from crm.services.capture.calendar_words import COUNTS, WEEKDAYS, either, meant
from crm.services.capture.characters import HIDDEN, fold
from crm.services.capture.said import SOME_DAY, WHICH, Said, from_now_on

LONGEST = 40
#: Said to be open.
NO_DATE = "no date"
_OPEN = (NO_DATE, "no day", "tbd", "tbc")
_NEAR = {"today": 0, "tonight": 0, "eod": 0, "cob": 0, "end of day": 0, "end of today": 0}
_NEAR |= {"tomorrow": 1, "end of tomorrow": 1, "day after tomorrow": 2, "yesterday": -1}
_FRIDAY = 4
_WEEK = timedelta(days=7)

_LEFT_OUT = re.compile(r",|\bthe |(?<=[a-z])\.")

_COUNTED = rf"(?:with)?in ([0-9]{{1,3}}|{either(COUNTS)}) (working |business )?"
_COUNTED += r"(day|week|fortnight|month|quarter|year)s?(?:['’]? time)?"
_WEEKDAY = rf"(?:(this|next|coming|this coming) )?({either(WEEKDAYS)})(?: (?:morning|noon|afternoon|evening|night))?"
_END = r"end of (?:(this|next) )?(week|month|quarter|year)|(week|month|quarter|year) end|eo([wmqy])"
_VAGUE = r"(this|next) (week|month|quarter|year)"
_LETTERS = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_LENGTHS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


def read_day(phrase: str, on: date) -> Said | None:
    """The day that ``phrase`` means on the day ``on``; None when it does not speak of a day at all."""
    return _read(phrase, on) if len(phrase) <= LONGEST else None


@lru_cache(maxsize=2048)
def _read(phrase: str, on: date) -> Said | None:
    plain = _plain(phrase)
    if plain in _OPEN:
        return Said(())
    for pattern, reader in _READERS:
        found = pattern.fullmatch(plain)
        if found:
            said = _guarded(reader, found, on)
            return replace(said, ask=said.ask.replace(SOME_DAY, phrase)) if said else None
    return None


def _plain(phrase: str) -> str:
    """Small letters, one blank between words, no decoration: "The end of Jan., 2027" is "end of jan 2027"."""
    plain = " ".join(fold(phrase).replace(HIDDEN, "").lower().split()).strip(" .,;!?:")
    return " ".join(_LEFT_OUT.sub(" ", plain).split())


def _guarded(reader: Callable[[re.Match[str], date], Said | None], found: re.Match[str], on: date) -> Said | None:
    try:
        return reader(found, on)
    except (ValueError, OverflowError):
        return Said((), f"There is no such day as {SOME_DAY}. Which day?")


def _near(found: re.Match[str], on: date) -> Said:
    return from_now_on(on + timedelta(days=_NEAR[found[0]]), on)


def _weekday(found: re.Match[str], on: date) -> Said:
    """The coming one. Said on that very day it may be today or in a week, and "next" may be this week's or next's."""
    ahead = (WEEKDAYS[found[2]] - on.weekday()) % 7
    coming = on + timedelta(days=ahead)
    in_this_week = coming.weekday() > on.weekday()
    if found[1] == "next" and not in_this_week:
        return Said((coming if ahead else coming + _WEEK,))
    if found[1] == "next" or not ahead:
        return Said((coming, coming + _WEEK), WHICH)
    return Said((coming,), WHICH if found[1] == "this" and not in_this_week else "")


def _counted(found: re.Match[str], on: date) -> Said:
    count = COUNTS.get(found[1]) or int(found[1])
    if found[2]:  # holidays are not known here
        return Said((_workdays_later(on, count),), f"Which day is {SOME_DAY}?")
    return Said((on + _LENGTHS[found[3]] * count,))


def _workdays_later(on: date, count: int) -> date:
    weeks, rest = divmod(count, _FRIDAY + 1)
    day = on + weeks * _WEEK
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() <= _FRIDAY
    return day


def _end(found: re.Match[str], on: date) -> Said:
    what = found[2] or found[3] or _LETTERS[found[4]]
    last = _last_day(what, on + _LENGTHS[what] if found[1] == "next" else on)
    if last <= on and what == "week":
        return Said((on, last + _WEEK), WHICH)
    return from_now_on(last, on)


def _vague(found: re.Match[str], on: date) -> Said:
    """ "Next month" is thirty days long."""
    what = found[2]
    last = _last_day(what, on + _LENGTHS[what] if found[1] == "next" else on)
    first = last - timedelta(days=_FRIDAY) if what == "week" else _first_day(what, last)
    return Said(tuple(day for day in (first, last) if day > on) or (on,), WHICH)


def _last_day(what: str, day: date) -> date:
    """Of the working week (Friday), the month, the quarter or the year."""
    if what == "week":
        return day + timedelta(days=_FRIDAY - day.weekday())
    month = {"month": day.month, "quarter": (day.month + 2) // 3 * 3, "year": 12}[what]
    return date(day.year, month, 1) + relativedelta(day=31)


def _first_day(what: str, last: date) -> date:
    return last.replace(day=1, month={"month": last.month, "quarter": last.month - 2, "year": 1}[what])


def _slip(found: re.Match[str], on: date) -> Said | None:
    """One word, nearly one of the calendar's: "fridya"."""
    word = meant(found[2])
    said = _read(" ".join(part for part in (found[1], word, found[3]) if part), on) if word else None
    return Said(said.days, f"Which day is {SOME_DAY}?") if said else None


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Said | None]], ...] = (
    (re.compile(either(_NEAR)), _near),
    (re.compile(_WEEKDAY), _weekday),
    (re.compile(_COUNTED), _counted),
    (re.compile(_END), _end),
    (re.compile(_VAGUE), _vague),
    *((re.compile(pattern), reader) for pattern, reader in written_days.READERS),
    (re.compile(r"(?:([0-9]{1,2}|next|this) )?([a-z]{5,11})(?: ([0-9]{1,4}))?"), _slip),
)
