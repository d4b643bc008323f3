"""The language mail is written in. English stands in the code; another language is one file in ``crm/languages``.

say = languages.of(person, organisation.language)
say("{unit} comes to you on {day}", unit=unit.name, day=say.day(on, today))
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from crm import paths
from crm.errors import Invalid
from crm.services import words
from models.person import Person
from models.unit import BusinessUnit

ENGLISH = "en"


def later(sentence: str) -> str:
    """Marks a sentence that is said later, as ``say(kind.title)``; so that the catalogues are known to need it."""
    return sentence


#: Said as "two", up to twelve; more are figures.
NUMBERS = (
    later("no"),
    later("one"),
    later("two"),
    later("three"),
    later("four"),
    later("five"),
    later("six"),
    later("seven"),
    later("eight"),
    later("nine"),
    later("ten"),
    later("eleven"),
    later("twelve"),
)


@dataclass(frozen=True)
class Language:
    """Says sentences, days and figures in one language; ``code`` is "en", "de"."""

    code: str

    def __call__(self, sentence: str, /, **facts: object) -> str:
        """The sentence with its facts in it. Braces within a fact do no harm."""
        return _catalogue(self.code).gettext(sentence).format(**facts)

    def as_written(self, text: str) -> str:
        """What stands in the database, such as a question: its form in this language where the catalogue has one, with
        the braces left as they are; else as it was written."""
        return _catalogue(self.code).gettext(text) if text else ""

    def many(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """The form that fits ``n``, which stands in it as {n}: "two things wait", "13 things wait"."""
        return _catalogue(self.code).ngettext(one, many, n).format(n=self.number(n), **facts)

    def number(self, count: int) -> str:
        return self(NUMBERS[count]) if 0 <= count < len(NUMBERS) else str(count)

    def listed(self, parts: Sequence[str]) -> str:
        """ "Finance, Legal and Research"."""
        if len(parts) < 2:
            return "".join(parts)
        return self("{most} and {last}", most=", ".join(parts[:-1]), last=parts[-1])

    def greeting(self, person: Person) -> str:
        """The line a mail begins with: "Amara,"."""
        return self("{given_name},", given_name=person.given_name, name=person.name)

    def review(self, unit: BusinessUnit) -> str:
        """What this unit calls its reviews."""
        return unit.calls_review or self("review")

    def day(self, on: date, today: date) -> str:
        """ "4 August"; the year only when it differs."""
        if on.year == today.year:
            return format_skeleton("MMMMd", on, locale=self._locale)
        return format_date(on, "long", locale=self._locale)

    def weekday(self, on: date, today: date) -> str:
        """ "Tuesday 4 August"."""
        name = format_date(on, "EEEE", locale=self._locale)
        return self("{weekday} {day}", weekday=name, day=self.day(on, today))

    def soon(self, on: date, today: date) -> str:
        """ "today", "tomorrow", or "on Tuesday 4 August"."""
        days = (on - today).days
        if days in (0, 1):
            return self("tomorrow") if days else self("today")
        return self("on {weekday}", weekday=self.weekday(on, today))

    def moment(self, at: datetime, zone: ZoneInfo, today: date | None = None) -> str:
        """ "Tuesday 24 November, 10:00 (Berlin)"; the year only when it is not the one of ``today``."""
        local = at.astimezone(zone)
        return self(
            "{day}, {time} ({place})",
            day=self.weekday(local.date(), today or local.date()),
            time=format_time(local, "HH:mm", tzinfo=zone, locale=self._locale),
            place=get_timezone_location(zone, locale=self._locale, return_city=True),
        )

    @property
    def own_name(self) -> str:
        """ "English", "Deutsch"."""
        return words.capital(self._locale.get_language_name(self.code) or self.code)

    @property
    def _locale(self) -> Locale:
        # Of the English ways to write a day, the one this application writes on its pages.
        return Locale.parse("en_GB" if self.code == ENGLISH else self.code)


#: The language of the code.
AS_WRITTEN = Language(ENGLISH)


@cache
def known() -> tuple[Language, ...]:
    """The languages there are: English, and one for each file."""
    return (Language(ENGLISH), *(Language(file.stem) for file in sorted(paths.LANGUAGES.glob("*.po"))))


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == ENGLISH:
        return NullTranslations()
    with (paths.LANGUAGES / f"{code}.po").open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def of(person: Person | None, fallback: str) -> Language:
    """The person's own language, the ``fallback`` (the organisation's), or English: the first that is known."""
    wanted = (person.language if person else "", fallback)
    codes = {language.code: language for language in known()}
    return next((codes[code] for code in wanted if code in codes), Language(ENGLISH))


def refuse_unknown(code: str) -> None:
    """Raises Invalid("language") for one that is not known; "" is none."""
    if code and code not in {language.code for language in known()}:
        raise Invalid("language", "Choose one of these languages.")


def zone_of(person: Person | None, fallback: str) -> ZoneInfo:
    """Where the person's clock stands; ``fallback`` is the unit's or the organisation's time zone."""
    try:
        return ZoneInfo(person.time_zone if person and person.time_zone else fallback)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(fallback)
