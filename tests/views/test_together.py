"""Ticking several of a list: one page says what will happen, and only that happens."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import Action, ActionState, Review, ReviewState
from tests.cast import Cast
from tests.client import Client
from tests.factories.reviews import add_review

TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=30)


def promise(session: Session, cast: Cast, text: str, **columns: Any) -> Action:
    action = Action(**{"unit_id": cast.finance.id, "text": text, **columns})
    session.add(action)
    session.commit()
    return action


def address(what: str, *things: Action | Review) -> str:
    area = "actions" if isinstance(things[0], Action) else "reviews"
    return f"/{area}/together?what={what}&back=/{area}%3Fshow%3Dnext" + "".join(f"&id={thing.id}" for thing in things)


def shown(answer: TestResponse) -> dict[str, str]:
    """What the page of the outcome sends back."""
    return dict(re.findall(r'<input type="hidden" name="(shown|known)" value="([^"]*)"', answer.text))


def state_of(session: Session, action: Action) -> str:
    session.refresh(action)
    return action.state.value


def days_of(session: Session, *actions: Action) -> list[date | None]:
    session.expire_all()
    return [action.due_on for action in actions]


def test_rows_of_ones_own_units_can_be_ticked(client: Client, cast: Cast, session: Session) -> None:
    mine, theirs = promise(session, cast, "mine"), promise(session, cast, "theirs", unit_id=cast.legal.id)
    client.sign_in(cast.rep)
    page = client.get("/actions").text
    assert re.search(rf'<input [^>]*form="together" name="id" value="{mine.id}" aria-label="Choose: mine"', page)
    assert f'name="id" value="{theirs.id}"' not in page
    assert '<form class="together" id="together" method="get" action="/actions/together"' in page
    assert "row-tick" not in client.get("/actions?show=settled").text


def test_completing_is_said_first_and_then_done(client: Client, cast: Cast, session: Session) -> None:
    mine, theirs = promise(session, cast, "mine"), promise(session, cast, "theirs", unit_id=cast.legal.id)
    client.sign_in(cast.rep)
    path = address("done", mine, theirs)
    page = client.get(path)
    assert "One action will be marked as done." in page.text
    assert "You may not settle an action." in page.text
    assert mine.state is ActionState.OPEN
    answer = client.submit(path, shown(page))
    assert answer.location == "/actions?show=next"
    session.expire_all()
    assert (mine.state, theirs.state) == (ActionState.DONE, ActionState.OPEN)
    assert "One action marked as done. One stayed as before." in client.get(answer.location).text


def test_what_was_not_shown_does_not_happen(client: Client, cast: Cast, session: Session) -> None:
    mine, other = promise(session, cast, "mine"), promise(session, cast, "other")
    client.sign_in(cast.rep)
    path = address("done", mine, other)
    page = client.get(path)
    other.state = ActionState.DROPPED  # meanwhile
    session.commit()
    answer = client.submit(path, shown(page))
    assert answer.status_code == 200
    assert "Somebody marked this as dropped in the meantime." in answer.text
    session.expire_all()
    assert state_of(session, mine) == "open"
    client.submit(path, shown(answer))
    assert state_of(session, mine) == "done"


def test_another_day_is_tried_first(client: Client, cast: Cast, session: Session) -> None:
    mine, other = promise(session, cast, "mine"), promise(session, cast, "other")
    client.sign_in(cast.rep)
    path = address("move", mine, other)
    assert "See what happens" in client.get(path).text
    trial = client.submit(path, {"due_on": LATER.isoformat()})
    assert "Two actions will have another day." in trial.text
    assert days_of(session, mine, other) == [None, None]
    changed = client.submit(path, {**shown(trial), "due_on": (LATER + timedelta(days=1)).isoformat()})
    assert changed.status_code == 200  # another day than was shown is shown first
    assert client.submit(path, {**shown(trial), "due_on": LATER.isoformat()}).status_code == 303
    assert days_of(session, mine, other) == [LATER, LATER]


def test_a_day_gone_by_is_refused_for_each(client: Client, cast: Cast, session: Session) -> None:
    client.sign_in(cast.rep)
    page = client.submit(address("move", promise(session, cast, "mine")), {"due_on": "2020-01-01"})
    assert "None of them can be changed." in page.text
    assert "That day has passed." in page.text
    assert client.submit(address("move", promise(session, cast, "a")), {"due_on": "soon"}).status_code == 422


def test_they_are_handed_over(client: Client, cast: Cast, session: Session) -> None:
    mine = promise(session, cast, "mine")
    client.sign_in(cast.rep)
    path = address("give", mine)
    assert "Helena Brandt" not in client.get(path).text
    trial = client.submit(path, {"owner_id": str(cast.specialist.id)})
    assert "Olu Adeyemi does it" in trial.text
    client.submit(path, {**shown(trial), "owner_id": str(cast.specialist.id)})
    session.expire_all()
    assert mine.owner_id == cast.specialist.id


def test_reviews_move_by_working_days(client: Client, cast: Cast, session: Session) -> None:
    review = add_review(session, cast.finance, date(TODAY.year + 1, 3, 10))
    session.commit()
    before = review.planned_on
    client.sign_in(cast.rep)
    assert f'name="id" value="{review.id}"' in client.get("/reviews?show=next").text
    path = address("move", review)
    trial = client.submit(path, {"days": "2"})
    assert "One review will be on another day." in trial.text
    assert client.submit(path, {**shown(trial), "days": "2"}).location == "/reviews?show=next"
    session.expire_all()
    assert before < review.planned_on <= before + timedelta(days=4)


def test_reviews_are_skipped_for_one_reason(client: Client, cast: Cast, session: Session) -> None:
    review = add_review(session, cast.finance, date(TODAY.year + 1, 3, 10))
    session.commit()
    client.sign_in(cast.rep)
    path = address("skip", review)
    assert client.submit(path, {"reason": " "}).status_code == 422
    trial = client.submit(path, {"reason": "Closing the year"})
    client.submit(path, {**shown(trial), "reason": "Closing the year"})
    session.expire_all()
    assert (review.state, review.skip_reason) == (ReviewState.SKIPPED, "Closing the year")


@pytest.mark.parametrize("query", ["", "?id=x&id=999999", "?what=steal&back=//evil.example"])
def test_without_a_tick_one_is_told_to(client: Client, cast: Cast, query: str) -> None:
    client.sign_in(cast.rep)
    answer = client.get(f"/actions/together{query}")
    assert answer.location == "/actions"
    assert "Tick the actions first." in client.get("/actions").text
    assert client.submit(f"/reviews/together{query}").location == "/reviews"


def test_another_units_things_are_not_there(client: Client, cast: Cast, session: Session) -> None:
    mine = promise(session, cast, "mine")
    client.sign_in(cast.outsider)
    assert client.get(address("done", mine)).status_code == 302 or client.get(address("done", mine)).status_code == 303
    client.submit(address("done", mine), {"shown": "done", "known": ""})
    session.expire_all()
    assert mine.state is ActionState.OPEN
