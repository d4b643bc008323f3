"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from crm.services import audit
from models import Assignment, AuditEntry, BusinessUnit, Cadence, Change, Cover, DayRule, Frequency, Person


@pytest.fixture
def unit(session: Session) -> BusinessUnit:
    unit = BusinessUnit(code="FIN", name="Finance", time_zone="Europe/Lisbon")
    session.add(unit)
    session.flush()
    return unit


@pytest.fixture
def rep(session: Session) -> Person:
    rep = Person(name="Ines Carvalho", email="Ines@Fernhill.example", is_rep=True)
    session.add(rep)
    session.flush()
    return rep


def lead(unit: BusinessUnit, rep: Person, since: date, until: date | None = None) -> Assignment:
    return Assignment(unit_id=unit.id, rep_id=rep.id, cover=Cover.LEAD, since=since, until=until)


def test_a_unit_cannot_have_two_leads_on_one_day(session: Session, unit: BusinessUnit, rep: Person) -> None:
    session.add(lead(unit, rep, date(2026, 1, 1)))
    session.flush()
    session.add(lead(unit, rep, date(2026, 6, 1), date(2026, 7, 1)))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_lead_may_follow_on_the_day_the_last_one_ends(session: Session, unit: BusinessUnit, rep: Person) -> None:
    session.add(lead(unit, rep, date(2026, 1, 1), date(2026, 6, 1)))
    session.add(lead(unit, rep, date(2026, 6, 1)))
    session.flush()


def test_moving_an_end_may_not_make_two_leads_overlap(session: Session, unit: BusinessUnit, rep: Person) -> None:
    first = lead(unit, rep, date(2026, 1, 1), date(2026, 6, 1))
    session.add_all([first, lead(unit, rep, date(2026, 6, 1))])
    session.flush()
    first.until = date(2026, 6, 2)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_unit_may_have_a_lead_and_deputies(session: Session, unit: BusinessUnit, rep: Person) -> None:
    session.add(lead(unit, rep, date(2026, 1, 1)))
    session.add_all(
        Assignment(unit_id=unit.id, rep_id=rep.id, cover=Cover.DEPUTY, since=date(2026, 1, 1)) for _ in range(2)
    )
    session.flush()


def test_a_unit_has_one_rhythm_on_a_date(session: Session, unit: BusinessUnit) -> None:
    for _ in range(2):
        session.add(
            Cadence(
                unit_id=unit.id,
                frequency=Frequency.MONTHLY,
                day_rule=DayRule.MONTH_DAY,
                at=time(10),
                since=date(2026, 1, 1),
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


def test_addresses_are_unique_without_regard_to_case(session: Session, rep: Person) -> None:
    session.add(Person(name="Another", email="INES@fernhill.EXAMPLE"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_audit_trail_keeps_who_changed_what_from_what_to_what(session: Session, rep: Person) -> None:
    audit.act_as(session, rep.id)
    rep.name = "Ines Carvalho Reis"
    session.flush()
    entry = session.query(AuditEntry).filter_by(change=Change.CHANGED).one()
    assert (entry.by_id, entry.entity, entry.entity_id) == (rep.id, "person", str(rep.id))
    assert (entry.before, entry.after) == ({"name": "Ines Carvalho"}, {"name": "Ines Carvalho Reis"})


def test_the_audit_trail_never_holds_a_password(session: Session) -> None:
    session.add(Person(name="Somebody", password_hash="$argon2id$secret"))
    session.flush()
    entry = session.query(AuditEntry).one()
    assert "password_hash" not in entry.after


def test_the_audit_trail_cannot_be_changed(session: Session, rep: Person) -> None:
    row = {
        "at": datetime.now(UTC),
        "change": Change.CREATED,
        "entity": "x",
        "entity_id": "1",
        "before": {},
        "after": {},
    }
    session.execute(insert(AuditEntry), [row])
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(AuditEntry).values(entity="y"))


def test_an_instant_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(Exception, match="no time zone"):
        session.execute(insert(AuditEntry), [{"at": datetime(2026, 1, 1)}])  # noqa: DTZ001
