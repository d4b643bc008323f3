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
from crm.services.cadence_rules import Period, Rule
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

rules = st.builds(
    Rule,
    frequency=st.sampled_from(Frequency),
    anchor_month=st.integers(1, 3),
    day_rule=st.sampled_from(DayRule),
    nth=st.sampled_from((1, 2, 3, 4, -1)),
    weekday=st.integers(0, 6),
    month_day=st.integers(1, 31),
    at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    minutes=st.just(60),
)


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


@settings(deadline=None)
@given(rules, st.sampled_from(ZONES))
def test_over_ten_years_there_is_one_day_in_each_period_at_the_time_on_the_wall(rule: Rule, zone: str) -> None:
    found = list(cadence_rules.periods(rule.frequency, *TEN_YEARS))
    assert len(found) == (120 if rule.frequency is Frequency.MONTHLY else 40)
    for period in found:
        day = cadence_rules.day_in(period, rule)
        assert period.since <= day < period.until
        at = cadence_rules.instant(day, rule.at, ZoneInfo(zone))
        assert at.tzinfo is UTC
        wall = at.astimezone(ZoneInfo(zone))
        assert wall.date() == day
        assert wall.time() == rule.at or is_skipped(day, rule.at, ZoneInfo(zone))


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
    found = cadence_rules.day_in(cadence_rules.period_of(rule.frequency, day), rule)
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
    assert [cadence_rules.day_in(month, last).day for month in months] == [31, 28, 31, 30, 31]


def test_on_the_30th_is_the_last_day_of_february_only() -> None:
    thirtieth = rule(day_rule=DayRule.MONTH_DAY, month_day=30)
    months = cadence_rules.periods(Frequency.MONTHLY, date(2028, 1, 1), date(2028, 4, 1))
    assert [cadence_rules.day_in(month, thirtieth).day for month in months] == [30, 29, 30]


@pytest.mark.parametrize(("nth", "day"), [(1, 5), (2, 12), (4, 26), (-1, 26)])
def test_the_nth_thursday_of_november(nth: int, day: int) -> None:
    assert cadence_rules.day_in(NOVEMBER, rule(nth=nth)) == date(2026, 11, day)


@pytest.mark.parametrize(("month", "day"), [(1, date(2026, 10, 8)), (2, date(2026, 11, 12)), (3, date(2026, 12, 10))])
def test_a_quarterly_rule_says_in_which_month_of_the_quarter(month: int, day: date) -> None:
    quarterly = rule(frequency=Frequency.QUARTERLY, anchor_month=month)
    assert cadence_rules.day_in(AUTUMN, quarterly) == day


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
    ],
)
def test_a_rule_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert cadence_rules.in_words(rule(**changes)) == words
