"""Handing a unit over: who leads when, what goes over, who is told, and taking it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid
from crm.services import assignments, handover_page, handovers
from crm.services.handovers import Told
from models import (
    Action,
    ActionState,
    ActionStep,
    Assignment,
    Cover,
    Handover,
    OutboxMessage,
    Person,
    Request,
    RequestState,
    Step,
)
from tests.cast import LONG_AGO, Cast
from tests.november import NOW, TODAY, acting

FIRST = date(2026, 12, 1)
A_DAY = timedelta(days=1)


def start(session: Session, cast: Cast, by: Person | None = None, **told: Any) -> Handover:
    said = Told(**{"to": cast.colleague, "on": FIRST, **told})
    return handovers.start(session, by=acting(session, by or cast.rep), unit=cast.finance, told=said, now=NOW)


def leads(session: Session, cast: Cast) -> list[str]:
    """Who leads Finance the day before, and on the first day of the new lead."""
    found = (assignments.lead_on(session, cast.finance.id, day) for day in (FIRST - A_DAY, FIRST))
    return [lead.name if lead else "nobody" for lead in found]


def promise(session: Session, cast: Cast, owner: Person, text: str = "Call the bank") -> Action:
    action = Action(unit_id=cast.finance.id, text=text, owner_id=owner.id, due_on=TODAY + A_DAY)
    session.add(action)
    session.flush()
    return action


def test_a_rep_hands_over_although_assigning_is_for_others(session: Session, cast: Cast) -> None:
    start(session, cast)
    assert leads(session, cast) == ["Ines Carvalho", "Tom Okafor"]
    with pytest.raises(Forbidden):
        start(session, cast, by=cast.colleague)


def test_both_reps_get_a_mail_with_the_page_behind_it(session: Session, cast: Cast) -> None:
    handover = start(session, cast)
    mails = session.execute(
        select(OutboxMessage.to_person_id, OutboxMessage.subject, OutboxMessage.path).order_by(OutboxMessage.id)
    ).all()
    assert [tuple(mail) for mail in mails] == [
        (cast.colleague.id, "Finance comes to you on 1 December", f"/handovers/{handover.id}"),
        (cast.rep.id, "Finance goes to Tom Okafor on 1 December", f"/handovers/{handover.id}"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": TODAY - A_DAY}, "on"),
        ({"on": TODAY + timedelta(400)}, "on"),
        ({"to": "specialist"}, "to_id"),
        ({"to": "rep"}, "to_id"),
        ({"tone": "x" * 4001}, "tone"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    session: Session, cast: Cast, changes: dict[str, Any], field: str
) -> None:
    if isinstance(changes.get("to"), str):
        changes = {"to": getattr(cast, str(changes["to"]))}
    with pytest.raises(Invalid) as refused:
        start(session, cast, **changes)
    assert refused.value.field == field
    assert session.scalars(select(Handover)).all() == []


def test_a_unit_is_handed_over_once_at_a_time(session: Session, cast: Cast) -> None:
    start(session, cast)
    with pytest.raises(Conflict, match=r"Finance goes to Tom Okafor already\."):
        start(session, cast)


def test_a_deputy_who_takes_over_is_deputy_until_then(session: Session, cast: Cast) -> None:
    deputy = Assignment(unit_id=cast.finance.id, rep_id=cast.colleague.id, cover=Cover.DEPUTY, since=LONG_AGO)
    session.add(deputy)
    handover = start(session, cast)
    assert deputy.until == FIRST
    handovers.withdraw(session, by=acting(session, cast.rep), handover=handover, now=NOW)
    assert deputy.until is None


def test_withdrawn_the_unit_stays_and_both_are_told(session: Session, cast: Cast) -> None:
    handover = start(session, cast)
    handovers.withdraw(session, by=acting(session, cast.rep), handover=handover, now=NOW)
    assert leads(session, cast) == ["Ines Carvalho", "Ines Carvalho"]
    assert session.scalars(select(Handover)).all() == []
    told = session.scalars(select(OutboxMessage.to_person_id).where(OutboxMessage.key.like("handover-off:%")))
    assert set(told) == {cast.rep.id, cast.colleague.id}
    start(session, cast)
    assert leads(session, cast) == ["Ines Carvalho", "Tom Okafor"]


def test_put_right_it_goes_to_another_on_another_day_and_is_read_anew(session: Session, cast: Cast) -> None:
    yuki = Person(name="Yuki Tanabe", email="yuki@fernhill.example", is_rep=True)
    session.add(yuki)
    handover = start(session, cast)
    handovers.acknowledge(by=acting(session, cast.colleague), handover=handover, now=NOW)
    later = FIRST + timedelta(7)
    handovers.change(session, by=acting(session, cast.cio), handover=handover, told=Told(yuki, later), now=NOW)
    days = (FIRST, later - A_DAY, later)
    assert [getattr(assignments.lead_on(session, cast.finance.id, day), "name", None) for day in days] == [
        "Ines Carvalho",
        "Ines Carvalho",
        "Yuki Tanabe",
    ]
    assert handover.acknowledged_at is None
    to_tom = select(OutboxMessage.subject).where(OutboxMessage.to_person_id == cast.colleague.id)
    assert list(session.scalars(to_tom.order_by(OutboxMessage.id)))[-1] == "Finance is not handed over"


def test_words_alone_put_right_tell_nobody(session: Session, cast: Cast) -> None:
    handover = start(session, cast)
    handovers.acknowledge(by=acting(session, cast.colleague), handover=handover, now=NOW)
    told = Told(cast.colleague, FIRST, tone="Amara likes it short")
    handovers.change(session, by=acting(session, cast.rep), handover=handover, told=told, now=NOW)
    assert handover.tone == "Amara likes it short"
    assert handover.acknowledged_at == NOW
    assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_once_its_day_has_come_nothing_is_taken_back(session: Session, cast: Cast) -> None:
    handover = start(session, cast, on=TODAY)
    cio, told = acting(session, cast.cio), Told(cast.colleague, FIRST)
    with pytest.raises(Conflict, match="The day has come"):
        handovers.withdraw(session, by=cio, handover=handover, now=NOW)
    with pytest.raises(Conflict, match="The day has come"):
        handovers.change(session, by=cio, handover=handover, told=told, now=NOW)


def test_only_the_new_lead_says_that_it_is_read(session: Session, cast: Cast) -> None:
    handover = start(session, cast)
    with pytest.raises(Forbidden):
        handovers.acknowledge(by=acting(session, cast.rep), handover=handover, now=NOW)
    handovers.acknowledge(by=acting(session, cast.colleague), handover=handover, now=NOW)
    handovers.acknowledge(by=acting(session, cast.colleague), handover=handover, now=NOW + A_DAY)
    assert handover.acknowledged_at == NOW
    assert handovers.to_read(session, by=acting(session, cast.colleague)) == []


def test_what_the_outgoing_rep_owes_goes_over_on_the_day_and_not_before(session: Session, cast: Cast) -> None:
    mine, heads = promise(session, cast, cast.rep), promise(session, cast, cast.head, "Name a deputy")
    done = promise(session, cast, cast.rep, "Long done")
    done.state = ActionState.DONE
    start(session, cast)
    assert mine.owner_id == cast.rep.id
    assert handovers.settle_due(session, today=FIRST - A_DAY, now=NOW) == 0
    assert handovers.settle_due(session, today=FIRST, now=NOW) == 1
    assert handovers.settle_due(session, today=FIRST, now=NOW) == 0
    assert [action.owner_id for action in (mine, heads, done)] == [cast.colleague.id, cast.head.id, cast.rep.id]
    steps = session.scalars(select(ActionStep).where(ActionStep.step == Step.NEW_OWNER)).all()
    assert [(step.action_id, step.by_id) for step in steps] == [(mine.id, cast.rep.id)]


def test_what_is_owed_stays_when_that_was_wanted(session: Session, cast: Cast) -> None:
    mine = promise(session, cast, cast.rep)
    start(session, cast, on=TODAY, with_actions=False)
    assert mine.owner_id == cast.rep.id


# ---- The page


def page(session: Session, cast: Cast, handover: Handover, reader: Person) -> handover_page.HandoverPage:
    return handover_page.read(session, by=acting(session, reader), handover=handover, now=NOW)


def test_the_page_gathers_promises_of_both_sides_the_overdue_first_and_what_went_wrong(
    session: Session, cast: Cast
) -> None:
    later = promise(session, cast, cast.rep, "Later")
    late = promise(session, cast, cast.rep, "Late")
    late.due_on = TODAY - A_DAY
    theirs = promise(session, cast, cast.head, "Name a deputy")
    broken = promise(session, cast, cast.rep, "Done too late")
    broken.state, broken.due_on, broken.settled_at = (
        ActionState.DONE,
        date(2026, 11, 1),
        datetime.fromisoformat("2026-11-03T12:00+00:00"),
    )
    session.add_all(
        [
            Request(unit_id=cast.finance.id, title="A ledger", business_need="Close on time", logged_on=TODAY),
            Request(
                unit_id=cast.finance.id,
                title="A dashboard",
                business_need="To see",
                logged_on=TODAY,
                state=RequestState.DECLINED,
                no_alternative=True,
            ),
        ]
    )
    handover = start(session, cast)
    found = page(session, cast, handover, cast.colleague)
    assert list(found.we_owe) == [late, later]
    assert list(found.they_owe) == [theirs]
    assert list(found.broken) == [broken]
    assert [request.title for request in found.open_requests] == ["A ledger"]
    assert [request.title for request in found.refused] == ["A dashboard"]
    assert [(known.person.name, known.part.value) for known in found.now_in("head", "key_user")] == [  # type: ignore[arg-type]
        ("Amara Diallo", "head"),
        ("Jo Lindt", "key_user"),
    ]
    assert [known.person.name for known in found.leads] == ["Tom Okafor", "Ines Carvalho"]
    assert found.went_wrong == 2


def test_an_administrator_reads_no_promises_and_none_of_the_words(session: Session, cast: Cast) -> None:
    promise(session, cast, cast.rep)
    handover = start(session, cast, tone="Amara likes it short")
    found = page(session, cast, handover, cast.administrator)
    assert not found.reads_words
    assert (found.actions, found.requests, found.ratings, found.projects) == ((), (), (), ())
