"""Finance and the people around it: the small cast of everything that has to do with ratings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
LONG_AGO = date(2024, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Ines leads Finance, Tom deputises, Rosa is a rep elsewhere; Amara heads it, Jo and Kim are key users."""

    finance: BusinessUnit
    legal: BusinessUnit
    rep: Person
    colleague: Person
    other_rep: Person
    head: Person
    key_user: Person
    without_address: Person
    outsider: Person
    cio: Person
    administrator: Person

    @property
    def people(self) -> list[Person]:
        return [value for value in vars(self).values() if isinstance(value, Person)]


def actor(session: Session, person: Person, now: datetime = NOW) -> Actor:
    return policy.actor_for(session, person, now.date())


def cast(session: Session) -> Cast:
    found = Cast(
        finance=BusinessUnit(code="FIN", name="Finance", time_zone="Europe/Berlin"),
        legal=BusinessUnit(code="LEG", name="Legal", time_zone="Europe/Berlin"),
        rep=Person(name="Ines Weber", email="ines@example.org", is_rep=True),
        colleague=Person(name="Tom Reed", email="tom@example.org", is_rep=True),
        other_rep=Person(name="Rosa Hahn", email="rosa@example.org", is_rep=True),
        head=Person(name="Amara Diallo", email="amara@example.org", is_business=True),
        key_user=Person(name="Jo Park", email="jo@example.org", is_business=True),
        without_address=Person(name="Kim Lund", is_business=True),
        outsider=Person(name="Olga Petrov", email="olga@example.org", is_business=True),
        cio=Person(name="Margit Lindqvist", email="margit@example.org", is_cio=True),
        administrator=Person(name="Ada Moss", email="ada@example.org", is_administrator=True),
    )
    session.add_all([found.finance, found.legal, *found.people])
    session.flush()
    for rep, unit, cover in (
        (found.rep, found.finance, Cover.LEAD),
        (found.colleague, found.finance, Cover.DEPUTY),
        (found.other_rep, found.legal, Cover.LEAD),
    ):
        session.add(Assignment(unit_id=unit.id, rep_id=rep.id, cover=cover, since=LONG_AGO))
    for person, unit, part in (
        (found.head, found.finance, Part.HEAD),
        (found.key_user, found.finance, Part.KEY_USER),
        (found.without_address, found.finance, Part.KEY_USER),
        (found.outsider, found.legal, Part.HEAD),
    ):
        session.add(Membership(unit_id=unit.id, person_id=person.id, part=part, since=LONG_AGO))
    session.flush()
    return found
