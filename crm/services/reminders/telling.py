"""Reminders that leave in a mail of their own: one for each person and morning, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import action_links, mail_lines, organisation, outbox, words
from crm.services.languages import Language
from crm.services.reminders import mornings, rows
from crm.services.reminders.gathering import Gathered, gather
from crm.services.reminders.recipients import Recipient
from models.mail import Errand, MailChoice, MailKind, Reminder
from models.outbox import OutboxMessage


def due(session: Session, *, now: datetime) -> int:
    """Where the morning has come: keep what is due, and tell at once what is not to wait for the daily mail.

    Returns how many reminders are new. Three statements when no morning has come.
    """
    house = organisation.current(session)
    found = [
        gather(session, come=come, house=house, now=now)
        for come in mornings.claim(session, errand=Errand.REMIND, house=house, now=now)
    ]
    for gathered in found:
        _tell(session, gathered, now)
    return sum(gathered.made for gathered in found)


def _tell(session: Session, gathered: Gathered, now: datetime) -> None:
    day = gathered.come.day
    wanted = {person_id: gathered.wanted(person_id, MailChoice.NOW) for person_id in gathered.waiting}
    done = written(session, [_key(person_id, day) for person_id in wanted])
    letters = {one: found for one, found in wanted.items() if found and _key(one, day) not in done}
    give_links(session, [reminder for found in letters.values() for reminder in found], now)
    for person_id, found in letters.items():
        _write(session, gathered.to[person_id], found, day, now)
    session.flush()


def _key(person_id: int, day: date) -> str:
    return f"remind:{person_id}:{day}"


def written(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these mails are written already: somebody's clock was put elsewhere that day. One statement."""
    return set(session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.in_(keys))))


def give_links(session: Session, reminders: Sequence[Reminder], now: datetime) -> None:
    """A personal link for each promise that is settled without signing in. Two statements."""
    promises = [one for one in reminders if one.kind is MailKind.ACTION and not one.path]
    wanted = {(about(one), one.person_id) for one in promises}
    links = action_links.remind(session, wanted=wanted, now=now) if wanted else {}
    for one in promises:
        one.path = links[about(one), one.person_id]


def about(reminder: Reminder) -> int:
    """The id of what it is about; it stands in the key."""
    return int(reminder.key.split(":")[1])


def _write(session: Session, to: Recipient, found: Sequence[Reminder], day: date, now: datetime) -> None:
    say, alone = to.say, found[0] if len(found) == 1 else None
    message = outbox.queue(
        session,
        key=_key(to.person.id, day),
        kind=found[0].kind,
        to=to.person,
        subject=alone.what if alone else _several(say, len(found)),
        body=_body(to, found),
        path=alone.path if alone else "",
        button=alone.button if alone else "",
        say=say,
        time_zone=to.time_zone,
        now=now,
    )
    mark(session, found, message, now)


def _several(say: Language, count: int) -> str:
    return words.capital(say.many("{n} thing waits for you", "{n} things wait for you", count))


def mark(session: Session, reminders: Sequence[Reminder], message: OutboxMessage | None, now: datetime) -> None:
    """They are told by this message; without one, they are not wanted."""
    for reminder in reminders:
        reminder.message_id = message.id if message else None
    if message is None:
        rows.drop(session, reminders, now)


def _body(to: Recipient, found: Sequence[Reminder]) -> str:
    if len(found) == 1:
        parts = [mail_lines.block(found[0].what, found[0].why)]
    else:
        parts = [block(reminder) for reminder in found]
    return "\n\n".join([to.say.greeting(to.person), *parts])


def block(reminder: Reminder) -> str:
    """The reminder on lines of its own, with the one click that settles it."""
    return mail_lines.block(reminder.what, reminder.why, label=reminder.button, path=reminder.path)
