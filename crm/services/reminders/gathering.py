"""One morning's reminders: every rule asked once for all, and what is left to tell, by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import mail_preferences
from crm.services.organisation import Organisation
from crm.services.reminders import absences, actions, endings, ratings, recipients, requests, reviews, rows, who
from crm.services.reminders.due import Due, Ground, Rule
from crm.services.reminders.mornings import Come
from crm.services.reminders.recipients import Recipient
from models.mail import MailChoice, MailKind, Reminder
from models.person import Person

#: All there are. What presses most comes first in a mail.
RULES: tuple[Rule, ...] = (
    reviews.not_logged,
    actions.due_or_late,
    reviews.without_agenda,
    requests.past_limit,
    absences.without_cover,
    endings.soon,
    ratings.not_answered,
)


@dataclass(frozen=True)
class Gathered:
    """A morning. ``waiting``: what is to be told, by person, and how each person wants it."""

    come: Come
    to: Mapping[int, Recipient]
    waiting: Mapping[int, Sequence[Reminder]]
    choices: Mapping[tuple[int, MailKind], MailChoice]
    #: How many are new.
    made: int = 0

    def wanted(self, person_id: int, choice: MailChoice) -> list[Reminder]:
        """What this person wants told in that way."""
        mine = self.waiting.get(person_id, ())
        return [reminder for reminder in mine if self.choices[person_id, reminder.kind] is choice]


def gather(
    session: Session, *, come: Come, house: Organisation, now: datetime, also: Sequence[Person] = ()
) -> Gathered:
    """Ask every rule, keep what is new, drop what is settled. ``also``: who gets mail whether something is due or not.

    About forty statements, however many units and people.
    """
    ground = Ground(now, come.day, house, who.looks_after(session, come.day))
    dues = [due for rule in RULES for due in rule(session, ground)]
    people = {person.id: person for person in (*also, *_waiting_people(session), *(due.person for due in dues))}
    to = recipients.working(session, people=list(people.values()), come=come, house=house)
    choices = mail_preferences.choices(session, list(to))
    current = [due for due in dues if _is_told(due, come.day, to, choices)]
    made = rows.keep(session, dues=current, to=to, today=come.day, now=now)
    return Gathered(come, to, _settled_apart(session, current, to, now), choices, made)


def _waiting_people(session: Session) -> Sequence[Person]:
    """Who has something that was made on another morning and never told."""
    untold = select(Reminder.person_id).where(Reminder.message_id.is_(None), Reminder.dropped_at.is_(None))
    return session.scalars(select(Person).where(Person.id.in_(untold)).order_by(Person.id)).all()


def _is_told(
    due: Due, today: date, to: Mapping[int, Recipient], choices: Mapping[tuple[int, MailKind], MailChoice]
) -> bool:
    recipient = to.get(due.person.id)
    if recipient is None or choices[due.person.id, due.kind] is MailChoice.NEVER:
        return False
    return due.is_told(today, recipient.next_working)


def _settled_apart(
    session: Session, current: Sequence[Due], to: Mapping[int, Recipient], now: datetime
) -> Mapping[int, Sequence[Reminder]]:
    """What waits, by person and in the order of the rules; what is due no more is dropped."""
    order = {due.key: place for place, due in enumerate(current)}
    found = rows.waiting(session, person_ids=list(to))
    rows.drop(session, [reminder for reminder in found if reminder.key not in order], now)
    waiting: dict[int, list[Reminder]] = defaultdict(list)
    for reminder in sorted((one for one in found if one.key in order), key=lambda one: order[one.key]):
        waiting[reminder.person_id].append(reminder)
    return waiting
