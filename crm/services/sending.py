"""Messages on their way out, to people and to webhooks: claimed by one process at a time, tried again after a pause,
and in the end sent, failed or uncertain. Every try of a message bears the same Message-ID.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from crm.services import languages, organisation, quiet_hours
from crm.services.mail_kinds import KINDS
from models.mail import MailKind
from models.outbox import OutboxMessage, OutboxState
from models.person import Person
from models.webhook import Webhook, WebhookKind

#: A message claimed longer ago than this was claimed by a process that died; no try takes as long.
LEASE = timedelta(minutes=10)
#: The pause after the first, second ... try. After the last one comes the end.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
#: What waited longer, because no mail server was connected, has lost its occasion.
STALE = timedelta(days=7)
#: So many messages leave in one run.
MOST = 500
REASON_LENGTH = 500

CHATS = (WebhookKind.TEAMS, WebhookKind.SLACK)

TOO_OLD = "It waited more than seven days."
DIED = "The process stopped while sending; it goes out again under the same Message-ID."


DIED_TELLING = "The process stopped while telling it, so it may have arrived."


class Refused(Exception):
    """The mail server will never take it: no such address, not allowed."""


class NotNow(Exception):
    """It was not taken this time. ``pause``: who was to take it wants nothing before that has passed."""

    def __init__(self, reason: str, *, pause: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.pause = pause


class Unclear(NotNow):
    """Whoever was to take it was gone before it said so."""


class Unreachable(NotNow):
    """There is no talking to the mail server: trying others makes no sense now."""


@dataclass(frozen=True)
class Hook:
    """The webhook a letter goes to."""

    id: int
    kind: WebhookKind
    url: str = field(repr=False)
    secret: str = field(repr=False)
    has_ended: bool = False

    @property
    def knows_doubles(self) -> bool:
        """Whether whoever listens can tell that two messages are one. A chat cannot: it would show both."""
        return self.kind not in CHATS


@dataclass(frozen=True)
class Letter:
    """One message, as the post takes it."""

    id: int
    message_id: str
    to_name: str
    to_address: str
    subject: str
    #: Plain text, paragraphs with an empty line between.
    body: str
    #: The one thing to do: a path within this application, or "", and what the button says.
    path: str
    button: str
    kind: MailKind = MailKind.OTHER
    #: None: not to a person.
    to_person_id: int | None = None
    language: str = "en"
    #: An iCalendar object, and its METHOD; or "".
    calendar: str = ""
    calendar_method: str = ""
    #: None: to a person.
    hook: Hook | None = None


class Post(Protocol):
    """What takes letters. Raises Refused, NotNow, Unclear or Unreachable."""

    def send(self, letter: Letter) -> None: ...


#: Opens a transaction, and commits it at its end.
Begin = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


class To(enum.Enum):
    """Whom a run serves. Mail and webhooks have runs of their own, so that neither waits for the other."""

    PEOPLE = enum.auto()
    WEBHOOKS = enum.auto()

    @property
    def condition(self) -> ColumnElement[bool]:
        return OutboxMessage.webhook_id.is_(None) if self is To.PEOPLE else OutboxMessage.webhook_id.is_not(None)


def send_due(begin: Begin, *, post: Post, clock: Clock, to: To = To.PEOPLE, within: timedelta | None = None) -> int:
    """Send what is due, the oldest first, each in transactions of its own. Returns how many were sent.

    A webhook that does not take a message gets no other in this run. ``within``: begin nothing after so long.
    """
    began, sent = clock(), 0
    silent: set[int] = set()
    with begin() as session:
        _tidy(session, began)
    for _ in range(MOST):
        if within is not None and clock() - began >= within:
            break
        with begin() as session:
            letter = _claim_next(session, clock(), to, silent)
        if letter is None:
            break
        trouble = _try(begin, post, letter, clock)
        sent += trouble is None
        if isinstance(trouble, Unreachable):
            break
        if isinstance(trouble, NotNow) and letter.hook:
            silent.add(letter.hook.id)
    return sent


def _try(begin: Begin, post: Post, letter: Letter, clock: Clock) -> Refused | NotNow | None:
    """Hand it over, and write down what came of it. Returns what was in the way."""
    trouble: Refused | NotNow | None = None
    try:
        post.send(letter)
    except (Refused, NotNow) as error:
        trouble = error
    with begin() as session:
        if trouble is None:
            _finish(session, letter, clock())
        elif isinstance(trouble, Refused):
            _fail(session, letter, str(trouble))
        else:
            _put_off(session, letter, trouble, clock())
    return trouble


def _tidy(session: Session, now: datetime) -> None:
    """What a dead process held is due again, but for chats, which would show it twice; what waited too long is given
    up."""
    changed = update(OutboxMessage).execution_options(synchronize_session=False)
    held = changed.where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.lease_until < now)
    chats = OutboxMessage.webhook_id.in_(select(Webhook.id).where(Webhook.kind.in_(CHATS)))
    session.execute(held.where(chats).values(state=OutboxState.UNCERTAIN, lease_until=None, error=DIED_TELLING))
    session.execute(held.values(state=OutboxState.QUEUED, due_at=now, error=DIED))
    stale = (OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.tries == 0)
    session.execute(
        changed.where(*stale, OutboxMessage.due_at < now - STALE).values(state=OutboxState.CANCELLED, error=TOO_OLD)
    )


def _claim_next(session: Session, now: datetime, to: To = To.PEOPLE, silent: Collection[int] = ()) -> Letter | None:
    """The next due message, ours until the lease ends. A conditional UPDATE: of two who want it, one gets it."""
    due = (OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.due_at <= now)
    wanted = and_(*due, to.condition, OutboxMessage.webhook_id.not_in(silent)) if silent else and_(*due, to.condition)
    oldest = select(OutboxMessage.id, OutboxMessage.kind).where(wanted)
    for message_id, kind in session.execute(oldest.order_by(OutboxMessage.due_at, OutboxMessage.id).limit(20)).all():
        if KINDS[kind].is_optional and _waits_for_the_morning(session, message_id, now):
            continue
        mine = update(OutboxMessage).where(OutboxMessage.id == message_id, *due)
        claimed = session.execute(
            mine.values(state=OutboxState.SENDING, lease_until=now + LEASE, tries=OutboxMessage.tries + 1)
        )
        if claimed.rowcount:  # type: ignore[attr-defined]
            return _letter(session, message_id)
    return None


def _waits_for_the_morning(session: Session, message_id: int, now: datetime) -> bool:
    """A later try, or one that was late because nobody sent, does not come in quiet hours either."""
    message = session.get_one(OutboxMessage, message_id)
    person = session.get(Person, message.to_person_id) if message.to_person_id else None
    if person is None:
        return False
    zone = languages.zone_of(person, organisation.current(session).time_zone)
    due_at = quiet_hours.after(now, zone, *quiet_hours.of(person))
    if due_at > now:
        message.due_at = due_at
    return due_at > now


def _letter(session: Session, message_id: int) -> Letter:
    message, name, webhook = session.execute(
        select(OutboxMessage, Person.name, Webhook)
        .outerjoin(Person, Person.id == OutboxMessage.to_person_id)
        .outerjoin(Webhook, Webhook.id == OutboxMessage.webhook_id)
        .where(OutboxMessage.id == message_id)
    ).one()
    return Letter(
        id=message.id,
        message_id=message.message_id,
        to_name=name or "",
        to_address=message.to_address,
        subject=message.subject,
        body=message.body,
        path=message.path,
        button=message.button,
        kind=message.kind,
        to_person_id=message.to_person_id,
        language=message.language,
        calendar=message.calendar,
        calendar_method=message.calendar_method,
        hook=_hook(webhook) if webhook else None,
    )


def _hook(webhook: Webhook) -> Hook:
    return Hook(webhook.id, webhook.kind, webhook.url, webhook.secret, has_ended=webhook.ended_at is not None)


def _finish(session: Session, letter: Letter, now: datetime) -> None:
    message = session.get_one(OutboxMessage, letter.id)
    message.state, message.sent_at, message.lease_until, message.error = OutboxState.SENT, now, None, ""


def _fail(session: Session, letter: Letter, reason: str) -> None:
    message = session.get_one(OutboxMessage, letter.id)
    message.state, message.lease_until, message.error = OutboxState.FAILED, None, reason[:REASON_LENGTH]


def _put_off(session: Session, letter: Letter, error: NotNow, now: datetime) -> None:
    """Try again after a pause; after the last try it has failed, or nobody knows. What a chat may have shown is not
    tried again by itself."""
    message = session.get_one(OutboxMessage, letter.id)
    message.lease_until, message.error = None, str(error)[:REASON_LENGTH]
    may_double = isinstance(error, Unclear) and letter.hook is not None and not letter.hook.knows_doubles
    if message.tries <= len(PAUSES) and not may_double:
        message.state, message.due_at = OutboxState.QUEUED, now + max(PAUSES[message.tries - 1], error.pause)
    else:
        message.state = OutboxState.UNCERTAIN if isinstance(error, Unclear) else OutboxState.FAILED
    if letter.hook and error.pause:
        _hold_back(session, letter.hook, now + error.pause)


def _hold_back(session: Session, hook: Hook, until: datetime) -> None:
    """It asked for a pause: nothing else goes there before."""
    session.flush()
    mine = (OutboxMessage.webhook_id == hook.id, OutboxMessage.state == OutboxState.QUEUED)
    session.execute(
        update(OutboxMessage)
        .where(*mine, OutboxMessage.due_at < until)
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )
