"""Mail that is to leave once: queued in the transaction of its cause, read in the outbox."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from crm import policy
from crm.errors import Conflict, NotFound
from crm.policy import Action, Actor
from crm.services import languages, mail_preferences, organisation, pages, quiet_hours
from crm.services.clashes import insert_unless_there
from crm.services.languages import Language
from crm.services.mail_kinds import KINDS
from crm.services.mail_text import one_line
from crm.services.search import contains
from models.mail import MailKind, Reminder
from models.outbox import OutboxMessage, OutboxState
from models.person import Person

_LINE_FEED = "\n"


@dataclass(frozen=True)
class Draft:
    """A message of many, with the fields of :func:`queue`."""

    key: str
    to: Person
    subject: str
    body: str
    say: Language
    path: str = ""
    button: str = ""
    calendar: str = ""
    calendar_method: str = ""


def has_address(person: Person) -> bool:
    """Whether mail can be written to this person. An address that would break a mail's head is none."""
    return is_address(person.email)


def is_address(email: str | None) -> bool:
    return bool(email) and email == one_line(email or "")


def queue(
    session: Session,
    *,
    key: str,
    to: Person,
    subject: str,
    body: str,
    path: str,
    now: datetime,
    button: str = "",
    kind: MailKind = MailKind.OTHER,
    calendar: str = "",
    calendar_method: str = "",
    say: Language | None = None,
    time_zone: str = "",
) -> OutboxMessage | None:
    """One message to one person, or None when the person has no address or wants no such mail. The same key twice is
    one message. What is optional waits for the end of the person's quiet hours.

    ``body`` is plain text, with an empty line between paragraphs, and "- " before the points of a list; ``path`` the
    one thing to do, within this application, or ""; ``button`` is its label. ``calendar`` is an iCalendar object that
    goes with it, ``calendar_method`` "REQUEST" or "CANCEL". ``say`` is the language it is written in: without it the
    person's. ``time_zone`` is where the clock of who has said none stands: without it the organisation's.
    """
    if path and (not path.startswith("/") or path.startswith("//")):
        raise ValueError(f"{path!r} leads elsewhere")
    if not has_address(to) or not mail_preferences.is_wanted(session, person=to, kind=kind):
        return None
    message = OutboxMessage(
        key=key,
        to_person_id=to.id,
        to_address=to.email or "",
        subject=one_line(subject),
        body=_plain_text(body),
        path=path,
        button=button,
        kind=kind,
        language=(say or languages.of(to, to.language or organisation.current(session).language)).code,
        calendar=calendar,
        calendar_method=calendar_method,
        queued_at=now,
        due_at=_due_at(session, to, kind, now, time_zone),
    )
    return add_once(session, message)


def add_once(session: Session, message: OutboxMessage) -> OutboxMessage:
    """Keep the message, or return the one that has its key already."""
    key = message.key
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    return message


def queue_all(session: Session, drafts: Iterable[Draft], *, kind: MailKind, now: datetime) -> int:
    """Many messages of a kind that nobody can do without, in one statement. Whoever has no address is left out, and a
    key that is known. Returns how many go out. Raises ValueError for a kind that is optional.
    """
    if KINDS[kind].is_optional:
        raise ValueError(f"{kind} is not wanted by everybody")
    rows = [
        {
            "key": draft.key,
            "kind": kind,
            "to_person_id": draft.to.id,
            "to_address": draft.to.email,
            "language": draft.say.code,
            "subject": one_line(draft.subject),
            "body": _plain_text(draft.body),
            "path": draft.path,
            "button": draft.button,
            "calendar": draft.calendar,
            "calendar_method": draft.calendar_method,
            "queued_at": now,
            "due_at": now,
        }
        for draft in drafts
        if has_address(draft.to)
    ]
    if rows:
        session.flush()
        session.connection().execute(insert_unless_there(session, OutboxMessage, "key"), rows)
    return len(rows)


def _due_at(session: Session, to: Person, kind: MailKind, now: datetime, time_zone: str) -> datetime:
    """Now; what is optional, past the quiet hours."""
    if not KINDS[kind].is_optional:
        return now
    fallback = time_zone or organisation.current(session).time_zone
    return quiet_hours.after(now, languages.zone_of(to, fallback), *quiet_hours.of(to))


