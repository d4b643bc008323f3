"""The daily mail for a rep: today, what is overdue, what waits, what comes near; instead of many mails. None on a
morning on which there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.services import cover_changes, digest_entries, mail_lines, organisation, outbox, rep_needs, words
from crm.services.digest_entries import Desk, Entry, Section
from crm.services.languages import Language
from crm.services.reminders import mornings, telling
from crm.services.reminders.gathering import Gathered, gather
from crm.services.reminders.recipients import Recipient
from models.mail import Errand, MailChoice, MailKind, Reminder
from models.person import Person

#: So many things of one section are listed; the rest stands on the start page.
MOST = 7


def send_daily(session: Session, *, now: datetime) -> int:
    """Where the morning has come, one mail to each rep who works that day and wants it. Returns how many.

    Three statements when no morning has come; then about forty, and a dozen for each rep.
    """
    house = organisation.current(session)
    reps = session.scalars(select(Person).where(Person.is_rep, Person.left_on.is_(None)).order_by(Person.id)).all()
    sent = 0
    for come in mornings.claim(session, errand=Errand.DIGEST, house=house, now=now):
        gathered = gather(session, come=come, house=house, now=now, also=reps)
        sent += sum(_send(session, gathered, to, now) for to in _readers(session, gathered, reps))
    return sent


def _readers(session: Session, gathered: Gathered, reps: Sequence[Person]) -> list[Recipient]:
    wanting = [rep for rep in reps if _wants(gathered, rep)]
    written = telling.written(session, [_key(rep, gathered.come.day) for rep in wanting])
    return [gathered.to[rep.id] for rep in wanting if _key(rep, gathered.come.day) not in written]


def _wants(gathered: Gathered, rep: Person) -> bool:
    return rep.id in gathered.to and gathered.choices[rep.id, MailKind.DIGEST] is not MailChoice.NEVER


def _key(rep: Person, day: date) -> str:
    return f"digest:{rep.id}:{day}"


def _send(session: Session, gathered: Gathered, to: Recipient, now: datetime) -> bool:
    day, say = gathered.come.day, to.say
    reminders = gathered.wanted(to.person.id, MailChoice.DIGEST)
    found = digest_entries.entries(_desk(session, to, day, reminders, now))
    if not found:
        return False
    summary = digest_entries.counted(found, say)
    message = outbox.queue(
        session,
        key=_key(to.person, day),
        kind=MailKind.DIGEST,
        to=to.person,
        subject=f"{words.capital(say.weekday(day, day))}: {summary}",
        body=_body(to, found, summary),
        path="/",
        button=say("Open your day"),
        say=say,
        time_zone=to.time_zone,
        now=now,
    )
    telling.mark(session, reminders, message, now)
    return message is not None


def _desk(session: Session, to: Recipient, day: date, reminders: Sequence[Reminder], now: datetime) -> Desk:
    """What the start page would show that morning."""
    by = policy.actor_for(session, to.person, day)
    reviews = rep_needs.planned_reviews(session, by)
    needs = [*rep_needs.needs(session, by=by, reviews=reviews, now=now), *cover_changes.of(session, by=by).needs]
    return Desk(needs, reminders, {review.id: review for review in reviews}, day, ZoneInfo(to.time_zone), to.say)


def _body(to: Recipient, found: Sequence[Entry], summary: str) -> str:
    parts = [to.say.greeting(to.person), f"{words.capital(summary)}."]
    for section, listed in groupby(found, key=lambda entry: entry.section):
        parts += _section(Section(section), list(listed), to.say)
    return "\n\n".join(parts)


def _section(section: Section, listed: Sequence[Entry], say: Language) -> list[str]:
    headings = {
        Section.TODAY: say("Today"),
        Section.OVERDUE: say("Overdue"),
        Section.WAITING: say("Waiting for you"),
        Section.AHEAD: say("Coming near"),
    }
    more = len(listed) - MOST
    rest = [say.many("And {n} more.", "And {n} more.", more)] if more > 0 else []
    return [mail_lines.heading(headings[section]), *(entry.text for entry in listed[:MOST]), *rest]
