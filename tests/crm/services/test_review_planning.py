"""Planning: exactly one review for each period of each rhythm, whatever changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.services import assignments, cadences, review_planning, reviews, units
from crm.services.cadence_rules import Period, Rule, period_of, periods
from crm.services.working_days import Calendar
from models import Absence, Cadence, ClosedDays, Cover, Frequency, Review, ReviewState
from tests.cast import Cast
from tests.conftest import StatementCounter
from tests.crm.services.test_cadence_rules import TEN_YEARS, ZONES, calendars, rules
from tests.factories.reviews import NOW, TODAY, add_cadence, days_of, on_day, reviews_of, rule


def test_twelve_monthly_reviews_are_planned_at_the_time_on_the_wall(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(minutes=45), TODAY)
    assert reviews.plan(session, cast.finance, TODAY) == 12
    found = reviews_of(session, cast.finance)
    assert [review.period for review in found][::11] == ["2026-11", "2027-10"]
    assert {review.minutes for review in found} == {45}
    assert found[0].planned_at == datetime(2026, 11, 12, 10, tzinfo=UTC)
    assert found[7].planned_at == datetime(2027, 6, 10, 9, tzinfo=UTC)  # summer time in Lisbon
    assert {(review.state, review.moved) for review in found} == {(ReviewState.PLANNED, False)}


def test_four_quarterly_reviews_are_planned(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(frequency=Frequency.QUARTERLY, anchor_month=2), TODAY)
    assert reviews.plan(session, cast.finance, TODAY) == 4
    assert days_of(session, cast.finance) == ["2026-11-12", "2027-02-11", "2027-05-13", "2027-08-12"]


def test_planning_twice_changes_nothing(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    before = days_of(session, cast.finance)
    assert reviews.plan(session, cast.finance, TODAY) == 0
    assert reviews.plan_all(session, TODAY) == 0
    assert days_of(session, cast.finance) == before


def test_the_first_review_is_on_or_after_the_day_on_which_the_rhythm_begins(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(10), TODAY)
    add_cadence(session, cast.legal, on_day(9), TODAY)
    reviews.plan_all(session, TODAY)
    assert days_of(session, cast.finance)[0] == "2026-11-10"
    assert days_of(session, cast.legal)[0] == "2026-12-09"


def test_a_period_under_way_is_planned_though_its_day_is_past_but_none_that_is_over(
    session: Session, cast: Cast
) -> None:
    add_cadence(session, cast.finance, on_day(3), date(2026, 1, 1))
    reviews.plan_all(session, TODAY)
    assert days_of(session, cast.finance)[:2] == ["2026-11-03", "2026-12-03"]


def test_all_units_are_planned_in_a_handful_of_statements(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    for unit in (cast.corporate, cast.finance, cast.legal):
        add_cadence(session, unit, rule(), TODAY)
    with statements:
        assert reviews.plan_all(session, TODAY) == 36
    assert statements.count == 10


def test_day_by_day_the_job_keeps_twelve_months_planned_and_loses_no_period(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(31), TODAY)
    for week in range(60):
        reviews.plan_all(session, TODAY + timedelta(weeks=week))
    found = [review.period for review in reviews_of(session, cast.finance)]
    expected = [period.key for period in periods(Frequency.MONTHLY, TODAY, date(2028, 12, 1))]
    assert found == expected[: len(found)]
    assert len(found) > 24


def test_a_closed_unit_plans_nothing_and_loses_what_was_planned_after_its_end(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    cast.finance.closed_on = date(2026, 12, 1)
    assert reviews.plan(session, cast.finance, TODAY) == 0
    assert days_of(session, cast.finance) == ["2026-11-12"]
    assert reviews.plan_all(session, TODAY) == 0


def test_a_unit_that_moves_to_another_time_zone_keeps_its_hour(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    cast.finance.time_zone = "Asia/Kolkata"
    assert reviews.plan(session, cast.finance, TODAY) == 0
    assert reviews_of(session, cast.finance)[0].planned_at == datetime(2026, 11, 12, 4, 30, tzinfo=UTC)


def test_what_another_process_planned_meanwhile_is_left_as_it_is(session: Session, cast: Cast) -> None:
    cadence = add_cadence(session, cast.finance, rule(), TODAY)
    slot = review_planning.slots([cadence], TODAY, TODAY + timedelta(days=30))["2026-11"]
    row = review_planning._row(slot, cast.finance.zone, TODAY)
    assert review_planning._insert(session, [row]) == 1
    assert review_planning._insert(session, [row | {"minutes": 5}]) == 0
    assert [review.minutes for review in reviews_of(session, cast.finance)] == [60]


def test_a_review_whose_unit_moved_its_clock_stays_where_a_person_put_it(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    first = reviews_of(session, cast.finance)[0]
    by = cast.actor(session, cast.rep, TODAY)
    reviews.move(session, by=by, review=first, day=date(2026, 11, 20), at=time(15), now=NOW)
    cast.finance.time_zone = "Asia/Kolkata"
    reviews.plan(session, cast.finance, TODAY)
    assert reviews_of(session, cast.finance)[0].planned_at == datetime(2026, 11, 20, 15, tzinfo=UTC)


# ---- the arithmetic alone, over ten years


def cadence(rule_: Rule, since: date, until: date | None = None) -> Cadence:
    return Cadence(unit_id=1, since=since, until=until, **vars(rule_))


@settings(deadline=None)
@given(rules, calendars, st.dates(*TEN_YEARS))
def test_from_its_beginning_a_rhythm_has_one_review_in_each_period(
    rule_: Rule, calendar: Calendar, since: date
) -> None:
    rhythm = cadence(rule_, since)
    due = review_planning.slots([rhythm], *TEN_YEARS, calendar)
    for period in periods(rhythm.frequency, since, TEN_YEARS[1]):
        slot = due.pop(period.key, None)
        if slot is None:  # only the first: its day was before the beginning
            assert period.since < since
        else:
            assert period.since <= slot.day < period.until
            assert slot.day >= since
    assert due == {}


@settings(deadline=None)
@given(st.lists(rules, min_size=2, max_size=4), st.data())
def test_however_often_a_monthly_rhythm_changes_each_month_keeps_exactly_one_review(
    changing: list[Rule], data: st.DataObject
) -> None:
    begins = sorted(data.draw(st.sets(st.dates(*TEN_YEARS), min_size=len(changing), max_size=len(changing))))
    monthly = [replace(rule_, frequency=Frequency.MONTHLY, anchor_month=1) for rule_ in changing]
    chain = [
        cadence(rule_, since, until) for rule_, since, until in zip(monthly, begins, [*begins[1:], None], strict=True)
    ]
    due = review_planning.slots(chain, *TEN_YEARS)
    for period in periods(Frequency.MONTHLY, chain[0].since, TEN_YEARS[1]):
        if period.key not in due:
            first = [one for one in chain if one.since < period.until]
            assert first[0].since > period.since  # the month in which the first one began after its day


@settings(deadline=None)
@given(rules, rules, st.dates(date(2025, 1, 1), date(2032, 1, 1)))
def test_whatever_changes_the_period_of_the_change_has_a_review_and_no_two_rhythms_claim_the_days_after_it(
    old: Rule, new: Rule, change: date
) -> None:
    chain = [cadence(old, TEN_YEARS[0], change), cadence(new, change)]
    due = review_planning.slots(chain, *TEN_YEARS)
    within = period_of(chain[0].frequency, change)
    assert any(overlap(slot.period, within) for slot in due.values())
    late = [slot for slot in due.values() if slot.cadence is chain[0] and slot.day >= change]
    theirs = [slot for slot in due.values() if slot.cadence is chain[1]]
    assert len(late) <= 1
    assert not any(overlap(slot.period, other.period) for slot in late for other in theirs)


def overlap(one: Period, other: Period) -> bool:
    return one.since < other.until and other.since < one.until


def test_a_change_in_the_middle_of_a_month_keeps_that_month_its_review() -> None:
    chain = [cadence(on_day(20), date(2026, 1, 1), date(2026, 11, 15)), cadence(on_day(5), date(2026, 11, 15))]
    due = review_planning.slots(chain, TODAY, date(2027, 1, 1))
    assert {key: slot.ruled.day for key, slot in due.items()} == {"2026-12": 5, "2026-11": 20}


def test_a_change_to_quarters_gives_up_the_month_when_the_quarter_has_its_own_review() -> None:
    quarterly = on_day(10, frequency=Frequency.QUARTERLY, anchor_month=3)
    chain = [cadence(on_day(20), date(2026, 1, 1), date(2026, 11, 15)), cadence(quarterly, date(2026, 11, 15))]
    assert list(review_planning.slots(chain, TODAY, date(2027, 1, 1))) == ["2026-Q4"]


def test_a_change_to_quarters_keeps_the_month_when_the_quarter_would_have_none() -> None:
    quarterly = on_day(10, frequency=Frequency.QUARTERLY, anchor_month=1)
    chain = [cadence(on_day(20), date(2026, 1, 1), date(2026, 11, 15)), cadence(quarterly, date(2026, 11, 15))]
    assert list(review_planning.slots(chain, TODAY, date(2027, 2, 1))) == ["2027-Q1", "2026-11"]


def test_a_change_back_in_the_month_still_leaves_one_review_though_the_old_one_moved_past_the_change() -> None:
    """The old rhythm's Saturday the 14th became Monday the 16th, and on Sunday the rhythm changes to the 5th."""
    chain = [cadence(on_day(14), date(2026, 1, 1), date(2026, 11, 15)), cadence(on_day(5), date(2026, 11, 15))]
    due = review_planning.slots(chain, date(2026, 11, 15), date(2026, 12, 1))
    assert {key: slot.day for key, slot in due.items()} == {"2026-11": date(2026, 11, 16)}


