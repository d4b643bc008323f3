"""Mail to a unit's address: a draft of meeting notes, which a rep reads, and keeps or throws away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.services import attendees, clock, covering, drafts, words
from crm.services.incoming import outcomes
from crm.services.incoming.outcomes import Outcome
from crm.services.incoming.reading import BODY_LENGTH, Mail
from models.person import Person, email_key
from models.unit import Assignment, BusinessUnit, Cover

#: Names in one mail that are looked up.
MOST = 50


@dataclass(frozen=True)
class Note:
    """A mail about a unit. ``sender``: a name, or the address."""

    unit: BusinessUnit
    sender: str
    subject: str
    text: str
    received_at: datetime


def take(session: Session, mail: Mail, *, received_at: datetime, now: datetime) -> Outcome:
    """A draft about each unit it is addressed to, from a sender who is known there. Changes nothing otherwise."""
    units = _addressed(session, mail.to)
    sender = _person(session, mail.from_address, now)
    unit_id = units[0].id if units else None
    if sender is None:
        who = (
            f"Nobody here has the address {mail.from_address}." if mail.from_address else "It does not say who sent it."
        )
        return outcomes.aside(who, unit_id=unit_id)
    if not units:
        return outcomes.aside("It is not to the address of a unit.", person_id=sender.id)
    for unit in units:
        if not _is_known(session, sender, unit, now):
            return outcomes.aside(f"{sender.name} is not of {unit.name}.", person_id=sender.id, unit_id=unit.id)
    told = [Note(unit, sender.name, mail.subject, mail.text, received_at) for unit in units]
    try:
        with session.begin_nested():  # about all of them, or none
            said = [write(session, note, writer=sender, now=now) for note in told]
    except Invalid as error:
        return outcomes.aside(str(error), person_id=sender.id, unit_id=unit_id)
    return outcomes.taken(" ".join(said), person_id=sender.id, unit_id=unit_id)


def _addressed(session: Session, to: Sequence[str]) -> Sequence[BusinessUnit]:
    """The open units under whose names it came, by id."""
    names = list(_names(to))[:MOST]
    wanted = select(BusinessUnit).where(BusinessUnit.mail_name.in_(names), BusinessUnit.closed_on.is_(None))
    return session.scalars(wanted.order_by(BusinessUnit.id)).all() if names else ()


def _names(to: Iterable[str]) -> Iterable[str]:
    """What stands before the @, and what stands there after a +."""
    for address in to:
        local = address.rpartition("@")[0].casefold()
        yield local
        if "+" in local:
            yield local.partition("+")[2]


def _person(session: Session, address: str, now: datetime) -> Person | None:
    if not address:
        return None
    found = session.scalar(select(Person).where(Person.email_key == email_key(address)))
    return found if found and found.is_here(now.date()) else None


def _is_known(session: Session, sender: Person, unit: BusinessUnit, now: datetime) -> bool:
    """From IT, of that unit or one above it, or known from meetings with it."""
    today = clock.local_date(now, unit.time_zone)
    if attendees.admitted(session, unit=unit, ids=[sender.id], days=[today]):
        return True
    return unit.id in policy.actor_for(session, sender, today).belongs


def write(session: Session, note: Note, *, writer: Person | None, now: datetime) -> str:
    """Put it into the unfinished notes of whoever looks after the unit. Returns the sentence that says so.

    ``writer``: its sender, when known here. Raises Invalid when there are no words, nobody to read them, or no room.
    """
    unit = note.unit
    if not note.text.strip():
        raise Invalid("text", "It holds no words that could become a note.")
    today = clock.local_date(now, unit.time_zone)
    rep = _keeper(session, unit, writer, today)
    if rep is None:
        raise Invalid("unit_id", f"{unit.name} has no lead rep who could read it.")
    day = words.day(clock.local_date(note.received_at, unit.time_zone), today)
    drafts.add_mail(
        session, person=rep, unit=unit, text=_as_notes(note.subject, note.text), origin=f"{note.sender}, {day}", now=now
    )
    return f"A draft about {unit.name} waits for {rep.name}."


def _as_notes(subject: str, text: str) -> str:
    """The subject as a heading, and the words as they were typed."""
    cut = text if len(text) <= BODY_LENGTH else f"{text[:BODY_LENGTH].rstrip()}\n\n(The rest of the mail was left out.)"
    return f"## {subject}\n\n{cut}" if subject else cut


def _keeper(session: Session, unit: BusinessUnit, sender: Person | None, today: date) -> Person | None:
    """The sender, when looking after the unit; else its lead, or who covers for the lead."""
    if sender and unit.id in policy.actor_for(session, sender, today).covers:
        return sender
    lead = session.scalar(
        select(Person)
        .join(Assignment, Assignment.rep_id == Person.id)
        .where(Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
    )
    if lead is None:
        return None
    absence = covering.away(session, [lead.id], today).get(lead.id)
    return absence.covered_by if absence and absence.covered_by else lead
