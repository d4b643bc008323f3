"""However many units there are, a morning takes the same few statements; two at once, or again, write nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import reminders
from models import Morning, Reminder
from tests.cast import Cast
from tests.crm.services.reminders.conftest import FRIDAY, eight
from tests.factories.relationships import Stage, statements


def furnish(stage: Stage, cast: Cast, units: int) -> None:
    for number in range(units):
        unit = stage.unit(f"Unit {number} of {units}", zone="Europe/Lisbon")
        stage.lead(unit, cast.rep)
        stage.review(unit, date(2026, 11, 26))
        stage.action(unit, due=FRIDAY + timedelta(3), owner=cast.rep)
        stage.request(unit, logged_on=date(2026, 11, 2), due_on=date(2026, 11, 19))


def taken(session: Session, day: date) -> int:
    with statements(session) as sent:
        reminders.due(session, now=eight(day))
    return len([one for one in sent if not one.startswith(("SAVEPOINT", "RELEASE"))])


def test_a_morning_takes_as_many_statements_for_thirty_units_as_for_two(
    session: Session, stage: Stage, cast: Cast
) -> None:
    furnish(stage, cast, 2)
    few = taken(session, FRIDAY)
    furnish(stage, cast, 30)
    for morning in session.scalars(select(Morning)):
        session.delete(morning)
    session.flush()
    assert taken(session, FRIDAY) <= few
    assert few <= 45
    assert session.scalar(select(func.count(Reminder.id))) == 32 * 3


def test_when_no_morning_has_come_four_statements_are_enough(session: Session, stage: Stage, cast: Cast) -> None:
    furnish(stage, cast, 2)
    reminders.due(session, now=eight())
    assert taken(session, FRIDAY) <= 4


def test_a_morning_done_again_makes_nothing_new(session: Session, stage: Stage, cast: Cast) -> None:
    furnish(stage, cast, 2)
    assert reminders.due(session, now=eight()) == 6
    for morning in session.scalars(select(Morning)):
        session.delete(morning)
    session.flush()
    assert reminders.due(session, now=eight()) == 0
    assert session.scalar(select(func.count(Reminder.id))) == 6


def test_what_is_settled_before_it_is_told_is_dropped_and_comes_back_when_it_is_open_again(
    session: Session, stage: Stage, cast: Cast
) -> None:
    review = stage.review(cast.finance, date(2026, 11, 27))
    reminders.due(session, now=eight())  # waits for the daily mail
    review.prepared_at = eight()
    monday = FRIDAY + timedelta(3)
    reminders.due(session, now=eight(monday))
    session.expire_all()
    dropped = session.scalars(select(Reminder)).one()
    assert dropped.dropped_at == eight(monday)
    review.prepared_at = None
    reminders.due(session, now=eight(monday + timedelta(1)))
    session.expire_all()
    assert session.scalars(select(Reminder)).one().dropped_at is None
