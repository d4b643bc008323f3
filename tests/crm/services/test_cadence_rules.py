"""The arithmetic of a rhythm, over ten years and around the world."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.services import cadence_rules
from crm.services.cadence_rules import Day, Period, Rule
from crm.services.working_days import WEEKDAYS_ONLY, Calendar, Span, days_between
from models import DayRule, Frequency

ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "America/Santiago",  # puts its clock forward at midnight
    "UTC",
)
TEN_YEARS = (date(2024, 1, 1), date(2034, 1, 1))


@st.composite
def rules_drawn(draw: st.DrawFn) -> Rule:
    """Every rule that can be chosen."""
    frequency, day_rule = draw(st.sampled_from(Frequency)), draw(st.sampled_from(DayRule))
    nth = cadence_rules.NTH_WORKING if day_rule is DayRule.WORKING_DAY else cadence_rules.NTH
    return Rule(
        frequency=frequency,
        anchor_month=draw(st.integers(1, cadence_rules.MONTHS[frequency])),
        day_rule=day_rule,
        nth=draw(st.sampled_from(sorted(nth))),
        weekday=draw(st.integers(0, 6)),
        month_day=draw(st.integers(1, 31)),
        at=time(draw(st.integers(0, 23)), draw(st.integers(0, 59))),
        minutes=60,
    )


rules = rules_drawn()
PLACES = (
    (None, None),
    ("PT", None),
    ("DE", "BY"),
    ("GB", "SCT"),
    ("US", "CA"),
    ("EG", None),
    ("SA", None),
    ("IN", "KA"),
)
spans = st.builds(
    lambda since, days: Span(since, since + timedelta(days=days), "closed"),
    st.dates(*TEN_YEARS),
    st.one_of(st.integers(1, 14), st.integers(20, 150)),
)


@st.composite
def calendars_drawn(draw: st.DrawFn) -> Calendar:
    """Weekends and holidays of many places, closed days from one to five months, absences likewise."""
    country, region = draw(st.sampled_from(PLACES))
    closed, away = draw(st.lists(spans, max_size=8)), draw(st.lists(spans, max_size=8))
    return Calendar(country, region, tuple(closed), tuple(away))


calendars = calendars_drawn()


def rule(**changes: object) -> Rule:
    usual: dict[str, object] = {
        "frequency": Frequency.MONTHLY,
        "anchor_month": 1,
        "day_rule": DayRule.WEEKDAY,
        "nth": 2,
        "weekday": 3,
        "month_day": 15,
        "at": time(10),
        "minutes": 60,
    }
    return Rule(**(usual | changes))  # type: ignore[arg-type]


NOVEMBER = Period("2026-11", date(2026, 11, 1), date(2026, 12, 1))
AUTUMN = Period("2026-Q4", date(2026, 10, 1), date(2027, 1, 1))


@settings(deadline=None, max_examples=150)
@given(rules, calendars, st.sampled_from(ZONES))
def test_over_ten_years_there_is_one_working_day_in_each_period_at_the_time_on_the_wall(
    rule: Rule, calendar: Calendar, zone: str
) -> None:
    found = list(cadence_rules.periods(rule.frequency, *TEN_YEARS))
    assert len(found) == 120 // cadence_rules.MONTHS[rule.frequency]
    for period in found:
        day = cadence_rules.placed(period, rule, calendar, not_before=TEN_YEARS[0])
        assert period.since <= day.on < period.until
        assert stands_where_it_should(day, period, calendar)
        at = cadence_rules.instant(day.on, rule.at, ZoneInfo(zone))
        assert at.tzinfo is UTC
        wall = at.astimezone(ZoneInfo(zone))
        assert wall.date() == day.on
        assert wall.time() == rule.at or is_skipped(day.on, rule.at, ZoneInfo(zone))


def stands_where_it_should(day: Day, period: Period, calendar: Calendar) -> bool:
    """On a working day if the period has one, else on one of the house, else on the day of the rule; said if moved."""
    there = list(days_between(period.since, period.until))
    assert (day.because == "") == calendar.is_working(day.ruled)
    if any(calendar.is_working(other) for other in there):
        return calendar.is_working(day.on) and (day.on == day.ruled or calendar.why_not(day.ruled) == day.because)
    if any(calendar.house.is_working(other) for other in there):
        return calendar.house.is_working(day.on)
    return day.on == day.ruled


@settings(deadline=None)
@given(rules, calendars, st.dates(*TEN_YEARS))
def test_a_day_moves_to_the_nearest_working_day_after_it_and_only_else_to_the_nearest_before(
    rule: Rule, calendar: Calendar, day: date
) -> None:
    period = cadence_rules.period_of(rule.frequency, day)
    found = cadence_rules.placed(period, rule, calendar, not_before=period.since)
    if found.on > found.ruled:
        assert not any(
            calendar.house.is_working(other) and calendar.is_working(other)
            for other in days_between(found.ruled, found.on)
        )
    if found.on < found.ruled:
        rest = [*days_between(found.on + timedelta(days=1), period.until)]
        assert not any(calendar.is_working(other) for other in rest)


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clock there is put forward over that time: the offsets on both sides of it differ upwards."""
    midday = datetime.combine(day, at, UTC)
    before, after = ((midday + timedelta(days=days)).astimezone(zone).utcoffset() for days in (-1, 1))
    return before is not None and after is not None and after > before


