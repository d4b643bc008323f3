"""Choosing a unit's rhythm, as people see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Assignment, Cadence, Cover, ReviewState
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, TODAY, add_cadence, add_review, days_of, on_day

FORM = {
    "frequency": "monthly",
    "month_two_monthly": "1",
    "month_quarterly": "1",
    "month_half_yearly": "1",
    "month_yearly": "1",
    "day_rule": "month_day",
    "nth": "2",
    "weekday": "3",
    "nth_working": "1",
    "month_day": "31",
    "at": "09:30",
    "minutes": "45",
    "place": "Room 4",
    "since": "2026-11-10",
}


@pytest.fixture(autouse=True)
def that_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def address(cast: Cast) -> str:
    return f"/units/{cast.finance.id}/cadence"


def test_a_unit_without_a_rhythm_is_offered_the_usual_one_with_its_dates(client: Client, cast: Cast) -> None:
    page = client.sign_in(cast.rep).get(address(cast)).text
    assert "Finance has no rhythm yet." in page
    assert "Thu 12 November" in page
    assert "Thu 8 April 2027" in page
    assert "Plan the reviews" in page


def test_the_rhythm_there_is_comes_filled_in(client: Client, session: Session, cast: Cast) -> None:
    add_cadence(session, cast.finance, on_day(31), date(2026, 1, 1), place="Room 4")
    session.commit()
    page = client.sign_in(cast.rep).get(address(cast)).text
    assert "Monthly, on the last day at 10:00," in page
    assert 'value="Room 4"' in page
    assert 'value="2026-11-10"' in page
    assert "Mon 30 November" in page


@pytest.mark.parametrize("number", [16, 17])
def test_a_review_that_no_rule_touches_stands_there_on_its_own_day(
    client: Client, session: Session, cast: Cast, number: int
) -> None:
    add_cadence(session, cast.finance, on_day(16), date(2026, 1, 1))
    add_review(session, cast.finance, date(2026, 11, 16))
    add_review(session, cast.finance, date(2026, 12, 13), moved=True)
    add_review(session, cast.finance, date(2027, 1, 20), state=ReviewState.SKIPPED, skip_reason="Audit")
    session.commit()
    data = {**FORM, "month_day": str(number), "show": "dates"}
    page = client.sign_in(cast.rep).submit(address(cast), data).text.partition('<ol class="dates">')[2]
    assert f"{number} November" in page
    assert "Sun 13 December<small>Moved by hand.</small>" in page
    assert "Wed 20 January 2027<small>Skipped.</small>" in page
    assert f"{number} December" not in page
    assert page.partition("</ol>")[0].count("<li>") == 6


def test_a_moved_review_whose_rule_has_passed_is_among_the_next_dates(
    client: Client, session: Session, cast: Cast
) -> None:
    add_cadence(session, cast.finance, on_day(3), date(2026, 1, 1))
    add_review(session, cast.finance, date(2026, 11, 25), moved=True)
    session.commit()
    page = client.sign_in(cast.rep).get(address(cast)).text
    assert "Wed 25 November<small>Moved by hand.</small>" in page


def test_show_the_dates_shows_them_and_keeps_nothing(client: Client, session: Session, cast: Cast) -> None:
    answer = client.sign_in(cast.rep).submit(address(cast), {**FORM, "show": "dates"})
    assert answer.status_code == 200
    assert "Mon 30 November" in answer.text
    assert "Thu 31 December" in answer.text
    assert 'value="09:30"' in answer.text
    assert session.scalars(select(Cadence)).all() == []


def test_keeping_a_rhythm_plans_twelve_months(client: Client, session: Session, cast: Cast) -> None:
    answer = client.sign_in(cast.rep).submit(address(cast), FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/units/{cast.finance.id}")
    assert len(days_of(session, cast.finance)) == 12
    flashed = client.get("/reviews").text
    assert "Finance: Monthly, on the last day at 09:30. The next twelve months are planned." in flashed


@pytest.mark.parametrize("show", [{}, {"show": "dates"}])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"since": "2026-11-09"}, "begins today or later"),
        ({"since": "9999-12-31"}, "within the next two years"),
        ({"since": ""}, "Say from which day."),
        ({"minutes": "0"}, "between 5 and 480"),
        ({"minutes": "many"}, "Not a valid integer"),
        ({"at": ""}, "Say at what time you meet."),
        ({"frequency": "daily"}, "Not a valid choice"),
        ({"month_day": "32"}, "Not a valid choice"),
        ({"weekday": "x"}, "Invalid Choice"),
        ({"place": "x" * 201}, "under 200 letters"),
    ],
)
def test_a_rhythm_that_cannot_be_comes_back_filled_and_says_why(
    client: Client, session: Session, cast: Cast, changes: dict[str, str], words: str, show: dict[str, str]
) -> None:
    answer = client.sign_in(cast.rep).submit(address(cast), {**FORM, **changes, **show})
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(Cadence)).all() == []


def test_a_closed_unit_offers_no_form(client: Client, session: Session, cast: Cast) -> None:
    cast.finance.closed_on = TODAY
    session.commit()
    page = client.sign_in(cast.rep).get(address(cast)).text
    assert "Finance is closed," in page
    assert "<input" not in page.partition("<main")[2].partition("</main>")[0]
    assert client.submit(address(cast), FORM).status_code == 422


def test_only_those_who_may_set_a_rhythm_get_there(client: Client, cast: Cast) -> None:
    expected = {cast.rep: 200, cast.administrator: 200, cast.colleague: 403, cast.cio: 403, cast.head: 403}
    for person, status in expected.items():
        assert client.sign_in(person).get(address(cast)).status_code == status
        assert client.submit(address(cast), {**FORM, "show": "dates"}).status_code == status


def test_the_page_takes_few_statements(client: Client, cast: Cast, statements: StatementCounter) -> None:
    client.sign_in(cast.rep)
    with statements:
        client.get(address(cast))
    assert statements.count <= 12


# ---- double booking


@pytest.mark.parametrize(
    ("do", "words"), [({"show": "dates"}, "Twelve reviews of the next"), ({}, "Twelve of them do")]
)
def test_a_rhythm_that_books_the_rep_twice_says_how_often(
    client: Client, session: Session, cast: Cast, do: dict[str, str], words: str
) -> None:
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    session.commit()
    client.sign_in(cast.rep).submit(f"/units/{cast.corporate.id}/cadence", FORM)
    answer = client.submit(address(cast), {**FORM, **do})
    page = answer.text if do else client.get("/reviews").text
    assert words in page
    assert "not suit everybody." in page
    if do:
        assert "Ines Carvalho meets" in page
