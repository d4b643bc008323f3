"""The pages of requests."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Origin, Request, RequestState
from tests.cast import Cast
from tests.client import Client


def wish(session: Session, cast: Cast, **changes: Any) -> Request:
    columns = {"unit_id": cast.finance.id, "title": "A dashboard", "business_need": "To see spend in time"}
    request = Request(**{**columns, "requester_id": cast.head.id, "logged_on": date(2026, 10, 1), **changes})
    session.add(request)
    session.commit()
    return request


def test_a_head_asks_for_something(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.head)
    path = f"/units/{cast.finance.id}/requests/new"
    page = client.get(path).text
    assert "What the unit needs it for" in page
    assert "Whose idea" not in page
    answer = client.submit(path, {"title": "A dashboard", "business_need": "To see spend", "kind": "offer"})
    assert answer.status_code == 422, "an offer is IT's"
    answer = client.submit(path, {"title": "A dashboard", "business_need": "To see spend", "cost_low": "5"})
    assert answer.status_code == 303
    request = session.scalars(select(Request)).one()
    assert (request.requester_id, request.origin) == (cast.head.id, Origin.ASKED)
    assert request.cost_low is None
    assert "To see spend" in client.get(answer.location).text


def test_a_request_without_a_need_comes_back_as_typed(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    answer = client.submit(
        f"/units/{cast.finance.id}/requests/new",
        {"title": "A dashboard", "business_need": "", "requester_id": str(cast.key_user.id), "kind": "offer"},
    )
    assert answer.status_code == 422
    assert "Say what the unit needs it for." in answer.text
    assert 'value="A dashboard"' in answer.text
    assert re.search(rf'<option selected value="{cast.key_user.id}">', answer.text)
    assert re.search(r'value="offer"[^>]* checked', answer.text)


@pytest.mark.parametrize(("name", "status"), [("colleague", 403), ("outsider", 404), ("cio", 403)])
def test_nobody_else_asks_for_it(client: Client, cast: Cast, name: str, status: int) -> None:
    client.sign_in(getattr(cast, name))
    path = f"/units/{cast.finance.id}/requests/new"
    assert client.get(path).status_code == status
    assert client.submit(path, {"title": "A", "business_need": "B"}).status_code == status


def test_a_rep_decides(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    assert "Amara reads this, word for word." in client.get(f"/requests/{request.id}").text
    answer = client.submit(f"/requests/{request.id}/decide", {"verdict": "accept", "reason": "By March"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "We said yes" in page
    assert "By March" in page
    answer = client.submit(f"/requests/{request.id}/move", {"to": "delivered", "why": "It runs"})
    assert "The unit is asked to confirm it." in client.get(answer.location).text
    session.refresh(request)
    assert request.state is RequestState.DELIVERED


def test_the_unit_confirms_or_says_what_is_missing(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast, state=RequestState.DELIVERED)
    path = f"/requests/{request.id}"
    client.sign_in(cast.rep)
    assert "it does what we needed" not in client.get(path).text
    client.sign_in(cast.head)
    assert "it does what we needed" in client.get(path).text
    answer = client.submit(f"{path}/move", {"to": "delivering"})
    assert answer.status_code == 422
    assert "Write what is missing." in answer.text
    assert client.submit(f"{path}/move", {"to": "delivering", "why": "Prices"}).status_code == 303
    assert client.submit(f"{path}/move", {"to": "confirmed", "why": "Too late"}).status_code == 422
    session.refresh(request)
    assert request.state is RequestState.DELIVERING
    assert "Prices" in client.get(path).text


def test_the_unit_answers_what_it_was_asked(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    client.submit(f"/requests/{request.id}/move", {"to": "waiting", "why": "Which cost centres?"})
    assert "Waiting for the unit" in client.get("/requests").text.replace(
        "waiting for the unit", "Waiting for the unit"
    )
    client.sign_in(cast.head)
    assert "Your turn" in client.get("/").text
    assert "Which cost centres?" in client.get(f"/requests/{request.id}").text
    client.submit(f"/requests/{request.id}/move", {"to": "looking", "why": "All of them"})
    session.refresh(request)
    assert request.state is RequestState.LOOKING


@pytest.mark.parametrize("to", ["", "gone", "accepted"])
def test_what_is_no_way_changes_nothing(client: Client, cast: Cast, session: Session, to: str) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    assert client.submit(f"/requests/{request.id}/move", {"to": to, "why": "x"}).status_code == 422
    session.refresh(request)
    assert request.state is RequestState.LOGGED


def test_a_no_without_an_alternative_is_asked_about(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    path = f"/requests/{request.id}/decide"
    answer = client.submit(path, {"verdict": "decline", "reason": "It shows other prices"})
    assert answer.status_code == 422
    assert answer.text.count("Add an alternative, however small, or say that there is none.") == 2
    assert "It shows other prices" in answer.text
    assert re.search(r'value="decline"[^>]* checked', answer.text)
    typed = {"verdict": "decline", "reason": "It shows other prices", "no_alternative": "y", "did": "We looked"}
    assert client.submit(path, typed).status_code == 303
    assert "there is no alternative" in client.get(f"/requests/{request.id}").text
    assert "nothing offered instead" in client.get("/requests?show=declined").text


def test_deciding_without_yes_or_no_is_asked_about(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    answer = client.sign_in(cast.rep).submit(f"/requests/{request.id}/decide", {"reason": "Because"})
    assert answer.status_code == 422
    assert "Say yes or no." in answer.text


def test_deciding_twice_tells_the_second(client: Client, cast: Cast, session: Session) -> None:
    request = wish(session, cast)
    client.sign_in(cast.rep)
    client.submit(f"/requests/{request.id}/decide", {"verdict": "accept", "reason": "By March"})
    answer = client.submit(f"/requests/{request.id}/decide", {"verdict": "decline", "reason": "No", "alternative": "X"})
    assert answer.status_code == 422
    assert "This was decided in the meantime." in answer.text
    assert "You had written: No" in answer.text


@pytest.mark.parametrize(("name", "status"), [("colleague", 403), ("head", 403), ("cio", 403), ("outsider", 404)])
def test_nobody_else_decides(client: Client, cast: Cast, session: Session, name: str, status: int) -> None:
    request = wish(session, cast)
    client.sign_in(getattr(cast, name))
    assert client.submit(f"/requests/{request.id}/decide", {"verdict": "accept", "reason": "B"}).status_code == status
    assert client.submit(f"/requests/{request.id}/move", {"to": "looking"}).status_code == status
    if status == 403:
        assert "Your decision" not in client.get(f"/requests/{request.id}").text


def test_the_list_puts_the_need_below_each_and_is_narrowed(client: Client, cast: Cast, session: Session) -> None:
    waiting = wish(session, cast)
    foreign = wish(session, cast, unit_id=cast.legal.id, title="Own file sharing", requester_id=None)
    done = wish(session, cast, state=RequestState.ACCEPTED)
    client.sign_in(cast.rep)
    assert "To see spend in time" in client.get("/requests").text

    def shown(query: str) -> set[int]:
        return {
            int(number) for number in re.findall(r'<a href="/requests/(\d+)"', client.get(f"/requests?{query}").text)
        }

    assert shown("") == {waiting.id, foreign.id}
    assert shown("unit=mine") == {waiting.id}
    assert shown("show=accepted") == {done.id}
    assert shown("show=all") == {waiting.id, foreign.id, done.id}
    assert shown("text=FILE") == {foreign.id}
    client.sign_in(cast.head)
    assert shown("show=all") == {waiting.id, done.id}
    client.sign_in(cast.administrator)
    assert client.get("/requests").status_code == 403
