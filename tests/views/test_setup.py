"""The first page of an empty product."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import setup
from models import Person
from tests.cast import Cast
from tests.client import Client

FORM = {
    "organisation_name": "Fernhill IT",
    "time_zone": "Europe/Lisbon",
    "name": "Pia Holm",
    "email": "pia.holm@fernhill.example",
    "password": "four unrelated kettle words",
}


def test_an_empty_product_leads_to_its_set_up(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/setup"
    assert client.get("/sign-in").headers["Location"] == "/setup"


def test_the_code_from_the_terminal_makes_the_administrator(client: Client, session: Session) -> None:
    code = setup.new_code(session, datetime.now(UTC))
    session.commit()
    assert client.submit("/setup", {**FORM, "code": code}).status_code == 303
    assert session.scalars(select(Person)).one().is_administrator
    assert "Fernhill IT" in client.get("/me").text


def test_a_stranger_without_the_code_gets_nowhere(client: Client, session: Session) -> None:
    setup.new_code(session, datetime.now(UTC))
    session.commit()
    answer = client.submit("/setup", {**FORM, "code": "guessed"})
    assert answer.status_code == 422
    assert "not the code in the terminal" in answer.text
    assert 'value="Pia Holm"' in answer.text
    assert session.scalars(select(Person)).all() == []


def test_guessing_the_code_is_slowed_down(client: Client, session: Session) -> None:
    setup.new_code(session, datetime.now(UTC))
    session.commit()
    answers = [client.submit("/setup", {**FORM, "code": f"guess {n}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_set_up_closes_behind_the_first_administrator(client: Client, session: Session, cast: Cast) -> None:
    code = setup.new_code(session, datetime.now(UTC))
    session.commit()
    assert client.get("/setup").headers["Location"] == "/sign-in"
    assert client.submit("/setup", {**FORM, "code": code}).status_code == 404
