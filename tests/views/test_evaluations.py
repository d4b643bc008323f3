"""The pages of evaluations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import question_sets
from models import Answer, AuditEntry, Instrument, Per, Person, Response, Round
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)


def said_of(session: Session, cast: Cast, person: Person, values: list[int]) -> None:
    then = NOW - timedelta(days=60)
    questions = question_sets.current(session, instrument=Instrument.SURVEY, now=then)
    assert questions is not None
    asked = Round(
        unit_id=cast.finance.id,
        instrument=Instrument.SURVEY,
        set_id=questions.id,
        opened_at=then,
        closes_at=then + timedelta(days=14),
        asked=9,
    )
    session.add(asked)
    session.flush()
    question = next(one for one in questions.questions if one.per is Per.PERSON)
    for value in values:
        response = Response(round_id=asked.id, unit_id=cast.finance.id, score=4, answered_at=then)
        session.add(response)
        session.flush()
        about = f"person:{person.id}"
        session.add(Answer(response_id=response.id, question_id=question.id, about=about, value=value))
    session.commit()


def test_a_rep_finds_the_own_evaluation_with_its_range_from_the_account_page(
    client: Client, session: Session, cast: Cast
) -> None:
    with time_machine.travel(NOW, tick=False):
        page = client.sign_in(cast.rep).get("/me").text
        assert "See your evaluations" in page
        assert "Nothing to show yet" in client.get("/evaluations").text
        said_of(session, cast, cast.rep, [4, 4, 5, 3, 4])
        page = client.get("/evaluations").text
    assert "How well does Ines Carvalho work with you?" in page
    assert "from 5 of 9 people" in page
    assert "July to September 2026: 5 answers from all units together." in page
    assert "Amara" not in page


def test_the_cio_lists_everybody_and_others_see_only_whom_they_lead(
    client: Client, session: Session, cast: Cast
) -> None:
    said_of(session, cast, cast.rep, [4, 4, 5, 3, 4])
    cast.specialist.lead_id = cast.rep.id
    session.commit()
    path = f"/evaluations/{cast.rep.id}"
    with time_machine.travel(NOW, tick=False):
        page = client.sign_in(cast.cio).get("/evaluations").text
        assert "Everybody in IT" in page
        assert "from 5 of 9 people" in page
        assert client.get(path).status_code == 200
        assert "Those you lead" in client.sign_in(cast.rep).get("/evaluations").text
        assert client.get(f"/evaluations/{cast.specialist.id}").status_code == 200
        for person, status in ((cast.colleague, 404), (cast.administrator, 404), (cast.head, 403)):
            assert client.sign_in(person).get(path).status_code == status
        client.sign_in(cast.specialist)
        assert client.get("/evaluations").status_code == 200, "a specialist without a role reads the own"
        assert client.get(path).status_code == 404


def test_an_administrator_says_who_leads_whom_and_the_trail_keeps_it(
    client: Client, session: Session, cast: Cast
) -> None:
    path = f"/people/{cast.rep.id}"
    page = client.sign_in(cast.administrator).get(path).text
    assert "Led by" in page
    told = {"name": "Ines Carvalho", "email": cast.rep.email, "roles": ["rep"], "language": ""}
    assert client.submit(path, told | {"lead_id": cast.colleague.id}).status_code == 303
    session.expire_all()
    assert cast.rep.lead_id == cast.colleague.id
    refused = client.submit(path, told | {"lead_id": cast.rep.id})
    assert refused.status_code == 422
    assert "Nobody leads themselves here." in refused.text
    for odd in ("x", "99999", str(cast.head.id)):
        assert client.submit(path, told | {"lead_id": odd}).status_code == 422
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.entity == "person"))


def test_the_pages_take_as_many_statements_for_many_people_as_for_few(
    client: Client, session: Session, cast: Cast, statements: StatementCounter
) -> None:
    client.sign_in(cast.cio)
    few = count(client, statements)
    people = [Person(name=f"Rep {number}", is_rep=True) for number in range(30)]
    session.add_all(people)
    session.commit()
    for person in people[:5]:
        said_of(session, cast, person, [4, 4, 5, 3, 4])
    assert count(client, statements) == few
    assert few <= 12


def count(client: Client, statements: StatementCounter) -> int:
    with statements:
        assert client.get("/evaluations").status_code == 200
    return statements.count