@settings(deadline=None)
@given(rules)
def test_periods_follow_upon_each_other_without_gap(rule: Rule) -> None:
    found = list(cadence_rules.periods(rule.frequency, *TEN_YEARS))
    assert (found[0].since, found[-1].until) == TEN_YEARS
    assert all(one.until == other.since for one, other in pairwise(found))
    assert len({period.key for period in found}) == len(found)


@settings(deadline=None)
@given(st.sampled_from(Frequency), st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_every_day_lies_in_its_period(frequency: Frequency, day: date) -> None:
    period = cadence_rules.period_of(frequency, day)
    assert period.since <= day < period.until
    assert cadence_rules.period_of(frequency, period.since) == period
    assert cadence_rules.period_of(frequency, period.until - timedelta(days=1)) == period


@settings(deadline=None)
@given(rules, st.dates(*TEN_YEARS))
def test_a_weekday_rule_gives_that_weekday_the_right_number_of_times(rule: Rule, day: date) -> None:
    if rule.day_rule is not DayRule.WEEKDAY:
        return
    found = cadence_rules.day_in(cadence_rules.period_of(rule.frequency, day), rule, WEEKDAYS_ONLY)
    assert found.weekday() == rule.weekday
    last = calendar.monthrange(found.year, found.month)[1]
    if rule.nth == -1:
        assert found.day > last - 7
    else:
        assert 7 * (rule.nth - 1) < found.day <= 7 * rule.nth


def test_only_periods_that_share_a_day_with_the_span_are_given() -> None:
    months = cadence_rules.periods(Frequency.MONTHLY, date(2026, 11, 30), date(2027, 1, 1))
    assert [period.key for period in months] == ["2026-11", "2026-12"]
    quarters = cadence_rules.periods(Frequency.QUARTERLY, date(2026, 12, 31), date(2027, 1, 2))
    assert [period.key for period in quarters] == ["2026-Q4", "2027-Q1"]
    assert list(cadence_rules.periods(Frequency.MONTHLY, date(2026, 11, 1), date(2026, 11, 1))) == []


def test_monthly_on_the_31st_means_the_last_day_and_skips_no_month() -> None:
    last = rule(day_rule=DayRule.MONTH_DAY, month_day=31)
    months = cadence_rules.periods(Frequency.MONTHLY, date(2027, 1, 1), date(2027, 6, 1))
    assert [cadence_rules.day_in(month, last, WEEKDAYS_ONLY).day for month in months] == [31, 28, 31, 30, 31]


def test_on_the_30th_is_the_last_day_of_february_only() -> None:
    thirtieth = rule(day_rule=DayRule.MONTH_DAY, month_day=30)
    months = cadence_rules.periods(Frequency.MONTHLY, date(2028, 1, 1), date(2028, 4, 1))
    assert [cadence_rules.day_in(month, thirtieth, WEEKDAYS_ONLY).day for month in months] == [30, 29, 30]


@pytest.mark.parametrize(("nth", "day"), [(1, 5), (2, 12), (4, 26), (-1, 26)])
def test_the_nth_thursday_of_november(nth: int, day: int) -> None:
    assert cadence_rules.day_in(NOVEMBER, rule(nth=nth), WEEKDAYS_ONLY) == date(2026, 11, day)


@pytest.mark.parametrize(("month", "day"), [(1, date(2026, 10, 8)), (2, date(2026, 11, 12)), (3, date(2026, 12, 10))])
def test_a_quarterly_rule_says_in_which_month_of_the_quarter(month: int, day: date) -> None:
    quarterly = rule(frequency=Frequency.QUARTERLY, anchor_month=month)
    assert cadence_rules.day_in(AUTUMN, quarterly, WEEKDAYS_ONLY) == day


@pytest.mark.parametrize(
    ("frequency", "day", "key", "words"),
    [
        (Frequency.MONTHLY, date(2026, 11, 10), "2026-11", "November 2026"),
        (Frequency.TWO_MONTHLY, date(2026, 11, 10), "2026-B6", "November and December 2026"),
        (Frequency.TWO_MONTHLY, date(2026, 2, 28), "2026-B1", "January and February 2026"),
        (Frequency.QUARTERLY, date(2026, 11, 10), "2026-Q4", "the fourth quarter of 2026"),
        (Frequency.HALF_YEARLY, date(2026, 6, 30), "2026-H1", "the first half of 2026"),
        (Frequency.HALF_YEARLY, date(2026, 7, 1), "2026-H2", "the second half of 2026"),
        (Frequency.YEARLY, date(2026, 11, 10), "2026", "the year 2026"),
    ],
)
def test_a_period_has_a_key_and_a_name(frequency: Frequency, day: date, key: str, words: str) -> None:
    period = cadence_rules.period_of(frequency, day)
    assert period.key == key
    assert cadence_rules.period_in_words(period.key, period.since) == words


def test_no_period_is_longer_than_said() -> None:
    longest = max(p.until - p.since for p in cadence_rules.periods(Frequency.YEARLY, *TEN_YEARS))
    assert longest == cadence_rules.LONGEST


# ---- working days


PORTUGAL = Calendar(country="PT")
DECEMBER = Period("2026-12", date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    # 1 and 8 December are holidays in Portugal, the 5th and 6th a weekend.
    ("nth", "day"),
    [(1, 2), (2, 3), (4, 7), (5, 9), (15, 23), (-1, 31)],
)
def test_the_nth_working_day_of_december(nth: int, day: int) -> None:
    working = rule(day_rule=DayRule.WORKING_DAY, nth=nth)
    assert cadence_rules.day_in(DECEMBER, working, PORTUGAL) == date(2026, 12, day)


def test_a_month_with_fewer_working_days_gives_its_last_and_one_without_any_the_day_itself() -> None:
    fifteenth = rule(day_rule=DayRule.WORKING_DAY, nth=15)
    nearly_closed = Calendar(closed=(Span(date(2026, 12, 4), None, "Moving"),))
    assert cadence_rules.day_in(DECEMBER, fifteenth, nearly_closed) == date(2026, 12, 3)
    closed = Calendar(closed=(Span(date(2026, 11, 1), None, "Moving"),))
    found = cadence_rules.placed(DECEMBER, fifteenth, closed, not_before=DECEMBER.since)
    assert (found.on, found.ruled, found.because) == (date(2026, 12, 15), date(2026, 12, 15), "Moving")


def test_working_days_are_counted_whoever_is_away() -> None:
    away = Calendar(country="PT", away=(Span(date(2026, 12, 2), date(2026, 12, 5), "Ines Carvalho is away"),))
    first = rule(day_rule=DayRule.WORKING_DAY, nth=1)
    found = cadence_rules.placed(DECEMBER, first, away, not_before=DECEMBER.since)
    assert found == Day(date(2026, 12, 7), date(2026, 12, 2), "Ines Carvalho is away")


# ---- moving to a working day


def placed_on(day: int, calendar: Calendar, not_before: date = DECEMBER.since) -> Day:
    return cadence_rules.placed(DECEMBER, rule(day_rule=DayRule.MONTH_DAY, month_day=day), calendar, not_before)


def test_a_holiday_moves_a_review_to_the_next_working_day() -> None:
    assert placed_on(25, PORTUGAL) == Day(date(2026, 12, 28), date(2026, 12, 25), "Christmas Day")


def test_a_day_on_which_people_work_is_not_moved() -> None:
    assert placed_on(24, PORTUGAL) == Day(date(2026, 12, 24), date(2026, 12, 24))


def test_at_the_end_of_the_period_it_moves_to_the_last_working_day_before() -> None:
    quiet = Calendar(country="PT", closed=(Span(date(2026, 12, 24), date(2027, 1, 4), "Between the years"),))
    assert placed_on(29, quiet) == Day(date(2026, 12, 23), date(2026, 12, 29), "Between the years")


def test_it_does_not_move_to_before_the_rhythm_began() -> None:
    quiet = Calendar(closed=(Span(date(2026, 12, 24), None, "Between the years"),))
    assert placed_on(29, quiet, not_before=date(2026, 12, 24)).on == date(2026, 12, 29)


def test_when_the_rep_is_away_for_the_whole_period_the_house_still_works() -> None:
    away = Calendar(away=(Span(date(2026, 10, 1), None, "Ines Carvalho is away"),))
    assert placed_on(24, away) == Day(date(2026, 12, 24), date(2026, 12, 24), "Ines Carvalho is away")
    assert placed_on(26, away) == Day(date(2026, 12, 28), date(2026, 12, 26), "Saturday")


def test_when_nobody_works_in_the_whole_period_it_stays_and_says_so() -> None:
    closed = Calendar(closed=(Span(date(2026, 12, 1), date(2027, 1, 1), "Rebuilding"),))
    assert placed_on(24, closed) == Day(date(2026, 12, 24), date(2026, 12, 24), "Rebuilding")


# ---- the clock on the wall


@pytest.mark.parametrize(
    ("zone", "before", "after", "hours"),
    [
        # The last days of the old and the first of the new time; what ten o'clock is in UTC.
        ("Europe/Lisbon", date(2027, 3, 27), date(2027, 3, 28), (10, 9)),
        ("Europe/Lisbon", date(2026, 10, 24), date(2026, 10, 25), (9, 10)),
        ("America/New_York", date(2027, 3, 13), date(2027, 3, 14), (15, 14)),
        ("America/New_York", date(2026, 10, 31), date(2026, 11, 1), (14, 15)),
        ("Asia/Kolkata", date(2027, 3, 27), date(2027, 3, 28), (4, 4)),
    ],
)
def test_ten_stays_ten_on_the_days_the_clocks_change(
    zone: str, before: date, after: date, hours: tuple[int, int]
) -> None:
    found = [cadence_rules.instant(day, time(10), ZoneInfo(zone)).hour for day in (before, after)]
    assert tuple(found) == hours


def test_ten_in_the_morning_stays_ten_when_the_clocks_change() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")
    assert cadence_rules.instant(date(2026, 10, 24), time(10), lisbon) == datetime(2026, 10, 24, 9, tzinfo=UTC)
    assert cadence_rules.instant(date(2026, 10, 25), time(10), lisbon) == datetime(2026, 10, 25, 10, tzinfo=UTC)


def test_a_time_that_does_not_exist_moves_forward() -> None:
    new_york = ZoneInfo("America/New_York")
    found = cadence_rules.instant(date(2026, 3, 8), time(2, 30), new_york)
    assert found.astimezone(new_york).time() == time(3, 30)


def test_a_time_that_comes_twice_is_the_first() -> None:
    found = cadence_rules.instant(date(2026, 11, 1), time(1, 30, fold=1), ZoneInfo("America/New_York"))
    assert found == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Monthly, on the second Thursday at 10:00"),
        ({"nth": -1, "weekday": 4, "at": time(9, 30)}, "Monthly, on the last Friday at 09:30"),
        ({"day_rule": DayRule.MONTH_DAY}, "Monthly, on the 15th at 10:00"),
        ({"day_rule": DayRule.MONTH_DAY, "month_day": 1}, "Monthly, on the 1st at 10:00"),
        ({"day_rule": DayRule.MONTH_DAY, "month_day": 22}, "Monthly, on the 22nd at 10:00"),
        ({"day_rule": DayRule.MONTH_DAY, "month_day": 11}, "Monthly, on the 11th at 10:00"),
        ({"day_rule": DayRule.MONTH_DAY, "month_day": 30}, "Monthly, on the 30th, or the last day, at 10:00"),
        ({"day_rule": DayRule.MONTH_DAY, "month_day": 31}, "Monthly, on the last day at 10:00"),
        (
            {"frequency": Frequency.QUARTERLY, "anchor_month": 3},
            "Quarterly, on the second Thursday of the third month at 10:00",
        ),
        (
            {"frequency": Frequency.HALF_YEARLY, "anchor_month": 2, "day_rule": DayRule.WORKING_DAY, "nth": -1},
            "Half-yearly, on the last working day of the second month at 10:00",
        ),
        (
            {"frequency": Frequency.TWO_MONTHLY, "day_rule": DayRule.WORKING_DAY, "nth": 15},
            "Every two months, on the fifteenth working day of the first month at 10:00",
        ),
        (
            {"frequency": Frequency.YEARLY, "anchor_month": 3, "day_rule": DayRule.MONTH_DAY, "month_day": 31},
            "Yearly, on the last day of March at 10:00",
        ),
    ],
)
def test_a_rule_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert cadence_rules.in_words(rule(**changes)) == words
