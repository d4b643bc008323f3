"""Days taken as they come, and the same days made anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.health import daily, rebuild
from crm.services.health.reading_facts import Span
from models.audit import AuditEntry
from models.health import HealthDay, HealthEvidence, HealthSnapshot, HealthWeek
from tests.cast import Cast
from tests.crm.services.health.history import History

BEGUN = date(2026, 1, 5)
DAY = timedelta(days=1)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(5, 40), UTC)


def start(session: Session, day: date) -> None:
    """The house took its first day then, and not 400 before."""
    daily.take_days(session, span=Span(day, day), now=morning(day))


def everything(session: Session) -> dict[str, Any]:
    """All that is kept of health, without ids."""
    found: dict[str, Any] = {}
    for table in (HealthEvidence, HealthSnapshot, HealthWeek):
        columns = [column for column in table.__table__.c if column.name not in ("id", "facts")]
        rows = [tuple(row) for row in session.execute(select(*columns))]
        found[table.__tablename__] = sorted(rows, key=str)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_days_taken_as_they_come_and_made_anew_are_the_same(session: Session, cast: Cast, seed: int) -> None:
    history = History(session, cast.finance, BEGUN, seed)
    start(session, BEGUN)
    day = taken = BEGUN
    while day < BEGUN + timedelta(days=190):
        history.happens(day)
        day += DAY
        if history.rng.random() < 0.3:  # on other days the job did not run
            taken = day
            daily.take(session, now=morning(day))
    was = everything(session)
    assert any(row for row in was["health_week"])
    found = rebuild.rebuild(session, span=Span(BEGUN, taken), now=morning(taken))
    assert found.differed == 0
    assert everything(session) == was


def test_taken_twice_a_day_is_the_same(session: Session, cast: Cast) -> None:
    history = History(session, cast.finance, BEGUN, 4)
    start(session, BEGUN)
    for number in range(60):
        history.happens(BEGUN + number * DAY)
    last = BEGUN + 60 * DAY
    assert daily.take(session, now=morning(last)) == 60
    was = everything(session)
    assert daily.take(session, now=morning(last)) == 0
    daily.take_days(session, span=Span(last, last), now=morning(last))
    assert everything(session) == was


def test_days_have_no_gap_and_nobody_is_said_to_have_changed_them(session: Session, cast: Cast) -> None:
    start(session, BEGUN)
    History(session, cast.finance, BEGUN, 5)
    session.flush()
    entries = session.query(AuditEntry).count()
    daily.take(session, now=morning(BEGUN + 9 * DAY))
    days = session.scalars(select(HealthDay.day).order_by(HealthDay.day)).all()
    assert days == [BEGUN + number * DAY for number in range(10)]
    assert session.query(AuditEntry).count() == entries


def test_what_was_written_of_a_day_stays_when_the_past_is_changed(session: Session, cast: Cast) -> None:
    history = History(session, cast.finance, BEGUN, 6)
    history._promise(BEGUN)
    start(session, BEGUN)
    due_on = history.actions[0].due_on
    assert due_on is not None
    last = due_on + 5 * DAY
    daily.take(session, now=morning(last))
    history.actions[0].due_on = last + 10 * DAY
    session.flush()
    daily.take(session, now=morning(last + DAY))
    kept = session.scalars(select(HealthEvidence).where(HealthEvidence.source.like("action:%"))).one()
    assert (kept.since, kept.until, kept.credit) == (due_on + DAY, last + DAY, 0)
    span = Span(BEGUN, last + DAY)
    assert rebuild.compare(session, span=span, now=morning(last + DAY)).differed == 5
    assert session.scalars(select(HealthEvidence).where(HealthEvidence.source.like("action:%"))).one() is kept
    assert rebuild.rebuild(session, span=span, now=morning(last + DAY)).differed == 5
    assert not session.scalars(select(HealthEvidence).where(HealthEvidence.source.like("action:%"))).all()


def test_a_unit_that_closes_has_no_health_from_the_day_after(session: Session, cast: Cast) -> None:
    History(session, cast.finance, BEGUN, 7)
    start(session, BEGUN)
    cast.finance.closed_on = BEGUN + 3 * DAY
    session.flush()
    daily.take(session, now=morning(BEGUN + 9 * DAY))
    kept = session.scalars(select(HealthSnapshot).where(HealthSnapshot.unit_id == cast.finance.id)).all()
    assert max(one.until or date.max for one in kept) == BEGUN + 4 * DAY
    counted = session.scalars(select(HealthEvidence).where(HealthEvidence.unit_id == cast.finance.id)).all()
    assert all(one.until and one.until <= BEGUN + 4 * DAY for one in counted)


def test_a_unit_is_there_from_its_first_morning_and_not_known(session: Session, cast: Cast) -> None:
    start(session, BEGUN)
    kept = session.scalars(select(HealthSnapshot).where(HealthSnapshot.unit_id == cast.finance.id)).one()
    assert (kept.score, kept.place, kept.satisfaction, kept.promises) == (None, None, None, None)
