"""The pages of actions."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.services import clock
from models import Action, ActionState
from tests.cast import Cast
from tests.client import Client


def today() -> date:
    return clock.local_date(datetime.now(UTC), "Europe/Lisbon")


def promise(session: Session, cast: Cast, **changes: Any) -> Action:
    action = Action(**{"unit_id": cast.finance.id, "text": "Find the cause", "owner_id": cast.head.id, **changes})
    session.add(action)
    session.commit()
    return action


def state_of(session: Session, action: Action) -> str:
    session.refresh(action)
    return action.state.value


def test_who_owns_an_action_settles_it_from_the_list_and_may_undo(client: Client, cast: Cast, session: Session) -> None:
    action = promise(session, cast)
    client.sign_in(cast.head)
    assert f'action="/actions/{action.id}/settle?back=' in client.get("/actions").text
    answer = client.submit(f"/actions/{action.id}/settle?back=/actions?whose=mine", {"state": "done"})
    assert (answer.status_code, answer.location) == (303, "/actions?whose=mine")
    assert state_of(session, action) == "done"
    page = client.get(answer.location).text
    assert "“Find the cause” is done." in page
    assert f'<a href="/actions/{action.id}">Undo</a>' in page
    client.submit(f"/actions/{action.id}/settle", {"state": "open"})
    assert state_of(session, action) == "open"


def test_an_address_elsewhere_is_not_gone_to(client: Client, cast: Cast, session: Session) -> None:
    action = promise(session, cast)
    client.sign_in(cast.rep)
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = client.submit(f"/actions/{action.id}/settle?back={elsewhere}", {"state": "done"})
        assert answer.location == "/actions"


@pytest.mark.parametrize(("name", "status"), [("colleague", 403), ("key_user", 403), ("cio", 403), ("outsider", 404)])
def test_nobody_else_settles_it(client: Client, cast: Cast, session: Session, name: str, status: int) -> None:
    action = promise(session, cast)
    client.sign_in(getattr(cast, name))
    for path, data in (("settle", {"state": "done"}), ("date", {"due_on": ""})):
        assert client.submit(f"/actions/{action.id}/{path}", data).status_code == status
    assert f'action="/actions/{action.id}/settle' not in client.get("/actions").text


def test_another_day_is_promised(client: Client, cast: Cast, session: Session) -> None:
    action = promise(session, cast, due_on=today() - timedelta(days=2))
    client.sign_in(cast.rep)
    assert "Overdue" in client.get(f"/actions/{action.id}").text
    late = (today() - timedelta(days=1)).isoformat()
    answer = client.submit(f"/actions/{action.id}/date", {"due_on": late})
    assert answer.status_code == 422
    assert "That day has passed." in answer.text
    assert f'value="{late}"' in answer.text
    assert client.submit(f"/actions/{action.id}/date", {"due_on": "soon"}).status_code == 422
    assert client.submit(f"/actions/{action.id}/date", {"due_on": today().isoformat()}).status_code == 303
    session.refresh(action)
    assert action.due_on == today()


def test_the_list_is_narrowed(client: Client, cast: Cast, session: Session) -> None:
    late = promise(session, cast, due_on=today() - timedelta(days=2))
    mine = promise(session, cast, owner_id=cast.rep.id)
    done = promise(session, cast, state=ActionState.DONE, settled_at=datetime.now(UTC))
    foreign = promise(session, cast, unit_id=cast.legal.id)
    client.sign_in(cast.rep)

    def shown(query: str) -> set[int]:
        return {int(number) for number in re.findall(r'<a href="/actions/(\d+)"', client.get(f"/actions?{query}").text)}

    assert shown("") == {late.id, mine.id, foreign.id}
    assert shown("show=overdue") == {late.id}
    assert shown("show=settled") == {done.id}
    assert shown("whose=mine") == {mine.id}
    assert shown("whose=units") == {late.id, mine.id}
    assert shown(f"unit={cast.legal.id}") == {foreign.id}
    client.sign_in(cast.head)
    assert shown("") == {late.id, mine.id}


def test_the_unit_sees_its_own_action_but_no_button_that_is_not_its_own(
    client: Client, cast: Cast, session: Session
) -> None:
    action = promise(session, cast, owner_id=cast.rep.id)
    page = client.sign_in(cast.head).get(f"/actions/{action.id}").text
    assert "Find the cause" in page
    assert "Drop it" not in page