def _plain_text(text: str) -> str:
    lines = text.replace("\r\n", _LINE_FEED).replace("\r", _LINE_FEED).split(_LINE_FEED)
    return _LINE_FEED.join("".join(letter for letter in line if letter.isprintable()) for line in lines)


class Shown(enum.StrEnum):
    """Which mail a list shows."""

    ALL = ""
    WAITING = "waiting"
    TROUBLED = "troubled"
    SENT = "sent"
    WEBHOOKS = "webhooks"


STATES = {
    Shown.WAITING: (OutboxState.QUEUED, OutboxState.SENDING),
    Shown.TROUBLED: (OutboxState.FAILED, OutboxState.UNCERTAIN),
    Shown.SENT: (OutboxState.SENT,),
}


def visible(
    session: Session,
    *,
    by: Actor,
    everything: bool = False,
    text: str = "",
    shown: Shown = Shown.ALL,
    page: int = 1,
) -> pages.Page[OutboxMessage]:
    """Mail, newest first: everyone's own; all to the administrator, and with ``everything`` (the demonstration)."""
    policy.require(by, Action.SEE_OWN_MAIL)
    wanted = _visible(by, everything)
    if shown in STATES:
        wanted = wanted.where(OutboxMessage.state.in_(STATES[shown]))
    if shown is Shown.WEBHOOKS:
        wanted = wanted.where(OutboxMessage.webhook_id.is_not(None))
    if text:
        wanted = wanted.where(contains(text, OutboxMessage.subject, OutboxMessage.to_address, Person.name))
    return pages.of_objects(session, wanted.order_by(OutboxMessage.queued_at.desc(), OutboxMessage.id.desc()), page)


def find(session: Session, *, by: Actor, message_id: int, everything: bool = False) -> OutboxMessage:
    """One message that the actor may read. Raises NotFound."""
    policy.require(by, Action.SEE_OWN_MAIL)
    found = session.scalar(_visible(by, everything).where(OutboxMessage.id == message_id))
    if found is None:
        raise NotFound("There is no such message.")
    return found


def send_again(session: Session, *, by: Actor, message: OutboxMessage, now: datetime) -> None:
    """Put it back into the queue, with as many tries as a new one, under the Message-ID it has.

    Raises Conflict("state") unless it failed, may have arrived, or was cancelled.
    """
    policy.require(by, Action.STEER_MAIL)
    session.refresh(message, ["state"], with_for_update=True)
    if message.state not in (OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.CANCELLED):
        raise Conflict("state", "This message is on its way or has left already.")
    message.state, message.due_at, message.tries, message.error = OutboxState.QUEUED, now, 0, ""
    session.flush()


def cancel(session: Session, *, by: Actor, message: OutboxMessage) -> None:
    """Keep it from leaving. Raises Conflict("state") when it is being sent or has left."""
    policy.require(by, Action.STEER_MAIL)
    session.refresh(message, ["state"], with_for_update=True)
    if message.state is not OutboxState.QUEUED:
        raise Conflict("state", "This message is being sent, or waits no longer.")
    message.state, message.error = OutboxState.CANCELLED, ""
    session.flush()


def troubled(session: Session) -> int:
    """How many messages failed, or may not have arrived."""
    lost = (OutboxMessage.state.in_(STATES[Shown.TROUBLED]), ~_reminds_of_a_rating())
    return session.scalar(select(func.count(OutboxMessage.id)).where(*lost)) or 0


def _visible(by: Actor, everything: bool) -> Select[OutboxMessage]:
    """What goes to webhooks is the administrator's alone, in the demonstration too. A reminder of a rating is read by
    whoever it went to: it says who had not answered."""
    mine: ColumnElement[bool] = OutboxMessage.to_person_id == by.id
    if everything:
        mine = OutboxMessage.webhook_id.is_(None)
    if policy.can(by, Action.SEE_ALL_MAIL):
        mine = true() if everything else mine | ~_reminds_of_a_rating()
    return (
        select(OutboxMessage)
        .outerjoin(OutboxMessage.to_person)
        .options(contains_eager(OutboxMessage.to_person))
        .where(mine)
    )


def _reminds_of_a_rating() -> ColumnElement[bool]:
    """By a mail of its own, or within one that gathers several."""
    told = (Reminder.message_id == OutboxMessage.id, Reminder.kind == MailKind.RATING_REMINDER)
    return exists().where(*told).correlate(OutboxMessage)
