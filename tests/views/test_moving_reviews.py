"""Moving a review, as people see it on a Tuesday in November 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import Absence, Assignment, ClosedDays, Cover, Review, ReviewState
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.factories.reviews import NOW, TODAY, add_review, reviews_of


@pytest.fixture(autouse=True)
def that_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def late(session: Session, cast: Cast) -> Review:
    """Finance's review of November, one day late; Legal's is today."""
    review = add_review(session, cast.finance, date(2026, 11, 9))
    add_review(session, cast.legal, TODAY)
    session.commit()
    return review


# ---- moving


def test_moving_a_review_within_its_period(client: Client, session: Session, cast: Cast, late: Review) -> None:
    client.sign_in(cast.rep)
    page = client.get(f"/reviews/{late.id}/move").text
    assert 'value="2026-11-09"' in page
    assert 'max="2026-11-30"' in page
    answer = client.submit(f"/reviews/{late.id}/move", {"day": "2026-11-20", "at": "14:30"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reviews?show=next")
    assert "Finance is now planned for Fri 20 November, 14:30." in client.get("/reviews").text
    assert reviews_of(session, cast.finance)[0].planned_on == date(2026, 11, 20)


def test_who_has_it_in_the_calendar_is_named_before_and_after(
    client: Client, session: Session, cast: Cast, late: Review
) -> None:
    client.sign_in(cast.rep)
    assert "the new time in" not in client.get(f"/reviews/{late.id}/move").text
    client.submit(f"/reviews/{late.id}/move", {"day": "2026-11-20", "at": "14:30"})
    assert "Amara and Ines get the new time." in client.get("/reviews").text
    assert "Amara and Ines get the new time in their calendars." in client.get(f"/reviews/{late.id}/move").text
    assert "Amara and Ines get a cancellation" in client.get(f"/reviews/{late.id}/skip").text
    client.submit(f"/reviews/{late.id}/move", {"day": "2026-11-20", "at": "14:30"})
    assert "get the new time." not in client.get("/reviews").text
    assert "Amara has not answered." in client.get(f"/reviews/{late.id}/prepare").text
    client.submit(f"/reviews/{late.id}/skip", {"reason": "Year end"})
    assert "Amara and Ines get a cancellation." in client.get("/reviews").text
    client.submit(f"/reviews/{late.id}/unskip")
    assert "Amara and Ines get it back into the calendar." in client.get("/reviews").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"day": "2026-12-01", "at": "10:00"}, "This is the review of November 2026."),
        ({"day": "2026-11-02", "at": "10:00"}, "That day has passed."),
        ({"day": "", "at": "10:00"}, "Say on which day."),
        ({"day": "2026-11-20", "at": "25:99"}, "value"),
        ({"day": "9999-12-31", "at": "10:00"}, "This is the review of November 2026."),
    ],
)
def test_a_move_that_cannot_be_comes_back_filled_and_says_why(
    client: Client, cast: Cast, late: Review, data: dict[str, str], words: str
) -> None:
    answer = client.sign_in(cast.rep).submit(f"/reviews/{late.id}/move", data)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["at"]}"' in answer.text


def test_others_units_reviews_are_not_to_be_moved_and_unseen_ones_do_not_exist(
    client: Client, session: Session, cast: Cast, late: Review
) -> None:
    for action in ("move", "skip"):
        address = f"/reviews/{late.id}/{action}"
        for person in (cast.colleague, cast.cio, cast.head, cast.administrator):
            assert client.sign_in(person).get(address).status_code == 403
            assert client.submit(address, {"day": "2026-11-20", "at": "10:00", "reason": "No"}).status_code == 403
        assert client.sign_in(cast.rep).get(f"/reviews/999999/{action}").status_code == 404
    assert client.sign_in(cast.colleague).submit(f"/reviews/{late.id}/unskip").status_code == 403
    assert reviews_of(session, cast.finance)[0].state is ReviewState.PLANNED


# ---- moving to a time at which somebody cannot come


@pytest.fixture
def taken(session: Session, cast: Cast, late: Review) -> Review:
    """Corporate services, which Ines leads too, meets on the 20th at ten."""
    session.add(Assignment(unit_id=cast.corporate.id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
    review = add_review(session, cast.corporate, date(2026, 11, 20))
    session.commit()
    return review


def test_a_time_that_is_taken_is_warned_of_with_three_free_ones(
    client: Client, session: Session, cast: Cast, late: Review, taken: Review
) -> None:
    answer = client.sign_in(cast.rep).submit(f"/reviews/{late.id}/move", {"day": "2026-11-20", "at": "10:30"})
    assert answer.status_code == 422
    assert "Fri 20 November, 10:30 does not suit everybody." in answer.text
    assert "Ines Carvalho meets" in answer.text
    assert "from 10:00 to 11:00" in answer.text
    assert answer.text.count("Move it to ") == 3
    assert reviews_of(session, cast.finance)[0].planned_on == date(2026, 11, 9)


def test_knowing_that_it_can_be_taken_all_the_same(
    client: Client, session: Session, cast: Cast, late: Review, taken: Review
) -> None:
    client.sign_in(cast.rep)
    wanted = {"day": "2026-11-20", "at": "10:30"}
    assert 'name="anyway" value="2026-11-20T10:30"' in client.submit(f"/reviews/{late.id}/move", wanted).text
    # Known of that time only: another one is warned of again.
    other = {"day": "2026-11-20", "at": "10:15", "anyway": "2026-11-20T10:30"}
    assert client.submit(f"/reviews/{late.id}/move", other).status_code == 422
    answer = client.submit(f"/reviews/{late.id}/move", {**wanted, "anyway": "2026-11-20T10:30"})
    assert answer.status_code == 303
    assert reviews_of(session, cast.finance)[0].planned_on == date(2026, 11, 20)


def test_one_click_takes_a_free_time(client: Client, session: Session, cast: Cast, late: Review, taken: Review) -> None:
    page = client.sign_in(cast.rep).get(f"/reviews/{late.id}/move").text
    offered = re.findall(r'name="day" value="([0-9-]+)"><input type="hidden" name="at" value="([0-9:]+)"', page)
    assert len(offered) == 3
    day, at = offered[0]
    assert client.submit(f"/reviews/{late.id}/move", {"day": day, "at": at}).status_code == 303
    assert reviews_of(session, cast.finance)[0].planned_on.isoformat() == day


def test_a_planned_time_that_clashes_says_so_at_once(
    client: Client, session: Session, cast: Cast, late: Review, taken: Review
) -> None:
    page = client.sign_in(cast.rep).get(f"/reviews/{taken.id}/move").text
    assert "Not everybody can come then." not in page
    session.add(Absence(person_id=cast.rep.id, since=date(2026, 11, 20), covered_by_id=cast.colleague.id))
    session.commit()
    page = client.get(f"/reviews/{taken.id}/move").text
    assert "Not everybody can come then." in page
    assert "Ines Carvalho is away that day, Tom Okafor stands in" in page


@pytest.mark.parametrize(("day", "why"), [("2026-11-22", "Sunday"), ("2026-11-20", "Inventory"), ("2026-11-27", "")])
def test_a_day_off_is_told_beside_the_day_and_taken_once_that_is_known(
    client: Client, session: Session, cast: Cast, late: Review, day: str, why: str
) -> None:
    session.add(ClosedDays(name="Inventory", since=date(2026, 11, 20), until=date(2026, 11, 21)))
    session.commit()
    client.sign_in(cast.rep)
    wanted = {"day": day, "at": "10:00"}
    answer = client.submit(f"/reviews/{late.id}/move", wanted)
    assert answer.status_code == (422 if why else 303)
    if why:
        assert f"No working day in Finance: {why}." in answer.text
        assert answer.text.count("Move it to ") == 3
        assert reviews_of(session, cast.finance)[0].planned_on == date(2026, 11, 9)
        answer = client.submit(f"/reviews/{late.id}/move", {**wanted, "anyway": f"{day}T10:00"})
        assert answer.status_code == 303
    assert reviews_of(session, cast.finance)[0].planned_on.isoformat() == day


def test_a_public_holiday_of_the_units_country_is_a_day_off(client: Client, session: Session, cast: Cast) -> None:
    cast.finance.country = "PT"
    review = add_review(session, cast.finance, date(2026, 12, 9))
    session.commit()
    answer = client.sign_in(cast.rep).submit(f"/reviews/{review.id}/move", {"day": "2026-12-25", "at": "10:00"})
    assert answer.status_code == 422
    assert "No working day in Finance: Christmas Day." in answer.text


def test_a_day_off_that_has_passed_is_refused_for_that(client: Client, cast: Cast, late: Review) -> None:
    answer = client.sign_in(cast.rep).submit(f"/reviews/{late.id}/move", {"day": "2026-11-08", "at": "10:00"})
    assert "That day has passed." in answer.text
    assert "No working day" not in answer.text


def test_after_a_warning_a_free_time_is_the_main_thing(client: Client, cast: Cast, late: Review) -> None:
    address = f"/reviews/{late.id}/move"
    before = client.sign_in(cast.rep).get(address).text
    assert ">Move the review</button>" in before
    assert "Try this time" not in before
    warned = client.submit(address, {"day": "2026-11-22", "at": "10:00"}).text
    assert ">Move the review</button>" not in warned
    assert warned.count("btn-primary") == before.count("btn-primary")
    assert re.search(r'btn-primary" type="submit"><span class="visually-hidden">Move it to ', warned)
    assert '<button class="btn btn-quiet" type="submit">Try this time</button>' in warned
