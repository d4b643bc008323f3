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
    project: str = "",
) -> Wording:
    """The link is the one thing to do, and stands below it. ``project``: the name of what was delivered."""
    who = asked_by.name if asked_by else say("Your IT")
    until = _until(say, unit, to, closes_at, now)
    return Wording(
        subject=subject(say, unit, instrument, project),
        body=paragraphs(
            say.greeting(to),
            f"{_asks(say, who, unit, instrument, project)} {takes(say, instrument)}",
            _kept(say, confidentiality, until),
        ),
        button=say("Rate IT"),
    )


def subject(say: Language, unit: BusinessUnit, instrument: Instrument, project: str = "") -> str:
    """What it is about: a question."""
    if instrument is Instrument.PROJECT and project:
        return say("Did “{project}” help {unit}?", project=project, unit=unit.name)
    if instrument is Instrument.SURVEY:
        return say("How is IT doing for {unit} this quarter?", unit=unit.name)
    return say("How is IT doing for {unit}?", unit=unit.name)


def _asks(say: Language, who: str, unit: BusinessUnit, instrument: Instrument, project: str) -> str:
    if instrument is Instrument.PROJECT and project:
        return say("{who} asks how “{project}” turned out for {unit}.", who=who, project=project, unit=unit.name)
    return say("{who} asks how well IT has served {unit}.", who=who, unit=unit.name)


def takes(say: Language, instrument: Instrument) -> str:
    """How long it takes, as a sentence."""
    if instrument is Instrument.PULSE:
        return say("It takes about 30 seconds and no password.")
    if instrument is Instrument.PROJECT:
        return say("It takes about a minute and no password.")
    return say("It takes about four minutes and no password.")


def _kept(say: Language, confidentiality: Confidentiality, until: str) -> str:
    if confidentiality is Confidentiality.CONFIDENTIAL:
        return say(
            "You can answer, and change your answer, until {until}. Nobody reads your name beside it, and it is shown "
            "only together with the answers of enough others.",
            until=until,
        )
    if confidentiality is Confidentiality.ANONYMOUS:
        return say(
            "You can answer until {until}. It is kept without your name, and shown only together with the answers of "
            "enough others.",
            until=until,
        )
    return say(
        "You can answer, and change your answer, until {until}. Your name stays beside it. "
        "The page says who reads it before you choose.",
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
