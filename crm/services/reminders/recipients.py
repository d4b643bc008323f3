"""Whose morning it is: where each recipient's clock stands, and on which days that person works."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.services import covering, languages, outbox, working_days
from crm.services.languages import Language
from crm.services.organisation import Organisation
from crm.services.reminders.mornings import Come
from crm.services.working_days import DAY, Calendar
from models.person import Person
from models.unit import Membership

#: Nobody is without a working day for longer.
LONGEST_PAUSE = timedelta(days=30)


@dataclass(frozen=True)
class Recipient:
    """Somebody who works this morning. ``next_working``: the next day on which mail comes again."""

    person: Person
    say: Language
    #: Where the clock stands.
    time_zone: str
    next_working: date


def working(session: Session, *, people: Collection[Person], come: Come, house: Organisation) -> dict[int, Recipient]:
    """Those of these people whose morning has come: on a day on which they work and are not away, who can be written
    to. By id; eight statements at most.

    A person's clock is the own, else the one of the own unit (of a head, a key user or a member), else the house's; the
    working days are those of the own unit, else of the house.
    """
    here = [person for person in people if person.is_here(come.day) and outbox.has_address(person)]
    homes = _homes(session, here, come.day)
    there = [person for person in here if _zone(person, homes, house) in come.zones]
    calendars = _calendars(session, homes, come.day)
    usual = working_days.organisation_calendar(session, since=come.day, until=come.day + LONGEST_PAUSE)
    away = covering.away(session, {person.id for person in there}, come.day)
    found = {}
    for person in there:
        home = homes.get(person.id)
        calendar = calendars[home.unit_id].house if home else usual
        if calendar.is_working(come.day) and person.id not in away:
            after = calendar.next_working(come.day + DAY, come.day + LONGEST_PAUSE) or come.day + DAY
            say = languages.of(person, house.language)
            found[person.id] = Recipient(person, say, _zone(person, homes, house), after)
    return found


def _homes(session: Session, people: Iterable[Person], today: date) -> dict[int, Membership]:
    """The unit that each person of the business belongs to; of several the oldest."""
    ids = {person.id for person in people if not person.is_from_it}
    if not ids:
        return {}
    belongs = select(Membership).where(Membership.person_id.in_(ids), Membership.in_force(today))
    oldest_last = belongs.options(joinedload(Membership.unit)).order_by(Membership.since.desc(), Membership.id.desc())
    return {membership.person_id: membership for membership in session.scalars(oldest_last)}


def _zone(person: Person, homes: Mapping[int, Membership], house: Organisation) -> str:
    home = homes.get(person.id)
    return languages.zone_of(person, home.unit.time_zone if home else house.time_zone).key


def _calendars(session: Session, homes: Mapping[int, Membership], today: date) -> dict[int, Calendar]:
    units = {home.unit_id for home in homes.values()}
    if not units:
        return {}
    return working_days.calendars(session, unit_ids=units, since=today, until=today + LONGEST_PAUSE)
