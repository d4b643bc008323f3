"""Loading the demonstration."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import demo, review_planning
from models import BusinessUnit, Person, Review
from tests.crm.demo.fernhill import TODAY, everything, load, loaded, noon


def test_the_same_day_gives_the_same_rows_in_any_database(session: Session, tmp_path: Path) -> None:
    load(session)
    with loaded(tmp_path) as other:
        assert everything(session) == everything(other)


def test_each_table_is_counted(session: Session) -> None:
    counts = load(session)
    assert counts == {name: len(rows) for name, rows in everything(session).items()}
    assert min(counts.values()) > 0


def test_it_says_whether_it_is_loaded(session: Session) -> None:
    assert not demo.is_loaded(session)
    load(session)
    assert demo.is_loaded(session)


def test_a_database_with_people_is_refused(session: Session) -> None:
    session.add(Person(name="Someone Real"))
    session.flush()
    with pytest.raises(demo.NotEmpty, match="people in this database already"):
        load(session)
    assert session.scalar(select(func.count(Person.id))) == 1


def test_it_is_refused_a_second_time(session: Session) -> None:
    load(session)
    with pytest.raises(demo.NotEmpty):
        load(session)


def test_rows_can_be_added_after_it(session: Session) -> None:
    load(session)
    newcomer = Person(name="Nina Newcomer", email="nina@fernhill.example")
    session.add(newcomer)
    session.flush()
    session.add(BusinessUnit(code="NEW", name="New ventures", time_zone="Europe/Lisbon"))
    session.flush()


def test_the_next_twelve_months_are_planned_already(session: Session) -> None:
    load(session)
    before = session.execute(select(Review.id, Review.planned_on, Review.ruled_on).order_by(Review.id)).all()
    assert review_planning.plan_all(session, TODAY) == 0
    for unit in session.scalars(select(BusinessUnit)):
        assert review_planning.plan(session, unit, TODAY) == 0
    session.flush()
    assert session.execute(select(Review.id, Review.planned_on, Review.ruled_on).order_by(Review.id)).all() == before
    last = session.scalar(select(func.max(Review.planned_on)))
    assert last is not None
    assert last > TODAY + timedelta(days=300)


def test_progress_is_told_unit_by_unit(session: Session) -> None:
    told: list[tuple[int, int]] = []
    demo.load(
        session,
        scale=demo.Scale.SMALL,
        today=TODAY,
        now=noon(TODAY),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(unit, 12) for unit in range(1, 13)]


def test_the_medium_one_has_500_units_in_three_levels(tmp_path: Path) -> None:
    with loaded(tmp_path, scale=demo.Scale.MEDIUM) as session:
        units = {unit.id: unit for unit in session.scalars(select(BusinessUnit))}
        reps = session.scalar(select(func.count(Person.id)).where(Person.is_rep))
    assert len(units) == 500
    assert {_depth(unit, units) for unit in units.values()} == {1, 2, 3}
    names = [unit.name for unit in units.values()]
    assert len(set(names)) == len(names)
    assert not any(letter.isdigit() for name in names for letter in name)
    assert reps is not None
    assert 10 <= len(units) / reps <= 12


def _depth(unit: BusinessUnit, units: dict[int, BusinessUnit]) -> int:
    return 1 if unit.parent_id is None else 1 + _depth(units[unit.parent_id], units)
