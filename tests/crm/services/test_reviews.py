"""Where a review stands, and moving, skipping and holding it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import clock, reviews
from crm.services.reviews import Standing
from models import BusinessUnit, Frequency, Review, ReviewState
from tests.cast import Cast
from tests.factories.reviews import NOW, TODAY, add_cadence, add_review, reviews_of, rule

THE_12TH = date(2026, 11, 12)


@pytest.fixture
def november(session: Session, cast: Cast) -> Review:
    """Finance's review of November 2026, planned for the 12th."""
    return add_review(session, cast.finance, THE_12TH)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 1), Standing.PLANNED),
        (date(2026, 11, 11), Standing.PLANNED),
        (date(2026, 11, 12), Standing.TODAY),
        (date(2026, 11, 13), Standing.OVERDUE),
        (date(2026, 11, 30), Standing.OVERDUE),
        (date(2026, 12, 1), Standing.MISSED),
        (date(2028, 1, 1), Standing.MISSED),
    ],
)
def test_a_review_is_planned_then_due_then_overdue_then_missed(
    november: Review, today: date, expected: Standing
) -> None:
    assert reviews.standing(november, today) is expected


@pytest.mark.parametrize(
    ("state", "expected"), [(ReviewState.HELD, Standing.HELD), (ReviewState.SKIPPED, Standing.SKIPPED)]
)
def test_what_is_held_or_skipped_is_never_missed(november: Review, state: ReviewState, expected: Standing) -> None:
    november.state = state
    assert {reviews.standing(november, TODAY + timedelta(days=days)) for days in (0, 2, 3, 100)} == {expected}


def test_the_condition_in_sql_and_the_function_agree_on_every_day(session: Session, cast: Cast) -> None:
    for month, state in enumerate((*ReviewState, ReviewState.PLANNED, ReviewState.PLANNED), start=8):
        add_review(session, cast.finance, date(2026, month, 10 + month), state=state)
    found = reviews_of(session, cast.finance)
    for days in range(150):
        today = date(2026, 8, 1) + timedelta(days=days)
        for standing in Standing:
            by_sql = set(session.scalars(select(Review.id).where(reviews.stands(standing, today))))
            assert by_sql == {review.id for review in found if reviews.standing(review, today) is standing}


def test_the_condition_in_sql_knows_the_date_of_each_unit(session: Session, cast: Cast) -> None:
    cast.legal.time_zone = "Pacific/Kiritimati"  # fourteen hours ahead
    cast.corporate.time_zone = "Pacific/Pago_Pago"  # eleven hours behind
    found = [add_review(session, unit, THE_12TH) for unit in (cast.finance, cast.legal, cast.corporate)]
    for hour in range(-30, 60, 5):
        now = datetime(2026, 11, 12, tzinfo=UTC) + timedelta(hours=hour)
        today = reviews.local_today(session, now)
        for standing in Standing:
            joined = select(Review.id).join(BusinessUnit).where(reviews.stands(standing, today))
            expected = {
                review.id
                for review in found
                if reviews.standing(review, clock.local_date(now, unit_of(cast, review).time_zone)) is standing
            }
            assert set(session.scalars(joined)) == expected


def unit_of(cast: Cast, review: Review) -> BusinessUnit:
    return next(unit for unit in (cast.finance, cast.legal, cast.corporate) if unit.id == review.unit_id)


def test_needing_attention_is_being_overdue_or_today(session: Session, november: Review) -> None:
    for day, waits in ((11, False), (12, True), (13, True), (30, True)):
        found = session.scalars(select(Review).where(reviews.needs_attention(date(2026, 11, day)))).all()
        assert bool(found) is waits
    assert not session.scalars(select(Review).where(reviews.needs_attention(date(2026, 12, 1)))).all()


# ---- moving


def move(session: Session, cast: Cast, review: Review, day: date, at: time = time(10), now: datetime = NOW) -> None:
    reviews.move(session, by=cast.actor(session, cast.rep, TODAY), review=review, day=day, at=at, now=now)


def test_a_review_moves_within_its_period_to_the_time_on_the_wall(
    session: Session, cast: Cast, november: Review
) -> None:
    cast.finance.time_zone = "America/New_York"
    move(session, cast, november, date(2026, 11, 30), time(15, 30))
    assert (november.planned_on, november.moved, november.period) == (date(2026, 11, 30), True, "2026-11")
    assert november.planned_at == datetime(2026, 11, 30, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 12, 1), date(2027, 11, 12)])
def test_a_review_does_not_leave_its_period(session: Session, cast: Cast, november: Review, day: date) -> None:
    with pytest.raises(Invalid, match="the review of November 2026") as refused:
        move(session, cast, november, day)
    assert refused.value.field == "day"


def test_a_review_is_not_planned_for_a_day_that_has_passed(session: Session, cast: Cast, november: Review) -> None:
    with pytest.raises(Invalid, match="has passed"):
        move(session, cast, november, date(2026, 11, 9))


def test_an_overdue_review_can_be_moved_to_a_later_day_of_its_period(
    session: Session, cast: Cast, november: Review
) -> None:
    late = datetime(2026, 11, 20, 9, tzinfo=UTC)
    move(session, cast, november, date(2026, 11, 27), now=late)
    assert reviews.standing(november, late.date()) is Standing.PLANNED


