"""The mail that asks for a rating."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.services import clock, languages
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.person import Person
from models.unit import BusinessUnit


def write(
    say: Language, *, unit: BusinessUnit, to: Person, asked_by: Person | None, closes_at: datetime, now: datetime
) -> Wording:
    """The link is the one thing to do, and stands below it."""
    asked = say(
        "{who} asks how well IT has served {unit}. It takes about 30 seconds and no password. "
        "You can answer, and change your answer, until {until}.",
        who=asked_by.name if asked_by else say("Your IT"),
        unit=unit.name,
        until=_until(say, unit, to, closes_at, now),
    )
    named = say("Your name stays beside your answer. The page says who reads it before you choose.")
    return Wording(
        subject=say("How is IT doing for {unit}?", unit=unit.name),
        body=paragraphs(say.greeting(to), asked, named),
        button=say("Rate IT"),
    )


def _until(say: Language, unit: BusinessUnit, to: Person, closes_at: datetime, now: datetime) -> str:
    """The last day; where the reader's clock is another than the unit's, the moment."""
    zone = languages.zone_of(to, unit.time_zone)
    today = now.astimezone(zone).date()
    if _is_midnight(closes_at, zone):
        return say.day(clock.local_date(closes_at - timedelta(seconds=1), zone.key), today)
    return say.moment(closes_at, zone, today)


def _is_midnight(at: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).time() == time()
