"""The mails that carry invitations: each person's own words, and the same as an entry of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.services import calendar_objects, languages, organisation, outbox
from crm.services.calendar_objects import Entry, Guest, Part, Status
from crm.services.invitations import wording
from crm.services.invitations.news import Letter, News
from crm.services.invitations.wanted import Wanted
from crm.services.languages import Language
from crm.services.outbox import Draft
from models.mail import MailKind
from models.outbox import OutboxMessage, OutboxState


def send(session: Session, letters: Sequence[Letter], now: datetime) -> int:
    """Queue them, in four statements. Returns how many go out."""
    if not letters:
        return 0
    _take_back(session, letters)
    house = organisation.current(session)
    drafts = (_draft(letter, languages.of(letter.to, house.language), now) for letter in letters)
    return outbox.queue_all(session, drafts, kind=MailKind.INVITATION, now=now)


def _take_back(session: Session, letters: Sequence[Letter]) -> None:
    """What has not begun to leave and is out of date by now: one mail where one does."""
    waiting = session.execute(
        select(OutboxMessage.id, OutboxMessage.key).where(
            OutboxMessage.kind == MailKind.INVITATION,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.tries == 0,
            OutboxMessage.to_person_id.in_({letter.to.id for letter in letters}),
        )
    )
    replaced = {letter.key.rpartition(":")[0] for letter in letters}
    old = [message_id for message_id, key in waiting if key.rpartition(":")[0] in replaced]
    if old:
        still = (OutboxMessage.id.in_(old), OutboxMessage.state == OutboxState.QUEUED)
        session.execute(
            update(OutboxMessage)
            .where(*still)
            .values(state=OutboxState.CANCELLED, error="A newer invitation took its place.")
            .execution_options(synchronize_session="fetch")
        )


def _draft(letter: Letter, say: Language, now: datetime) -> Draft:
    return Draft(
        key=letter.key,
        to=letter.to,
        subject=wording.subject(letter, say, now),
        body=wording.body(letter, say, now),
        calendar=calendar(letter, say),
        calendar_method=letter.method,
        say=say,
    )


def calendar(letter: Letter, say: Language) -> str:
    """What the mail carries for the calendar of whoever it goes to."""
    invitation = letter.invitation
    people, status = tuple(letter.guests.values()), Status.CONFIRMED
    if letter.news is News.CANCELLED:
        status = Status.CANCELLED
    if letter.news is News.REMOVED:
        # Names only whoever is to come no more, and says nothing of the rest: RFC 5546, 3.2.5.
        people, status = (Guest(letter.to.name, letter.to.email or ""),), Status.UNSAID
    entry = replace(
        entry_of(letter.review, invitation.uid, invitation.sent_at, say),
        sequence=invitation.sequence,
        organiser=Guest(invitation.organiser.name, invitation.organiser.email or "", Part.CHAIR),
        guests=people,
        status=status,
    )
    return calendar_objects.invitation(entry, letter.method)


def entry_of(one: Wanted, uid: str, changed_at: datetime, say: Language) -> Entry:
    """A review as an entry of a calendar, with nobody named yet."""
    return Entry(
        uid=uid,
        starts=one.planned_at,
        ends=one.ends_at,
        summary=wording.title(one, say),
        description=wording.description(one, say),
        changed_at=changed_at,
        place=one.place,
        zone=one.zone.key,
    )
