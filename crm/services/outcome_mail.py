"""The mail that tells somebody what came of what they said: of all that is new, once a day at most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.services import clock, languages, organisation, outbox
from crm.services.languages import Language
from crm.services.wording import Wording, paragraphs
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.person import Person
from models.rating import CommentOutcome, Invitation, Response, Round

#: So long a rep may still think better of it.
SECOND_THOUGHTS = timedelta(hours=1)
#: So much of a comment is said again.
QUOTED = 280


def write(say: Language, *, to: Person, outcomes: Sequence[CommentOutcome]) -> Wording:
    """To whoever wrote the comments, in their own words and in the rep's. The outcomes come with unit and response."""
    told = [
        say(
            "On {unit} you said: “{comment}”\nWhat came of it: {done}",
            unit=one.unit.name,
            comment=_short(one.response.comment),
            done=one.done,
        )
        for one in outcomes
    ]
    return Wording(
        subject=say("What came of what you said about IT"),
        body=paragraphs(say.greeting(to), *told, say("You need do nothing. We ask again before long.")),
        button="",
    )


def _short(comment: str) -> str:
    line = " ".join(comment.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rstrip()}…"


def tell(session: Session, *, now: datetime) -> int:
    """Tell each writer by mail what is new since the last. Returns to how many people. Safe to repeat; whoever had such
    a mail today waits until tomorrow."""
    new = _new(session, now)
    by_person: dict[Person, list[CommentOutcome]] = defaultdict(list)
    for outcome, person in new:
        by_person[person].append(outcome)
    return sum(_tell(session, person, outcomes, now) for person, outcomes in by_person.items())


def _new(session: Session, now: datetime) -> Sequence[tuple[CommentOutcome, Person]]:
    rows = session.execute(
        select(CommentOutcome, Person)
        .join(CommentOutcome.response)
        .join(CommentOutcome.unit)
        .join(Round, Round.id == Response.round_id)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Round.bears_names,
            CommentOutcome.told_at.is_(None),
            CommentOutcome.made_at <= now - SECOND_THOUGHTS,
            Person.left_on.is_(None),
        )
        .options(contains_eager(CommentOutcome.response), contains_eager(CommentOutcome.unit))
        .order_by(CommentOutcome.made_at, CommentOutcome.id)
    )
    return [(row[0], row[1]) for row in rows]


def _tell(session: Session, person: Person, outcomes: Sequence[CommentOutcome], now: datetime) -> bool:
    house = organisation.current(session)
    key = f"outcomes:{person.id}:{clock.local_date(now, house.time_zone)}"
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return False
    say = languages.of(person, house.language)
    told = write(say, to=person, outcomes=outcomes)
    sent = outbox.queue(
        session,
        key=key,
        to=person,
        subject=told.subject,
        body=told.body,
        path="",
        kind=MailKind.OUTCOME,
        say=say,
        now=now,
    )
    for one in outcomes:
        one.told_at = now  # or not wanted, which is as well
    session.flush()
    return sent is not None
