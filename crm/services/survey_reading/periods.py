"""When a survey was: years, quarters, months and days in the ways people write them, and the periods between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

#: "2016", "FY 2016", and "2016/17" for a year that begins in 2016; "2011-12" is December.
_YEAR = re.compile(r"(?:FY\s*)?((?:19|20)\d\d)(?:\.0|([/–-])(\d\d))?", re.IGNORECASE)
_QUARTER = re.compile(r"(?:Q([1-4])[\s/.-]*((?:19|20)\d\d)|((?:19|20)\d\d)[\s/.-]*Q([1-4]))", re.IGNORECASE)
_MONTH_FORMS = ("%Y-%m", "%Y/%m", "%Y.%m", "%m/%Y", "%m-%Y", "%m.%Y", "%B %Y", "%b %Y", "%b-%Y", "%b-%y", "%Y%m")
_DAY_FORMS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d.%m.%Y", "%d.%m.%y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y", "%b %d, %Y"),
)
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d-%m-%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y")
#: A day and a month in an order that has to be known.
_EITHER_ORDER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d\d)")
#: A clock after a day: "2016-05-14T10:00:00", "14/05/2016 10:00".
_CLOCK = re.compile(r"[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$")
MONTHS_OF_A_YEAR = 12


class Length(IntEnum):
    """In months; a day has none."""

    DAY = 0
    MONTH = 1
    QUARTER = 3
    YEAR = 12


@dataclass(frozen=True, order=True)
class Period:
    """``start`` is its first day."""

    start: date
    length: Length

    @property
    def name(self) -> str:
        """ "2016", "Q2 2016", "May 2016", "14 May 2016"."""
        if self.length is Length.YEAR:
            return str(self.start.year)
        if self.length is Length.QUARTER:
            return f"Q{(self.start.month + 2) // 3} {self.start.year}"
        month = f"{self.start:%B %Y}"
        return month if self.length is Length.MONTH else f"{self.start.day} {month}"

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.start + timedelta(days=1) if self.length is Length.DAY else self.next.start

    @classmethod
    def between(cls, since: date, until: date) -> Period:
        """The period that begins and ends there. Raises ValueError for a span of another length."""
        if until - since == timedelta(days=1):
            return cls(since, Length.DAY)
        return cls(since, Length(12 * (until.year - since.year) + until.month - since.month))

    @property
    def next(self) -> Period:
        """The period after it. Raises ValueError for a day, which has no rhythm."""
        if self.length is Length.DAY:
            raise ValueError("days have no rhythm")
        months = self.start.year * 12 + self.start.month - 1 + self.length
        return Period(date(months // 12, months % 12 + 1, 1), self.length)


@lru_cache(maxsize=10_000)
def period_of(text: str, *, is_day_first: bool = True) -> Period | None:
    """The period a text names; None when it names none. ``is_day_first``: 3/4/2016 is 3 April."""
    said = " ".join(text.split())
    if (found := _YEAR.fullmatch(said)) and _is_year(found):
        return Period(date(int(found[1]), 1, 1), Length.YEAR)
    if found := _QUARTER.fullmatch(said):
        return Period(date(int(found[2] or found[3]), int(found[1] or found[4]) * 3 - 2, 1), Length.QUARTER)
    if month := _parsed(said, _MONTH_FORMS):
        return Period(month, Length.MONTH)
    day = _parsed(_CLOCK.sub("", said), (*_DAY_FORMS, *(_DAY_FIRST if is_day_first else _MONTH_FIRST)))
    return Period(day, Length.DAY) if day else None


def period_within(year: str, part: str, column: str) -> str:
    """The name of a quarter or month that a file gives in two cells: "2016", and "Q2", "2", "May" or "5" below the
    header ``column``."""
    if not part.isdecimal():
        return f"{part} {year}"
    return f"Q{part} {year}" if column.casefold().startswith("q") else f"{part}/{year}"


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether days such as 3/4/2016 are 3 April: not if a second number is beyond 12, and a first one never."""
    found = [match for text in texts if (match := _EITHER_ORDER.fullmatch(_CLOCK.sub("", text.strip())))]
    first = max((int(match[1]) for match in found), default=0)
    second = max((int(match[2]) for match in found), default=0)
    return not (second > MONTHS_OF_A_YEAR >= first)


def without_holes(periods: Sequence[Period]) -> list[Period]:
    """The periods in order, each once, with those between that are missing; days as they are."""
    ordered = sorted(set(periods))
    if not ordered or any(period.length != ordered[0].length for period in ordered) or not ordered[0].length:
        return ordered
    return list(_from_to(ordered[0], ordered[-1]))


def _is_year(found: re.Match[str]) -> bool:
    """Whether what follows a year, if anything, is the next one."""
    year, between, following = found.groups()
    if not following:
        return True
    return int(following) == (int(year) + 1) % 100 and (between != "-" or int(following) > Length.YEAR)


def _from_to(first: Period, last: Period) -> Iterator[Period]:
    while first <= last:
        yield first
        first = first.next


def _parsed(text: str, forms: Sequence[str]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
