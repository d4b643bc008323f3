"""Actions: whose they are, when they are due, and settling them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.services import actions
from crm.services.actions import Standing
from models import Action, ActionState
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

YESTERDAY = TODAY - timedelta(days=1)


def promise(session: Session, cast: Cast, text: str, **columns: Any) -> Action:
    action = Action(**{"unit_id": cast.finance.id, "text": text, **columns})
    session.add(action)
    session.flush()
    return action


def texts(session: Session, cast: Cast, name: str, **wanted: Any) -> list[str]:
    page = actions.listed(session, by=acting(session, getattr(cast, name)), today=TODAY, **wanted)
    return [action.text for action in page.rows]


def test_the_soonest_due_comes_first_and_what_has_no_day_last(session: Session, cast: Cast) -> None:
    promise(session, cast, "some day")
    promise(session, cast, "today", due_on=TODAY)
    promise(session, cast, "yesterday", due_on=YESTERDAY)
    promise(session, cast, "done", due_on=YESTERDAY, state=ActionState.DONE, settled_at=NOW)
    assert texts(session, cast, "rep") == ["yesterday", "today", "some day"]
    assert texts(session, cast, "rep", standing=Standing.OVERDUE) == ["yesterday"]
    assert texts(session, cast, "rep", standing=Standing.SETTLED) == ["done"]


def test_an_action_due_today_is_not_overdue(session: Session, cast: Cast) -> None:
    assert not actions.is_overdue(promise(session, cast, "today", due_on=TODAY), TODAY)
    assert actions.is_overdue(promise(session, cast, "yesterday", due_on=YESTERDAY), TODAY)
    assert not actions.is_overdue(promise(session, cast, "done", due_on=YESTERDAY, state=ActionState.DONE), TODAY)
    assert not actions.is_overdue(promise(session, cast, "some day"), TODAY)


def test_a_list_shows_mine_or_those_of_my_units_or_of_one_unit(session: Session, cast: Cast) -> None:
    promise(session, cast, "of the rep", owner_id=cast.rep.id)
    promise(session, cast, "of the head", owner_id=cast.head.id)
    promise(session, cast, "of Legal", unit_id=cast.legal.id, owner_id=cast.rep.id)
    assert texts(session, cast, "rep", mine=True) == ["of the rep", "of Legal"]
    assert texts(session, cast, "rep", covered=True) == ["of the rep", "of the head"]
    assert texts(session, cast, "rep", unit_id=cast.legal.id) == ["of Legal"]
    assert texts(session, cast, "head", mine=True) == ["of the head"]


def test_a_list_holds_only_visible_units(session: Session, cast: Cast) -> None:
    action = promise(session, cast, "of Finance", owner_id=cast.outsider.id)
    assert texts(session, cast, "head") == ["of Finance"]
    assert texts(session, cast, "outsider") == []
    assert texts(session, cast, "outsider", mine=True) == []
    with pytest.raises(NotFound):
        actions.find(session, by=acting(session, cast.outsider), action_id=action.id)
    assert actions.find(session, by=acting(session, cast.head), action_id=action.id) is action
    with pytest.raises(Forbidden):
        texts(session, cast, "administrator")


def test_what_is_left_for_a_unit_is_what_is_open(session: Session, cast: Cast) -> None:
    promise(session, cast, "open", owner_id=cast.head.id)
    promise(session, cast, "done", state=ActionState.DONE)
    promise(session, cast, "of Legal", unit_id=cast.legal.id)
    assert [(left.text, left.owner and left.owner.name) for left in actions.left(session, unit=cast.finance)] == [
        ("open", "Amara Diallo")
    ]


@pytest.mark.parametrize("name", ["rep", "head"])
def test_the_rep_and_the_owner_settle_an_action(session: Session, cast: Cast, name: str) -> None:
    action = promise(session, cast, "Pick a tester", owner_id=cast.head.id)
    actions.settle(session, by=acting(session, getattr(cast, name)), action=action, state=ActionState.DONE, now=NOW)
    assert (action.state, action.settled_at) == (ActionState.DONE, NOW)


@pytest.mark.parametrize("name", ["colleague", "key_user", "outsider", "cio"])
def test_nobody_else_settles_it(session: Session, cast: Cast, name: str) -> None:
    action = promise(session, cast, "Pick a tester", owner_id=cast.head.id)
    by = acting(session, getattr(cast, name))
    with pytest.raises(Forbidden):
        actions.settle(session, by=by, action=action, state=ActionState.DONE, now=NOW)
    with pytest.raises(Forbidden):
        actions.reopen(session, by=by, action=action, now=NOW)
    with pytest.raises(Forbidden):
        actions.new_date(session, by=by, action=action, due_on=TODAY, now=NOW)


def test_settling_twice_is_harmless_and_otherwise_is_told(session: Session, cast: Cast) -> None:
    action, by = promise(session, cast, "Think"), acting(session, cast.rep)
    actions.settle(session, by=by, action=action, state=ActionState.DONE, now=NOW)
    actions.settle(session, by=by, action=action, state=ActionState.DONE, now=NOW + timedelta(hours=1))
    assert action.settled_at == NOW
    with pytest.raises(Conflict):
        actions.settle(session, by=by, action=action, state=ActionState.DROPPED, now=NOW)


def test_settling_can_be_taken_back(session: Session, cast: Cast) -> None:
    action, by = promise(session, cast, "Think"), acting(session, cast.rep)
    actions.settle(session, by=by, action=action, state=ActionState.DROPPED, now=NOW)
    actions.reopen(session, by=by, action=action, now=NOW)
    assert (action.state, action.settled_at) == (ActionState.OPEN, None)


def test_a_new_day_is_not_in_the_past(session: Session, cast: Cast) -> None:
    by = acting(session, cast.rep)
    late = promise(session, cast, "Think", due_on=date(2026, 10, 1))
    action = actions.find(session, by=by, action_id=late.id)
    with pytest.raises(Invalid) as caught:
        actions.new_date(session, by=by, action=action, due_on=YESTERDAY, now=NOW)
    assert caught.value.field == "due_on"
    actions.new_date(session, by=by, action=action, due_on=TODAY, now=NOW)
    assert action.due_on == TODAY
    actions.new_date(session, by=by, action=action, due_on=None, now=NOW)
    assert action.due_on is None


def test_a_settled_action_gets_no_new_day(session: Session, cast: Cast) -> None:
    action = promise(session, cast, "Think", state=ActionState.DONE, settled_at=NOW)
    with pytest.raises(Conflict):
        actions.new_date(session, by=acting(session, cast.rep), action=action, due_on=TODAY, now=NOW)
