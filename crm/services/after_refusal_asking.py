"""Asks how a unit solved what IT said no to: on the morning of whoever asked, else of who heads the unit; reminds once;
then is silent. Several needs of one person are one mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.services import after_refusal_mail, after_refusals, organisation, outbox
from crm.services.after_refusal_mail import Need
from crm.services.organisation import Organisation
from crm.services.reminders import mornings, recipients, telling
from crm.services.reminders.mornings import Come
from crm.services.reminders.recipients import Recipient
from crm.services.secrets import hashed, new_token
from models.mail import Errand, MailKind
from models.person import Person
from models.request import Request, RequestState
from models.request_part import AfterRefusal
from models.unit import BusinessUnit, Membership, Part

#: So long after asking comes the one reminder.
AGAIN = timedelta(days=14)
#: Who speaks for a unit, and for those below it.
SPEAKERS = (Part.HEAD, Part.KEY_USER)


@dataclass(frozen=True)
class Asked:
    """One refusal that somebody is to be asked about; the request comes with unit and requester."""

    row: AfterRefusal
    request: Request


def ask(session: Session, *, now: datetime) -> int:
    """Where the morning has come: ask, and remind. How many mails are written. Safe to repeat."""
    house = organisation.current(session)
    found = mornings.claim(session, errand=Errand.AFTER_REFUSAL, house=house, now=now)
    return sum(_ask(session, come, house, now) for come in found)


def _ask(session: Session, come: Come, house: Organisation, now: datetime) -> int:
    asked = _due(session, come.day)
    if not asked:
        return 0
    speakers = _speakers(session, asked, come.day)
    people = {one.row.id: speakers.of(one) for one in asked}
    everybody = {person.id: person for person in people.values() if person}
    to = recipients.working(session, people=list(everybody.values()), come=come, house=house)
    by_person: dict[int, list[Asked]] = defaultdict(list)
    for one in asked:
        person = people[one.row.id]
        if person is not None and person.id in to:
            by_person[person.id].append(one)
    done = telling.written(session, [_key(person_id, come.day) for person_id in by_person])
    fresh = {person_id: ones for person_id, ones in by_person.items() if _key(person_id, come.day) not in done}
    return sum(_write(session, to[person_id], ones, come.day, now) for person_id, ones in fresh.items())


def _key(person_id: int, day: date) -> str:
    return f"after-refusals:{person_id}:{day}"


def _due(session: Session, today: date) -> Sequence[Asked]:
    """Not asked and due, or asked two weeks ago and neither answered nor reminded. One statement."""
    first = and_(AfterRefusal.asked_at.is_(None), AfterRefusal.due_on <= today)
    until = datetime.combine(today - AGAIN + timedelta(days=1), time(), UTC)
    again = and_(AfterRefusal.asked_at < until, AfterRefusal.reminded_at.is_(None))
    rows = session.execute(
        select(AfterRefusal, Request)
        .join(Request, Request.id == AfterRefusal.request_id)
        .join(Request.unit)
        .where(
            after_refusals.is_open(),
            or_(first, again),
            Request.state == RequestState.DECLINED,
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Request.unit), joinedload(Request.requester), joinedload(AfterRefusal.verdict))
        .order_by(AfterRefusal.due_on, AfterRefusal.id)
    )
    return [Asked(row, request) for row, request in rows]


# ---- Whom


@dataclass(frozen=True)
class Speakers:
    """Who can be asked about what a unit needed. ``belong``: (unit, person); ``heads``: the one of each unit."""

    today: date
    parents: Mapping[int, int | None]
    heads: Mapping[int, Person]
    belong: Collection[tuple[int, int]]
    speak: Collection[tuple[int, int]]

    def of(self, asked: Asked) -> Person | None:
        """Whoever asked, while they are of the unit; else its head, or the nearest one above."""
        unit_id, requester = asked.request.unit_id, asked.request.requester
        above = list(units_above(unit_id, self.parents))
        if requester and self._can_be_asked(requester):
            of_unit = (unit_id, requester.id) in self.belong
            if of_unit or any((one, requester.id) in self.speak for one in above):
                return requester
        return next((self.heads[one] for one in (unit_id, *above) if one in self.heads), None)

    def _can_be_asked(self, person: Person) -> bool:
        return person.is_here(self.today) and not person.is_from_it and outbox.has_address(person)


def units_above(unit_id: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    """The unit's own one above, and so on to the top."""
    seen = {unit_id}
    while (parent := parents.get(unit_id)) is not None and parent not in seen:
        seen.add(parent)
        yield parent
        unit_id = parent


def _speakers(session: Session, asked: Sequence[Asked], today: date) -> Speakers:
    """Two statements."""
    parents = {row.id: row.parent_id for row in session.execute(select(BusinessUnit.id, BusinessUnit.parent_id))}
    own = {one.request.unit_id for one in asked}
    near = own.union(*(units_above(unit_id, parents) for unit_id in own))
    here = (Person.left_on.is_(None), or_(Person.leaves_on.is_(None), Person.leaves_on > today))
    rows = session.execute(
        select(Membership.unit_id, Membership.part, Person)
        .join(Membership.person)
        .where(Membership.in_force(today), Membership.part.in_((*SPEAKERS, Part.MEMBER)), *here)
        .where(Membership.unit_id.in_(near))
        .order_by(Membership.since.desc(), Membership.id.desc())
    ).all()
    return Speakers(
        today,
        parents,
        heads={unit: person for unit, part, person in rows if part is Part.HEAD and outbox.has_address(person)},
        belong={(unit, person.id) for unit, _, person in rows},
        speak={(unit, person.id) for unit, part, person in rows if part in SPEAKERS},
    )


# ---- Writing


def _write(session: Session, to: Recipient, asked: Sequence[Asked], day: date, now: datetime) -> bool:
    """One mail with a link for each need; whether it leaves: somebody may want no such mail, and is not asked by it."""
    needs = [_need(one, to.person.id, now) for one in asked]
    told = after_refusal_mail.write(to.say, to=to.person, needs=needs, today=day)
    message = outbox.queue(
        session,
        key=_key(to.person.id, day),
        kind=MailKind.AFTER_REFUSAL,
        to=to.person,
        subject=told.subject,
        body=told.body,
        path=needs[0].path if told.button else "",
        button=told.button,
        say=to.say,
        time_zone=to.time_zone,
        now=now,
    )
    session.flush()
    return message is not None


def _need(one: Asked, person_id: int, now: datetime) -> Need:
    """With a link of its own for the first mail, and for the reminder: both work."""
    token, row, is_reminder = new_token(), one.row, one.row.asked_at is not None
    row.person_id = person_id
    if is_reminder:
        row.reminded_at, row.reminder_hash = now, hashed(token)
    else:
        row.asked_at, row.token_hash = now, hashed(token)
    return Need(one.request, row.verdict, f"/n/{token}", is_reminder)
