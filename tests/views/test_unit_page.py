"""The unit page, as each role meets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy.orm import Session

from models import Part, Person, RequestState
from models.health import Component, EvidenceKind
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter
from tests.factories import health
from tests.factories.relationships import NOW, TODAY, Stage, ago, ahead

BUDGET = 12


@pytest.fixture(autouse=True)
def on_a_day_in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    """Finance with a bit of everything."""
    stage = Stage(session)
    stage.review(cast.finance, ahead(6))
    stage.rated(cast.finance, ago(90), [4, 5, 3], asked=5)
    stage.rated(cast.finance, ago(5), [2, 3, 2], asked=5)
    stage.action(cast.finance, "Name the testers", due=ago(1), owner=cast.head)
    stage.request(cast.finance, "Second approver", by=cast.head)
    stage.request(cast.finance, "Dashboard", state=RequestState.DECLINED, reason="no budget", alternative="an extract")
    stage.meeting(cast.finance, ago(30), minutes="Said aloud", internal_notes="Kept inside", logged_by_id=cast.rep.id)
    stage.unit("Treasury", parent=cast.finance)
    session.commit()
    return stage


def read(client: Client, person: Person, unit_id: int) -> str:
    answer = client.sign_in(person).get(f"/units/{unit_id}")
    assert answer.status_code == 200
    return answer.text


def test_the_covering_rep_sees_everything_and_can_act(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, cast.finance.id)
    assert "Finance rates us lower: 2.3 of 5 from three of five people, was 4." in text
    assert "from 3 of 5 people" in text
    for shown in ("Amara Diallo", "Jo Lindt", "Name the testers", "Second approver", "Treasury", "Ask for a rating"):
        assert shown in text
    assert f'href="/units/{cast.finance.id}/meetings/new"' in text
    assert "We said no: no budget. Instead: an extract." in text
    assert "second Thursday at 10:00" in text


def test_another_rep_reads_but_does_not_act(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.colleague, cast.finance.id)
    assert "Finance rates us lower" in text
    assert "Log a meeting" not in text
    assert "Ask for a rating" not in text
    assert ">Done<" not in text


def test_the_head_sees_promises_but_no_rating_and_no_verdict(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.head, cast.finance.id)
    assert "Ines Carvalho looks after Finance." in text
    assert "Name the testers" in text
    for hidden in ("slipping", "Rated lower", "Satisfaction", "Corporate services", "Kept inside"):
        assert hidden not in text
    assert f'href="/units/{cast.finance.id}/requests/new"' in text


def test_the_administrator_sees_no_rating_no_promise_and_no_meeting(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.administrator, cast.finance.id)
    assert "Amara Diallo" in text
    for hidden in ("Satisfaction", "rates us", "Name the testers", "Second approver", "Said aloud", "Last meetings"):
        assert hidden not in text
    assert f'href="/units/{cast.finance.id}/cover"' in text


def test_a_unit_of_others_is_not_there_for_a_head(client: Client, cast: Cast, stage: Stage) -> None:
    assert client.sign_in(cast.head).get(f"/units/{cast.legal.id}").status_code == 404
    assert client.sign_in(cast.outsider).get(f"/units/{cast.finance.id}").status_code == 404
    assert client.sign_in(cast.specialist).get(f"/units/{cast.finance.id}").status_code in (403, 404)


def test_an_empty_unit_says_what_to_do_next(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.colleague, cast.legal.id)
    for said in ("Not rated yet", "Nobody has been asked.", "No open actions", "No requests yet", "Not met yet"):
        assert said in text
    assert "Say how often you meet" in text
    assert "None planned" in text


def test_a_unit_without_a_rep_asks_the_cio_to_give_it_one(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.cio, cast.corporate.id)
    assert "Corporate services has no rep yet." in text
    assert f'href="/units/{cast.corporate.id}/cover"' in text


def test_a_closed_unit_offers_nothing_to_do(client: Client, cast: Cast, stage: Stage) -> None:
    cast.finance.closed_on = ago(3)
    stage.session.commit()
    text = read(client, cast.rep, cast.finance.id)
    assert "Finance is closed since 17 November." in text
    assert "Log a meeting" not in text
    assert "Ask for a rating" not in text


def test_names_and_needs_are_shown_as_typed_never_as_markup(client: Client, cast: Cast, stage: Stage) -> None:
    unit = stage.steady("<b>R&D</b>", cast.rep)
    stage.request(unit, "<script>alert(1)</script>")
    stage.session.commit()
    text = read(client, cast.rep, unit.id)
    assert "<script>alert" not in text
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in text


@pytest.mark.parametrize("role", ["rep", "cio", "head", "administrator"])
def test_the_page_takes_few_statements_however_long_the_history(
    client: Client, cast: Cast, stage: Stage, statements: StatementCounter, role: str
) -> None:
    client.sign_in(getattr(cast, role))
    client.get(f"/units/{cast.finance.id}")
    with statements:
        client.get(f"/units/{cast.finance.id}")
    before = statements.count
    for days in range(1, 20):
        stage.meeting(cast.finance, ago(days))
        stage.rated(cast.finance, ago(days), [4])
        stage.action(cast.finance, due=TODAY, owner=cast.rep)
        stage.request(cast.finance, by=cast.head)
        stage.member(cast.finance, stage.person(f"Key user {days}"), Part.KEY_USER)
    stage.session.commit()
    with statements:
        assert client.get(f"/units/{cast.finance.id}").status_code == 200
    assert statements.count == before
    assert before <= BUDGET, statements.statements


def test_health_stands_on_the_page_for_reps_and_the_cio_alone(client: Client, cast: Cast, stage: Stage) -> None:
    add = health.evidence
    finance, session = cast.finance, stage.session
    add(session, finance, Component.SATISFACTION, EvidenceKind.ROUND, since=ago(200), credit=70, title="Pulse")
    add(session, finance, Component.PROMISES, EvidenceKind.ACTION, since=ago(200), credit=100)
    add(session, finance, Component.PROMISES, EvidenceKind.REFUSAL, since=ago(9), credit=0, title="Portal", weight=2)
    health.kept(session, finance, since=ago(300), until=ago(9), satisfaction=70, promises=100)
    health.kept(session, finance, since=ago(9), satisfaction=70, promises=33)
    session.commit()
    for person in (cast.rep, cast.colleague, cast.cio):
        text = read(client, person, finance.id)
        assert "of 100, fair, was 83 on 20 Aug, based on 2 of 4 parts" in text
        assert "Refused without an alternative" in text
        assert f'href="/units/{finance.id}/health"' in text
    for person in (cast.head, cast.administrator):
        text = read(client, person, finance.id)
        for hidden in ("Why it moved", "of 100", "Weights and sources"):
            assert hidden not in text


def test_a_unit_without_a_snapshot_has_no_score_yet(client: Client, cast: Cast, stage: Stage) -> None:
    text = read(client, cast.rep, cast.finance.id)
    assert "No score yet" in text
    assert "Health is taken every morning." in text
