"""Many reviews at once: by working days of each unit, or left out for one reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.policy import Actor
from crm.services import bulk_reviews
from crm.services.working_days import WEEKDAYS_ONLY
from models import Assignment, ClosedDays, Cover, Review, ReviewState
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, add_review


@pytest.fixture
def rep(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.rep, TODAY)


@pytest.fixture
def december(session: Session, cast: Cast) -> list[Review]:
    """Two of Finance, a Thursday in November and one in December, and one of Legal."""
    return [
        add_review(session, cast.finance, date(2026, 11, 12)),
        add_review(session, cast.finance, date(2026, 12, 10)),
        add_review(session, cast.legal, date(2026, 12, 11)),
    ]


def found(session: Session, by: Actor, these: list[Review]) -> list[Review]:
    return list(bulk_reviews.find(session, by=by, ids=[review.id for review in these]))


def test_each_moves_by_working_days_at_its_own_time(session: Session, rep: Actor, december: list[Review]) -> None:
    first, second, of_legal = december
    outcome = bulk_reviews.move(session, by=rep, chosen=found(session, rep, december), days=2, now=NOW)
    assert outcome.done == {first.id: "to Mon 16 November", second.id: "to Mon 14 December"}
    assert outcome.refused == {of_legal.id: "You may not plan a review."}
    assert (first.planned_on, first.planned_at.hour, first.moved) == (date(2026, 11, 16), 10, True)
    assert of_legal.planned_on == date(2026, 12, 11)


def test_closed_days_are_passed_over(session: Session, cast: Cast, rep: Actor, december: list[Review]) -> None:
    session.add(ClosedDays(since=date(2026, 11, 13), until=date(2026, 11, 18), name="The house moves"))
    session.flush()
    bulk_reviews.move(session, by=rep, chosen=found(session, rep, december[:1]), days=1, now=NOW)
    assert december[0].planned_on == date(2026, 11, 18)


def test_outside_its_period_or_in_the_past_none_moves(session: Session, rep: Actor, december: list[Review]) -> None:
    chosen = found(session, rep, december[:2])
    outcome = bulk_reviews.move(session, by=rep, chosen=chosen, days=20, now=NOW)
    assert outcome.refused[december[0].id] == "This is the review of November 2026. Choose a day in there."
    outcome = bulk_reviews.move(session, by=rep, chosen=chosen, days=-3, now=NOW)
    assert outcome.refused[december[0].id] == "That day has passed. If you met, log the meeting instead."
    assert set(outcome.done) == {december[1].id}


def test_none_moves_to_where_somebody_is_in_another_meeting(session: Session, cast: Cast) -> None:
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=date(2024, 1, 1)))
    session.flush()
    rep = cast.actor(session, cast.rep, TODAY)
    standing = add_review(session, cast.corporate, date(2026, 12, 14))
    moving = add_review(session, cast.finance, date(2026, 12, 11))
    outcome = bulk_reviews.move(session, by=rep, chosen=found(session, rep, [moving]), days=1, now=NOW)
    assert "two meetings" in outcome.refused[moving.id]
    together = bulk_reviews.move(session, by=rep, chosen=found(session, rep, [moving, standing]), days=1, now=NOW)
    assert set(together.done) == {moving.id, standing.id}  # the one in the way moves on first


@pytest.mark.parametrize("days", [0, 61, -61])
def test_nowhere_and_too_far_are_no_moves(session: Session, rep: Actor, december: list[Review], days: int) -> None:
    with pytest.raises(Invalid, match="1 to 60"):
        bulk_reviews.move(session, by=rep, chosen=december, days=days, now=NOW)


def test_each_is_skipped_for_the_same_reason(session: Session, rep: Actor, december: list[Review]) -> None:
    december[1].state = ReviewState.HELD
    session.flush()
    outcome = bulk_reviews.skip(
        session, by=rep, chosen=found(session, rep, december), reason="Closing the year", now=NOW
    )
    assert set(outcome.done) == {december[0].id}
    assert outcome.refused[december[1].id] == "The review of December 2026 is held already."
    assert (december[0].state, december[0].skip_reason) == (ReviewState.SKIPPED, "Closing the year")
    with pytest.raises(Invalid, match="Say why"):
        bulk_reviews.skip(session, by=rep, chosen=december, reason="", now=NOW)


@given(st.dates(date(2000, 1, 3), date(2050, 1, 1)), st.integers(1, 60))
def test_there_and_back_is_the_same_working_day(day: date, days: int) -> None:
    start = next(other for at in range(7) if WEEKDAYS_ONLY.is_working(other := day + timedelta(days=at)))
    there = bulk_reviews.shifted(WEEKDAYS_ONLY, start, days)
    assert WEEKDAYS_ONLY.is_working(there)
    assert bulk_reviews.shifted(WEEKDAYS_ONLY, there, -days) == start
