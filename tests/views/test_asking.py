"""How we ask: the page of the rules, what opens next, and a pulse from the review to the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services.rounds import planning, rules
from models import (
    Attendance,
    Confidentiality,
    Instrument,
    Meeting,
    MeetingKind,
    Membership,
    OutboxMessage,
    Part,
    Person,
    Project,
    Response,
    Round,
    Setting,
    Stage,
)
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.factories.relationships import Stage as Scene

RULES = {
    "opens": ["survey"],
    "rest_days": "45",
    "key_users": "confidential",
    "end_users": "anonymous",
    "sample": "60",
    "reason": "Too many mails",
}


def test_the_cio_says_how_we_ask_and_the_reason_is_kept(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.cio)
    assert "Nobody is asked more than once in 30 days." in client.get("/asking").text
    assert client.submit("/asking", RULES).status_code == 303
    page = client.get("/asking").text
    assert "Nobody is asked more than once in 45 days." in page
    assert "Pulse and Project do not open by themselves." in page
    for words in ("Opens by itself: survey", "Key users answer confidentially", "60 people drawn", "Too many mails"):
        assert words in page
    session.expire_all()
    assert rules.current(session).opens == frozenset({Instrument.SURVEY})


def test_without_a_reason_or_with_too_few_days_nothing_changes(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    refused = client.submit("/asking", RULES | {"reason": " "})
    assert (refused.status_code, "Say why, for whoever wonders later." in refused.text) == (422, True)
    refused = client.submit("/asking", RULES | {"rest_days": "3"})
    assert (refused.status_code, "Choose between 7 and 365 days." in refused.text) == (422, True)
    assert rules.current(session) == rules.Rules()


def test_reps_read_the_rule_and_cannot_change_it(client: Client, cast: Cast) -> None:
    client.sign_in(cast.rep)
    page = client.get("/ratings").text
    assert "Pulses, surveys and project rounds open by themselves; nobody is asked more than once in 30 days." in page
    assert 'href="/asking"' not in page
    assert client.get("/asking").status_code == 403


@time_machine.travel(datetime(2027, 1, 4, 9, 30, tzinfo=UTC), tick=False)
def test_what_opens_next_is_listed_for_all_units_or_one(client: Client, session: Session, cast: Cast) -> None:
    scene = Scene(session)
    for number in range(70):
        unit = scene.unit(f"Unit {number:02}")
        scene.member(unit, scene.person(f"Head {number}"))
    session.add(Project(unit_id=cast.finance.id, name="Ledger", stage=Stage.DELIVERED, moved_on=date(2027, 1, 3)))
    session.commit()
    client.sign_in(cast.cio)
    page = client.get("/asking").text
    assert "Once a quarter" in page
    assert "page=2" in page
    session.add(Setting(name="asks", value="project", at=datetime(2027, 1, 4, tzinfo=UTC)))
    session.commit()
    mine = client.get(f"/asking?unit={cast.finance.id}").text
    assert "Ledger" in mine
    assert '<th scope="row"><a class="quiet-link" href="/units' in mine
    assert "Unit 07</a>" not in mine
    assert "Nothing opens in the next thirty days" in client.get(f"/asking?unit={cast.corporate.id}").text


def test_a_pulse_from_the_review_to_the_answer(client: Client, session: Session, cast: Cast) -> None:
    review = Scene(session).review(cast.finance, date(2026, 11, 23), held=date(2026, 11, 23))
    morning = datetime(2026, 11, 24, 8, 15, tzinfo=UTC)
    meeting = Meeting(
        unit_id=cast.finance.id,
        review_id=review.id,
        kind=MeetingKind.REVIEW,
        held_on=review.planned_on,
        logged_at=morning - timedelta(hours=16),
    )
    session.add(meeting)
    session.flush()
    session.add(Attendance(meeting_id=meeting.id, person_id=cast.key_user.id))
    steps = planning.due_now(session, now=morning)
    planning.open_all(session, [step for step in steps if step.due.review_id], now=morning)
    session.commit()
    mail = session.scalars(select(OutboxMessage)).one()
    assert (mail.to_address, "30 seconds" in mail.body) == (cast.key_user.email, True)
    with time_machine.travel(morning + timedelta(hours=1), tick=False):
        assert "Finance" in client.get(mail.path).text
        assert session.scalars(select(Response)).all() == []
        client.submit(mail.path, {"score": "4", "comment": "Going well"})
    session.expire_all()
    assert session.scalars(select(Response)).one().score == 4
    with time_machine.travel(morning + timedelta(hours=2), tick=False):
        client.sign_in(cast.rep)
        page = client.get(f"/ratings/{session.scalars(select(Round.id)).one()}").text
        assert "It opened by itself after the review of 23 November." in page


def test_by_hand_all_three_instruments_and_levels_can_be_chosen(client: Client, session: Session, cast: Cast) -> None:
    people = [Person(name=f"Key user {n}", email=f"key{n}@x.example") for n in range(5)]
    session.add_all(people)
    project = Project(unit_id=cast.finance.id, name="Ledger", stage=Stage.DELIVERED, moved_on=LONG_AGO)
    session.add(project)
    session.flush()
    facts = {"unit_id": cast.finance.id, "part": Part.KEY_USER, "since": LONG_AGO}
    session.add_all(Membership(person_id=person.id, **facts) for person in people)
    session.commit()
    path = f"/units/{cast.finance.id}/ask"
    page = client.sign_in(cast.rep).get(path).text
    for words in ("A pulse", "The survey", "About a project", "Confidential", "Anonymous", "Ledger"):
        assert words in page
    assert "all 6 who can be asked" in page
    sent = {"instrument": "project", "confidentiality": "confidential", "audience": "key_users"}
    assert "Choose which delivered project of Finance it is about." in client.submit(path, sent).text
    assert client.submit(path, sent | {"project_id": project.id}).status_code == 303
    opened = session.scalars(select(Round)).one()
    assert (opened.asked, opened.project_id, opened.confidentiality) == (6, project.id, Confidentiality.CONFIDENTIAL)
