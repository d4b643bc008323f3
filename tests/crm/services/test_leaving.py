"""A person goes: who leads next, what ends, what is owed; today, on a day ahead, or not after all."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.jobs import change_hands
from crm.jobs.work import Work
from crm.policy import Action as Right
from crm.services import assignments, leaving, people
from crm.services.leaving import Successors
from models import Action, Assignment, Handover, Membership, Person, Role, SignIn
from tests.cast import Cast
from tests.november import NOW, TODAY, acting

LAST = date(2026, 11, 30)
A_DAY = timedelta(days=1)


@pytest.fixture
def owed(session: Session, cast: Cast) -> list[Action]:
    """What Ines owes Finance, which she leads, and Legal, which Tom leads."""
    actions = [Action(unit_id=unit.id, text="Call", owner_id=cast.rep.id) for unit in (cast.finance, cast.legal)]
    session.add_all(actions)
    session.flush()
    return actions


def leave(session: Session, cast: Cast, successors: Successors, on: date = TODAY) -> list[Handover]:
    by = acting(session, cast.administrator)
    return leaving.leave(session, by=by, person=cast.rep, on=on, successors=successors, now=NOW)


def lead(session: Session, cast: Cast, on: date) -> Person | None:
    return assignments.lead_on(session, cast.finance.id, on)


def happens(session: Session, now: datetime) -> int:
    """What the job does at that instant."""
    return change_hands.run(Work(lambda: nullcontext(session), now))


def test_nobody_goes_without_a_word_on_each_unit(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="Say who leads Finance next"):
        leave(session, cast, {})
    assert cast.rep.is_active
    assert lead(session, cast, TODAY) is cast.rep


def test_who_goes_today_hands_over_promises_and_all(session: Session, cast: Cast, owed: list[Action]) -> None:
    made = leave(session, cast, {cast.finance.id: cast.colleague})
    assert lead(session, cast, TODAY) is cast.colleague
    assert [handover.incoming for handover in made] == [cast.colleague]
    assert [action.owner_id for action in owed] == [cast.colleague.id, cast.colleague.id]
    assert cast.rep.left_on == TODAY
    still = select(Assignment).where(Assignment.rep_id == cast.rep.id, Assignment.lasts(TODAY))
    assert session.scalars(still).all() == []


def test_a_unit_may_go_without_a_lead_and_its_promises_have_no_owner_then(
    session: Session, cast: Cast, owed: list[Action]
) -> None:
    leave(session, cast, {cast.finance.id: None})
    assert lead(session, cast, TODAY) is None
    assert [action.owner_id for action in owed] == [None, cast.colleague.id]


def test_a_leaving_ahead_changes_nothing_before_its_day(session: Session, cast: Cast, owed: list[Action]) -> None:
    leave(session, cast, {cast.finance.id: cast.colleague}, LAST)
    assert [lead(session, cast, day) for day in (LAST - A_DAY, LAST)] == [cast.rep, cast.colleague]
    assert cast.rep.is_active
    assert policy.can(policy.actor_for(session, cast.rep, LAST - A_DAY), Right.LOG_MEETING, cast.finance)
    days = LAST - TODAY
    assert happens(session, NOW + days - A_DAY) == 0
    assert owed[0].owner_id == cast.rep.id
    assert happens(session, NOW + days) == 2
    assert happens(session, NOW + days) == 0
    assert (cast.rep.left_on, cast.rep.leaves_on) == (LAST, None)
    assert [action.owner_id for action in owed] == [cast.colleague.id, cast.colleague.id]


def test_who_stays_after_all_keeps_everything(session: Session, cast: Cast) -> None:
    leave(session, cast, {cast.finance.id: cast.colleague}, LAST)
    leaving.stay(session, by=acting(session, cast.administrator), person=cast.rep, now=NOW)
    assert lead(session, cast, LAST) is cast.rep
    assert session.scalars(select(Handover)).all() == []
    assert happens(session, NOW + (LAST - TODAY)) == 0


def test_a_head_who_goes_heads_nothing_any_more_and_the_page_says_so(session: Session, cast: Cast) -> None:
    found = leaving.ties(session, person=cast.head, on=TODAY)
    assert [held.unit.name for held in found.heads] == ["Finance"]
    by = acting(session, cast.administrator)
    leaving.leave(session, by=by, person=cast.head, on=TODAY, successors={}, now=NOW)
    theirs = select(Membership).where(Membership.person_id == cast.head.id, Membership.lasts(TODAY))
    assert session.scalars(theirs).all() == []


def test_access_ends_with_the_day(session: Session, cast: Cast) -> None:
    signed = SignIn(token_hash="x", person_id=cast.rep.id, began_at=NOW, seen_at=NOW, address="", browser="")
    session.add(signed)
    leave(session, cast, {cast.finance.id: None}, LAST)
    assert session.scalars(select(SignIn)).all() == [signed]
    happens(session, NOW + (LAST - TODAY))
    assert session.scalars(select(SignIn)).all() == []


# ---- Stopping to be a rep


def change_roles(session: Session, cast: Cast, *roles: Role) -> None:
    people.change(
        session,
        by=acting(session, cast.administrator),
        person=cast.rep,
        name=cast.rep.name,
        email=cast.rep.email,
        job_title="",
        roles=frozenset(roles),
    )


def test_a_rep_who_looks_after_units_keeps_the_role_until_they_are_handed_on(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="looks after units"):
        change_roles(session, cast, Role.CIO)
    by = acting(session, cast.administrator)
    leaving.step_down(session, by=by, person=cast.rep, successors={cast.finance.id: cast.colleague}, now=NOW)
    assert not cast.rep.is_rep
    assert lead(session, cast, TODAY) is cast.colleague
    change_roles(session, cast, Role.CIO)
    assert cast.rep.is_cio
