"""The rhythm of many units at once: the load it makes, and spreading it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.errors import Forbidden, Invalid
from crm.policy import Actor
from crm.services import bulk_planning, cadences, review_load, spreading
from crm.services.bulk_planning import Proposal, Wish
from crm.services.cadence_rules import Rule
from crm.services.diaries import Booking
from models import Assignment, BusinessUnit, Cadence, Cover, DayRule, Frequency
from tests.cast import LONG_AGO, Cast
from tests.factories.relationships import statements
from tests.factories.reviews import NOW, TODAY, add_review, days_of, rule


@pytest.fixture
def units(session: Session, cast: Cast) -> list[BusinessUnit]:
    """Twenty units of Ines's, and Finance first among them."""
    more = [BusinessUnit(code=f"U{n:02}", name=f"Unit {n:02}", time_zone="Europe/Lisbon") for n in range(19)]
    session.add_all(more)
    session.flush()
    session.add_all(Assignment(unit_id=one.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO) for one in more)
    session.flush()
    return [cast.finance, *more]


@pytest.fixture
def ines(session: Session, cast: Cast, units: list[BusinessUnit]) -> Actor:
    return cast.actor(session, cast.rep, TODAY)


def proposed(
    session: Session, by: Actor, units: list[BusinessUnit], spread: bool, chosen: Rule | None = None
) -> Proposal:
    wish = Wish(chosen or rule(), "", TODAY, spread)
    return bulk_planning.propose(session, by=by, units=units, wish=wish)


def test_the_same_day_for_all_is_seen_to_be_too_much(session: Session, ines: Actor, units: list[BusinessUnit]) -> None:
    found = proposed(session, ines, units, spread=False)
    assert len(found.reviews) == 20 * 12
    assert len(found.clashing) == 20 * 12
    assert found.load.most_of_one == found.load.heaviest[0].reviews == 20
    assert review_load.in_words(found.load, TODAY)[0] == "At most 20 reviews in a week."


@pytest.mark.parametrize(
    ("frequency", "most"),
    [(Frequency.MONTHLY, 6), (Frequency.QUARTERLY, 3), (Frequency.HALF_YEARLY, 2), (Frequency.YEARLY, 1)],
)
def test_spread_out_no_week_is_overloaded_and_nobody_booked_twice(
    session: Session, ines: Actor, units: list[BusinessUnit], frequency: Frequency, most: int
) -> None:
    found = proposed(session, ines, units, spread=True, chosen=rule(frequency=frequency))
    assert found.clashing == []
    assert max(week.reviews for week in found.load.weeks) <= most
    assert {one.at for one in found.rules.values()} == {time(10)}  # the time stays where the days suffice
    assert all(one.day_rule is DayRule.WEEKDAY and one.weekday < 5 for one in found.rules.values())


