"""The board of requests, and moving cards by what works without script."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import Origin, Request, RequestKind, RequestState
from tests.cast import Cast
from tests.client import Client

TODAY = datetime.now(UTC).date()


def wish(session: Session, cast: Cast, title: str = "A dashboard", **changes: Any) -> Request:
    columns = {"unit_id": cast.finance.id, "business_need": "To see spend in time", "logged_on": date(2026, 10, 1)}
    request = Request(title=title, **{**columns, **changes})
    session.add(request)
    session.commit()
    return request


def column_of(page: str, title: str) -> str:
    """In which column the card stands; "" for none."""
    columns = re.findall(r'data-column="(\w+)"(.*?)</section>', page, re.DOTALL)
    return next((name for name, html in columns if f">{title}</a>" in html), "")


def test_a_rep_begins_with_the_own_units_and_may_see_all(client: Client, cast: Cast, session: Session) -> None:
    wish(session, cast, "Mine")
    wish(session, cast, "Theirs", unit_id=cast.legal.id)
    client.sign_in(cast.rep)
    page = client.get("/requests/board").text
    assert (column_of(page, "Mine"), column_of(page, "Theirs")) == ("logged", "")
    page = client.get("/requests/board?unit=").text
    assert (column_of(page, "Mine"), column_of(page, "Theirs")) == ("logged", "logged")
    page = client.get(f"/requests/board?rep={cast.colleague.id}").text
    assert (column_of(page, "Mine"), column_of(page, "Theirs")) == ("", "logged")
    client.sign_in(cast.head)
    page = client.get("/requests/board").text
    assert (column_of(page, "Mine"), column_of(page, "Theirs")) == ("logged", "")


def test_a_card_says_what_is_not_usual(client: Client, cast: Cast, session: Session) -> None:
    wish(session, cast, kind=RequestKind.COMPLAINT, owner_id=cast.rep.id, due_on=TODAY - timedelta(days=14))
    wish(session, cast, origin=Origin.OFFERED, link="https://desk.example/7", ticket="REQ-7")
    wish(session, cast, link="javascript:alert(1)")
    page = client.sign_in(cast.rep).get("/requests/board").text
    for said in ("Complaint", "Our offer", "Ines Carvalho sees to it", "REQ-7", "working days late"):
        assert said in page
    assert 'href="https://desk.example/7" rel="noopener noreferrer"' in page
    assert "javascript:" not in page


def test_a_column_says_how_many_it_holds_and_opens_them(client: Client, cast: Cast, session: Session) -> None:
    for number in range(21):
        wish(session, cast, f"Wish {number}")
    wish(session, cast, "Over", state=RequestState.CONFIRMED)
    page = client.sign_in(cast.rep).get("/requests/board?kind=standard").text
    assert page.count("data-card") == 20
    link = re.search(r'class="board-all" href="([^"]+)">All 21<', page)
    assert link is not None
    assert "Wish 20" in client.get(link[1].replace("&amp;", "&")).text
    assert re.search(r'href="/requests\?show=all&amp;state=confirmed[^"]*">Show 1<', page)


def test_a_move_by_the_menu_brings_the_card_and_says_so(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    page = client.get("/requests/board").text
    offered = set(re.findall(r'data-to="(\w+)"', page))
    assert offered == {"looking", "waiting", "accepted", "declined"}
    answer = client.submit(f"/requests/{request.id}/to/looking?back=/requests/board?unit%3D", {})
    assert answer.location == f"/requests/board?unit=#request-{request.id}"
    page = client.get("/requests/board").text
    assert column_of(page, "A dashboard") == "looking"
    assert "“A dashboard” is in “Being looked at” now." in page


def test_a_move_that_needs_words_asks_for_them(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    path = f"/requests/{request.id}/to/waiting"
    assert "Write what the unit should tell you." in client.get(path).text
    answer = client.submit(path, {"why": " "})
    assert answer.status_code == 422
    assert "Write what the unit should tell you." in answer.text
    assert client.submit(path, {"why": "Which cost centres?"}).status_code == 303
    session.refresh(request)
    assert request.state is RequestState.WAITING


def test_a_card_that_stands_elsewhere_by_now_says_so(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast, state=RequestState.ACCEPTED)
    client.sign_in(cast.rep)
    assert client.submit(f"/requests/{request.id}/to/looking", {}).status_code == 303
    assert "stays where it is: in “Accepted”" in client.get("/requests/board").text
    assert client.get(f"/requests/{request.id}/to/waiting").status_code == 303
    assert "stays where it is: in “Accepted”" in client.get("/requests/board").text
    assert client.get(f"/requests/{request.id}/to/nowhere").status_code == 404
    session.refresh(request)
    assert request.state is RequestState.ACCEPTED


def test_a_decision_is_made_on_the_page_of_the_request(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    answer = client.get(f"/requests/{request.id}/to/accepted?back=/requests/board")
    assert answer.location == f"/requests/{request.id}?verdict=accept&back=/requests/board#verdict"
    assert re.search(r'value="accept"[^>]* checked', client.get(answer.location).text)
    client.submit(f"/requests/{request.id}/to/accepted", {"why": "Yes"})
    session.refresh(request)
    assert request.state is RequestState.LOGGED
    path = f"/requests/{request.id}/decide?back=/requests/board"
    assert client.submit(path, {"verdict": "accept", "reason": "By March"}).location == "/requests/board"


def test_a_head_has_the_moves_of_the_unit_alone(client: Client, cast: Cast, session: Session) -> None:
    there = wish(session, cast, state=RequestState.DELIVERED)
    client.sign_in(cast.rep)
    assert "data-to" not in client.get("/requests/board").text
    assert client.submit(f"/requests/{there.id}/to/confirmed", {}).status_code == 403
    client.sign_in(cast.head)
    assert set(re.findall(r'data-to="(\w+)"', client.get("/requests/board").text)) == {"confirmed", "delivering"}
    assert client.submit(f"/requests/{there.id}/to/confirmed", {}).status_code == 303
    session.refresh(there)
    assert there.state is RequestState.CONFIRMED


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("administrator", 403)])
def test_nobody_else_moves_or_sees_it(client: Client, cast: Cast, session: Session, name: str, status: int) -> None:
    request = wish(session, cast)
    client.sign_in(getattr(cast, name))
    assert client.submit(f"/requests/{request.id}/to/looking", {}).status_code == status
    assert "A dashboard" not in client.get("/requests/board").text


def test_the_list_is_counted_by_unit_rep_and_state(client: Client, cast: Cast, session: Session) -> None:
    wish(session, cast)
    wish(session, cast, unit_id=cast.legal.id)
    wish(session, cast, unit_id=cast.corporate.id, state=RequestState.ACCEPTED)
    client.sign_in(cast.rep)
    page = client.get("/requests?by=unit&show=open").text
    assert f'href="/requests?show=open&amp;unit={cast.legal.id}">Legal</a>' in page
    page = client.get("/requests?by=rep&show=open").text
    assert f'href="/requests?show=open&amp;rep={cast.colleague.id}">Tom Okafor</a>' in page
    assert "Nobody leads the unit" in page
    assert 'href="/requests?show=all&amp;state=accepted">Accepted</a>' in client.get("/requests?by=state&show=all").text
    assert "Nothing to count" in client.get("/requests?by=state&show=confirmed").text


def test_late_ones_say_by_how_many_working_days(client: Client, cast: Cast, session: Session) -> None:
    wish(session, cast, due_on=TODAY - timedelta(days=7))
    wish(session, cast, "In time", due_on=TODAY + timedelta(days=1))
    page = client.sign_in(cast.rep).get("/requests?late=1").text
    assert "five working days late" in page
    assert "In time" not in page
