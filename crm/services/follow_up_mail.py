"""What mail says of replies to ratings: to whoever rated, and to the CIO when one is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm.services import languages
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.follow_up import FollowUp
from models.person import Person

#: So many late replies are named; the page has them all.
NAMED = 5


def reply(say: Language, *, follow_up: FollowUp, by: Person | None, now: datetime) -> Wording:
    """The answer to who rated, in the words of who wrote it."""
    unit, person = follow_up.unit, follow_up.person
    zone = languages.zone_of(person, unit.time_zone)
    on = say.day(follow_up.response.answered_at.astimezone(zone).date(), now.astimezone(zone).date())
    who = by.name if by else say("Your IT")
    return Wording(
        subject=say("A reply to your rating of IT for {unit}", unit=unit.name),
        body=paragraphs(
            say.greeting(person),
            say("{who} replies to what you told us on {day}:", who=who, day=on),
            follow_up.reply,
            say("Does that settle it? You alone close this. One press, no password."),
        ),
        button=say("Say whether that settles it"),
    )


def late(say: Language, *, to: Person, overdue: Sequence[FollowUp], now: datetime, time_zone: str) -> Wording:
    """Which replies were not given in time."""
    zone = languages.zone_of(to, time_zone)
    today = now.astimezone(zone).date()
    lines = [
        say(
            "- {person}, {unit}: due {day}, {owner}",
            person=one.person.name,
            unit=one.unit.name,
            day=say.day(one.due_on, today),
            owner=one.owner.name if one.owner else say("nobody owes it"),
        )
        for one in overdue[:NAMED]
    ]
    title = say.many("A reply to a rating is late", "{n} replies to ratings are late", len(overdue))
    return Wording(
        subject=title[:1].upper() + title[1:],
        body=paragraphs(
            say.greeting(to),
            say("These people rated IT low, lower than usual, or asked for something, and had no reply in time:"),
            "\n".join(lines),
        ),
        button=say("See what is owed"),
    )