def test_spreading_keeps_clear_of_what_is_planned_already(session: Session, cast: Cast, ines: Actor) -> None:
    [unit] = [session.get_one(BusinessUnit, cast.finance.id)]
    other = BusinessUnit(code="OTH", name="Other", time_zone="Europe/Lisbon")
    session.add(other)
    session.flush()
    session.add(Assignment(unit_id=other.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    wanted = rule()
    by = cast.actor(session, cast.rep, TODAY)
    cadences.set_cadence(session, by=by, unit=other, rule=wanted, place="", since=TODAY, today=TODAY)
    found = proposed(session, by, [unit], spread=True)
    assert found.clashing == []
    assert max(week.reviews for week in found.load.weeks) == 1
    assert sum(week.reviews for week in found.load.weeks) == len(found.reviews) + 12


def test_where_the_days_do_not_suffice_another_hour_does(
    session: Session, cast: Cast, units: list[BusinessUnit]
) -> None:
    more = [BusinessUnit(code=f"V{n:02}", name=f"Vnit {n:02}", time_zone="Europe/Lisbon") for n in range(15)]
    session.add_all(more)
    session.flush()
    session.add_all(Assignment(unit_id=one.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO) for one in more)
    session.flush()
    found = proposed(session, cast.actor(session, cast.rep, TODAY), [*units, *more], spread=True)
    assert found.clashing == []
    assert len({one.at for one in found.rules.values()}) > 1


def test_what_a_person_moved_stays_and_is_counted_once(session: Session, cast: Cast, ines: Actor) -> None:
    add_review(session, cast.finance, date(2026, 12, 1), moved=True)
    add_review(session, cast.finance, date(2027, 1, 20))
    session.flush()
    found = proposed(session, ines, [cast.finance], spread=False)
    assert len(found.reviews) == 11
    assert date(2026, 12, 1) not in [booking.day for booking in found.reviews]
    assert sum(week.reviews for week in found.load.weeks) == 12


def test_what_was_shown_is_what_is_set(session: Session, ines: Actor, units: list[BusinessUnit]) -> None:
    wish = Wish(rule(), "Room 4", TODAY, spread=True)
    shown = bulk_planning.propose(session, by=ines, units=units, wish=wish)
    assert bulk_planning.keep(session, by=ines, units=units, wish=wish, now=NOW) == len(shown.reviews)
    for unit in units:
        planned = [booking.day.isoformat() for booking in shown.reviews if booking.unit_id == unit.id]
        assert days_of(session, unit) == planned


def test_setting_the_same_again_changes_nothing(session: Session, ines: Actor, units: list[BusinessUnit]) -> None:
    wish = Wish(rule(), "", TODAY)
    bulk_planning.keep(session, by=ines, units=units[:3], wish=wish, now=NOW)
    before = session.query(Cadence).count()
    bulk_planning.keep(session, by=ines, units=units[:3], wish=wish, now=NOW)
    assert session.query(Cadence).count() == before == 3


def test_in_the_east_where_tomorrow_has_begun_it_begins_tomorrow(session: Session, cast: Cast, ines: Actor) -> None:
    cast.finance.time_zone = "Pacific/Auckland"
    evening = NOW.replace(hour=22)
    bulk_planning.keep(session, by=ines, units=[cast.finance], wish=Wish(rule(), "", TODAY), now=evening)
    [rhythm] = session.query(Cadence)
    assert rhythm.since == TODAY + timedelta(days=1)


def test_refused_for_others_units_and_impossible_rules(session: Session, cast: Cast, ines: Actor) -> None:
    with pytest.raises(Forbidden):
        proposed(session, ines, [cast.legal], spread=False)
    with pytest.raises(Invalid, match="Choose between"):
        proposed(session, ines, [cast.finance], spread=False, chosen=rule(minutes=1))


def test_the_same_few_statements_for_twenty_units(session: Session, ines: Actor, units: list[BusinessUnit]) -> None:
    counts = []
    for some in (units[:1], units):
        with statements(session) as sent:
            proposed(session, ines, some, spread=True)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 9


def test_variants_begin_with_the_rule_asked_for() -> None:
    wanted = replace(rule(frequency=Frequency.QUARTERLY), anchor_month=2)
    found = list(spreading.variants(wanted))
    assert found[0] == wanted
    assert len(found) == len(set(found)) == 3 * 4 * 5
    assert Counter(one.anchor_month for one in found) == {1: 20, 2: 20, 3: 20}


def test_the_weeks_named_are_the_heaviest_of_those_shown() -> None:
    def booking(day: date, minutes: int) -> Booking:
        return Booking(1, "Finance", day, NOW, minutes)

    first, second, third, fourth = (TODAY + timedelta(weeks=number) for number in range(4))
    lengths = [(first, 45), (first, 60), (second, 60), (second, 60), (third, 120), (fourth, 30)]
    load = review_load.of(
        (booking(day, long), rep) for number, (day, long) in enumerate(lengths) for rep in ["AB"[number % 2]]
    )
    assert [week.minutes for week in load.heaviest] == [120, 120, 105]
    finding, heaviest = review_load.in_words(load, TODAY)
    assert finding == "At most one review in a week of one rep."
    assert heaviest == (
        "Most hours of all together: the week of 16 November (two reviews, 2 hours); "
        "the week of 23 November (one review, 2 hours); the week of 9 November (two reviews, 1¾ hours)."
    )


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(45, "45 minutes"), (60, "1 hour"), (90, "1½ hours"), (75, "1¼ hours"), (300, "5 hours"), (345, "5¾ hours")],
)
def test_hours_in_words(minutes: int, said: str) -> None:
    assert review_load.hours(minutes) == said
