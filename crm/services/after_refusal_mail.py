"""The mail that asks how somebody solved what IT said no to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.services import clock, mail_lines, words
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.person import Person
from models.request import Request
from models.request_part import RequestVerdict

#: So much of what was offered is said again.
QUOTED = 280


@dataclass(frozen=True)
class Need:
    """One refusal: the request with its unit, what was said, and the link to answer by."""

    request: Request
    verdict: RequestVerdict
    path: str
    is_reminder: bool


def write(say: Language, *, to: Person, needs: Sequence[Need], today: date) -> Wording:
    """Of one need, with a button; of several, with a link beside each."""
    if len(needs) == 1:
        return _of_one(say, to, needs[0], today)
    blocks = [_block(say, need, today) for need in needs]
    return Wording(
        subject=words.capital(
            say.many(
                "{n} thing IT said no to: how did you solve it?",
                "{n} things IT said no to: how did you solve them?",
                len(needs),
            )
        ),
        body=paragraphs(say.greeting(to), *blocks, _foot(say, all(need.is_reminder for need in needs))),
        button="",
    )


def _of_one(say: Language, to: Person, need: Need, today: date) -> Wording:
    return Wording(
        subject=say("How did you solve it: {title}", title=need.request.title),
        body=paragraphs(
            say.greeting(to),
            say("You asked for: {title}", title=need.request.title),
            f"{_said_no(say, need, today)} {_offered(say, need.verdict)}",
            say("How did you solve it?"),
            _foot(say, need.is_reminder),
        ),
        button=say("Say how you solved it"),
    )


def _block(say: Language, need: Need, today: date) -> str:
    why = f"{_said_no(say, need, today)} {_offered(say, need.verdict)}"
    return mail_lines.block(need.request.title, why, label=say("Say how you solved it"), path=need.path)


def _said_no(say: Language, need: Need, today: date) -> str:
    unit = need.request.unit
    day = say.day(clock.local_date(need.verdict.at, unit.time_zone), today)
    return say("On {day} IT said no to {unit}.", day=day, unit=unit.name)


def _offered(say: Language, verdict: RequestVerdict) -> str:
    if not verdict.alternative:
        return say("We had nothing to offer instead.")
    return say("We offered instead: {alternative}", alternative=_short(verdict.alternative))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rstrip()}…"


def _foot(say: Language, is_reminder: bool) -> str:
    easy = say("One choice is enough, without a password. It shows us what we should change.")
    return f"{easy} {say('We asked before, and do not ask again.')}" if is_reminder else easy
