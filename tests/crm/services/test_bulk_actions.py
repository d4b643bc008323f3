"""Many actions at once: the good ones are taken, the others stay as they were and say why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import bulk_actions
from models import Action, ActionState, ActionStep, AuditEntry, OutboxMessage, Step
from models.audit import Change
from tests.cast import Cast
from tests.november import NOW, TODAY, acting


def promise(session: Session, cast: Cast, text: str, **columns: Any) -> Action:
    action = Action(**{"unit_id": cast.finance.id, "text": text, **columns})
    session.add(action)
    session.flush()
    return action


@pytest.fixture
def several(session: Session, cast: Cast) -> dict[str, Action]:
    return {
        "mine": promise(session, cast, "mine"),
        "other": promise(session, cast, "other"),
        "dropped": promise(session, cast, "dropped", state=ActionState.DROPPED, settled_at=NOW),
        "of Legal": promise(session, cast, "of Legal", unit_id=cast.legal.id),
    }


def chosen(session: Session, cast: Cast, who: str, several: dict[str, Action]) -> list[Action]:
    ids = {action.id for action in several.values()}
    return list(bulk_actions.find(session, by=acting(session, getattr(cast, who)), ids=ids))


def told(several: dict[str, Action], by_id: dict[int, str]) -> dict[str, str]:
    return {name: by_id[action.id] for name, action in several.items() if action.id in by_id}


def test_only_what_this_person_sees_is_found(session: Session, cast: Cast, several: dict[str, Action]) -> None:
    assert len(chosen(session, cast, "rep", several)) == 4
    assert {action.text for action in chosen(session, cast, "outsider", several)} == {"of Legal"}


def test_the_good_ones_are_completed_and_the_others_say_why_not(
    session: Session, cast: Cast, several: dict[str, Action]
) -> None:
    by = acting(session, cast.rep)
    rows = chosen(session, cast, "rep", several)
    outcome = bulk_actions.complete(session, by=by, chosen=rows, now=NOW)
    assert told(several, outcome.done) == {"mine": "done", "other": "done"}
    assert told(several, outcome.refused) == {
        "dropped": "Somebody marked this as dropped in the meantime.",
        "of Legal": "You may not settle an action.",
    }
    assert several["mine"].state is ActionState.DONE
    assert several["of Legal"].state is ActionState.OPEN
    assert outcome.refused == bulk_actions.obstacles(by, rows)


def test_each_change_is_in_its_history_and_in_the_audit_trail(
    session: Session, cast: Cast, several: dict[str, Action]
) -> None:
    bulk_actions.complete(session, by=acting(session, cast.rep), chosen=chosen(session, cast, "rep", several), now=NOW)
    session.flush()
    steps = session.scalars(select(ActionStep.action_id).where(ActionStep.step == Step.DONE))
    assert set(steps) == {several["mine"].id, several["other"].id}
    for name in ("mine", "other"):
        of_it = (AuditEntry.entity == "action", AuditEntry.entity_id == str(several[name].id))
        changed = select(AuditEntry.after).where(*of_it, AuditEntry.change == Change.CHANGED)
        assert [after["state"] for after in session.scalars(changed)] == ["done"]


def test_another_day_is_given_to_what_is_open(session: Session, cast: Cast, several: dict[str, Action]) -> None:
    by, rows = acting(session, cast.rep), chosen(session, cast, "rep", several)
    day = TODAY + timedelta(days=9)
    outcome = bulk_actions.move(session, by=by, chosen=rows, due_on=day, now=NOW)
    assert set(told(several, outcome.done)) == {"mine", "other"}
    assert several["mine"].due_on == day
    outcome = bulk_actions.move(session, by=by, chosen=rows, due_on=TODAY - timedelta(days=1), now=NOW)
    assert told(several, outcome.refused)["mine"] == "That day has passed."
    assert several["mine"].due_on == day


def test_they_go_to_somebody_else_and_one_mail_tells_of_all(
    session: Session, cast: Cast, several: dict[str, Action]
) -> None:
    by, rows = acting(session, cast.rep), chosen(session, cast, "rep", several)
    outcome = bulk_actions.give(session, by=by, chosen=rows, owner_id=cast.key_user.id, now=NOW)
    assert told(several, outcome.done) == {"mine": "Jo Lindt does it", "other": "Jo Lindt does it"}
    assert {several["mine"].owner_id, several["other"].owner_id} == {cast.key_user.id}
    assert several["of Legal"].owner_id is None
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.to_person_id == cast.key_user.id)).all()
    assert len(mails) == 2  # each stands for itself: no meeting holds them together


def test_a_stranger_to_a_unit_is_given_nothing_of_it(session: Session, cast: Cast, several: dict[str, Action]) -> None:
    by, rows = acting(session, cast.rep), chosen(session, cast, "rep", several)
    outcome = bulk_actions.give(session, by=by, chosen=rows, owner_id=cast.outsider.id, now=NOW)
    assert outcome.done == {}
    assert told(several, outcome.refused)["mine"] == "This person is neither of this unit nor from IT."


def test_takers_are_from_it_or_from_one_of_the_units(session: Session, cast: Cast, several: dict[str, Action]) -> None:
    rows = [several["mine"], several["other"]]
    names = {person.name for person in bulk_actions.takers(session, chosen=rows, today=TODAY)}
    assert {"Ines Carvalho", "Olu Adeyemi", "Amara Diallo", "Jo Lindt"} <= names
    assert "Helena Brandt" not in names
