"""Ten years of mornings: whatever the clocks do, each once, at its local time, none missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import digests, reminders
from crm.services.reminders import mornings
from models import OutboxMessage, Reminder, Setting
from tests.cast import Cast
from tests.factories.relationships import Stage

PLACES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia")
FIRST, LAST = date(2026, 1, 1), date(2036, 1, 1)
TICK = timedelta(minutes=15)


def ticks(since: datetime, until: datetime) -> Iterator[datetime]:
    while since < until:
        yield since
        since += TICK


@pytest.mark.parametrize(
    ("place", "begins"), [*zip(PLACES, cycle(sorted(set(mornings.BEGINS.values()))), strict=False)], ids=str
)
def test_in_ten_years_each_local_morning_comes_once_at_its_time_and_none_is_missing(place: str, begins: time) -> None:
    zone, done_on = ZoneInfo(place), None
    came: list[datetime] = []
    for now in ticks(datetime.combine(FIRST, time(), UTC), datetime.combine(LAST, time(), UTC)):
        day = mornings.day_of(now, zone, begins)
        if mornings.is_new(day, done_on):
            done_on = day
            came.append(now.astimezone(zone))
    assert {moment.time() for moment in came[1:]} == {begins}
    days = [moment.date() for moment in came]
    assert days == [days[0] + timedelta(number) for number in range(len(days))], "none twice, none missing"
    assert len(days) in (3651, 3652, 3653)
    assert date(2028, 2, 29) in days


@pytest.mark.parametrize("place", PLACES)
def test_after_hours_or_days_down_a_morning_is_caught_up_once_and_only_on_its_day(place: str) -> None:
    zone, begins = ZoneInfo(place), time(8)
    for hours in (1, 5, 9.75):
        late = datetime.combine(date(2027, 3, 28), begins, zone) + timedelta(hours=hours)
        assert mornings.day_of(late, zone, begins) == date(2027, 3, 28)
        assert not mornings.is_new(mornings.day_of(late, zone, begins), date(2027, 3, 28))
    evening = datetime.combine(date(2027, 3, 28), mornings.ENDS, zone)
    assert mornings.day_of(evening, zone, begins) is None, "the next morning says it all"


def test_who_flies_east_or_west_is_told_nothing_twice() -> None:
    assert not mornings.is_new(date(2027, 1, 3), date(2027, 1, 4))
    assert not mornings.is_new(None, date(2027, 1, 4))
    assert mornings.is_new(date(2027, 1, 5), date(2027, 1, 4))


# ---- The same with a database, over the days on which something is odd

#: Clocks go forward, and back, in Berlin (a week after, and before, New York); leap day; year end.
ODD = (date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2027, 1, 1))
#: Around eight in Berlin and in New York, in UTC.
HOURS = (6, 7, 12, 13)


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_around_odd_days_every_reminder_comes_once_on_its_local_morning(
    session: Session, cast: Cast, odd: date
) -> None:
    stage = Stage(session)
    session.add(Setting(name="time_zone", value="Europe/Berlin", at=datetime.now(UTC)))
    for unit in (cast.corporate, cast.finance, cast.legal):
        unit.time_zone = "Europe/Berlin"
    homes = {cast.head: "Europe/Berlin", cast.outsider: "America/New_York"}
    for person, place in homes.items():
        person.time_zone = place
        for number in range(-2, 4):
            due = odd + timedelta(number)
            stage.action(cast.finance if person is cast.head else cast.legal, f"Due {due}", due=due, owner=person)
    days = (odd + timedelta(number) for number in range(-5, 5))
    for now in (datetime.combine(day, time(hour), UTC) for day in days for hour in HOURS):
        reminders.due(session, now=now)
    session.expire_all()
    for person, place in homes.items():
        mails = session.scalars(select(OutboxMessage).where(OutboxMessage.to_person_id == person.id)).all()
        moments = [mail.queued_at.astimezone(ZoneInfo(place)) for mail in mails]
        assert {moment.time() for moment in moments} == {time(8)}
        assert all(moment.weekday() < 5 for moment in moments)
        assert len({moment.date() for moment in moments}) == len(moments), "one mail a morning"
        told = session.scalars(select(Reminder).where(Reminder.person_id == person.id)).all()
        assert {f"Due {odd + timedelta(number)}" for number in range(-2, 4)} == {
            one.what.partition(": ")[2] for one in told
        }
        assert all(one.message_id for one in told)


@pytest.mark.parametrize("odd", ODD[:2], ids=str)
def test_the_daily_mail_comes_once_each_working_day_of_odd_weeks(session: Session, cast: Cast, odd: date) -> None:
    cast.rep.time_zone = "Europe/Berlin"
    Stage(session).action(cast.finance, due=odd - timedelta(20), owner=cast.rep)
    start = datetime.combine(odd - timedelta(3), time(), UTC)
    for number in (number for number in range(48 * 6) if number % 48 in (9, 10, 11, 12, 13, 14)):
        digests.send_daily(session, now=start + timedelta(minutes=30 * number))
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.to_person_id == cast.rep.id)).all()
    moments = [mail.queued_at.astimezone(ZoneInfo("Europe/Berlin")) for mail in mails]
    assert [moment.time() for moment in moments] == [time(7, 30)] * 4
    assert [moment.date() for moment in moments] == [odd + timedelta(number) for number in (-3, -2, 1, 2)]
