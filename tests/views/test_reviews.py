"""The pages of reviews, as people see them on a Tuesday in November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import (
    Assignment,
    BusinessUnit,
    Cadence,
    Cover,
    Meeting,
    MeetingKind,
    Review,
    ReviewState,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories.reviews import NOW, TODAY, add_review, new_review, reviews_of, rule


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


# ---- the list


def test_the_list_begins_with_what_needs_the_rep(client: Client, cast: Cast, late: Review) -> None:
    page = client.sign_in(cast.rep).get("/reviews").text
    assert "One review is overdue." in page
    assert "1 day late" in page
    assert f"/units/{cast.finance.id}/meetings/new?review={late.id}" in page
    assert f"/reviews/{late.id}/move" in page
    assert "Tom Okafor" not in page  # Legal's rep: "my units" is what a rep begins with


def test_all_units_are_one_choice_away_but_not_to_be_moved(client: Client, cast: Cast, late: Review) -> None:
    page = client.sign_in(cast.rep).get("/reviews?whose=all").text
    assert "Tom Okafor" in page
    assert page.count('/move"') == 1


def test_the_cio_reads_and_a_head_sees_the_own_unit_only(client: Client, cast: Cast, late: Review) -> None:
    page = client.sign_in(cast.cio).get("/reviews").text
    assert "Ines Carvalho" in page
    assert "Tom Okafor" in page
    assert ">Move<" not in page
    page = client.sign_in(cast.head).get("/reviews").text
    assert "Ines Carvalho" in page
    assert "Tom Okafor" not in page
    assert ">Move<" not in page


def test_an_administrator_sees_the_reviews_that_a_rhythm_plans(client: Client, cast: Cast) -> None:
    assert client.sign_in(cast.administrator).get("/reviews").status_code == 200


@pytest.mark.parametrize(
    ("show", "words"),
    [
        ("", "Nothing waits"),
        ("next", "No reviews ahead"),
        ("held", "None held yet"),
        ("missed", "None missed"),
        ("skipped", "None skipped"),
        ("nonsense", "Nothing waits"),
    ],
)
def test_an_empty_list_says_what_will_be_here(client: Client, cast: Cast, show: str, words: str) -> None:
    page = client.sign_in(cast.rep).get("/reviews", query_string={"show": show} if show else {})
    assert words in page.text


@pytest.mark.parametrize("number", ["2", "99999"])
def test_beyond_the_last_page_there_is_a_way_back(client: Client, cast: Cast, late: Review, number: str) -> None:
    assert "Go to its beginning" in client.sign_in(cast.rep).get(f"/reviews?page={number}").text


def test_a_text_that_fits_nothing_says_so(client: Client, cast: Cast, late: Review) -> None:
    page = client.sign_in(cast.rep).get("/reviews?text=%3Cscript%3E").text
    assert "No review fits" in page
    assert "<script>" not in page


def test_a_held_review_opens_its_meeting(client: Client, session: Session, cast: Cast) -> None:
    held = add_review(session, cast.finance, date(2026, 10, 9), state=ReviewState.HELD, held_on=date(2026, 10, 8))
    meeting = Meeting(
        unit_id=cast.finance.id, review_id=held.id, kind=MeetingKind.REVIEW, held_on=held.held_on, logged_at=NOW
    )
    session.add(meeting)
    session.commit()
    page = client.sign_in(cast.rep).get("/reviews?show=held").text
    assert f"/meetings/{meeting.id}" in page
    assert "October 2026" in page


def test_missed_and_skipped_reviews_say_why(client: Client, session: Session, cast: Cast) -> None:
    add_review(session, cast.finance, date(2026, 9, 9))
    add_review(session, cast.finance, date(2026, 10, 9), state=ReviewState.SKIPPED, skip_reason="Audit <week>")
    session.commit()
    client.sign_in(cast.rep)
    assert "September 2026 went by without a meeting" in client.get("/reviews?show=missed").text
    assert "Audit &lt;week&gt;" in client.get("/reviews?show=skipped").text


def test_the_list_takes_no_more_statements_for_500_units_than_for_two(
    client: Client, session: Session, cast: Cast, late: Review, statements: StatementCounter
) -> None:
    def count(address: str) -> int:
        with statements:
            assert client.get(address).status_code == 200
        return statements.count

    client.sign_in(cast.rep)
    addresses = [f"/reviews?show={show}&whose=all" for show in ("attention", "next", "held", "missed", "skipped")]
    before = [count(address) for address in addresses]
    five_hundred_more(session, cast)
    after = [count(address) for address in addresses]
    assert all(many <= few for few, many in zip(before, after, strict=True))
    assert max(before) <= 12


def five_hundred_more(session: Session, cast: Cast) -> None:
    """Units in India, each with a rep, and a review between forty days ago and twenty days ahead."""
    units = [BusinessUnit(code=f"U{n}", name=f"Unit {n}", time_zone="Asia/Kolkata") for n in range(500)]
    session.add_all(units)
    session.flush()
    rhythms = [Cadence(unit_id=unit.id, since=TODAY, **vars(rule())) for unit in units]
    session.add_all(rhythms)
    session.flush()
    for number, rhythm in enumerate(rhythms):
        session.add(Assignment(unit_id=rhythm.unit_id, rep_id=cast.rep.id, cover=Cover.LEAD, since=LONG_AGO))
        session.add(new_review(rhythm, TODAY + timedelta(days=number % 60 - 40)))
    session.commit()


# ---- skipping


def test_skipping_wants_a_reason_and_can_be_undone(client: Client, session: Session, cast: Cast, late: Review) -> None:
    client.sign_in(cast.rep)
    address = f"/reviews/{late.id}/skip"
    assert client.submit(address, {"reason": " "}).status_code == 422
    assert client.submit(address, {"reason": "Month-end <close>"}).status_code == 303
    page = client.get("/reviews").text
    assert f'Finance skips November 2026. The reason is kept. <a href="{address}">Undo</a>' in page
    assert "Month-end &lt;close&gt;" in client.get(address).text
    assert client.submit(f"/reviews/{late.id}/unskip").status_code == 303
    assert reviews_of(session, cast.finance)[0].state is ReviewState.PLANNED


def test_what_is_settled_offers_no_form(client: Client, session: Session, cast: Cast) -> None:
    missed = add_review(session, cast.finance, date(2026, 9, 9))
    session.commit()
    client.sign_in(cast.rep)
    for action in ("move", "skip"):
        page = client.get(f"/reviews/{missed.id}/{action}").text
        assert "was missed" in page
        assert f'action="/reviews/{missed.id}' not in page
    assert client.submit(f"/reviews/{missed.id}/skip", {"reason": "Too late"}).status_code == 422
    assert client.submit(f"/reviews/{missed.id}/unskip").status_code == 409
