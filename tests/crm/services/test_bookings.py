"""Double booking: who cannot come, and when everybody can."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.services import bookings, cadence_rules
from models import Absence, Assignment, BusinessUnit, ClosedDays, Cover, Membership, Part, Person, Review
from tests.cast import LONG_AGO, Cast
from tests.factories.relationships import statements
from tests.factories.reviews import NOW, TODAY, add_review

THURSDAY = date(2026, 11, 12)


def at(hour: int, minute: int = 0, day: date = THURSDAY) -> datetime:
    """Lisbon's winter clock is UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def told(session: Session, unit: BusinessUnit, when: datetime, besides: int | None = None) -> list[str]:
    found = bookings.clashes(session, unit_id=unit.id, at=when, minutes=60, besides=besides)
    return [f"{clash.name}: {clash.other.unit_name if clash.other else 'away'}" for clash in found]


@pytest.fixture
def purchasing(session: Session, cast: Cast) -> BusinessUnit:
    """A second unit of Ines's, at nine in New York, with Finance's head at its head."""
    unit = BusinessUnit(code="PUR", name="Purchasing", time_zone="America/New_York")
    session.add(unit)
    session.flush()
    session.add(Assignment(unit_id=unit.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    session.flush()
    return unit


def test_the_reps_other_review_stands_in_the_way_while_it_lasts(
    session: Session, cast: Cast, purchasing: BusinessUnit
) -> None:
    add_review(session, purchasing, THURSDAY)  # from 10:00 to 11:00 UTC
    assert told(session, cast.finance, at(10)) == ["Ines Carvalho: Purchasing"]
    assert told(session, cast.finance, at(10, 59)) == ["Ines Carvalho: Purchasing"]
    assert told(session, cast.finance, at(9, 1)) == ["Ines Carvalho: Purchasing"]
    assert told(session, cast.finance, at(11)) == []
    assert told(session, cast.finance, at(9)) == []
    assert told(session, cast.legal, at(10)) == []


def test_the_head_of_two_units_cannot_be_at_both(session: Session, cast: Cast) -> None:
    session.add(Membership(unit_id=cast.legal.id, person_id=cast.head.id, part=Part.KEY_USER, since=LONG_AGO))
    add_review(session, cast.finance, THURSDAY)
    assert told(session, cast.legal, at(10)) == []  # a key user need not be there
    session.add(Membership(unit_id=cast.corporate.id, person_id=cast.head.id, part=Part.HEAD, since=LONG_AGO))
    session.flush()
    assert told(session, cast.corporate, at(10)) == ["Amara Diallo: Finance"]


def test_a_review_does_not_stand_in_its_own_way(session: Session, cast: Cast) -> None:
    review = add_review(session, cast.finance, THURSDAY)
    assert told(session, cast.finance, at(10, 30), besides=review.id) == []
    assert told(session, cast.finance, at(10, 30)) == ["Ines Carvalho: Finance", "Amara Diallo: Finance"]


def test_who_is_away_cannot_come(session: Session, cast: Cast) -> None:
    session.add(Absence(person_id=cast.rep.id, since=THURSDAY, until=THURSDAY + timedelta(days=1)))
    session.add(Absence(person_id=cast.head.id, since=THURSDAY))
    session.flush()
    assert told(session, cast.finance, at(10)) == ["Ines Carvalho: away", "Amara Diallo: away"]
    assert told(session, cast.finance, at(10, day=THURSDAY + timedelta(days=1))) == ["Amara Diallo: away"]
    assert told(session, cast.finance, at(10, day=THURSDAY - timedelta(days=1))) == []


def test_while_the_lead_is_away_the_stand_ins_reviews_count(session: Session, cast: Cast) -> None:
    add_review(session, cast.legal, THURSDAY)
    session.add(Absence(person_id=cast.rep.id, since=THURSDAY, covered_by_id=cast.colleague.id))
    session.flush()
    [away, taken] = bookings.clashes(session, unit_id=cast.finance.id, at=at(10), minutes=60, besides=None)
    assert (away.name, away.stands_in) == ("Ines Carvalho", "Tom Okafor")
    assert (taken.name, taken.other and taken.other.unit_name) == ("Tom Okafor", "Legal")


def test_a_deputy_stands_in_where_nobody_was_named(session: Session, cast: Cast) -> None:
    add_review(session, cast.legal, THURSDAY)
    deputy = Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=LONG_AGO)
    session.add_all([deputy, Absence(person_id=cast.rep.id, since=THURSDAY)])
    session.flush()
    assert told(session, cast.finance, at(10)) == ["Ines Carvalho: away", "Tom Okafor: Legal"]


def test_what_the_rep_covers_for_a_colleague_counts_as_well(session: Session, cast: Cast) -> None:
    add_review(session, cast.legal, THURSDAY)
    session.add(Absence(person_id=cast.colleague.id, since=THURSDAY, covered_by_id=cast.rep.id))
    session.flush()
    assert told(session, cast.finance, at(10)) == ["Ines Carvalho: Legal"]


def test_only_what_is_planned_and_goes_on_counts(session: Session, cast: Cast, purchasing: BusinessUnit) -> None:
    review = add_review(session, purchasing, THURSDAY)
    purchasing.closed_on = TODAY
    session.flush()
    assert told(session, cast.finance, at(10)) == []
    purchasing.closed_on = None
    session.delete(review)
    session.flush()
    assert told(session, cast.finance, at(10)) == []


def test_a_rhythms_own_reviews_do_not_stand_in_the_way_of_the_next_rhythm(
    session: Session, cast: Cast, purchasing: BusinessUnit
) -> None:
    add_review(session, cast.finance, THURSDAY)
    add_review(session, purchasing, date(2026, 12, 10))
    times = [at(10), at(10, day=date(2026, 12, 10)), at(10, day=date(2027, 1, 14))]
    found = bookings.of_times(session, unit=cast.finance, times=times, minutes=60)
    assert list(found) == [times[1]]
    assert bookings.of_times(session, unit=cast.finance, times=[], minutes=60) == {}


def test_many_reviews_cost_as_many_statements_as_one(session: Session, cast: Cast, purchasing: BusinessUnit) -> None:
    mine = [add_review(session, unit, THURSDAY) for unit in (cast.finance, purchasing)]
    with statements(session) as sent:
        assert bookings.of_reviews(session, []) == {}
        assert list(bookings.of_reviews(session, mine)) == [review.id for review in mine]
    assert len(sent) == 3


# ---- free times


def test_three_free_times_near_the_planned_day_at_the_usual_hour(session: Session, cast: Cast) -> None:
    review = add_review(session, cast.finance, THURSDAY)
    free = bookings.free_slots(session, review=review, now=NOW)
    assert free == [at(10, day=date(2026, 11, day)) for day in (11, 13, 16)]


def test_another_hour_where_the_usual_one_is_taken(session: Session, cast: Cast, purchasing: BusinessUnit) -> None:
    review = add_review(session, cast.finance, date(2026, 11, 30))
    now = at(12, day=date(2026, 11, 29))  # a Sunday; one working day is left of the period
    other = add_review(session, purchasing, date(2026, 11, 30))
    other.minutes = 120
    session.flush()
    free = bookings.free_slots(session, review=review, now=now)
    assert free == [at(hour, day=date(2026, 11, 30)) for hour in (9, 12, 13)]


def test_public_holidays_and_closed_days_are_not_offered(session: Session, cast: Cast) -> None:
    cast.finance.country = "PT"
    review = add_review(session, cast.finance, date(2026, 12, 8))  # Immaculate Conception
    session.add(ClosedDays(name="Moving house", since=date(2026, 12, 9), until=date(2026, 12, 10)))
    session.flush()
    free = bookings.free_slots(session, review=review, now=NOW)
    assert [slot.date().day for slot in free] == [7, 10, 11]


def test_nothing_is_offered_when_the_period_is_over_or_everybody_is_away(session: Session, cast: Cast) -> None:
    review = add_review(session, cast.finance, THURSDAY)
    assert bookings.free_slots(session, review=review, now=at(10, day=date(2026, 12, 1))) == []
    session.add(Absence(person_id=cast.head.id, since=LONG_AGO))
    session.flush()
    assert bookings.free_slots(session, review=review, now=NOW) == []


days = st.integers(min_value=0, max_value=29)
spans = st.tuples(days, st.integers(min_value=1, max_value=12))
meetings = st.tuples(days, st.integers(min_value=7, max_value=18), st.sampled_from([30, 60, 90, 240]))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    planned=days,
    hour_now=st.integers(min_value=0, max_value=29 * 24),
    others=st.lists(meetings, max_size=12),
    away=st.lists(spans, max_size=2),
    head_away=st.lists(spans, max_size=2),
    zone=st.sampled_from(["Europe/Lisbon", "Asia/Kolkata", "America/New_York", "Pacific/Auckland"]),
)
def test_an_offered_time_is_in_the_period_on_a_working_day_and_free(
    session: Session,
    cast: Cast,
    planned: int,
    hour_now: int,
    others: list[tuple[int, int, int]],
    away: list[tuple[int, int]],
    head_away: list[tuple[int, int]],
    zone: str,
) -> None:
    first = date(2026, 11, 1)
    now = datetime.combine(first, time(), UTC) + timedelta(hours=hour_now)
    with session.begin_nested() as savepoint:
        cast.finance.time_zone = zone
        review = add_review(session, cast.finance, first + timedelta(days=planned))
        booked = _book(session, cast, others)
        for person, spans_away in ((cast.rep, away), (cast.head, head_away)):
            _send_away(session, person, first, spans_away)
        free = bookings.free_slots(session, review=review, now=now)
        assert len(free) <= 3
        assert free == sorted(set(free))
        for slot in free:
            local = slot.astimezone(cast.finance.zone)
            assert slot > now
            assert review.period_since <= local.date() < review.period_until
            assert local.weekday() < 5
            assert cadence_rules.instant(local.date(), local.time(), cast.finance.zone) == slot
            ends = slot + timedelta(minutes=review.minutes)
            assert not any(slot < end and begin < ends for begin, end in booked)
            gone = [(first + timedelta(days=since), length) for since, length in away + head_away]
            assert not any(since <= local.date() < since + timedelta(days=length) for since, length in gone)
            assert bookings.clashes(session, unit_id=cast.finance.id, at=slot, minutes=60, besides=review.id) == []
        savepoint.rollback()


def _book(session: Session, cast: Cast, others: list[tuple[int, int, int]]) -> list[tuple[datetime, datetime]]:
    """Reviews of another unit of the same rep; returns when they begin and end."""
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    booked = []
    for number, (day, hour, minutes) in enumerate(others):
        begins = datetime(2026, 11, 1 + day, hour, tzinfo=UTC)
        review: Review = add_review(session, cast.corporate, begins.date(), minutes=minutes)
        review.period, review.planned_at = f"{number}", begins
        booked.append((begins, begins + timedelta(minutes=minutes)))
        session.flush()
    return booked


def _send_away(session: Session, person: Person, first: date, spans_away: list[tuple[int, int]]) -> None:
    for since, length in spans_away:
        begins = first + timedelta(days=since)
        session.add(Absence(person_id=person.id, since=begins, until=begins + timedelta(days=length)))
    session.flush()
