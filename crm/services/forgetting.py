"""Forgetting a person: name, address, ways in and mail go; what others rely on stays, without a name.

docs/confidentiality.md says it to people, and what no program can do: a name in somebody else's words, and backups.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import audit, forgetting_answers
from crm.services.packs import shelf
from models.absence import Absence
from models.action import ActionLink
from models.audit import AuditEntry, Change
from models.calendar import FeedLink, ReviewInvitee
from models.draft import Draft
from models.mail import IncomingMail, MailPreference, Reminder
from models.organisation_import import ImportState, OrganisationImport
from models.outbox import OutboxMessage, OutboxState
from models.person import Person
from models.request_part import AfterRefusal
from models.saved_filter import SavedFilter
from models.sign_in import PasswordLink, SignIn

#: What stands where the name stood.
NOBODY = "Somebody who was forgotten"
EMPTIED = "Forgotten"
#: Rows that are about this person alone.
THEIRS = (Absence, ActionLink, Draft, FeedLink, MailPreference, PasswordLink, Reminder, SavedFilter, SignIn)
#: Rows go past the session, which would write into the trail what they were.
_PAST = {"synchronize_session": False}


def refuse(*, by: Actor, person: Person) -> None:
    """Raises Forbidden, and Conflict("typed") with why this person cannot be forgotten now."""
    policy.require(by, Action.FORGET_PERSON)
    if by.id == person.id:
        raise Conflict("typed", "Somebody else has to do this for you.")
    if person.forgotten_on:
        raise Conflict("typed", "This person was forgotten already.")
    if person.is_active:
        raise Conflict("typed", f"{person.name} is still here. First say that {person.given_name} leaves.")


def forget(session: Session, *, by: Actor, person: Person, typed: str, answers_too: bool, now: datetime) -> None:
    """All of it at once; it cannot be undone. ``typed``: the name, so that it is the right one. ``answers_too``: the
    marks and words given go as well, as far as that gives nothing away.

    Raises Forbidden, Conflict("typed"), Invalid("typed").
    """
    refuse(by=by, person=person)
    if typed.casefold() != person.name.casefold():
        raise Invalid("typed", f"Write “{person.name}”, so that it is the right one.")
    forgetting_answers.forget(session, person=person, answers_too=answers_too, now=now)
    for table in THEIRS:
        session.execute(delete(table).where(table.person_id == person.id), execution_options=_PAST)
    _empty_mail(session, person)
    _empty_imports(session)
    shelf.forget(session, name=person.name)
    session.execute(update(ReviewInvitee).where(ReviewInvitee.person_id == person.id).values(said=""))
    _empty_after_refusals(session, person, answers_too)
    _rename(session, person, by)
    _empty_trail(session, person, answers_too)


def _empty_mail(session: Session, person: Person) -> None:
    """What was written to them, and came from them; what has not left stays here."""
    mine = OutboxMessage.to_person_id == person.id
    nothing = {"to_address": "", "body": "", "path": "", "button": "", "calendar": "", "error": ""}
    session.execute(update(OutboxMessage).where(mine).values(subject=EMPTIED, **nothing))
    unsent = update(OutboxMessage).where(mine, OutboxMessage.state != OutboxState.SENT)
    session.execute(unsent.values(state=OutboxState.CANCELLED))
    address = func.lower(IncomingMail.from_address)
    theirs = or_(IncomingMail.person_id == person.id, address == (person.email_key or NOBODY))
    emptied = {"from_address": "", "subject": EMPTIED, "body": "", "outcome": EMPTIED, "person_id": person.id}
    session.execute(update(IncomingMail).where(theirs).values(**emptied), execution_options=_PAST)


def _empty_imports(session: Session) -> None:
    """Of imports that are over, the rows they kept as examples or as refused; the counts stay."""
    over = OrganisationImport.state.in_((ImportState.DONE, ImportState.FAILED))
    for kept in session.scalars(select(OrganisationImport).where(over)):
        kept.report = {name: [] if name in ("refused", "examples") else told for name, told in kept.report.items()}
    session.flush()


def _empty_after_refusals(session: Session, person: Person, answers_too: bool) -> None:
    """How a unit got along stays; the links to say so go, and the words when they are asked for too."""
    asked = update(AfterRefusal).where(AfterRefusal.person_id == person.id)
    session.execute(asked.values(token_hash=None, reminder_hash=None), execution_options=_PAST)
    if answers_too:
        theirs = update(AfterRefusal).where(AfterRefusal.answered_by_id == person.id)
        session.execute(theirs.values(words=""), execution_options=_PAST)


def _rename(session: Session, person: Person, by: Actor) -> None:
    texts = {"name": NOBODY, "job_title": "", "language": ""}
    roles = dict.fromkeys(("is_rep", "is_business", "is_cio", "is_administrator"), False)
    kept_of_them = ("email", "email_key", "external_id", "password_hash", "lead_id", "theme", "time_zone")
    gone = dict.fromkeys((*kept_of_them, "quiet_since", "quiet_until", "leaves_on"))
    renamed = update(Person).where(Person.id == person.id)
    session.execute(renamed.values(**texts, **roles, **gone, forgotten_on=by.today), execution_options=_PAST)
    led = update(Person).where(Person.lead_id == person.id)
    session.execute(led.values(lead_id=None), execution_options=_PAST)
    session.expire(person)


def _empty_trail(session: Session, person: Person, answers_too: bool) -> None:
    """What the audit trail says of this person and their mail. The database lets it be emptied, and nothing else, once
    they are forgotten; that it was done is an entry of its own."""
    mails = select(IncomingMail.id).where(IncomingMail.person_id == person.id)
    emptied = 0
    for entity, ids in (("person", [person.id]), ("incoming_mail", session.scalars(mails).all())):
        about = (AuditEntry.entity == entity, AuditEntry.entity_id.in_([str(number) for number in ids]))
        done = session.execute(update(AuditEntry).where(*about).values(before={}, after={}), execution_options=_PAST)
        emptied += int(done.rowcount)  # type: ignore[attr-defined]
    told = {"forgotten": True, "answers_too": answers_too, "entries_emptied": emptied}
    audit.write(session, [audit.entry(Person, Change.CHANGED, person.id, {}, told)])
