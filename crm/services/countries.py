"""Countries and their regions: what they are called, and on which days nobody works there. From ``holidays``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

import holidays
from holidays.registry import COUNTRIES

from crm.errors import Invalid

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL_WORDS = {"And": "and", "Of": "of", "The": "the"}
#: What the library writes in one word, or otherwise than people do.
OWN_NAMES = {"HK": "Hong Kong", "MO": "Macau", "CD": "DR Congo", "CG": "Congo", "TR": "Türkiye"}
ENGLISH = "en_US"


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """(ISO code, name) of every country whose public holidays are known, by name."""
    known = holidays.list_supported_countries(include_aliases=False)
    named = [(codes[1], OWN_NAMES.get(codes[1]) or _apart(codes[0])) for codes in COUNTRIES.values()]
    return tuple(sorted((pair for pair in named if pair[0] in known), key=lambda pair: pair[1]))


def _apart(joined: str) -> str:
    """ "BosniaAndHerzegovina" as people write it."""
    words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", joined)
    return " ".join(SMALL_WORDS.get(word, word) if place else word for place, word in enumerate(words))


@cache
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the regions with holidays of their own, by name; none for an unknown country."""
    if country not in dict(countries()):
        return ()
    there = holidays.country_holidays(country)
    names = {code: name for name, code in reversed(list(getattr(there, "subdivisions_aliases", {}).items()))}
    return tuple(sorted(((code, names.get(code, code)) for code in there.subdivisions), key=lambda pair: pair[1]))


def place_name(country: str | None, region: str | None) -> str:
    """ "Bayern, Germany"; empty for nowhere."""
    name = dict(countries()).get(country or "", "")
    within = dict(regions(country or "")).get(region or "", "")
    return f"{within}, {name}" if within else name


def refuse_unknown(country: str | None, region: str | None) -> None:
    """Raises Invalid("country") or Invalid("region") for one that is not known; nothing said is fine."""
    if country and country not in dict(countries()):
        raise Invalid("country", "Choose a country from the list.")
    if region and region not in dict(regions(country or "")):
        raise Invalid("region", "Choose a region of that country, or none.")


@lru_cache(maxsize=2_000)
def days_off(country: str | None, region: str | None, year: int) -> Mapping[date, str]:
    """The days of the year on which nobody works, each with why: "Christmas Day", "Sunday".

    Without a country, or with one that is not known, Saturdays and Sundays; in years whose holidays nobody knows yet
    the country's weekends alone. A region that is not the country's counts as none. A weekend day that is worked (to
    make up for a bridge day) is not in it.
    """
    there = _holidays(country, region, year) if country in dict(countries()) else holidays.HolidayBase(years=year)
    first = date(year, 1, 1)
    days = (first + timedelta(days=number) for number in range((date(year, 12, 31) - first).days + 1))
    off = {day: _why(there, day) for day in days if not there.is_working_day(day)}
    return MappingProxyType(off)


def _holidays(country: str | None, region: str | None, year: int) -> holidays.HolidayBase:
    known = holidays.country_holidays(country or "")
    return holidays.country_holidays(
        country or "",
        subdiv=region if region in known.subdivisions else None,
        years=year if known.start_year <= year <= known.end_year else None,
        expand=False,
        language=ENGLISH if ENGLISH in known.supported_languages else known.default_language,
    )


def _why(there: holidays.HolidayBase, day: date) -> str:
    return there.get(day) or WEEKDAYS[day.weekday()]
