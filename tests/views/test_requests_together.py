"""Sorting many requests at once: shown first, then done; what cannot be done says why."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import AuditEntry, Request, RequestKind, RequestState, RequestTheme
from tests.cast import Cast
from tests.client import Client


def wish(session: Session, cast: Cast, title: str, **changes: Any) -> Request:
    columns = {"unit_id": cast.finance.id, "business_need": "To see spend in time", "logged_on": date(2026, 10, 1)}
    request = Request(title=title, **{**columns, **changes})
    session.add(request)
    session.commit()
    return request


def address(what: str, *chosen: Request) -> str:
    return f"/requests/together?what={what}&back=/requests" + "".join(f"&id={one.id}" for one in chosen)


def shown(answer: TestResponse) -> dict[str, str]:
    """What the page of the outcome sends back."""
    return dict(re.findall(r'<input type="hidden" name="(shown|known)" value="([^"]*)"', answer.text))


def do(client: Client, path: str, told: dict[str, str]) -> TestResponse:
    """See what would happen, then agree."""
    preview = client.submit(path, told)
    assert preview.status_code == 200, preview.text
    return client.submit(path, {**told, **shown(preview)})


def test_those_ticked_get_an_owner_and_the_rest_says_why_not(client: Client, cast: Cast, session: Session) -> None:
    mine, theirs = wish(session, cast, "Mine"), wish(session, cast, "Theirs", unit_id=cast.legal.id)
    over = wish(session, cast, "Over", state=RequestState.CONFIRMED)
    client.sign_in(cast.rep)
    path, told = address("give", mine, theirs, over), {"owner_id": str(cast.specialist.id)}
    assert "Say who sees to them" in client.get(path).text
    preview = client.submit(path, told)
    for said in ("One request will go to somebody.", "You may not decide a request.", "Nothing is left to see to."):
        assert said in preview.text
    session.expire_all()
    assert mine.owner_id is None
    answer = client.submit(path, {**told, **shown(preview)})
    assert "One request handed over. Two stayed as before." in client.get(answer.location).text
    session.expire_all()
    assert [one.owner_id for one in (mine, theirs, over)] == [cast.specialist.id, None, None]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.entity == "request").order_by(AuditEntry.id.desc()))
    assert (entry.first() or AuditEntry()).by_id == cast.rep.id


def test_nobody_of_the_business_is_given_requests(client: Client, cast: Cast, session: Session) -> None:
    mine = wish(session, cast, "Mine")
    client.sign_in(cast.rep)
    assert client.submit(address("give", mine), {"owner_id": str(cast.head.id)}).status_code == 422


def test_a_kind_is_given_and_taken_back(client: Client, cast: Cast, session: Session) -> None:
    both = wish(session, cast, "One"), wish(session, cast, "Two")
    client.sign_in(cast.rep)
    answer = do(client, address("call", *both), {"kind": "complaint"})
    page = client.get(answer.location).text
    session.expire_all()
    assert {one.kind for one in both} == {RequestKind.COMPLAINT}
    assert all(one.owner_id and one.severity and one.due_on for one in both)
    undo = re.search(r'href="(/requests/together\?what=call[^"]+)">Undo', page)
    assert undo is not None
    path = undo[1].replace("&amp;", "&")
    assert '<option selected value="standard">' in client.get(path).text
    do(client, path, {"kind": "standard"})
    session.expire_all()
    assert {one.kind for one in both} == {RequestKind.STANDARD}


def test_what_is_decided_keeps_its_kind(client: Client, cast: Cast, session: Session) -> None:
    decided = wish(session, cast, "Decided", state=RequestState.ACCEPTED)
    client.sign_in(cast.rep)
    page = client.submit(address("call", decided), {"kind": "question"}).text
    assert "It is decided: what it is stays." in page


def test_a_theme_is_given(client: Client, cast: Cast, session: Session) -> None:
    theme = RequestTheme(name="Reporting")
    session.add(theme)
    mine = wish(session, cast, "Mine")
    client.sign_in(cast.rep)
    do(client, address("sort", mine), {"theme_id": str(theme.id)})
    session.expire_all()
    assert mine.theme_id == theme.id


def test_they_are_looked_at(client: Client, cast: Cast, session: Session) -> None:
    new, asked_back = wish(session, cast, "New"), wish(session, cast, "Asked", state=RequestState.WAITING)
    client.sign_in(cast.rep)
    path = address("look", new, asked_back)
    preview = client.get(path)
    assert "Write what they told you." in preview.text
    session.expire_all()
    assert new.state is RequestState.LOGGED
    client.submit(path, shown(preview))
    session.expire_all()
    assert (new.state, new.owner_id, asked_back.state) == (RequestState.LOOKING, cast.rep.id, RequestState.WAITING)


def test_all_that_the_list_shows_is_taken_in_place_of_those_ticked(
    client: Client, cast: Cast, session: Session
) -> None:
    wishes = [wish(session, cast, f"Wish {number}") for number in range(27)]
    other = wish(session, cast, "Something else", kind=RequestKind.QUESTION)
    client.sign_in(cast.rep)
    page = client.get("/requests?kind=standard").text
    assert 'name="all" value="1"' in page
    assert '<input type="hidden" name="kind" value="standard">' in page
    do(client, "/requests/together?what=give&all=1&kind=standard&show=undecided", {"owner_id": str(cast.rep.id)})
    session.expire_all()
    assert {one.owner_id for one in wishes} == {cast.rep.id}
    assert other.owner_id is None


def test_a_head_triages_nothing(client: Client, cast: Cast, session: Session) -> None:
    mine = wish(session, cast, "Mine")
    client.sign_in(cast.head)
    assert "row-tick" not in client.get("/requests").text
    page = client.submit(address("give", mine), {"owner_id": ""}).text
    assert "None of them can be changed." in page
