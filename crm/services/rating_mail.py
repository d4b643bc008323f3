"""The mail that asks for a rating."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.services import clock, languages
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.person import Person
from models.question import Instrument
from models.rating import Confidentiality
from models.unit import BusinessUnit


def write(
    say: Language,
    *,
    unit: BusinessUnit,
    to: Person,
    asked_by: Person | None,
    closes_at: datetime,
    now: datetime,
    instrument: Instrument = Instrument.PULSE,
    confidentiality: Confidentiality = Confidentiality.NAMED,
) -> Wording:
    """The link is the one thing to do, and stands below it."""
    asked = say(
        "{who} asks how well IT has served {unit}.",
        who=asked_by.name if asked_by else say("Your IT"),
        unit=unit.name,
    )
    until = _until(say, unit, to, closes_at, now)
    kept = _kept_named if confidentiality is Confidentiality.NAMED else _kept_unknown
    return Wording(
        subject=say("How is IT doing for {unit}?", unit=unit.name),
        body=paragraphs(say.greeting(to), f"{asked} {_takes(say, instrument)}", kept(say, until)),
        button=say("Rate IT"),
    )


def _takes(say: Language, instrument: Instrument) -> str:
    if instrument is Instrument.PULSE:
        return say("It takes about 30 seconds and no password.")
    return say("It takes about four minutes and no password.")


def _kept_named(say: Language, until: str) -> str:
    return say(
        "You can answer, and change your answer, until {until}. Your name stays beside it. "
        "The page says who reads it before you choose.",
        until=until,
    )


def _kept_unknown(say: Language, until: str) -> str:
    return say(
        "You can answer until {until}. It is kept without your name, and shown only together with the answers of "
        "enough others.",
        until=until,
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
