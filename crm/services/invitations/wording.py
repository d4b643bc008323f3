"""The words of invitations: in the reader's language, and in the unit's own for a review."""

from __future__ import annotations

from datetime import datetime

from crm.services import clock, languages, words
from crm.services.calendar_objects import Part
from crm.services.invitations.news import Letter, News
from crm.services.invitations.wanted import Wanted
from crm.services.languages import Language


def title(one: Wanted, say: Language) -> str:
    """What a calendar shows: "Review of Finance and IT"."""
    return say("{review} of {unit} and IT", review=words.capital(_review(one, say)), unit=one.unit_name)


def description(one: Wanted, say: Language) -> str:
    """What stands below it; nothing of the agenda. Names the zone in which the time was chosen."""
    return say("{moment}. Time zone: {zone}.", moment=say.moment(one.planned_at, one.zone), zone=one.zone.key)


def _review(one: Wanted, say: Language) -> str:
    return one.calls_review or say("review")


def subject(letter: Letter, say: Language, now: datetime) -> str:
    facts = {"title": title(letter.review, say), "moment": _moment(letter, letter.review.planned_at, say, now)}
    if letter.news is News.CANCELLED:
        return say("Called off: {title}, {moment}", **facts)
    if letter.news is News.REMOVED:
        return say("Without you: {title}, {moment}", **facts)
    if letter.news is News.CHANGED:
        return say("New time: {title}, {moment}" if _is_moved(letter) else "Changed: {title}, {moment}", **facts)
    return say("{title}, {moment}", **facts)


def body(letter: Letter, say: Language, now: datetime) -> str:
    paragraphs = [say.greeting(letter.to), _what(letter, say, now)]
    if letter.news in (News.NEW, News.CHANGED):
        paragraphs += [_when_and_where(letter, say, now), _what_to_do(letter, say)]
    return "\n\n".join(paragraphs)


def _what(letter: Letter, say: Language, now: datetime) -> str:
    one = letter.review
    facts = {
        "unit": one.unit_name,
        "review": _review(one, say),
        "who": letter.invitation.organiser.name,
        "moment": _moment(letter, letter.was or one.planned_at, say, now),
    }
    if letter.news is News.CANCELLED:
        return say("The {review} of {unit} and IT on {moment} is called off. Your calendar takes it out.", **facts)
    if letter.news is News.REMOVED:
        return say(
            "The {review} of {unit} and IT on {moment} takes place without you. Your calendar takes it out.", **facts
        )
    if letter.news is News.CHANGED:
        if _is_moved(letter):
            return say("The {review} of {unit} and IT has a new time. It was to be on {moment}.", **facts)
        return say("Something about the {review} of {unit} and IT has changed; the time stays.", **facts)
    if letter.is_to_organiser:
        return say("The {review} of {unit} and IT is planned, and you lead it.", **facts)
    return say("{who} invites you to the {review} of {unit} and IT.", **facts)


def _when_and_where(letter: Letter, say: Language, now: datetime) -> str:
    one = letter.review
    when = _moment(letter, one.planned_at, say, now)
    lines = [say("{moment}, {minutes} minutes", moment=when, minutes=one.minutes), one.place]
    others = [person.name for key, person in one.people.items() if key != letter.to.id and key in letter.guests]
    if others:
        lines.append(say("With {people}", people=say.listed(others)))
    return "\n".join(line for line in lines if line)


def _what_to_do(letter: Letter, say: Language) -> str:
    guest = letter.guests.get(letter.to.id)
    if letter.is_to_organiser:
        return say("It stands in your calendar with this mail, and so it does with those invited.")
    if guest is not None and guest.part is Part.WELCOME:
        return say("You may come, and need not. Answer with Accept or Decline in your calendar.")
    return say("Answer with Accept or Decline in your calendar.")


def _is_moved(letter: Letter) -> bool:
    return letter.was is not None and letter.was != letter.review.planned_at


def _moment(letter: Letter, at: datetime, say: Language, now: datetime) -> str:
    """On the clock of the reader."""
    zone = languages.zone_of(letter.to, letter.review.zone.key)
    return say.moment(at, zone, clock.local_date(now, zone.key))
