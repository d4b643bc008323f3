"""Days and times as service desks write them; in which order a day and a month stand has to be known."""

from __future__ import annotations

import enum
import re
from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

_CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)" + _CLOCK, re.IGNORECASE)
_NUMBERS = re.compile(r"(?P<first>\d{1,2})[/.-](?P<second_>\d{1,2})[/.-](?P<year>\d{4}|\d\d)" + _CLOCK, re.IGNORECASE)
_NAMED = re.compile(
    r"(?P<day>\d{1,2})[ /.-]+(?P<name>[a-z]{3})[a-z]*[ /.,-]+(?P<year>\d{4}|\d\d)" + _CLOCK, re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_THIS_CENTURY = 2000
_NOON = 12


class DateForm(enum.StrEnum):
    """Years first and months in letters are read under each of them, for they can be read in one way only."""

    DAY_FIRST = "d/m/Y"
    MONTH_FIRST = "m/d/Y"
    ISO = "ISO"


class NoDate(ValueError):
    """The text is no day or time of that form."""


@lru_cache(maxsize=100_000)
def instant(text: str, form: DateForm, zone: str) -> datetime:
    """The instant; ``zone``: where the clock hangs that a text without a zone means. Raises NoDate."""
    if found := _ISO.fullmatch(text):
        return _made(found, int(found["month"]), int(found["day"]), zone)
    if (found := _NAMED.fullmatch(text)) and found["name"].casefold() in _MONTHS:
        return _made(found, _MONTHS.index(found["name"].casefold()) + 1, int(found["day"]), zone)
    found = _NUMBERS.fullmatch(text)
    if found is None or form is DateForm.ISO:
        raise NoDate(text)
    first, second = int(found["first"]), int(found["second_"])
    month, day = (second, first) if form is DateForm.DAY_FIRST else (first, second)
    return _made(found, month, day, zone)


def _made(found: re.Match[str], month: int, day: int, zone: str) -> datetime:
    year = int(found["year"])
    try:
        return datetime(
            year if year > 99 else _THIS_CENTURY + year,
            month,
            day,
            _hour(found),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            tzinfo=_offset(found["zone"]) or ZoneInfo(zone),
        )
    except (ValueError, OverflowError) as error:
        raise NoDate(found[0]) from error


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    if not found["half"]:
        return hour
    if not 1 <= hour <= _NOON:
        raise NoDate(found[0])
    return hour % _NOON + (_NOON if found["half"][0] in "pP" else 0)


def _offset(said: str | None) -> timezone | None:
    if not said:
        return None
    if said[0] not in "+-":
        return timezone.utc  # noqa: UP017 - the same class as the offsets beside it
    digits = said.replace(":", "")
    way = -1 if said[0] == "-" else 1
    return timezone(way * timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5])))


def reads(text: str, form: DateForm) -> bool:
    try:
        instant(text, form, "UTC")
    except NoDate:
        return False
    return True


def impossible(texts: Collection[str]) -> dict[DateForm, str]:
    """The forms these cannot have, each with a text that rules it out. What no form reads rules out none."""
    ruled_out: dict[DateForm, str] = {}
    for text in sorted(texts):
        read_as = [form for form in DateForm if reads(text, form)]
        for form in DateForm:
            if read_as and form not in read_as:
                ruled_out.setdefault(form, text)
    return ruled_out


def has_no_zone(text: str) -> bool:
    """Whether it means the clock on some wall."""
    return not any((found := shape.fullmatch(text)) and found["zone"] for shape in (_ISO, _NAMED, _NUMBERS))


def guess(texts: Collection[str]) -> DateForm:
    """A form they can all have; days first where both orders are possible."""
    ruled_out = impossible(texts)
    if DateForm.ISO not in ruled_out:
        return DateForm.ISO
    return next((form for form in DateForm if form not in ruled_out), DateForm.DAY_FIRST)
