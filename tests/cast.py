"""The small cast that most tests play with: Fernhill IT on a day in November."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from models import Assignment, BusinessUnit, Cover, Membership, Part, Person, Setting

LONG_AGO = date(2024, 1, 1)


@dataclass(frozen=True)
class Cast:
    """``rep`` leads Finance, ``colleague`` leads Legal; ``head`` heads Finance, ``outsider`` heads Legal."""

    corporate: BusinessUnit
    finance: BusinessUnit
    legal: BusinessUnit
    rep: Person
    colleague: Person
    head: Person
    key_user: Person
    outsider: Person
    cio: Person
    administrator: Person
    specialist: Person

    def actor(self, session: Session, person: Person, today: date | None = None) -> Actor:
        return policy.actor_for(session, person, today or datetime.now(UTC).date())


def assemble(session: Session) -> Cast:
    """Put the cast into the database."""
    corporate = BusinessUnit(code="CORP", name="Corporate services", time_zone="Europe/Lisbon")
    session.add(corporate)
    session.flush()
    cast = Cast(
        corporate=corporate,
        finance=BusinessUnit(code="FIN", name="Finance", parent_id=corporate.id, time_zone="Europe/Lisbon"),
        legal=BusinessUnit(code="LEG", name="Legal", parent_id=corporate.id, time_zone="Europe/Lisbon"),
        rep=Person(name="Ines Carvalho", email="ines.carvalho@fernhill.example", is_rep=True),
        colleague=Person(name="Tom Okafor", email="tom.okafor@fernhill.example", is_rep=True),
        head=Person(name="Amara Diallo", email="amara.diallo@fernhill.example", is_business=True),
        key_user=Person(name="Jo Lindt", email="jo.lindt@fernhill.example", is_business=True),
        outsider=Person(name="Helena Brandt", email="helena.brandt@fernhill.example", is_business=True),
        cio=Person(name="Margit Lindqvist", email="margit.lindqvist@fernhill.example", is_cio=True),
        administrator=Person(name="Pia Holm", email="pia.holm@fernhill.example", is_administrator=True),
        specialist=Person(name="Olu Adeyemi", email="olu.adeyemi@fernhill.example", job_title="Help desk"),
    )
    session.add_all(vars(cast).values())
    session.add(Setting(name="name", value="Fernhill IT", at=datetime.now(UTC)))
    session.flush()
    session.add_all(
        [
            Assignment(unit_id=cast.finance.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO),
            Assignment(unit_id=cast.legal.id, rep_id=cast.colleague.id, cover=Cover.LEAD, since=LONG_AGO),
            _member(cast.finance, cast.head, Part.HEAD),
            _member(cast.finance, cast.key_user, Part.KEY_USER),
            _member(cast.legal, cast.outsider, Part.HEAD),
        ]
    )
    session.commit()
    return cast


def _member(unit: BusinessUnit, person: Person, part: Part) -> Membership:
    return Membership(unit_id=unit.id, person_id=person.id, part=part, since=LONG_AGO)
