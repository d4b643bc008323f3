"""Mail with a link to set a password."""

from __future__ import annotations

from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.person import Person


def welcome(say: Language, *, to: Person, organisation: str, hours: int) -> Wording:
    """To who is new."""
    return Wording(
        subject=say("Your account at {organisation}", organisation=organisation),
        body=paragraphs(
            say.greeting(to),
            say("You have an account at {organisation}.", organisation=organisation),
            say("Set a password of your own to sign in. The link works once, for {hours} hours.", hours=hours),
        ),
        button=say("Choose a password"),
    )


def forgotten(say: Language, *, to: Person, hours: int) -> Wording:
    """To who asked for a new password; or somebody else did."""
    return Wording(
        subject=say("A new password"),
        body=paragraphs(
            say.greeting(to),
            say(
                "Somebody, we hope you, asked for a new password here. The link works once, for {hours} hours. "
                "If it was not you, leave it; nothing has changed.",
                hours=hours,
            ),
        ),
        button=say("Choose a password"),
    )
