"""Mail that came in, as the administrator sorts it: the list, and what to do with what was kept aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.incoming import notes
from crm.services.search import contains
from models.mail import IncomingMail, IncomingState
from models.unit import BusinessUnit

#: So long the words of a mail are kept; who wrote it, when, and what came of it stays.
BODY_KEPT = timedelta(days=90)
SORTED = "This mail is sorted already."


def listed(
    session: Session, *, by: Actor, state: IncomingState | None = None, text: str = "", number: int = 1
) -> pages.Page[IncomingMail]:
    """Mail that came in, newest first. One statement."""
    policy.require(by, Action.SORT_INCOMING_MAIL)
    wanted = select(IncomingMail)
    if state is not None:
        wanted = wanted.where(IncomingMail.state == state)
    if text:
        wanted = wanted.where(contains(text, IncomingMail.subject, IncomingMail.from_address, IncomingMail.outcome))
    return pages.of_objects(session, wanted.order_by(IncomingMail.received_at.desc(), IncomingMail.id.desc()), number)


def waiting(session: Session) -> int:
    """How many were kept aside, until somebody looks."""
    return session.scalar(select(func.count()).where(IncomingMail.state == IncomingState.ASIDE)) or 0


def find(session: Session, *, by: Actor, incoming_id: int) -> IncomingMail:
    """One mail, with its sender when known here. Raises NotFound."""
    policy.require(by, Action.SORT_INCOMING_MAIL)
    found = session.get(IncomingMail, incoming_id, options=[joinedload(IncomingMail.person)])
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def take_as_note(session: Session, *, by: Actor, mail: IncomingMail, unit: BusinessUnit, now: datetime) -> None:
    """Make it a draft about that unit. ``mail`` is of :func:`find`.

    Raises Conflict("mail") when it is sorted already, Invalid when it holds no words or nobody can read it.
    """
    _claim(session, by, mail)
    sender = mail.person.name if mail.person else mail.from_address or "somebody"
    note = notes.Note(unit, sender, mail.subject, mail.body, mail.received_at)
    mail.outcome = notes.write(session, note, writer=mail.person, now=now)
    mail.state, mail.unit_id = IncomingState.TAKEN, unit.id
    session.flush()


def dismiss(session: Session, *, by: Actor, mail: IncomingMail) -> None:
    """Nothing comes of it. Raises Conflict("mail") when it is sorted already."""
    _claim(session, by, mail)
    mail.state = IncomingState.DISMISSED
    session.flush()


def _claim(session: Session, by: Actor, mail: IncomingMail) -> None:
    policy.require(by, Action.SORT_INCOMING_MAIL)
    session.refresh(mail, ["state"], with_for_update=True)
    if mail.state is not IncomingState.ASIDE:
        raise Conflict("mail", SORTED)


def forget_words(session: Session, now: datetime) -> int:
    """Remove the words of old mail. Of how many they are gone."""
    old = (IncomingMail.received_at < now - BODY_KEPT, IncomingMail.body != "")
    return int(session.execute(update(IncomingMail).where(*old).values(body="")).rowcount)  # type: ignore[attr-defined]
