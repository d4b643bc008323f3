"""The same need elsewhere, as it is seen while typing, on a request's page, and together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Request, RequestState, SharedNeed
from tests.cast import Cast
from tests.client import Client

THEIRS = "Obsidian ledger for contracts"


@pytest.fixture
def ours(session: Session, cast: Cast) -> Request:
    return _asked(session, cast.finance.id, "A ledger for our contracts")


@pytest.fixture
def theirs(session: Session, cast: Cast) -> Request:
    return _asked(session, cast.legal.id, THEIRS)


def _asked(session: Session, unit_id: int, title: str) -> Request:
    today = datetime.now(UTC).date()
    request = Request(unit_id=unit_id, title=title, business_need="Counting by hand", logged_on=today)
    session.add(request)
    session.commit()
    return request


TYPED = {"title": "Ledger of contracts", "business_need": "Nobody knows them all"}


def test_it_is_shown_the_same_need_while_typing(client: Client, cast: Cast, theirs: Request) -> None:
    client.sign_in(cast.rep)
    part = client.submit(f"/units/{cast.finance.id}/requests/similar", data=TYPED, headers={"HX-Request": "true"}).text
    assert "The same need was asked for before." in part
    assert THEIRS in part
    assert "Legal" in part
    assert "To decide" in part
    assert "<html" not in part


def test_a_unit_is_shown_its_own_and_never_anothers(client: Client, cast: Cast, ours: Request, theirs: Request) -> None:
    client.sign_in(cast.head)
    part = client.submit(f"/units/{cast.finance.id}/requests/similar", data=TYPED, headers={"HX-Request": "true"}).text
    assert "You asked for something like this before." in part
    assert ours.title in part
    assert "Obsidian" not in part
    assert (
        client.submit(
            f"/units/{cast.legal.id}/requests/similar", data=TYPED, headers={"HX-Request": "true"}
        ).status_code
        == 404
    )


def test_without_script_a_button_looks_and_keeps_nothing(
    client: Client, session: Session, cast: Cast, theirs: Request
) -> None:
    client.sign_in(cast.rep)
    address = f"/units/{cast.finance.id}/requests/new"
    page = client.submit(address, data={**TYPED, "look": "1"})
    assert page.status_code == 200
    assert THEIRS in page.text
    assert "Nobody knows them all" in page.text
    assert session.scalars(select(Request.id)).all() == [theirs.id]
    nothing = client.submit(address, data={"title": "Zebra crossing", "look": "1"}).text
    assert "Nothing like it was asked for within a year." in nothing


def test_a_request_is_joined_decided_through_and_let_go(
    client: Client, session: Session, cast: Cast, ours: Request, theirs: Request
) -> None:
    client.sign_in(cast.rep)
    page = client.get(f"/requests/{ours.id}").text
    assert "The same need elsewhere?" in page
    assert THEIRS in page
    form = client.get(f"/requests/{ours.id}/join").text
    assert f"Legal: {THEIRS}" in form
    sent = {"requests": [theirs.id], "title": "One ledger for all", "facilitator_id": cast.colleague.id}
    assert client.submit(f"/requests/{ours.id}/join", data={**sent, "title": ""}).status_code == 422
    answer = client.submit(f"/requests/{ours.id}/join", data=sent)
    need = session.scalars(select(SharedNeed)).one()
    assert answer.location == f"/needs/{need.id}"
    together = client.get(answer.location).text
    assert "Two units need this; Tom Okafor brings it together." in together
    assert "Decide for Finance" in together
    assert "One ledger for all" in client.get("/needs").text
    assert "One other unit needs this too;" in client.get(f"/requests/{ours.id}").text
    assert client.submit(f"/requests/{ours.id}/leave-need").status_code == 303
    session.expire_all()
    assert session.scalars(select(SharedNeed)).all() == []


def test_the_unit_reads_that_others_need_it_and_who_and_no_word_of_theirs(
    client: Client, session: Session, cast: Cast, ours: Request, theirs: Request
) -> None:
    client.sign_in(cast.rep)
    sent = {"requests": [theirs.id], "title": "Basalt title of IT", "facilitator_id": cast.rep.id}
    client.submit(f"/requests/{ours.id}/join", data=sent)
    page = client.sign_in(cast.head).get(f"/requests/{ours.id}").text
    assert "One other unit needs this too;</strong> Ines Carvalho brings it together." in page
    for word in ("Obsidian", "Legal", "Basalt", "/needs"):
        assert word not in page
    need = session.scalars(select(SharedNeed)).one()
    assert client.get(f"/needs/{need.id}").status_code == client.get("/needs/999999").status_code == 403


def test_further_requests_and_another_facilitator(
    client: Client, session: Session, cast: Cast, ours: Request, theirs: Request
) -> None:
    further = _asked(session, cast.corporate.id, "The contracts ledger again")
    client.sign_in(cast.rep)
    sent = {"requests": [theirs.id], "title": "One", "facilitator_id": cast.rep.id}
    client.submit(f"/requests/{ours.id}/join", data=sent)
    need = session.scalars(select(SharedNeed)).one()
    assert further.title in client.get(f"/needs/{need.id}?text=contracts ledger").text
    assert client.submit(f"/needs/{need.id}/requests", data={}).status_code == 422
    assert client.submit(f"/needs/{need.id}/requests", data={"requests": [10**6]}).status_code == 404
    assert client.submit(f"/needs/{need.id}/requests", data={"requests": [further.id]}).status_code == 303
    changed = {"title": "Just one", "facilitator_id": cast.colleague.id}
    assert client.submit(f"/needs/{need.id}", data=changed).status_code == 303
    assert client.submit(f"/needs/{need.id}", data={**changed, "title": THEIRS}).status_code == 422
    page = client.get(f"/needs/{need.id}").text
    assert "Three units need this; Tom Okafor brings it together." in page
    for request in (ours, theirs, further):
        request.state = RequestState.CONFIRMED
    session.commit()
    assert "No need is shared yet" in client.get("/needs").text
    assert "Just one" in client.get("/needs?show=settled&text=tom").text
    assert "Nothing found" in client.get("/needs?whose=mine").text