# ---- working days


def test_a_review_on_a_holiday_moves_and_says_why(session: Session, cast: Cast) -> None:
    cast.finance.country = "PT"
    add_cadence(session, cast.finance, on_day(25), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    november, december = reviews_of(session, cast.finance)[:2]
    assert (december.planned_on, december.ruled_on) == (date(2026, 12, 28), date(2026, 12, 25))
    assert december.planned_at == datetime(2026, 12, 28, 10, tzinfo=UTC)
    assert reviews.shift_in_words(december) == "Moved from Fri 25 December: Christmas Day."
    assert (november.ruled_on, reviews.shift_in_words(november)) == (None, "")


def test_a_review_that_nobody_can_attend_in_its_whole_period_stays_and_says_so(session: Session, cast: Cast) -> None:
    session.add(ClosedDays(name="Rebuilding", since=date(2026, 12, 1), until=date(2027, 1, 1)))
    add_cadence(session, cast.finance, on_day(15), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    december = reviews_of(session, cast.finance)[1]
    assert december.planned_on == date(2026, 12, 15)
    words = "Stays on Tue 15 December (Rebuilding): no working day is left in its period."
    assert reviews.shift_in_words(december) == words


def test_an_absence_of_the_lead_moves_reviews_and_its_end_brings_them_back(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(12), TODAY)
    add_cadence(session, cast.legal, on_day(12), TODAY)
    reviews.plan_all(session, TODAY)
    away = Absence(person_id=cast.rep.id, since=date(2026, 11, 11), until=date(2026, 11, 14))
    session.add(away)
    session.flush()
    assert review_planning.plan_led_by(session, [cast.rep.id], TODAY) == 0
    assert days_of(session, cast.finance)[0] == "2026-11-16"
    assert reviews.shift_in_words(reviews_of(session, cast.finance)[0]) == (
        "Moved from Thu 12 November: Ines Carvalho is away."
    )
    assert days_of(session, cast.legal)[0] == "2026-11-12"
    session.delete(away)
    session.flush()
    review_planning.plan_led_by(session, [cast.rep.id], TODAY)
    assert days_of(session, cast.finance)[0] == "2026-11-12"


def test_another_lead_brings_reviews_clear_of_another_absence(session: Session, cast: Cast) -> None:
    session.add(Absence(person_id=cast.colleague.id, since=date(2026, 12, 10), until=date(2026, 12, 12)))
    add_cadence(session, cast.finance, on_day(10), TODAY)
    reviews.plan_all(session, TODAY)
    assert days_of(session, cast.finance)[1] == "2026-12-10"
    by = cast.actor(session, cast.administrator, TODAY)
    lead = assignments.assign(
        session, by=by, unit=cast.finance, rep=cast.colleague, cover=Cover.LEAD, since=date(2026, 12, 1)
    )
    assert days_of(session, cast.finance)[1] == "2026-12-14"
    assignments.end_assignment(session, by=by, unit=cast.finance, assignment_id=lead.id, on=date(2026, 12, 1))
    assert days_of(session, cast.finance)[1] == "2026-12-10"


def test_the_daily_job_brings_reviews_into_line_with_new_closed_days(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(12), TODAY)
    reviews.plan_all(session, TODAY)
    session.add(ClosedDays(name="Stocktaking", since=date(2026, 11, 12), until=date(2026, 11, 13)))
    session.flush()
    assert reviews.plan_all(session, TODAY) == 0
    assert days_of(session, cast.finance)[0] == "2026-11-13"


def test_planning_does_not_move_a_review_into_the_past(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(27), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    session.add(ClosedDays(name="Rebuilding", since=date(2026, 11, 20), until=date(2026, 12, 1)))
    session.flush()
    reviews.plan(session, cast.finance, date(2026, 11, 23))  # the last working day, the 19th, is over
    found = reviews_of(session, cast.finance)[0]
    assert found.planned_on == date(2026, 11, 27)
    assert "Stays on Fri 27 November (Rebuilding)" in reviews.shift_in_words(found)


def test_a_review_whose_day_of_the_rule_is_over_stays_where_it_is(session: Session, cast: Cast) -> None:
    away = Absence(person_id=cast.rep.id, since=date(2026, 11, 11), until=date(2026, 11, 20))
    session.add(away)
    add_cadence(session, cast.finance, on_day(12), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    session.delete(away)
    session.flush()
    reviews.plan(session, cast.finance, date(2026, 11, 17))
    found = reviews_of(session, cast.finance)[0]
    assert found.planned_on == date(2026, 11, 20)
    assert reviews.shift_in_words(found) == "Moved from Thu 12 November: Ines Carvalho is away."


def test_a_review_that_a_person_moved_no_longer_says_why_planning_moved_it(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(14), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    found = reviews_of(session, cast.finance)[0]
    assert found.shifted_because == "Saturday"
    reviews.move(session, by=cast.actor(session, cast.rep, TODAY), review=found, day=TODAY, at=time(15), now=NOW)
    assert reviews.shift_in_words(found) == ""


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("rhythm"), rules),
        st.tuples(st.just("zone"), st.sampled_from(ZONES)),
        st.tuples(st.just("country"), st.sampled_from(("PT", "DE", "EG", "GB"))),
        st.tuples(st.just("closed"), st.integers(0, 300)),
        st.tuples(st.just("away"), st.integers(0, 300)),
        st.tuples(st.just("days pass"), st.integers(1, 20)),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules, CHANGES)
def test_whatever_changes_planning_leaves_alone_what_a_person_touched(
    session: Session, cast: Cast, first: Rule, changes: list[tuple[str, Any]]
) -> None:
    with session.begin_nested() as savepoint:
        add_cadence(session, cast.finance, first, date(2026, 1, 1))
        reviews.plan(session, cast.finance, TODAY)
        touched = touch(session, cast, reviews_of(session, cast.finance))
        today = TODAY
        for kind, value in changes:
            today += timedelta(days=value if kind == "days pass" else 0)
            make(session, cast, kind, value, today)
            reviews.plan(session, cast.finance, today)
            now_there = {review.id: appearance(review) for review in reviews_of(session, cast.finance)}
            assert {key: now_there.get(key) for key in touched} == touched
            planned = [review.period for review in reviews_of(session, cast.finance)]
            assert len(planned) == len(set(planned))
        savepoint.rollback()
    session.expire_all()


def touch(session: Session, cast: Cast, found: list[Review]) -> dict[int, Any]:
    """Move, hold, skip and prepare one each of the first four, as far as there are so many."""
    by = cast.actor(session, cast.rep, TODAY)
    ahead = [review for review in found if review.period_until > TODAY + timedelta(days=40)][:4]
    for review, what in zip(ahead, ("move", "skip", "prepare", "hold"), strict=False):
        if what == "move":
            last = review.period_until - timedelta(days=1)
            reviews.move(session, by=by, review=review, day=last, at=time(9), now=NOW)
        elif what == "skip":
            reviews.skip(session, by=by, review=review, reason="Year end", now=NOW)
        elif what == "prepare":
            review.prepared_at = NOW
        else:
            reviews.hold(session, review=review, held_on=review.planned_on)
    session.flush()
    return {review.id: appearance(review) for review in ahead}


def appearance(review: Review) -> tuple[object, ...]:
    when = review.planned_on, review.planned_at, review.minutes, review.ruled_on, review.shifted_because
    return (*when, review.period, review.state, review.moved, review.held_on, review.prepared_at)


def make(session: Session, cast: Cast, kind: str, value: Any, today: date) -> None:
    if kind == "rhythm":
        by = cast.actor(session, cast.rep, today)
        cadences.set_cadence(session, by=by, unit=cast.finance, rule=value, place="", since=today, today=today)
    elif kind == "zone":
        cast.finance.time_zone = value
    elif kind == "country":
        cast.finance.country = value
    elif kind in ("closed", "away"):
        since = today + timedelta(days=value)
        until = since + timedelta(days=10)
        row = (
            ClosedDays(name="Closed", since=since, until=until)
            if kind == "closed"
            else Absence(person_id=cast.rep.id, since=since, until=until)
        )
        session.add(row)
    session.flush()


# ---- what else changes a plan


def test_closing_a_unit_skips_a_prepared_review_and_keeps_its_agenda(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    reviews_of(session, cast.finance)[0].prepared_at = NOW
    session.flush()
    units.close(session, by=cast.actor(session, cast.administrator, TODAY), unit=cast.finance, on=TODAY)
    left = reviews_of(session, cast.finance)
    assert [(review.state, review.skip_reason) for review in left] == [(ReviewState.SKIPPED, "Finance is closed.")]


def test_closing_a_unit_takes_its_reviews_away_and_opening_it_again_brings_them_back(
    session: Session, cast: Cast
) -> None:
    by = cast.actor(session, cast.administrator, TODAY)
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    units.close(session, by=by, unit=cast.finance, on=TODAY)
    assert days_of(session, cast.finance) == []
    units.reopen(session, by=by, unit=cast.finance)
    assert len(days_of(session, cast.finance)) == 12


def test_changing_the_time_zone_of_a_unit_moves_the_instants_of_its_reviews(session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, rule(), TODAY)
    reviews.plan(session, cast.finance, TODAY)
    facts = units.Facts(code="FIN", name="Finance", parent_id=None, time_zone="Asia/Kolkata")
    units.change(session, by=cast.actor(session, cast.administrator, TODAY), unit=cast.finance, facts=facts)
    assert reviews_of(session, cast.finance)[0].planned_at == datetime(2026, 11, 12, 4, 30, tzinfo=UTC)