def test_a_missed_review_stays_missed(session: Session, cast: Cast, november: Review) -> None:
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with pytest.raises(Conflict, match="November 2026 is over"):
        move(session, cast, november, date(2026, 11, 30), now=december)
    with pytest.raises(Conflict, match="November 2026 is over"):
        skip(session, cast, november, "Too late", now=december)


def test_a_held_review_is_not_moved(session: Session, cast: Cast, november: Review) -> None:
    reviews.hold(session, review=november, held_on=TODAY)
    with pytest.raises(Conflict, match="held already"):
        move(session, cast, november, date(2026, 11, 30))


def test_only_a_covering_rep_moves_and_skips(session: Session, cast: Cast, november: Review) -> None:
    for person in (cast.colleague, cast.head, cast.outsider, cast.cio, cast.administrator):
        by = cast.actor(session, person, TODAY)
        with pytest.raises(Forbidden):
            reviews.move(session, by=by, review=november, day=date(2026, 11, 20), at=time(10), now=NOW)
        with pytest.raises(Forbidden):
            reviews.skip(session, by=by, review=november, reason="No", now=NOW)
        with pytest.raises(Forbidden):
            reviews.unskip(session, by=by, review=november, now=NOW)


# ---- skipping


def skip(session: Session, cast: Cast, review: Review, reason: str, now: datetime = NOW) -> None:
    reviews.skip(session, by=cast.actor(session, cast.rep, TODAY), review=review, reason=reason, now=now)


def test_skipping_keeps_the_reason(session: Session, cast: Cast, november: Review) -> None:
    skip(session, cast, november, "  Month-end close ")
    assert (november.state, november.skip_reason) == (ReviewState.SKIPPED, "Month-end close")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_skipping_wants_a_reason_of_sensible_length(
    session: Session, cast: Cast, november: Review, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        skip(session, cast, november, reason)
    assert refused.value.field == "reason"
    assert november.state is ReviewState.PLANNED


def test_a_skip_can_be_taken_back(session: Session, cast: Cast, november: Review) -> None:
    skip(session, cast, november, "A slip")
    by = cast.actor(session, cast.rep, TODAY)
    reviews.unskip(session, by=by, review=november, now=NOW)
    assert (november.state, november.skip_reason, november.planned_on) == (ReviewState.PLANNED, "", THE_12TH)
    reviews.unskip(session, by=by, review=november, now=NOW)  # pressed twice
    assert november.state is ReviewState.PLANNED
    november.state = ReviewState.HELD
    with pytest.raises(Conflict, match="not skipped"):
        reviews.unskip(session, by=by, review=november, now=NOW)


def test_a_skip_stays_once_its_period_is_over(session: Session, cast: Cast, november: Review) -> None:
    skip(session, cast, november, "Audit")
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with pytest.raises(Conflict, match="stays skipped"):
        reviews.unskip(session, by=cast.actor(session, cast.rep, TODAY), review=november, now=december)


# ---- holding


def test_a_meeting_in_the_period_finds_and_holds_its_review(session: Session, cast: Cast, november: Review) -> None:
    found = reviews.open_review_for(session, cast.finance.id, date(2026, 11, 3))
    assert found is november
    reviews.hold(session, review=november, held_on=date(2026, 11, 3))
    assert (november.state, november.held_on) == (ReviewState.HELD, date(2026, 11, 3))
    assert reviews.open_review_for(session, cast.finance.id, date(2026, 11, 20)) is None


def test_no_review_is_open_outside_its_period_or_for_another_unit(
    session: Session, cast: Cast, november: Review
) -> None:
    assert reviews.open_review_for(session, cast.finance.id, date(2026, 12, 1)) is None
    assert reviews.open_review_for(session, cast.finance.id, date(2026, 10, 31)) is None
    assert reviews.open_review_for(session, cast.legal.id, THE_12TH) is None


def test_of_two_open_reviews_the_nearer_one_is_meant(session: Session, cast: Cast, november: Review) -> None:
    november.moved = True
    add_cadence(session, cast.finance, rule(frequency=Frequency.QUARTERLY, anchor_month=3), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    found = {day: reviews.open_review_for(session, cast.finance.id, date(2026, 11, day)) for day in (12, 30)}
    assert {day: review.period for day, review in found.items() if review} == {12: "2026-11", 30: "2026-Q4"}


def test_a_review_is_held_once(session: Session, november: Review) -> None:
    reviews.hold(session, review=november, held_on=TODAY)
    with pytest.raises(Conflict, match="Another meeting held the review of November 2026"):
        reviews.hold(session, review=november, held_on=TODAY)


def test_a_review_is_held_within_its_period(session: Session, november: Review) -> None:
    with pytest.raises(Invalid, match="November 2026") as refused:
        reviews.hold(session, review=november, held_on=date(2026, 12, 1))
    assert refused.value.field == "held_on"


def test_a_review_that_had_been_skipped_can_be_held_after_all(session: Session, cast: Cast, november: Review) -> None:
    skip(session, cast, november, "Nobody has time")
    reviews.hold(session, review=november, held_on=TODAY)
    assert (november.state, november.skip_reason) == (ReviewState.HELD, "")


@pytest.mark.parametrize(
    ("period", "since", "words"),
    [
        ("2026-11", date(2026, 11, 1), "November 2026"),
        ("2026-Q4", date(2026, 10, 1), "the fourth quarter of 2026"),
    ],
)
def test_a_period_is_said_in_words(period: str, since: date, words: str) -> None:
    assert reviews.period_in_words(Review(period=period, period_since=since)) == words
