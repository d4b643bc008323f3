"""Giving many units a rhythm at once, as people see it on a Tuesday in November 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Assignment, BusinessUnit, Cadence, Cover, Review
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, days_of

FORM = {
    "frequency": "monthly",
    "month_two_monthly": "1",
    "month_quarterly": "1",
    "month_half_yearly": "1",
    "month_yearly": "1",
    "nth_working": "1",
    "day_rule": "weekday",
    "nth": "2",
    "weekday": "3",
    "month_day": "15",
    "at": "10:00",
    "minutes": "60",
    "place": "Room 4",
    "since": "2026-11-10",
}
ADDRESS = "/reviews/plan"


@pytest.fixture(autouse=True)
def that_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two(session: Session, cast: Cast) -> list[str]:
    """The ids of Finance and Corporate services, both led by Ines."""
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    session.commit()
    return [str(cast.finance.id), str(cast.corporate.id)]


def test_a_rep_chooses_among_the_own_units_and_the_administrator_among_all(
    client: Client, cast: Cast, two: list[str]
) -> None:
    page = client.sign_in(cast.rep).get(ADDRESS).text
    assert "0 of 2 chosen" in page
    assert "Legal" not in page
    page = client.sign_in(cast.administrator).get(ADDRESS).text
    assert "0 of 3 chosen" in page
    assert "No rhythm yet, Tom Okafor" in page


def test_words_narrow_the_units_and_keep_what_is_ticked(client: Client, cast: Cast, two: list[str]) -> None:
    client.sign_in(cast.administrator)
    page = client.submit(ADDRESS, {**FORM, "spread": "same", "units": two[:1], "text": "okafor", "do": "narrow"}).text
    assert "1 of 3 chosen" in page
    assert "Legal" in page
    assert "Finance" in page  # ticked
    assert "Corporate services" not in page
    page = client.submit(ADDRESS, {**FORM, "spread": "same", "units": two[:1], "text": "okafor", "do": "all"}).text
    assert "2 of 3 chosen" in page
    page = client.submit(ADDRESS, {**FORM, "spread": "same", "units": two, "do": "none"}).text
    assert "0 of 3 chosen" in page
    assert 'value="Room 4"' in page


def test_the_load_is_shown_and_nothing_is_stored(client: Client, session: Session, cast: Cast, two: list[str]) -> None:
    answer = client.sign_in(cast.rep).submit(ADDRESS, {**FORM, "spread": "same", "units": two, "do": "load"})
    assert answer.status_code == 200
    assert "At most two reviews in a week." in answer.text
    assert "the weeks of 9 November, 7 December and 11 January 2027 (two reviews, 2 hours)" in answer.text
    assert "24 new reviews do not suit everybody." in answer.text
    assert "Ines Carvalho meets" in answer.text
    assert "Set the rhythm of 2 units" in answer.text
    given = answer.text.partition("What each unit gets")[2]
    assert given.count("Monthly, on the second Thursday at 10:00") == 2
    assert given.count("Thu 12 November") == 2
    assert session.scalar(select(func.count(Cadence.id))) == 0


def test_spread_out_nobody_is_booked_twice(client: Client, cast: Cast, two: list[str]) -> None:
    page = client.sign_in(cast.rep).submit(ADDRESS, {**FORM, "spread": "spread", "units": two, "do": "load"}).text
    assert "At most one review in a week." in page
    assert "Everybody can come to all of them." in page


def test_confirming_sets_the_rhythm_of_all(client: Client, session: Session, cast: Cast, two: list[str]) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(ADDRESS, {**FORM, "spread": "same", "units": two, "do": "keep"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reviews?show=next")
    assert "Two units have the new rhythm, with 24 reviews ahead." in client.get("/reviews").text
    assert len(days_of(session, cast.finance)) == len(days_of(session, cast.corporate)) == 12
    assert days_of(session, cast.legal) == []


@pytest.mark.parametrize("do", ["load", "keep"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"units": []}, "Choose at least one unit."),
        ({"units": ["999999"]}, "choice"),
        ({"units": ["x"]}, "nvalid"),
        ({"minutes": "1"}, "Choose between 5 and 480 minutes."),
        ({"since": "2026-11-09"}, "A rhythm begins today or later"),
        ({"at": ""}, "Say at what time you meet."),
    ],
)
def test_what_cannot_be_comes_back_filled_and_says_why(
    client: Client, session: Session, cast: Cast, two: list[str], do: str, changes: dict[str, object], words: str
) -> None:
    data = {**FORM, "spread": "same", "units": two, "do": do, **changes}
    answer = client.sign_in(cast.rep).submit(ADDRESS, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Room 4"' in answer.text
    assert session.scalar(select(func.count(Cadence.id))) == 0


def test_a_unit_of_somebody_else_cannot_be_slipped_in(client: Client, session: Session, cast: Cast) -> None:
    data = {**FORM, "spread": "same", "units": [str(cast.legal.id)], "do": "keep"}
    assert client.sign_in(cast.rep).submit(ADDRESS, data).status_code == 422
    for person in (cast.head, cast.cio):
        assert client.sign_in(person).submit(ADDRESS, data).status_code == 403
        assert client.get(ADDRESS).status_code == 403
    assert session.scalar(select(func.count(Review.id))) == 0


def test_the_load_of_100_units_takes_few_statements(
    client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n}", time_zone="Asia/Kolkata") for n in range(100)]
    session.add_all(units)
    session.flush()
    session.add_all(
        Assignment(unit_id=unit.id, rep_id=rep.id, cover=Cover.LEAD, since=LONG_AGO)
        for number, unit in enumerate(units)
        for rep in [(cast.rep, cast.colleague)[number % 2]]
    )
    session.commit()
    client.sign_in(cast.administrator)
    data = {**FORM, "spread": "spread", "units": [str(unit.id) for unit in units], "do": "load"}
    with statements:
        answer = client.submit(ADDRESS, data)
    assert answer.status_code == 200
    assert "100 units: monthly, each on a weekday of its own." in answer.text
    assert statements.count <= 14
