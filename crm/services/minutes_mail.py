"""The mail that asks who was there whether the minutes are right."""

from __future__ import annotations

from datetime import datetime

from crm.services import languages
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.meeting import Meeting, MeetingKind
from models.person import Person
from models.unit import BusinessUnit


def write(
    say: Language,
    *,
    unit: BusinessUnit,
    to: Person,
    by: Person | None,
    meeting: Meeting,
    corrected: str,
    now: datetime,
) -> Wording:
    """``corrected`` says what was; "" for the first version."""
    day = say.day(meeting.held_on, now.astimezone(languages.zone_of(to, unit.time_zone)).date())
    who = by.name if by else say("Your IT")
    what = _what(say, unit, meeting)
    facts = {"who": who, "what": what, "unit": unit.name, "day": day}
    return Wording(
        subject=_subject(say, unit, what, day, is_correction=bool(corrected)),
        body=paragraphs(
            say.greeting(to),
            _opening(say, facts, is_correction=bool(corrected)),
            say("What was corrected: {reason}", reason=corrected) if corrected else "",
            say("Read them, then confirm or say what is wrong. It takes a minute and no password."),
        ),
        button=say("Read the minutes"),
    )


def _what(say: Language, unit: BusinessUnit, meeting: Meeting) -> str:
    return say.review(unit) if meeting.kind is MeetingKind.REVIEW else say("meeting")


def _subject(say: Language, unit: BusinessUnit, what: str, day: str, *, is_correction: bool) -> str:
    if is_correction:
        return say("Corrected minutes: {what} of {day}, {unit}", what=what, day=day, unit=unit.name)
    return say("Minutes: {what} of {day}, {unit}", what=what, day=day, unit=unit.name)


def _opening(say: Language, facts: dict[str, str], *, is_correction: bool) -> str:
    who, what, unit, day = facts["who"], facts["what"], facts["unit"], facts["day"]
    if is_correction:
        return say(
            "{who} corrected the minutes ({what} of {unit} and IT, {day}). You were there: do they say it right?",
            who=who,
            what=what,
            unit=unit,
            day=day,
        )
    return say(
        "{who} shares the minutes ({what} of {unit} and IT, {day}). You were there: do they say it right?",
        who=who,
        what=what,
        unit=unit,
        day=day,
    )
