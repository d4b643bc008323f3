"""On which days people work, and why not on the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from crm.services import countries, working_days
from crm.services.working_days import Calendar, Span
from models import Absence, Assignment, ClosedDays, Cover, Setting
from tests.cast import Cast
from tests.conftest import StatementCounter

SINCE, UNTIL = date(2026, 11, 1), date(2028, 1, 1)
CHRISTMAS = date(2026, 12, 25)


def calendar_of(session: Session, cast: Cast) -> Calendar:
    session.flush()
    return working_days.calendar(session, unit_id=cast.finance.id, since=SINCE, until=UNTIL)


def test_without_a_country_people_work_from_monday_to_friday(session: Session, cast: Cast) -> None:
    found = calendar_of(session, cast)
    assert found.why_not(date(2026, 11, 22)) == "Sunday"
    assert found.why_not(date(2026, 11, 21)) == "Saturday"
    assert found.is_working(date(2026, 11, 23))
    assert found.is_working(CHRISTMAS)


def test_public_holidays_are_the_organisations_unless_the_unit_says_otherwise(session: Session, cast: Cast) -> None:
    session.add(Setting(name="country", value="PT", at=datetime.now(UTC)))
    assert calendar_of(session, cast).why_not(date(2026, 12, 8)) == "Immaculate Conception"
    cast.finance.country = "GB"
    assert calendar_of(session, cast).is_working(date(2026, 12, 8))
    assert calendar_of(session, cast).why_not(CHRISTMAS) == "Christmas Day"


def test_a_region_has_holidays_of_its_own(session: Session, cast: Cast) -> None:
    epiphany = date(2027, 1, 6)
    session.add_all(
        [
            Setting(name="country", value="DE", at=datetime.now(UTC)),
            Setting(name="region", value="BY", at=datetime.now(UTC)),
        ]
    )
    assert calendar_of(session, cast).why_not(epiphany) == "Epiphany"
    cast.finance.region = "BE"
    assert calendar_of(session, cast).is_working(epiphany)
    cast.finance.country, cast.finance.region = "DE", None  # the whole country, not the organisation's region
    assert calendar_of(session, cast).is_working(epiphany)


def test_weekends_are_those_of_the_country() -> None:
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    egypt = Calendar(country="EG")
    assert egypt.why_not(friday) == "Friday"
    assert egypt.is_working(sunday)


def test_a_saturday_that_is_worked_is_a_working_day() -> None:
    assert Calendar(country="HU").is_working(date(2026, 8, 8))


def test_an_unknown_country_or_region_and_a_year_too_far_away_are_no_reason_to_fail() -> None:
    assert Calendar(country="ZZ").is_working(CHRISTMAS)
    assert Calendar(country="PT", region="nowhere").why_not(CHRISTMAS) == "Christmas Day"
    assert Calendar(country="SA").why_not(date(2190, 11, 26)) == "Friday"


def test_every_country_has_a_name_and_its_holidays_are_told_in_english_where_that_is_known() -> None:
    names = dict(countries.countries())
    assert len(names) > 200
    assert (names["PT"], names["GB"], names["BA"]) == ("Portugal", "United Kingdom", "Bosnia and Herzegovina")
    assert ("SCT", "Scotland") in countries.regions("GB")
    assert countries.regions("ZZ") == ()
    assert countries.place_name("DE", "BY") == "Bayern, Germany"
    assert countries.place_name("PT", None) == "Portugal"
    assert countries.place_name(None, "BY") == ""
    assert Calendar(country="DE").why_not(date(2026, 12, 26)) == "Second Day of Christmas"


def test_closed_days_of_all_units_and_of_one(session: Session, cast: Cast) -> None:
    session.add_all(
        [
            ClosedDays(name="Summer closing", since=date(2027, 8, 2), until=date(2027, 8, 16)),
            ClosedDays(name="Moving house", since=date(2026, 11, 23), until=date(2026, 11, 24), unit_id=cast.legal.id),
        ]
    )
    found = calendar_of(session, cast)
    assert found.why_not(date(2027, 8, 13)) == "Summer closing"
    assert found.is_working(date(2027, 8, 16))
    assert found.is_working(date(2026, 11, 23))
    session.add(ClosedDays(name="Stocktaking", since=date(2026, 11, 23), unit_id=cast.finance.id))
    assert calendar_of(session, cast).why_not(date(2026, 11, 24)) == "Stocktaking"


def test_the_lead_rep_being_away_counts_for_as_long_as_they_lead(session: Session, cast: Cast) -> None:
    monday, friday = date(2026, 11, 23), date(2026, 11, 27)
    session.add_all(
        [
            Absence(person_id=cast.rep.id, since=monday, until=date(2026, 12, 1)),
            Absence(person_id=cast.colleague.id, since=monday),
        ]
    )
    found = calendar_of(session, cast)
    assert found.why_not(monday) == "Ines Carvalho is away"
    assert found.house.is_working(monday)
    assert found.is_working(date(2026, 12, 1))
    lead = session.query(Assignment).where(Assignment.unit_id == cast.finance.id, Assignment.cover == Cover.LEAD).one()
    lead.until = friday
    assert calendar_of(session, cast).is_working(friday)


def test_many_calendars_take_as_many_statements_as_one(
    session: Session, cast: Cast, statements: StatementCounter
) -> None:
    units = [cast.finance.id, cast.legal.id, cast.corporate.id]
    with statements:
        assert set(working_days.calendars(session, unit_ids=units, since=SINCE, until=UNTIL)) == set(units)
    assert statements.count == 4


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2026, 12, 24), date(2026, 12, 24)), (CHRISTMAS, date(2026, 12, 28)), (date(2027, 1, 1), None)],
)
def test_the_next_working_day(day: date, found: date | None) -> None:
    assert Calendar(country="PT").next_working(day, until=date(2027, 1, 2)) == found


def test_the_last_working_day_before() -> None:
    closed = Calendar(country="PT", closed=(Span(date(2026, 12, 21), date(2026, 12, 25), "Quiet week"),))
    assert closed.last_working(date(2026, 12, 1), before=CHRISTMAS + timedelta(days=3)) == date(2026, 12, 18)
    assert closed.last_working(date(2026, 12, 19), before=CHRISTMAS + timedelta(days=3)) is None
