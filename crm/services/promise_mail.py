"""The mail that tells somebody of the business what was written down as promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crm.services import languages
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.action import Action
from models.person import Person
from models.unit import BusinessUnit


def write(
    say: Language, *, unit: BusinessUnit, to: Person, by: Person | None, actions: Sequence[Action], now: datetime
) -> Wording:
    """All that one person promised at once."""
    today = now.astimezone(languages.zone_of(to, unit.time_zone)).date()
    due = [say("{what}, by {day}", what=a.text, day=say.day(a.due_on, today)) if a.due_on else a.text for a in actions]
    return Wording(
        subject=_subject(say, unit, actions),
        body=paragraphs(
            say.greeting(to),
            say(
                "{who} wrote down what you promised between {unit} and IT:",
                who=by.name if by else say("Your IT"),
                unit=unit.name,
            ),
            "\n".join(f"- {line}" for line in due),
            say("When it is done, say so with one press, without a password. Or say what is in the way."),
        ),
        button=say("Say how it stands"),
    )


def _subject(say: Language, unit: BusinessUnit, actions: Sequence[Action]) -> str:
    if len(actions) == 1:
        return say("You promised: {what}", what=actions[0].text)
    return say.many(
        "You promised one thing for {unit}", "You promised {n} things for {unit}", len(actions), unit=unit.name
    )
