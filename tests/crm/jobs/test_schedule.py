"""When jobs are due: once a local day whatever the clocks do, and never in the hours in which they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.jobs import JOBS
from crm.jobs.schedule import MONDAY_TO_FRIDAY, Daily, Every, Schedule

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Lisbon", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe")]
)


def dues_between(daily: Daily, first: datetime, last: datetime, zone: ZoneInfo) -> list[str]:
    """What a scheduler sees that looks every twenty minutes."""
    seen = []
    while first <= last:
        seen.append(daily.last(first, zone).key)
        first += timedelta(minutes=20)
    return list(dict.fromkeys(seen))


@pytest.mark.parametrize("at", [time(1), time(2, 30), time(2, 59)])
def test_the_hours_in_which_clocks_change_are_refused(at: time) -> None:
    with pytest.raises(ValueError, match="twice in a night"):
        Daily(at)


def test_a_daily_job_is_due_at_its_time_on_the_wall_on_both_days_on_which_clocks_change() -> None:
    five = Daily(time(5))
    hours_utc = {date(2027, 3, 27): 4, date(2027, 3, 28): 3, date(2027, 10, 30): 3, date(2027, 10, 31): 4}
    for day, hour_utc in hours_utc.items():
        due = five.last(datetime.combine(day, time(12), UTC), BERLIN)
        assert (due.key, due.at) == (day.isoformat(), datetime.combine(day, time(hour_utc), UTC))


def test_before_its_time_the_newest_due_time_is_that_of_the_day_before() -> None:
    assert Daily(time(5)).last(datetime(2026, 11, 22, 3, 59, tzinfo=UTC), BERLIN).key == "2026-11-21"
    assert Daily(time(5)).last(datetime(2026, 11, 22, 4, 0, tzinfo=UTC), BERLIN).key == "2026-11-22"


def test_on_a_sunday_a_working_day_job_was_last_due_on_friday() -> None:
    assert Daily(time(7), MONDAY_TO_FRIDAY).last(datetime(2026, 11, 22, 12, tzinfo=UTC), BERLIN).key == "2026-11-20"


@given(ZONES, st.dates(date(2020, 1, 1), date(2035, 12, 1)), st.sampled_from([time(0, 30), time(4, 10), time(23, 50)]))
def test_over_ten_days_each_local_day_is_due_once_and_none_is_missing(zone: ZoneInfo, day: date, at: time) -> None:
    daily, first = Daily(at), datetime.combine(day, time(12), UTC)
    keys = dues_between(daily, first, first + timedelta(days=10), zone)
    begin = date.fromisoformat(keys[0])
    assert keys == [(begin + timedelta(days=number)).isoformat() for number in range(len(keys))]
    assert 10 <= len(keys) <= 12


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from([1, 5, 15, 60]))
def test_a_job_that_comes_again_and_again_is_due_at_most_its_minutes_ago(now: datetime, minutes: int) -> None:
    due = Every(minutes).last(now, BERLIN)
    assert timedelta(0) <= now - due.at < timedelta(minutes=minutes)
    assert due == Every(minutes).last(due.at, ZoneInfo("UTC"))


def test_schedules_say_themselves_in_words() -> None:
    assert [str(Daily(time(4, 10))), str(Daily(time(7), MONDAY_TO_FRIDAY)), str(Daily(time(7), frozenset({0})))] == [
        "Every day at 04:10",
        "Monday to Friday at 07:00",
        "Monday at 07:00",
    ]
    assert [str(Every(1)), str(Every(15))] == ["Every minute", "Every 15 minutes"]


def test_every_job_says_what_it_is_for_and_has_a_name_of_its_own() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(job.purpose for job in JOBS)


@given(st.integers(0, 3 * 366 * 24 * 3600), st.sampled_from([Daily(time(4)), Every(1), Every(7)]))
def test_what_is_due_next_comes_right_after_what_was_due_last(seconds: int, schedule: Schedule) -> None:
    zone, now = ZoneInfo("Europe/Lisbon"), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    following = schedule.next(now, zone)
    assert now < following.at
    assert schedule.last(following.at - timedelta(microseconds=1), zone) == schedule.last(now, zone)
